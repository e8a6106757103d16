"""Write the one mail about questions that have waited too long."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from coaching.calendars.members import calendars_of
from coaching.models import Ask, CoachingMail
from coaching.sponsoring.asks_mail import NAME, open_asks, with_last_words
from coaching.sponsoring.decay import Prompt, prompt_for
from coaching.sponsoring.response import TimedAsk, is_overdue
from cohorts.models import Membership, Organisation


def prompt_sponsors(organisation: Organisation, *, now: datetime) -> None:
    """One mail to each sponsor with two overdue questions who got none since their latest answer. Idempotent."""
    asks: dict[int, list[Ask]] = defaultdict(list)
    for ask in open_asks().defer("text", "answer").order_by("pk"):
        asks[ask.sponsor_id].append(ask)
    if not asks:
        return
    sponsors = with_last_words(Membership.objects.active().filter(pk__in=asks))
    members: list[Any] = list(sponsors)
    calendars = calendars_of(members, organisation)
    mails = []
    for member in members:
        overdue = [ask for ask in asks[member.pk] if is_overdue(TimedAsk(ask.asked_at), calendars[member.pk], now)]
        if prompt_for(len(overdue), was_mailed=_was_mailed(member)) is Prompt.MAIL:
            # What they answered last names the silence since, so that two turns at once write one mail.
            about, number = (member.last_answered, 2) if member.last_answered else (overdue[0].pk, 1)
            mails.append(
                CoachingMail(recipient=member, kind=NAME, about=about, number=number, due_at=now, not_before=now)
            )
    CoachingMail.objects.bulk_create(mails, ignore_conflicts=True)


def _was_mailed(member: Any) -> bool:
    mailed, answered = member.last_mailed_at, member.last_answered_at
    return mailed is not None and (answered is None or answered < mailed)
