"""Mails to calendars: a meeting is on, has moved or is off.

Call these in the transaction of the edit itself, after it is saved. A mail waits for a minute, so that Undo takes back
what nobody has read; several moves in that minute become one mail, and a meeting that is cancelled again leaves none.

    invite      a new meeting: sequence 0
    moved       after any edit; sequence +1 and new mails if start, length or place differ from what was announced
    cancelled   sequence +1; a mail only to those who were invited
    restored    Undo of a cancellation: on again, with the same name

A meeting that is planned anew after a cancellation is a new row, so it has a new UID and begins at 0.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from coaching.calendars.things import Thing, slot_of, sort_of
from coaching.models import CalendarMail
from coaching.models.mail import MAIL_DELAY
from cohorts.models import Membership

ROWS_PER_STATEMENT = 500

Method = CalendarMail.Method


def invite(*things: Thing, now: datetime) -> None:
    """Write an invitation to everybody who takes part. Idempotent."""
    _announce(things, Method.REQUEST, now)


def moved(*things: Thing, now: datetime) -> None:
    """Tell those invited if these are at another time or place than announced. Any other edit concerns no calendar."""
    announced = _announced(things)
    elsewhere = [thing for thing in things if announced.get(thing.uid) != slot_of(thing)]
    _next_edition(elsewhere)
    _announce(elsewhere, Method.REQUEST, now)


def cancelled(*things: Thing, now: datetime) -> None:
    """Tell those who have been invited that these are off; the writer knows who has."""
    _next_edition(things)
    _announce(things, Method.CANCEL, now)


def restored(*things: Thing, now: datetime) -> None:
    """Take a cancellation back: those who got it are invited again, the others notice nothing."""
    _next_edition(things)
    _announce(things, Method.REQUEST, now)


def _announced(things: Iterable[Thing]) -> dict[object, str]:
    """By UID, the slot that was announced last, whether or not that mail has gone yet."""
    rows = CalendarMail.objects.filter(uid__in=[thing.uid for thing in things]).order_by("sequence")
    return dict(rows.values_list("uid", "slot"))


def _next_edition(things: Sequence[Thing]) -> None:
    """Count on in the database, where two edits at once cannot both reach the same number."""
    models: set[Any] = {type(thing) for thing in things}
    for model in models:
        rows = model.objects.filter(pk__in=[thing.pk for thing in things if type(thing) is model])
        rows.update(sequence=F("sequence") + 1)
        sequences = dict(rows.values_list("pk", "sequence"))
        for thing in things:
            if type(thing) is model:
                thing.sequence = sequences[thing.pk]


def _announce(things: Iterable[Thing], method: str, now: datetime) -> None:
    mails = [_mail(thing, member, method, now) for thing in things for member in sort_of(thing).attendees(thing)]
    CalendarMail.objects.bulk_create(mails, batch_size=ROWS_PER_STATEMENT, ignore_conflicts=True)


def _mail(thing: Thing, member: Membership, method: str, now: datetime) -> CalendarMail:
    return CalendarMail(
        recipient=member,
        sort=sort_of(thing).name,
        about=thing.pk,
        uid=thing.uid,
        sequence=thing.sequence,
        method=method,
        slot=slot_of(thing),
        due_at=now + MAIL_DELAY,
        not_before=now + MAIL_DELAY,
    )
