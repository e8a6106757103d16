"""Where somebody stands in a newer version: nothing essential lost, nothing twice, in the new order."""

from datetime import UTC, date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.curriculum.files import CURRICULA, read_curriculum
from cohorts.curriculum.moves import VersionStep, core_ahead, met_keys, moved
from cohorts.schedule.path import Calendar, Cursor, Dialled, Due, Plan, StepSlot, walk

STANDARD = CURRICULA / "adaptive-contact-centre-leadership"
START = datetime(2026, 3, 2, 5, tzinfo=UTC)
EVERY_DAY = Calendar(
    day1=date(2026, 3, 2), zone=ZoneInfo("Europe/Oslo"), hour=time(9), working_days=frozenset(range(1, 8))
)
STEADY = Dialled(2)


def version(first_pk: int, core: dict[str, int], extra: dict[str, int]) -> list[VersionStep]:
    """A version from key → day."""
    kinds = [(key, day, True) for key, day in core.items()] + [(key, day, False) for key, day in extra.items()]
    return [VersionStep(first_pk + at, key, day, is_core) for at, (key, day, is_core) in enumerate(kinds)]


def plan_of(steps: list[VersionStep]) -> Plan:
    slots = {
        is_core: tuple(
            StepSlot(step.pk, step.day) for step in sorted(steps, key=lambda step: step.day) if step.is_core is is_core
        )
        for is_core in (True, False)
    }
    return Plan(core=slots[True], extra=slots[False])


def walked(
    steps: list[VersionStep], cursor: Cursor, now: datetime, most: int | None = None
) -> tuple[Cursor, list[Due]]:
    given_now = list(islice(walk(plan_of(steps), EVERY_DAY, cursor, STEADY, now), most))
    for due in given_now:
        cursor = cursor.after(due)
    return cursor, given_now


def keys(steps: list[VersionStep], given_now: list[Due]) -> list[str]:
    names = {step.pk: step.key for step in steps}
    return [names[due.slot.key] for due in given_now]


@st.composite
def two_versions(draw: st.DrawFn) -> tuple[list[VersionStep], list[VersionStep]]:
    """A version, and a newer one with steps moved, removed, added, and turned from extra to core or back."""
    names = [f"step-{number}" for number in range(draw(st.integers(2, 14)))]
    later_names = [name for name in names if draw(st.integers(0, 5))] + [
        f"new-{number}" for number in range(draw(st.integers(0, 4)))
    ]

    def lay_out(these: list[str], first_pk: int) -> list[VersionStep]:
        days = draw(st.lists(st.integers(1, 40), min_size=len(these), max_size=len(these), unique=True))
        kinds = [draw(st.integers(0, 3)) > 0 for _ in these]
        placed = list(zip(these, days, kinds, strict=True))
        return version(
            first_pk,
            {key: day for key, day, is_core in placed if is_core},
            {key: day for key, day, is_core in placed if not is_core},
        )

    return lay_out(names, 100), lay_out(later_names, 200)


@given(two_versions(), st.integers(0, 14))
def test_no_core_step_is_lost_none_comes_twice_and_the_new_order_holds(
    versions: tuple[list[VersionStep], list[VersionStep]], taken: int
) -> None:
    before, after = versions
    cursor, first_half = walked(before, Cursor(), START, taken)

    there = moved(cursor, after, met_keys(before, cursor))
    _end, second_half = walked(after, there, START)

    met_before, met_after = keys(before, first_half), keys(after, second_half)
    assert {step.key for step in after if step.is_core} <= set(met_before) | set(met_after)
    assert not set(met_before) & set(met_after)
    assert len(met_after) == len(set(met_after))
    core_days = [due.slot.day for due in second_half if due.is_core]
    assert core_days == sorted(core_days)
    assert core_ahead(there, after) == len(core_days)


def test_the_same_version_again_changes_nothing() -> None:
    before = version(1, {"a": 1, "b": 2, "c": 5}, {"x": 3})
    after = version(11, {"a": 1, "b": 2, "c": 5}, {"x": 3})

    assert moved(Cursor(2, 3, date(2026, 3, 4)), after, {"a", "b", "x"}) == Cursor(2, 3, date(2026, 3, 4), frozenset())
    assert met_keys(before, Cursor(2, 3)) == {"a", "b", "x"}


def test_a_new_core_step_on_a_day_behind_comes_next() -> None:
    after = version(11, {"a": 1, "new": 2, "b": 3, "c": 9}, {})
    there = moved(Cursor(3), after, {"a", "b"})

    _cursor, ahead = walked(after, there, START)

    assert there == Cursor(1, 0, None, frozenset({13}))
    assert keys(after, ahead) == ["new", "c"]


def test_a_step_met_as_an_extra_does_not_come_again_as_core() -> None:
    after = version(11, {"a": 1, "was-extra": 8}, {})

    assert core_ahead(moved(Cursor(1, 4), after, {"a", "was-extra"}), after) == 0


def test_what_a_move_carried_along_is_carried_on_by_the_next() -> None:
    second = version(11, {"a": 1, "new": 2, "b": 3, "c": 9}, {})
    there = moved(Cursor(3), second, {"a", "b"})

    assert met_keys(second, there) == {"a", "b"}


def test_what_was_met_two_versions_ago_stays_met() -> None:
    """Keys come from every nudge there was, also of a step that a version in between did not have."""
    after = version(31, {"a": 1, "back-again": 6, "c": 9}, {})
    there = moved(Cursor(1), after, {"a", "back-again"})

    assert keys(after, walked(after, there, START)[1]) == ["c"]


@pytest.mark.parametrize("taken", [0, 4, 20, 45, 60, 75, 89, 90])
def test_a_cohort_of_version_1_gets_every_core_step_of_version_2_once(taken: int) -> None:
    before, after = (
        [VersionStep(100 * number + at, step.key, step.day, step.is_core) for at, step in enumerate(steps)]
        for number in (1, 2)
        for steps in [read_curriculum(STANDARD / str(number)).steps]
    )
    cursor, first_half = walked(before, Cursor(), START, taken)

    there = moved(cursor, after, met_keys(before, cursor))
    _end, second_half = walked(after, there, START)

    had = [*keys(before, first_half), *keys(after, second_half)]
    assert {step.key for step in after if step.is_core} <= set(had)
    assert len(had) == len(set(had))
