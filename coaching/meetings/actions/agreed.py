"""What the two agree to do. An action lives once and is carried by staying open; reopening keeps it and its history."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.meetings.policies import ensure_may_act, ensure_may_meet
from coaching.meetings.rules import ensure_due, ensure_line, ensure_owner
from coaching.models import Action, ActionState, Session, SessionState
from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision


@transaction.atomic
def add_action(
    *,
    session: Session,
    text: str,
    owner_id: int | None,
    due_on: date | None,
    key: UUID,
    today: date,
    by: Membership,
    now: datetime,
) -> Action:
    """Agree it in this talk. The same key adds it once."""
    pairing = session.pairing
    ensure_may_meet(by, pairing)
    ensure_line("text", text)
    ensure_owner(owner_id, pairing)
    ensure_due(due_on, today=today)
    if session.state in (SessionState.CANCELLED, SessionState.MISSED):
        raise NotNow(_("This talk did not happen, so nothing can be agreed in it."))
    action, is_new = Action.objects.get_or_create(
        pairing=pairing,
        key=key,
        defaults={"session": session, "text": text.strip(), "owner_id": owner_id, "due_on": due_on, "made_at": now},
    )
    if is_new:
        record(by=by, verb="added action", thing=action, now=now, session=session.pk)
    return action


@transaction.atomic
def change_action(
    *,
    action: Action,
    text: str,
    owner_id: int | None,
    due_on: date | None,
    today: date,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Shrink it, say it more clearly, give it to the other or another date. It stays the same action."""
    ensure_may_act(by, action.pairing)
    ensure_line("text", text)
    ensure_owner(owner_id, action.pairing)
    ensure_due(due_on, today=today)
    lock_revision(action, expected_revision, "state", "text", "owner", "due_on")
    _ensure_open(action)
    save_revision(action, text=text.strip(), owner_id=owner_id, due_on=due_on)
    record(by=by, verb="changed action", thing=action, now=now)


@transaction.atomic
def take_action(*, action: Action, by: Membership, now: datetime) -> None:
    """Take one that has no owner."""
    ensure_may_act(by, action.pairing)
    lock_revision(action, None, "state", "owner")
    _ensure_open(action)
    if action.owner_id == by.pk:
        return
    if action.owner_id is not None:
        raise NotNow(_("Someone has taken this one in the meantime."))
    save_revision(action, owner=by)
    record(by=by, verb="took action", thing=action, now=now)


@transaction.atomic
def close_action(*, action: Action, by: Membership, now: datetime) -> None:
    """Done. Saying it twice is the same."""
    ensure_may_act(by, action.pairing)
    lock_revision(action, None, "state")
    if action.state == ActionState.DONE:
        return
    save_revision(action, state=ActionState.DONE, closed_at=now, reason="")
    record(by=by, verb="closed action", thing=action, now=now)


@transaction.atomic
def let_go(*, action: Action, reason: str, by: Membership, now: datetime) -> None:
    """Give it up, and say why."""
    ensure_may_act(by, action.pairing)
    ensure_line("reason", reason)
    lock_revision(action, None, "state")
    _ensure_open(action)
    save_revision(action, state=ActionState.LET_GO, closed_at=now, reason=reason.strip())
    record(by=by, verb="let action go", thing=action, now=now)


@transaction.atomic
def reopen_action(*, action: Action, by: Membership, now: datetime) -> None:
    """Take it up again: the same action, with the talk it was made in."""
    ensure_may_act(by, action.pairing)
    lock_revision(action, None, "state")
    if action.state == ActionState.OPEN:
        return
    save_revision(action, state=ActionState.OPEN, closed_at=None, reason="")
    record(by=by, verb="reopened action", thing=action, now=now)


def _ensure_open(action: Action) -> None:
    if action.state != ActionState.OPEN:
        raise NotNow(_("This action is closed. Reopen it first."))
