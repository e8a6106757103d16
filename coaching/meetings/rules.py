"""What sessions, agenda items and actions are held to. Actions and forms ask the same functions."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from coaching.models import Cadence, Pairing, PairingKind, SessionKind
from coaching.models.invited import MAX_MINUTES, MIN_MINUTES
from coaching.talk_templates.content import TalkTemplate
from coaching.talk_templates.files import newest, templates_for
from cohorts.web.bounds import ensure_choice, ensure_date, ensure_name, ensure_number, ensure_text
from cohorts.web.refusals import Invalid

MAX_LINE_CHARACTERS = 200
MAX_PLACE_CHARACTERS = 120
MAX_NOTE_CHARACTERS = 10_000
MAX_WORDS_CHARACTERS = 2000
MAX_ITEM_MINUTES = 240
ACKNOWLEDGE_WITHIN_DAYS = 3  # working days a leader has to answer a talk that was held
DAYS_BACK = 28  # how far back a talk can be written down
MAX_DAYS_AHEAD = 366


def ensure_plan(*, starts_at: datetime, minutes: int, place: str, kind: str, now: datetime) -> None:
    ensure_choice("kind", kind, SessionKind.values)
    ensure_start(starts_at, now=now)
    ensure_minutes(minutes)
    ensure_name("place", place, most=MAX_PLACE_CHARACTERS, is_required=False)


def templates_of(pairing: Pairing) -> tuple[TalkTemplate, ...]:
    """The talks two people can plan, the shortest first. Only a coach or mentor has three-way talks."""
    kinds = [own_kind(pairing), SessionKind.SIDE_BY_SIDE]
    if pairing.kind != PairingKind.SPONSOR:
        kinds.append(SessionKind.THREE_WAY)
    return tuple(each for kind in kinds for each in templates_for(kind))


def own_kind(pairing: Pairing) -> SessionKind:
    return SessionKind.MENTOR if pairing.kind == PairingKind.MENTOR else SessionKind.ONE_TO_ONE


def kind_of(template: str, pairing: Pairing) -> SessionKind:
    """What kind of talk a template makes."""
    talk = newest(template)
    if talk is None or own_kind(pairing) in talk.kinds:
        return own_kind(pairing)
    return SessionKind(talk.kinds[0])


def ensure_template(template: str, pairing: Pairing) -> None:
    if template:
        ensure_choice("template", template, [each.key for each in templates_of(pairing)])


def ensure_start(starts_at: datetime, *, now: datetime) -> None:
    if starts_at < now - timedelta(days=DAYS_BACK):
        raise Invalid("on", _("A talk can be written down for four weeks."))
    if starts_at > now + timedelta(days=MAX_DAYS_AHEAD):
        raise Invalid("on", _("Choose a day within a year."))


def ensure_minutes(minutes: int) -> None:
    ensure_number("minutes", minutes, MIN_MINUTES, MAX_MINUTES)


def ensure_line(field: str, text: str) -> None:
    ensure_text(field, text, most=MAX_LINE_CHARACTERS)


def ensure_owner(owner_id: int | None, pairing: Pairing) -> None:
    """One of the two, or nobody yet."""
    if owner_id is not None and owner_id not in (pairing.leader_id, pairing.partner_id):
        raise Invalid("owner", _("Choose one of the two of you."))


def ensure_due(due_on: date | None, *, today: date) -> None:
    if due_on is None:
        return
    ensure_date("due_on", due_on)
    if due_on > today + timedelta(days=MAX_DAYS_AHEAD):
        raise Invalid("due_on", _("Choose a day within a year."))


def ensure_cadence(cadence_days: int) -> None:
    ensure_choice("cadence_days", cadence_days, Cadence.values)
