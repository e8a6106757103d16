"""What the two want to talk about."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from coaching.meetings.policies import ensure_may_meet
from coaching.meetings.rules import MAX_ITEM_MINUTES, ensure_line
from coaching.models import AgendaItem, ItemState, Session, SessionState
from cohorts.models import Membership
from cohorts.web.bounds import ensure_choice, ensure_number
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock


@transaction.atomic
def raise_item(*, session: Session, text: str, minutes: int | None, by: Membership, now: datetime) -> AgendaItem:
    """Put it on the agenda, last. The same words of the same person stand there once."""
    ensure_may_meet(by, session.pairing)
    ensure_line("text", text)
    if minutes is not None:
        ensure_number("minutes", minutes, 1, MAX_ITEM_MINUTES)
    lock(session)
    _ensure_planned(session)
    last = session.agenda.aggregate(last=Max("position"))["last"] or 0
    item, _is_new = session.agenda.get_or_create(
        text=text.strip(), raised_by=by, defaults={"minutes": minutes, "position": last + 1}
    )
    return item


@transaction.atomic
def mark_item(*, item: AgendaItem, state: str, by: Membership, now: datetime) -> None:
    """Talked about, left for next time, or still to talk about."""
    ensure_may_meet(by, item.session.pairing)
    ensure_choice("state", state, ItemState.values)
    _ensure_planned(item.session)
    item.state = state
    item.save(update_fields=["state"])


@transaction.atomic
def drop_item(*, item: AgendaItem, by: Membership, now: datetime) -> None:
    """Take back one's own item before it was talked about."""
    ensure_may_meet(by, item.session.pairing)
    _ensure_planned(item.session)
    if item.raised_by_id != by.pk or item.state == ItemState.DISCUSSED:
        raise NotNow(_("Only the one who raised it can take it off again, before you have talked about it."))
    item.delete()


def _ensure_planned(session: Session) -> None:
    if session.state != SessionState.PLANNED:
        raise NotNow(_("This talk is closed, so its agenda stays as it is."))
