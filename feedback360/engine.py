"""One turn of the rounds of an organisation, by its clock or after an admin brought an instant forward.

Tasks and the demo both call `turn`, so played days run the same code as real ones. It is idempotent: each step holds
its round, looks at its state again and is one transaction. A worker that dies leaves the round where it was, and the
next turn goes on from there. A round that fails is logged and does not stop the others.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from cohorts.failures import logged
from cohorts.models import Organisation
from cohorts.tenancy.wall import Across, across_organisations, within
from feedback360.answering.actions.closing import close_round
from feedback360.models import Round, State
from feedback360.results.actions.release import release_round
from feedback360.rounds.actions.moves import hold
from feedback360.rounds.actions.opening import begin_choosing, open_round, write_to_leaders
from feedback360.rounds.actions.planning import plan_rounds, sync_subjects
from feedback360.rounds.actions.reminding import remind, settle_enough
from feedback360.rounds.actions.replacements import ask_replacements
from feedback360.rounds.calendars import round_calendar, timetable_of
from feedback360.rounds.moments import LEAVES_AT, last_call, next_moment
from feedback360.rounds.replacements import looks
from feedback360.rounds.round_rules import UNDER_WAY
from feedback360.rounds.timetable import mail_time, reminders
from feedback360.staging.keys import destroy_key

WITHOUT_KEY = frozenset({State.CLOSED, State.RELEASED, State.CANCELLED})

Step = Callable[..., object]
# What takes a round out of a state. The first are one transaction each; the others take as many as they need.
STEPS: dict[str, Step] = {State.DRAFT: begin_choosing, State.NOMINATING: open_round}
LONG_STEPS: dict[str, Step] = {State.COLLECTING: close_round, State.CLOSED: release_round}


def due_organisations(*, now: datetime) -> list[int]:
    """Organisations with a round that has something due: one index probe when there is none."""
    with across_organisations(Across.PLANNER):
        due = Round.objects.filter(next_at__lte=now).order_by()
        return list(due.values_list("organisation_id", flat=True).distinct())


def turn(organisation: Organisation, *, now: datetime) -> None:
    """Plan what is missing, follow moved dates, then do all that is due at `now`. Opens the organisation itself."""
    with within(organisation):
        plan_rounds(organisation, now=now)
        rounds = Round.objects.exclude(next_at=None).filter(next_at__lte=now)
        due = list(rounds.order_by("opens_at", "pk").values_list("pk", flat=True))
        under_way = list(Round.objects.filter(state__in=UNDER_WAY).exclude(pk__in=due).select_related("cohort"))
        for round_ in under_way:
            sync_subjects(round_, now=now)
    for round_id in due:
        with logged("a round could not go on", organisation_id=organisation.pk, round_id=round_id):
            _advance(organisation, round_id, now)


def _advance(organisation: Organisation, round_id: int, now: datetime) -> None:
    """Make every move that is due, then what is due inside the state it came to."""
    while _move(organisation, round_id, now):
        pass
    with within(organisation):
        _inside(hold(round_id), organisation, now)
    with within(organisation):
        round_ = hold(round_id)
        if round_.state in WITHOUT_KEY:
            destroy_key(round_id)  # a process that died right after it cancelled left it behind
        round_.next_at = _next_at(round_, organisation, now)
        round_.save(update_fields=["next_at"])


def _move(organisation: Organisation, round_id: int, now: datetime) -> bool:
    """Whether the round had a move to make."""
    with within(organisation):
        round_ = hold(round_id)
        if round_.state in UNDER_WAY:
            sync_subjects(round_, now=now)
        if _is_due(STEPS, round_, now):
            STEPS[round_.state](round_, now=now)
            return True
    if _is_due(LONG_STEPS, round_, now):
        LONG_STEPS[round_.state](round_, now=now)
        return True
    return False


def _is_due(steps: Mapping[str, Step], round_: Round, now: datetime) -> bool:
    return round_.state in steps and getattr(round_, LEAVES_AT[round_.state]) <= now


def _inside(round_: Round, organisation: Organisation, now: datetime) -> None:
    if round_.state == State.NOMINATING and last_call(timetable_of(round_)) <= now:
        write_to_leaders(round_, number=2, now=now)
    if round_.state == State.COLLECTING:
        remind(round_, now=now)
        settle_enough(round_, now=now)
        if mail_time(round_calendar(round_.cohort, organisation), now) == now:
            ask_replacements(round_=round_, now=now)


def _next_at(round_: Round, organisation: Organisation, now: datetime) -> datetime | None:
    return next_moment(round_.state, timetable_of(round_), list(_between(round_, organisation)), now)


def _between(round_: Round, organisation: Organisation) -> Iterator[datetime]:
    if round_.state == State.NOMINATING:
        yield last_call(timetable_of(round_))
    if round_.state == State.COLLECTING:
        calendar = round_calendar(round_.cohort, organisation)
        yield round_.reminds_at
        yield from (mail_time(calendar, look) for look in looks(round_.opens_at, round_.reminds_at))
        yield from reminders(
            calendar, opens_at=round_.opens_at, reminds_at=round_.reminds_at, closes_at=round_.closes_at
        )
