"""The one mail about questions that wait, and who got it without answering since. The rule is in `decay`.

It tells how many wait, never what was asked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy

from coaching.calendars.coaching_mail import Kind
from coaching.models import Ask, CoachingMail
from cohorts.models import Membership, Organisation

NAME = "asks_waiting"


def open_asks() -> QuerySet[Ask]:
    """Questions that their sponsor can still answer."""
    return Ask.objects.unanswered().filter(enrolment__left_on=None, enrolment__sponsor=F("sponsor"))


def with_last_words(sponsors: QuerySet[Membership]) -> QuerySet[Any]:
    """With `last_answered`, `last_answered_at` and `last_mailed_at`, each None if never."""
    answers = Ask.objects.filter(sponsor=OuterRef("pk"), answered_at__isnull=False).order_by("-answered_at")
    mails = CoachingMail.objects.filter(recipient=OuterRef("pk"), kind=NAME).order_by("-due_at")
    return sponsors.annotate(
        last_answered=Subquery(answers.values("pk")[:1]),
        last_answered_at=Subquery(answers.values("answered_at")[:1]),
        last_mailed_at=Subquery(mails.values("due_at")[:1]),
    )


def silent_sponsors() -> ArraySubquery:
    """For a query over cohorts: names of those who got the mail, have answered nothing since, and are asked there."""
    asked = open_asks().filter(enrolment__cohort=OuterRef(OuterRef("pk"))).order_by().values("sponsor")
    since = Q(last_answered_at=None) | Q(last_answered_at__lt=F("last_mailed_at"))
    found = with_last_words(Membership.objects.active().filter(pk__in=asked)).filter(since)
    return ArraySubquery(found.filter(last_mailed_at__isnull=False).order_by("name", "pk").values("name"))


def _needed(
    mails: Sequence[CoachingMail], _organisation: Organisation, _now: datetime
) -> Mapping[int, Mapping[str, Any]]:
    waiting = open_asks().filter(sponsor__in={mail.recipient_id for mail in mails}).order_by().values("sponsor")
    counts = dict(waiting.annotate(count=Count("pk")).values_list("sponsor", "count"))
    return {mail.pk: {"count": counts[mail.recipient_id]} for mail in mails if mail.recipient_id in counts}


ASKS_MAIL = Kind(name=NAME, act=gettext_lazy("Open your page"), page=lambda mail: ("sponsor_home",), needed=_needed)
