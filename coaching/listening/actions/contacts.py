"""Note which contact two people heard side by side."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.listening.rules import ensure_again, ensure_channel, ensure_reference
from coaching.meetings.policies import ensure_may_meet
from coaching.models import ContactHeard, Session, SessionKind
from cohorts.audit import record
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Membership
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock, lock_revision, save_revision


@transaction.atomic
def note_contact(
    *,
    session: Session,
    reference: str,
    channel: str,
    behaviour: str,
    again_on: date | None,
    today: date,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> ContactHeard:
    """Which contact, on which channel, which behaviour it showed, and when the two listen again."""
    ensure_may_meet(by, session.pairing)
    if session.kind != SessionKind.SIDE_BY_SIDE:
        raise NotNow(_("A contact is noted in talks where you listen side by side."))
    ensure_reference(reference, is_required=False)
    ensure_channel(channel, is_required=False)
    if behaviour:
        ensure_choice("behaviour", behaviour, Behaviour.values)
    lock(session)
    heard, _is_new = ContactHeard.objects.get_or_create(session=session)
    if again_on != heard.again_on:
        ensure_again(again_on, today=today)
    lock_revision(heard, expected_revision, "reference", "channel", "behaviour", "again_on")
    save_revision(heard, reference=reference, channel=channel, behaviour=behaviour, again_on=again_on)
    record(by=by, verb="noted contact", thing=session, now=now)
    return heard


def contact_of(session: Session) -> ContactHeard:
    """The contact noted for a talk; not noted yet, an empty one at the revision a first save expects."""
    return session.contacts_heard.first() or ContactHeard(session=session)
