"""Plan rounds: from the live events of every cohort, kept true until raters are asked; and those that admins add."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from cohorts.audit import record
from cohorts.models import Cohort, Enrolment, Membership, Milestone, Organisation
from cohorts.schedule.milestone_calendar import Diary, diary_of
from cohorts.schedule.milestone_dates import next_open
from cohorts.schedule.time_zones import local_date
from cohorts.web.revisions import lock, save_revision
from feedback360.models import FeedbackSettings, Questionnaire, Round, State, Subject
from feedback360.questionnaires.rows import standard_questionnaire
from feedback360.rounds.actions.moves import hold
from feedback360.rounds.calendars import round_calendar
from feedback360.rounds.round_rules import BEFORE_LAUNCH, ensure_opening, ensure_room
from feedback360.rounds.timetable import FOLLOW_UP, FOLLOW_UP_DAY, INSTANTS, OWN, Timetable, timetable
from feedback360.rounds.transitions import By, may_move
from feedback360.staging.discard import discard_subjects

STALE_AFTER = timedelta(days=21)  # a round planned later than this after its event would measure something else
COHORTS_FROM = timedelta(days=400)  # no round follows so long after day 1


@transaction.atomic
def plan_rounds(organisation: Organisation, *, now: datetime) -> int:
    """Plan missing rounds, and move those nobody was asked in yet with their events. Returns how many are new.

    An event that is called off plans nothing: its draft is removed, so that it can come back with the event, and a
    round for which raters are being chosen is cancelled.
    """
    cohorts = list(Cohort.objects.filter(day1_on__gt=local_date(now, organisation.zone) - COHORTS_FROM))
    diary = diary_of(organisation, cohorts)
    by_event = {(each.cohort_id, each.key): each for each in Round.objects.filter(cohort__in=cohorts)}
    new = []
    for cohort in cohorts:
        today = local_date(now, cohort.zone)
        for key, opens_on in _openings(cohort, diary):
            planned = by_event.get((cohort.pk, key))
            if planned is not None:
                _follow(planned, opens_on, cohort, diary, organisation, now=now)
            elif opens_on is not None and opens_on >= today - STALE_AFTER:
                new.append((cohort, key, _times(opens_on, cohort, diary, organisation, chosen_from=today)))
    return _create(new, now=now) if new else 0


@transaction.atomic
def plan_round(*, cohort: Cohort, opens_on: date, by: Membership, now: datetime) -> Round:
    """Plan a round in addition to those of the live events, which do not move it, with today's settings.

    Choosing raters takes at least a week, and a round opens on a working day, so it may open later than `opens_on`.
    Raises Invalid beside `opens_on`, and NotNow if the cohort has too many.
    """
    lock(cohort)
    today = local_date(now, cohort.zone)
    ensure_opening(opens_on, today=today)
    times = timetable(opens_on, round_calendar(cohort, by.organisation), chosen_from=today)
    there = Round.objects.filter(cohort=cohort)
    ensure_room(there.exclude(state=State.CANCELLED), times)
    number = there.filter(key__startswith=OWN).count() + 1
    round_ = _round(cohort, f"{OWN}{number}", times, *_chosen(now))
    round_.has_own_dates = True
    round_.save()
    record(by=by, verb="planned a round", thing=round_, now=now, opens=str(local_date(times.opens_at, cohort.zone)))
    return round_


def sync_subjects(round_: Round, *, now: datetime) -> None:
    """Every leader of the cohort takes part until raters are asked; those who left take no part.

    In an open round what was said about them is destroyed, so it waits for the next day: until then somebody removed by
    mistake can be brought back. Mails about them stop at once.
    """
    subjects = Subject.objects.filter(round=round_)
    enrolments = Enrolment.objects.filter(cohort=round_.cohort_id)
    if round_.state in BEFORE_LAUNCH:
        missing = enrolments.active().exclude(pk__in=subjects.values("enrolment"))
        Subject.objects.bulk_create(
            [Subject(round=round_, enrolment=each) for each in missing], ignore_conflicts=True, batch_size=1000
        )
        subjects.filter(enrolment__in=enrolments.active(), withdrawn_at__isnull=False).update(withdrawn_at=None)
        subjects.filter(withdrawn_at=None, enrolment__left_on__isnull=False).update(withdrawn_at=now)
        return
    left = subjects.filter(withdrawn_at=None, enrolment__left_on__isnull=False)
    if now < round_.closes_at:
        left = left.filter(enrolment__left_on__lt=local_date(now, round_.cohort.zone))
    gone = list(left.values_list("pk", flat=True))
    if gone:
        subjects.filter(pk__in=gone).update(withdrawn_at=now)
        discard_subjects(gone)


def _openings(cohort: Cohort, diary: Diary) -> Iterator[tuple[str, date | None]]:
    """The events of the cohort that open a round, with their dates; and half a year after day 1, the follow-up."""
    events = [each for each in diary.of_cohort(cohort) if each.slot.kind == Milestone.Kind.ROUND]
    for event in events:
        yield event.slot.key, event.on
    if events:
        yield FOLLOW_UP, next_open(diary.calendar(cohort), FOLLOW_UP_DAY)


def _follow(
    planned: Round, opens_on: date | None, cohort: Cohort, diary: Diary, organisation: Organisation, *, now: datetime
) -> None:
    if planned.state not in BEFORE_LAUNCH:
        return
    if opens_on is None:
        _call_off(planned, now=now)
        return
    if planned.has_own_dates:
        return
    times = _wanted(planned, opens_on, cohort, diary, organisation, now=now)
    if times == _stored(planned):
        return
    round_ = hold(planned.pk)
    if round_.state == planned.state and not round_.has_own_dates:
        save_revision(round_, **times, next_at=times["nominates_at" if round_.state == State.DRAFT else "opens_at"])
        record(by=None, verb="moved a round with its event", thing=round_, now=now, opens=str(opens_on))


def _wanted(
    planned: Round, opens_on: date, cohort: Cohort, diary: Diary, organisation: Organisation, *, now: datetime
) -> dict[str, Any]:
    """Choosing that has begun, or is due, keeps its instant, which counts for how early the round may open."""
    if planned.state == State.DRAFT and planned.nominates_at > now:
        return _as_fields(_times(opens_on, cohort, diary, organisation, chosen_from=local_date(now, cohort.zone)))
    began = local_date(planned.nominates_at, cohort.zone)
    times = _as_fields(_times(opens_on, cohort, diary, organisation, chosen_from=began))
    return {**times, "nominates_at": planned.nominates_at}


def _call_off(planned: Round, *, now: datetime) -> None:
    round_ = hold(planned.pk)
    if round_.state == State.DRAFT:
        record(by=None, verb="removed a planned round", thing=round_, now=now, key=round_.key)
        round_.delete()
    elif may_move(round_.state, State.CANCELLED, By.ADMIN):  # an admin called the event off
        save_revision(round_, state=State.CANCELLED, next_at=None)
        record(by=None, verb="cancelled a round with its event", thing=round_, now=now, key=round_.key)


def _create(new: Iterable[tuple[Cohort, str, Timetable]], *, now: datetime) -> int:
    chosen, questionnaire = _chosen(now)
    rounds = [_round(cohort, key, times, chosen, questionnaire) for cohort, key, times in new]
    Round.objects.bulk_create(rounds, ignore_conflicts=True)  # another worker may be planning the same
    return len(rounds)


def _chosen(now: datetime) -> tuple[FeedbackSettings, Questionnaire]:
    return FeedbackSettings.objects.first() or FeedbackSettings(), standard_questionnaire(now=now)


def _round(cohort: Cohort, key: str, times: Timetable, chosen: FeedbackSettings, questionnaire: Questionnaire) -> Round:
    return Round(
        cohort=cohort,
        key=key,
        questionnaire=questionnaire,
        threshold=chosen.threshold,
        response_rate=chosen.response_rate,
        suggests_talk=chosen.suggests_talk,
        next_at=times.nominates_at,
        **_as_fields(times),
    )


def _times(opens_on: date, cohort: Cohort, diary: Diary, organisation: Organisation, *, chosen_from: date) -> Timetable:
    return timetable(opens_on, round_calendar(cohort, organisation, diary), chosen_from=chosen_from)


def _as_fields(times: Timetable) -> dict[str, Any]:
    return {name: getattr(times, name) for name in INSTANTS}


def _stored(round_: Round) -> dict[str, Any]:
    return {name: getattr(round_, name) for name in INSTANTS}
