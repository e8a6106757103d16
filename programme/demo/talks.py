"""How demo leaders and their partners meet, through the same actions as real ones.

Each evening: a pair without a date plans one for the day it is due, a talk whose time has come is held, what was agreed
gets done or is carried on, and the leader answers the newest talk.
"""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.utils import translation

from coaching.meetings.actions.agenda import mark_item, raise_item
from coaching.meetings.actions.agreed import add_action, close_action
from coaching.meetings.actions.answers import answer_session
from coaching.meetings.actions.notes import save_note
from coaching.meetings.actions.sessions import hold_session, miss_session, plan_session, record_drop_in
from coaching.meetings.private_notes import keep_own_note
from coaching.models import Action, ItemState, Pairing, PairingKind, Session, SessionState
from cohorts.models import Organisation
from cohorts.schedule.time_zones import local_date
from programme.demo.people import Character, Company
from programme.demo.talks_words import ACTIONS, AGENDA, DIFFERENTLY, DROP_INS, NOTES, OWN_NOTES

PLANNED_AHEAD = timedelta(days=6)  # a pair sets a date a week before it is due
FIRST_HOUR, LAST_HOUR = 9, 14


def talk(company: Company, organisation: Organisation, now: datetime) -> None:
    """One evening of all pairs in the open organisation."""
    pairings = Pairing.objects.active().select_related("leader__person", "partner__person").order_by("pk")
    for pairing in pairings:
        character = company.character_of(pairing.leader.person.email)
        if character is not None and character.starts:
            with translation.override(pairing.leader.person.language):
                _evening_of(pairing, character, organisation, now)


def _evening_of(pairing: Pairing, character: Character, organisation: Organisation, now: datetime) -> None:
    on = local_date(now, organisation.zone)
    dice = Random(f"{pairing.leader.person.email} {pairing.partner.person.email} {on}")  # noqa: S311 - a demo
    _finish_actions(pairing, on, now, dice)
    _answer_newest(pairing, now, dice)
    planned = pairing.sessions.filter(state=SessionState.PLANNED).order_by("starts_at").first()
    if planned is not None and planned.starts_at <= now:
        if dice.random() < character.talks:
            _hold(planned, pairing, on, now, dice)
        else:
            miss_session(session=planned, by=pairing.partner, now=now)
        return
    if planned is None and _wants_to_talk(pairing, character, on):
        _plan(pairing, organisation, on, now, dice)
    elif on.isoweekday() in character.working_days and dice.random() < character.drop_ins:
        sentence = dice.choice(DROP_INS[pairing.leader.person.language])
        key = uuid5(NAMESPACE_URL, f"drop-in {pairing.pk} {on}")
        record_drop_in(pairing=pairing, sentence=sentence, key=key, by=pairing.partner, now=now)


def _wants_to_talk(pairing: Pairing, character: Character, on: date) -> bool:
    if character.talks_until_week and (on - pairing.starts_on).days // 7 >= character.talks_until_week:
        return False
    return pairing.due_on is not None and on >= pairing.due_on - PLANNED_AHEAD


def _plan(pairing: Pairing, organisation: Organisation, on: date, now: datetime, dice: Random) -> None:
    day = max(pairing.due_on or on, on + timedelta(days=1))
    at = datetime.combine(day, time(dice.randint(FIRST_HOUR, LAST_HOUR)), tzinfo=organisation.zone)
    by = pairing.leader if pairing.kind != PairingKind.SPONSOR or dice.random() < 0.3 else pairing.partner
    session = plan_session(
        pairing=pairing,
        starts_at=at,
        minutes=30,
        place="",
        key=uuid5(NAMESPACE_URL, f"talk {pairing.pk} {day}"),
        by=by,
        now=now,
    )
    agenda = AGENDA[pairing.leader.person.language]
    first = dice.randrange(len(agenda))
    for number, who in enumerate((pairing.leader, pairing.leader, pairing.partner)):
        raise_item(session=session, text=agenda[(first + number) % len(agenda)], minutes=8, by=who, now=now)


def _hold(session: Session, pairing: Pairing, on: date, now: datetime, dice: Random) -> None:
    language = pairing.leader.person.language
    for item in list(session.agenda.all())[:-1]:
        mark_item(item=item, state=ItemState.DISCUSSED, by=pairing.leader, now=now)
    save_note(session=session, text=dice.choice(NOTES[language]), by=pairing.partner, now=now)
    if dice.random() < 0.4:
        keep_own_note(session=session, text=dice.choice(OWN_NOTES[language]), by=pairing.partner, now=now)
    texts = dice.sample(ACTIONS[language], 2)
    for number, (text, owner) in enumerate(zip(texts, (pairing.leader, pairing.partner), strict=True)):
        add_action(
            session=session,
            text=text,
            owner_id=owner.pk,
            due_on=on + timedelta(days=dice.choice((4, 7, 11))),
            key=uuid5(NAMESPACE_URL, f"action {session.pk} {number}"),
            today=on,
            by=pairing.partner,
            now=now,
        )
    hold_session(session=session, by=pairing.partner, now=now)


def _finish_actions(pairing: Pairing, on: date, now: datetime, dice: Random) -> None:
    """Most are done on the day before they are due; the others are carried, and done some day."""
    tomorrow = on + timedelta(days=1)
    for action in Action.objects.open().filter(pairing=pairing, due_on__lte=tomorrow).select_related("owner"):
        chance = 0.7 if action.due_on == tomorrow else 0.08
        if action.owner is not None and dice.random() < chance:
            close_action(action=action, by=action.owner, now=now)


def _answer_newest(pairing: Pairing, now: datetime, dice: Random) -> None:
    newest = pairing.sessions.filter(state=SessionState.HELD, acknowledgements=None).order_by("-starts_at").first()
    if newest is None or dice.random() < 0.4:
        return
    saw_it_so = dice.random() < 0.85
    words = "" if saw_it_so else DIFFERENTLY[pairing.leader.person.language]
    answer_session(session=newest, saw_it_so=saw_it_so, words=words, by=pairing.leader, now=now)
