"""Who took part, and which objective of handling time needs a partner."""

import pytest

from goals.models import Kpi, Objective, ObjectiveVoice, TeamMember
from goals.objectives.guardrail import needs_guardrail
from goals.objectives.involvement import Stand, chips, involvement, stand_of
from tests.times import NOW


def voice(member: int, kind: str, *, is_answered: bool = False) -> ObjectiveVoice:
    return ObjectiveVoice(member_id=member, kind=kind, answered_at=NOW if is_answered else None, at=NOW)


def test_members_count_once_however_often_they_speak() -> None:
    said = [voice(1, "seen"), voice(2, "question"), voice(1, "accepted"), voice(2, "added")]
    assert (involvement(12, said).took_part, involvement(12, said).of) == (2, 12)


@pytest.mark.parametrize(("took_part", "of", "is_enough"), [(6, 12, True), (5, 12, False), (4, 7, True), (3, 7, False)])
def test_half_of_the_team_makes_it_an_objective_of_the_team(took_part: int, of: int, *, is_enough: bool) -> None:
    assert involvement(of, [voice(key, "seen") for key in range(took_part)]).is_enough == is_enough


def test_a_team_without_names_did_not_take_part() -> None:
    assert not involvement(0, []).is_enough


@pytest.mark.parametrize(
    ("last", "stand"),
    [
        (None, Stand.SILENT),
        (voice(1, "seen"), Stand.SEEN),
        (voice(1, "accepted"), Stand.SEEN),
        (voice(1, "added"), Stand.SEEN),
        (voice(1, "question"), Stand.ASKS),
        (voice(1, "wrong"), Stand.ASKS),
        (voice(1, "wrong", is_answered=True), Stand.SEEN),
    ],
)
def test_the_newest_word_says_how_a_member_stands(last: ObjectiveVoice | None, stand: Stand) -> None:
    assert stand_of(last) == stand


def test_every_member_has_a_chip() -> None:
    members = [TeamMember(pk=1, name="KA"), TeamMember(pk=2, name="TS"), TeamMember(pk=3, name="RB")]
    shown = chips(members, [voice(1, "seen"), voice(2, "seen"), voice(2, "question")])
    assert [(chip.name, chip.stand) for chip in shown] == [("KA", "seen"), ("TS", "asks"), ("RB", "silent")]


AHT, FCR, SALES = Kpi(family="aht"), Kpi(family="fcr"), Kpi(family="other")


@pytest.mark.parametrize(
    ("objective", "is_needed"),
    [
        (Objective(course="down", kpi=AHT), True),
        (Objective(course="down", measure="AHT in seconds"), True),
        (Objective(course="down", measure="Gjennomsnittlig behandlingstid"), True),
        (Objective(course="down", kpi=AHT, guardrail=Objective(kpi=FCR)), False),
        (Objective(course="down", kpi=AHT, guardrail=Objective(measure="Quality score")), False),
        (Objective(course="down", kpi=AHT, guardrail=Objective(kpi=SALES)), True),
        (Objective(course="down", kpi=AHT, guardrail=Objective(measure="handling time at night")), True),
        (Objective(course="up", kpi=AHT), False),
        (Objective(course="down", measure="Contacts that come back"), False),
    ],
)
def test_less_handling_time_asks_for_a_partner(objective: Objective, *, is_needed: bool) -> None:
    assert needs_guardrail(objective) == is_needed
