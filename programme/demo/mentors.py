"""A demo coach with two places, and the leaders who ask: two are met, one waits in the queue."""

from datetime import datetime, time

from django.utils import translation

from coaching.mentors.actions.profiles import ProfileFacts, save_profile
from coaching.mentors.actions.requests import accept, ask
from coaching.models import MentorProfile, MentorRequest, MentorWish, Pairing, PairingState
from cohorts.models import Enrolment, Membership, Organisation, Role
from cohorts.schedule.time_zones import local_date
from programme.demo.people import Company
from programme.demo.visits_words import ASK, SITE, STORY, YES

PLACES = 2
ASK_ON_DAY = {10: 0, 12: 1, 20: 2}  # which leader asks on which day of the programme


def mentor(company: Company, organisation: Organisation, now: datetime) -> None:
    """One evening of coaches and those who ask them, in the open organisation."""
    with translation.override(company.language):
        for member in Membership.objects.with_role(Role.COACH).order_by("pk"):
            _describe(company, organisation, member, now)
        _ask(company, organisation, now)
        waiting = MentorRequest.objects.filter(pairing__state=PairingState.REQUESTED)
        for request in waiting.select_related("pairing__partner").order_by("pk"):
            if Pairing.objects.active().filter(partner=request.pairing.partner_id).count() < PLACES:
                answer = YES[company.language]
                by = request.pairing.partner
                accept(request=request, answer=answer, by=by, organisation=organisation, now=now)


def _describe(company: Company, organisation: Organisation, member: Membership, now: datetime) -> None:
    if MentorProfile.objects.filter(member=member).exists():
        return
    facts = ProfileFacts(
        kind="coach",
        about=STORY[company.language],
        behaviours=("understanding", "clear", "encouraging"),
        skills=(),
        languages=(company.language, "en") if company.language != "en" else ("en",),
        hours_from=time(8),
        hours_to=time(16),
        zone=organisation.zone,
        site=SITE[company.language]["site"],
        places=PLACES,
        cadence_days=14,
    )
    save_profile(member=member, facts=facts, conflicts="", by=member, now=now)


def _ask(company: Company, organisation: Organisation, now: datetime) -> None:
    on = local_date(now, organisation.zone)
    rows = Enrolment.objects.active().select_related("leader__person").order_by("pk")
    leaders = [
        each
        for each in rows
        if (character := company.character_of(each.leader.person.email)) and character.starts and character.chooses
    ]
    profile = MentorProfile.objects.select_related("member").order_by("pk").first()
    if not leaders or profile is None:
        return
    number = ASK_ON_DAY.get((on - leaders[0].day1_on).days + 1)
    if number is None or number >= len(leaders):
        return
    leader = leaders[number].leader
    if not MentorWish.objects.filter(leader=leader).exists():
        ask(profile=profile, words=ASK[company.language], by=leader, organisation=organisation, now=now)
