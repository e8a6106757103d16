"""While a round is open: remind those who have something left to answer, and settle once whether there is enough."""

from collections import Counter, defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from cohorts.models import Organisation
from cohorts.models.mail import MailState
from feedback360.models import Rater, RaterMail, Request, RequestState, Round, State, Subject
from feedback360.rounds.actions.moves import hold
from feedback360.rounds.actions.opening import write_to_raters
from feedback360.rounds.calendars import round_calendar
from feedback360.rounds.groups import MANAGER, SELF
from feedback360.rounds.timetable import mail_time, reminder_of_today, reminders


@transaction.atomic
def remind(round_: Round, *, now: datetime) -> None:
    """Write today's reminder, if one is due, to raters with an open request. Idempotent."""
    round_ = hold(round_.pk)
    organisation = Organisation.objects.get(pk=round_.organisation_id)
    calendar = round_calendar(round_.cohort, organisation)
    planned = reminders(calendar, opens_at=round_.opens_at, reminds_at=round_.reminds_at, closes_at=round_.closes_at)
    number = reminder_of_today(planned, now, calendar)
    goes_at = mail_time(calendar, now)
    if round_.state != State.COLLECTING or number is None or goes_at >= round_.closes_at:
        return
    is_written = RaterMail.objects.filter(rater__round=round_, kind=RaterMail.Kind.REMINDER, number__gte=number)
    if not is_written.exists():
        write_to_raters(_with_open_requests(round_), RaterMail.Kind.REMINDER, number=number, goes_at=goes_at)


def _with_open_requests(round_: Round) -> list[int]:
    """Raters whose first mail was not refused; another one would be refused, too."""
    refused = RaterMail.objects.filter(rater=OuterRef("pk"), kind=RaterMail.Kind.INVITATION, state=MailState.FAILED)
    asked = Rater.objects.filter(
        requests__state=RequestState.ASKED, requests__subject__withdrawn_at=None, round=round_, erased_at=None
    )
    return list(asked.exclude(Exists(refused)).order_by("pk").distinct().values_list("pk", flat=True))


@transaction.atomic
def set_rater_mails(*, rater: Rater, is_on: bool) -> None:
    """Switch the mails of this round to one rater off, or on again. What they were asked stays. Idempotent."""
    Rater.objects.filter(pk=rater.pk).update(mails_on=is_on)


@transaction.atomic
def settle_enough(round_: Round, *, now: datetime) -> None:
    """On the day raters were asked to answer by: whether every group asked has reached the threshold. Once.

    It never moves again, so nothing the leader sees changes when somebody answers.
    """
    round_ = hold(round_.pk)
    subjects = Subject.objects.filter(round=round_, has_enough=None)
    if round_.state != State.COLLECTING or now < round_.reminds_at or not subjects.exists():
        return
    answered: dict[int, Counter[str]] = defaultdict(Counter)
    rows = Request.objects.filter(subject__in=subjects, state=RequestState.ANSWERED)
    for subject_id, group in rows.values_list("subject_id", "group"):
        answered[subject_id][group] += 1
    enough = {subject.pk: _has_enough(subject, answered[subject.pk], round_.threshold) for subject in subjects}
    for is_enough in (True, False):
        keys = [key for key, found in enough.items() if found is is_enough]
        subjects.filter(pk__in=keys).update(has_enough=is_enough)


def _has_enough(subject: Subject, answered: Counter[str], threshold: int) -> bool:
    groups = set(subject.groups.values()) - {"", MANAGER, SELF}
    return bool(groups) and all(answered[group] >= threshold for group in groups)
