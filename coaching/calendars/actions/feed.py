"""Open, close and renew the secret address of a member's calendar."""

from datetime import datetime

from django.db import transaction

from coaching.models import MailChoice
from cohorts.audit import record
from cohorts.models import Membership


@transaction.atomic
def open_feed(*, member: Membership, now: datetime) -> None:
    """Give the member a new address. Every earlier one is dead from now on."""
    choice = _locked(member)
    choice.feed_on, choice.feed_version = True, choice.feed_version + 1
    choice.save(update_fields=["feed_on", "feed_version"])
    record(by=member, verb="opened calendar feed", thing=member, now=now)


@transaction.atomic
def close_feed(*, member: Membership, now: datetime) -> None:
    """Kill the address. Idempotent."""
    choice = _locked(member)
    if choice.feed_on:
        choice.feed_on = False
        choice.save(update_fields=["feed_on"])
        record(by=member, verb="closed calendar feed", thing=member, now=now)


@transaction.atomic
def restore_feed(*, member: Membership, now: datetime) -> None:
    """Undo of closing: the address that was closed last works again. Idempotent."""
    choice = _locked(member)
    if not choice.feed_on and choice.feed_version:
        choice.feed_on = True
        choice.save(update_fields=["feed_on"])
        record(by=member, verb="restored calendar feed", thing=member, now=now)


@transaction.atomic
def end_feed(*, member: Membership, now: datetime) -> None:
    """End every address of the member's feed, because the member leaves; none works again. Idempotent."""
    choice = MailChoice.objects.select_for_update().filter(member=member, feed_on=True).first()
    if choice is not None:
        choice.feed_on, choice.feed_version = False, choice.feed_version + 1
        choice.save(update_fields=["feed_on", "feed_version"])
        record(by=None, verb="ended calendar feed", thing=member, now=now)


def _locked(member: Membership) -> MailChoice:
    MailChoice.objects.bulk_create([MailChoice(member=member)], ignore_conflicts=True)
    return MailChoice.objects.select_for_update().get(member=member)
