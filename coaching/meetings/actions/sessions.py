"""Plan, move, cancel and hold a talk; write down a drop-in; undo what was done by mistake."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from coaching.calendars.invitations import cancelled, invite, moved, restored
from coaching.meetings.actions.pairings import note_held
from coaching.meetings.boxes import talk_of
from coaching.meetings.policies import ensure_may_meet, ensure_work_has_begun
from coaching.meetings.rules import MAX_NOTE_CHARACTERS, ensure_plan, ensure_template, kind_of
from coaching.models import (
    NOTE,
    AgendaItem,
    ItemState,
    Pairing,
    Session,
    SessionKind,
    SessionState,
    SessionText,
)
from coaching.talk_templates.content import LEADER, PARTNER
from coaching.talk_templates.files import newest
from coaching.talk_templates.files import template as template_of
from cohorts.audit import record
from cohorts.models import Membership
from cohorts.schedule.date_words import fill, moment_words
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock, lock_revision, save_revision

DROP_IN_MINUTES = 5


class NothingWritten(NotNow):
    """A talk without a note and without an action: the two say that there was nothing to agree, or write one."""


@transaction.atomic
def plan_session(
    *,
    pairing: Pairing,
    starts_at: datetime,
    minutes: int,
    place: str,
    key: UUID,
    by: Membership,
    now: datetime,
    template: str = "",
) -> Session:
    """Put a talk in both calendars, or open one that was held already. The same key plans it once.

    With a template it begins with its agenda, and keeps the version of that day.
    """
    ensure_may_meet(by, pairing)
    ensure_template(template, pairing)
    ensure_work_has_begun(pairing, template=template)
    kind, talk = kind_of(template, pairing), newest(template)
    ensure_plan(starts_at=starts_at, minutes=minutes, place=place, kind=kind, now=now)
    lock(pairing)
    session, is_new = Session.objects.get_or_create(
        pairing=pairing,
        key=key,
        defaults={
            "kind": kind,
            "starts_at": starts_at,
            "minutes": minutes,
            "place": place,
            "template": template,
            "template_version": talk.version if talk else 1,
            "planned_by": by,
        },
    )
    if is_new:
        _collect_agenda(session)
        _begin_agenda(session)
        if starts_at > now:
            invite(session, now=now)
        record(by=by, verb="planned session", thing=session, now=now, pairing=pairing.pk)
    return session


@transaction.atomic
def move_session(
    *,
    session: Session,
    starts_at: datetime,
    minutes: int,
    place: str,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Change when, how long or where. It stays the same session: its agenda, notes and actions are not touched."""
    ensure_may_meet(by, session.pairing)
    ensure_plan(starts_at=starts_at, minutes=minutes, place=place, kind=session.kind, now=now)
    lock_revision(session, expected_revision, "state", "starts_at", "minutes", "place")
    _ensure_planned(session)
    values = {"starts_at": starts_at, "minutes": minutes, "place": place}
    if all(getattr(session, name) == value for name, value in values.items()):
        return
    save_revision(session, **values)
    moved(session, now=now)
    record(by=by, verb="moved session", thing=session, now=now)


@transaction.atomic
def start_session(*, session: Session, by: Membership, now: datetime) -> None:
    """The two talk now, earlier than planned. No calendar gets a mail: both are there."""
    ensure_may_meet(by, session.pairing)
    lock_revision(session, None, "state", "starts_at")
    _ensure_planned(session)
    if session.starts_at > now:
        save_revision(session, starts_at=now.replace(second=0, microsecond=0))
        record(by=by, verb="started session", thing=session, now=now)


@transaction.atomic
def cancel_session(*, session: Session, by: Membership, now: datetime) -> None:
    """Call it off; nobody has to say why. What was on its agenda goes to the next one."""
    ensure_may_meet(by, session.pairing)
    lock_revision(session, None, "state")
    _ensure_planned(session)
    save_revision(session, state=SessionState.CANCELLED)
    cancelled(session, now=now)
    _hand_on_agenda(session)
    record(by=by, verb="cancelled session", thing=session, now=now)


@transaction.atomic
def restore_session(*, session: Session, by: Membership, now: datetime) -> None:
    """Take a cancellation back, or that it did not happen."""
    ensure_may_meet(by, session.pairing)
    lock_revision(session, None, "state")
    if session.state not in (SessionState.CANCELLED, SessionState.MISSED):
        return
    was_cancelled = session.state == SessionState.CANCELLED
    save_revision(session, state=SessionState.PLANNED)
    if was_cancelled:
        restored(session, now=now)
    _collect_agenda(session)
    record(by=by, verb="restored session", thing=session, now=now)


@transaction.atomic
def miss_session(*, session: Session, by: Membership, now: datetime) -> None:
    """Say that a planned talk did not happen and nobody had called it off."""
    ensure_may_meet(by, session.pairing)
    lock_revision(session, None, "state", "starts_at")
    _ensure_planned(session)
    _ensure_begun(session, now=now)
    save_revision(session, state=SessionState.MISSED)
    _hand_on_agenda(session)
    record(by=by, verb="missed session", thing=session, now=now)


@transaction.atomic
def hold_session(*, session: Session, by: Membership, now: datetime, nothing_to_agree: bool = False) -> None:
    """Close a talk that was held. Raises NothingWritten when it holds no note and no action, and nobody said why."""
    ensure_may_meet(by, session.pairing)
    lock(session.pairing)
    lock_revision(session, None, "state", "starts_at")
    if session.state == SessionState.HELD:
        return
    _ensure_planned(session)
    _ensure_begun(session, now=now)
    is_empty = not has_something_written(session)
    if is_empty and not nothing_to_agree:
        raise NothingWritten(
            _("Nothing is written yet. Write a sentence or an action, or say there was nothing to agree.")
        )
    save_revision(session, state=SessionState.HELD, held_at=now, nothing_to_agree=is_empty)
    _hand_on_agenda(session)
    note_held(session.pairing)
    record(by=by, verb="held session", thing=session, now=now)


@transaction.atomic
def reopen_session(*, session: Session, by: Membership, now: datetime) -> None:
    """Take back that it was closed, until the leader has answered it."""
    ensure_may_meet(by, session.pairing)
    lock(session.pairing)
    lock_revision(session, None, "state")
    if session.state != SessionState.HELD:
        return
    if session.acknowledgements.exists():
        raise NotNow(_("%(name)s has answered this talk, so it stays closed.") % {"name": session.pairing.leader.name})
    save_revision(session, state=SessionState.PLANNED, held_at=None, nothing_to_agree=False)
    note_held(session.pairing)
    record(by=by, verb="reopened session", thing=session, now=now)


@transaction.atomic
def record_drop_in(*, pairing: Pairing, sentence: str, key: UUID, by: Membership, now: datetime) -> Session:
    """A short talk that just happened, in one sentence both can read. The same key records it once."""
    ensure_may_meet(by, pairing)
    ensure_text("sentence", sentence, most=MAX_NOTE_CHARACTERS)
    lock(pairing)
    session, is_new = Session.objects.get_or_create(
        pairing=pairing,
        key=key,
        defaults={
            "kind": SessionKind.DROP_IN,
            "state": SessionState.HELD,
            "starts_at": now,
            "held_at": now,
            "minutes": DROP_IN_MINUTES,
            "planned_by": by,
        },
    )
    if is_new:
        SessionText.objects.create(session=session, part=NOTE, text=sentence.strip(), saved_at=now)
        note_held(pairing)
        record(by=by, verb="recorded drop-in", thing=session, now=now, pairing=pairing.pk)
    return session


def has_something_written(session: Session) -> bool:
    """A sentence in a part both can read, or an action."""
    return session.texts.filter(author=None).exclude(text="").exists() or session.actions.exists()


def _ensure_planned(session: Session) -> None:
    if session.state != SessionState.PLANNED:
        raise NotNow(_("This talk is not planned any more. Open it again to see what happened to it."))


def _ensure_begun(session: Session, *, now: datetime) -> None:
    if session.starts_at > now:
        sentence = _("This talk is planned for %(start)s. If you have held it already, move it to when you did.")
        raise NotNow(fill(sentence, {"start": moment_words(timezone.localtime(session.starts_at))}))


def _begin_agenda(session: Session) -> None:
    """The agenda of its template after what was left from last time, in the language of the one who plans it.

    Each part is raised by the one who leads it.
    """
    talk, pairing = talk_of(session), session.pairing
    leads = {LEADER: pairing.leader, PARTNER: pairing.partner}
    AgendaItem.objects.bulk_create(
        AgendaItem(
            session=session, raised_by=leads.get(part.who), text=part.text, minutes=part.minutes, position=position
        )
        for position, part in enumerate(talk.agenda if talk else (), start=session.agenda.count() + 1)
    )


def _collect_agenda(session: Session) -> None:
    """Take over what earlier talks left for next time, in its order."""
    left = AgendaItem.objects.filter(session__pairing=session.pairing_id, state=ItemState.NEXT_TIME)
    left = left.exclude(session__state=SessionState.PLANNED)
    position = session.agenda.aggregate(last=Max("position"))["last"] or 0
    for number, item in enumerate(left.order_by("session__starts_at", "position", "pk"), start=1):
        item.session, item.state, item.position = session, ItemState.RAISED, position + number
        item.save(update_fields=["session", "state", "position"])


def _hand_on_agenda(session: Session) -> None:
    """What the two left of the agenda waits for next time, and goes there at once when that is planned.

    The questions of its template stay: the next talk has its own.
    """
    planned_with = template_of(session.template, session.template_version)
    asked = [part.text for talk in (planned_with.texts.values() if planned_with else ()) for part in talk.agenda]
    left = session.agenda.filter(state=ItemState.RAISED).exclude(text__in=asked)
    left.update(state=ItemState.NEXT_TIME)
    planned = Session.objects.filter(pairing=session.pairing_id, state=SessionState.PLANNED)
    following = planned.filter(starts_at__gt=session.starts_at).order_by("starts_at").first() or planned.first()
    if following is not None:
        _collect_agenda(following)
