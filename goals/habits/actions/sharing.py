"""Let the sponsor of now read something: a name on each row, never a role."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.enrolment.current import take_turns
from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import NotNow
from goals.habits.policies import ensure_may_keep, ensure_may_thank
from goals.habits.sharing import closed_to_sponsor
from goals.models import Focus, Goal, Reflection, Share, Shared, SharingAnswer


@transaction.atomic
def share_focus(*, focus: Focus, by: Membership, now: datetime) -> Focus:
    """Let the sponsor of now read a plan. Idempotent."""
    ensure_may_keep(by, focus.enrolment)
    if focus.enrolment.sponsor is None:
        raise NotNow(_("You have no sponsor at the moment, so there is nobody to share this with."))
    if not focus.shares.filter(reader=focus.enrolment.sponsor_id).exists():
        name_reader(Shared.FOCUS, [focus], focus.enrolment.sponsor, now)
        record(by=by, verb="shared plan", thing=focus, now=now, reader=focus.enrolment.sponsor_id)
    return focus


@transaction.atomic
def answer_sharing(
    *, enrolment: Enrolment, kind: Shared, reader: Membership, up_to: int, is_open: bool, by: Membership, now: datetime
) -> None:
    """The leader's answer about what is older than their sponsor, for the rows they were asked about."""
    ensure_may_keep(by, enrolment)
    take_turns(enrolment)
    if enrolment.sponsor_id != reader.pk:
        raise NotNow(_("Your sponsor has changed again. Look at Today: it asks about the sponsor you have now."))
    asked = list(closed_to_sponsor(enrolment, kind).filter(pk__lte=up_to))
    if not asked:
        return
    if is_open:
        name_reader(kind, asked, reader, now)
    SharingAnswer.objects.update_or_create(
        enrolment=enrolment,
        reader=reader,
        kind=kind,
        defaults={"up_to": max(thing.pk for thing in asked), "is_open": is_open, "answered_at": now},
    )
    verb = "opened to new sponsor" if is_open else "left closed to new sponsor"
    record(by=by, verb=verb, thing=enrolment, now=now, kind=str(kind), count=len(asked), reader=reader.pk)


def name_reader(kind: Shared, things: Iterable[Reflection | Focus | Goal], reader: Membership, now: datetime) -> None:
    """Name a reader on each of these; nothing for those that name them already."""
    shares = [Share(**{kind.value: thing}, reader=reader, shared_at=now) for thing in things]
    Share.objects.bulk_create(shares, batch_size=1000, ignore_conflicts=True)


@transaction.atomic
def thank(*, reflection: Reflection, by: Membership, now: datetime) -> None:
    """The sponsor it was shared with has read it and says thank you; the leader sees that. Idempotent."""
    ensure_may_thank(by, reflection)
    if reflection.shares.filter(reader=by, thanked_at=None).update(thanked_at=now):
        record(by=by, verb="thanked for reflection", thing=reflection, now=now)


@transaction.atomic
def take_back_thanks(*, reflection: Reflection, by: Membership, now: datetime) -> None:
    """Undo."""
    ensure_may_thank(by, reflection)
    if reflection.shares.filter(reader=by, thanked_at__isnull=False).update(thanked_at=None):
        record(by=by, verb="took back thanks", thing=reflection, now=now)
