"""What demo sponsors do of their part, and how leaders answer it: offers, check-ins, questions, time kept free."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.utils import translation

from coaching.models import Ask, Obstacle, ProtectedTime, SponsorAct
from coaching.sponsoring.actions.asks import answer_ask, ask_sponsor
from coaching.sponsoring.actions.parts import answer_part, block_part, do_part
from coaching.sponsoring.actions.protected_time import answer_offer, offer_time
from coaching.sponsoring.actions.support import answer_support, open_moment
from coaching.sponsoring.felt_support import ITEMS, TURNED_ROUND
from coaching.sponsoring.weeks import week_of
from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment, Membership, Organisation
from cohorts.schedule.calendars import calendar_of, pauses_of
from cohorts.web.refusals import NotNow
from programme.demo.people import Character, Company
from programme.demo.talks_words import ANSWERS, QUESTIONS

DAY_OF_PART = 3  # Wednesday
OBSTACLES = (Obstacle.WORKLOAD, Obstacle.NO_COVER, Obstacle.ABSENCE)


def support(company: Company, organisation: Organisation, now: datetime) -> None:
    """One evening of sponsors and their leaders in the open organisation."""
    rows = Enrolment.objects.active().filter(sponsor__isnull=False)
    enrolments = list(rows.select_related("leader__person", "sponsor__person", "cohort").order_by("pk"))
    for sponsor in {each.sponsor_id: each.sponsor for each in enrolments}.values():
        mine = [each for each in enrolments if each.sponsor_id == sponsor.pk]
        _sponsor(company, organisation, sponsor, mine, now)
    for enrolment in enrolments:
        character = company.character_of(enrolment.leader.person.email)
        if character is not None and character.starts:
            with translation.override(enrolment.leader.person.language):
                _leader(enrolment, character, organisation, now)


def _dice(who: Membership, on: date, what: str) -> Random:
    return Random(f"{who.person.email} {on} {what}")  # noqa: S311 - a demo


def _sponsor(
    company: Company, organisation: Organisation, sponsor: Membership, mine: Sequence[Enrolment], now: datetime
) -> None:
    on = date_at(mine[0], now)
    keenness, dice = company.keenness_of(sponsor.person.email), _dice(sponsor, on, "sponsor")
    if on.isoweekday() == DAY_OF_PART:
        by_week: dict[int, list[Enrolment]] = {}
        for each in mine:
            week = week_of(calendar_of(each, organisation, pauses_of(each)), on)
            by_week.setdefault(week, []).append(each)
        for week, theirs in by_week.items():
            if _do_or_block(theirs, week, organisation, sponsor, now, keenness=keenness, dice=dice):
                sponsor.note_visit(on)
    for ask in Ask.objects.filter(sponsor=sponsor, answered_at=None).select_related("enrolment__leader__person"):
        if dice.random() < keenness * 0.6:
            answer = dice.choice(ANSWERS[ask.enrolment.leader.person.language])
            answer_ask(ask=ask, answer=answer, by=sponsor, now=now)
            sponsor.note_visit(on)
    if mine[0].day1_on <= on and on.isoweekday() in range(1, 6) and dice.random() < keenness * 0.06:
        key = uuid5(NAMESPACE_URL, f"time {sponsor.pk} {on}")
        chosen = dice.choice(mine)
        offer_time(enrolment=chosen, on=on + timedelta(days=2), minutes=30, key=key, by=sponsor, now=now)
        sponsor.note_visit(on)


def _do_or_block(
    mine: Sequence[Enrolment],
    week: int,
    organisation: Organisation,
    sponsor: Membership,
    now: datetime,
    *,
    keenness: float,
    dice: Random,
) -> bool:
    """Whether the sponsor said anything about their part."""
    try:
        if dice.random() < keenness:
            do_part(enrolments=mine, week=week, organisation=organisation, by=sponsor, now=now)
            return True
        if dice.random() < 0.5:
            obstacle = dice.choice(OBSTACLES)
            block_part(enrolments=mine, week=week, obstacle=obstacle, organisation=organisation, by=sponsor, now=now)
            return True
    except NotNow:
        pass  # no part is open in this week
    return False


def _leader(enrolment: Enrolment, character: Character, organisation: Organisation, now: datetime) -> None:
    on, leader = date_at(enrolment, now), enrolment.leader
    dice = _dice(leader, on, "leader")
    for act in _unanswered(enrolment):
        if dice.random() < 0.6:
            answer_part(act=act, happened=dice.random() < 0.9, by=leader, now=now)
    for time in ProtectedTime.objects.filter(enrolment=enrolment, accepted_at=None, declined_at=None, on__gte=on):
        if dice.random() < 0.7:
            answer_offer(time=time, is_taken=True, by=leader, now=now)
    if on < enrolment.day1_on:
        return
    if on.isoweekday() in character.working_days and dice.random() < 0.02:
        text = dice.choice(QUESTIONS[leader.person.language])
        ask_sponsor(
            enrolment=enrolment, text=text, key=uuid5(NAMESPACE_URL, f"ask {enrolment.pk} {on}"), by=leader, now=now
        )
    if open_moment(enrolment, organisation, now) and dice.random() < 0.2:
        items = {name: min(5, max(1, round(dice.gauss(2.0 if name in TURNED_ROUND else 3.9, 0.7)))) for name in ITEMS}
        answer_support(enrolment=enrolment, items=items, organisation=organisation, by=leader, now=now)


def _unanswered(enrolment: Enrolment) -> Iterable[SponsorAct]:
    open_ones = SponsorAct.objects.filter(enrolment=enrolment, done_at__isnull=False, confirmed_at=None, denied_at=None)
    return open_ones.select_related("enrolment").order_by("pk")
