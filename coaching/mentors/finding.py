"""What is read for matching: a leader's own themes and search, and what every mentor offers. Never anybody's words."""

from collections.abc import Collection, Iterable
from datetime import time

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from coaching.mentors.matching import Barrier, Hours, Offer, Seeker, barrier
from coaching.mentors.reporting_lines import reporting_lines
from coaching.models import (
    MentorConflict,
    MentorKind,
    MentorProfile,
    MentorSearch,
    MentorWish,
    Pairing,
    PairingState,
    SpokenLanguage,
)
from cohorts.models import Membership
from goals.models import Focus

DAY_STARTS, DAY_ENDS = time(8), time(16)
TAKES_A_PLACE = (PairingState.REQUESTED, PairingState.ACTIVE)


def search_of(leader: Membership) -> MentorSearch:
    """What they look for; unsaved, with their own language, if they never said."""
    found = MentorSearch.objects.filter(leader=leader).first()
    if found is not None:
        return found
    return MentorSearch(leader=leader, languages=_own_language(leader), hours_from=DAY_STARTS, hours_to=DAY_ENDS)


def own_pairings(leader: Membership) -> list[Pairing]:
    """A leader's coaches and mentors, and the one they have asked."""
    mine = Pairing.objects.filter(leader=leader, kind__in=MentorKind.values, state__in=TAKES_A_PLACE)
    return list(mine.select_related("partner").order_by("pk"))


def seeker_of(leader: Membership, *, pairings: Iterable[Pairing] | None = None) -> Seeker:
    """A leader as matching sees them. Of a focus it reads the behaviour, never the plan."""
    search = search_of(leader)
    focuses = Focus.objects.current().filter(enrolment__leader=leader, enrolment__left_on=None).order_by()
    themes = list(focuses.values_list("behaviour", "enrolment__zone"))
    mine = own_pairings(leader) if pairings is None else pairings
    return Seeker(
        member_id=leader.pk,
        languages=frozenset(search.languages),
        hours=Hours(search.hours_from, search.hours_to, themes[0][1] if themes else leader.zone),
        line=reporting_lines().of(leader.pk),
        kinds=frozenset(each.kind for each in mine if each.state == PairingState.ACTIVE),
        behaviours=frozenset(behaviour for behaviour, _zone in themes),
        skills=frozenset(search.skills),
        site=search.site,
    )


def taken_by_partner(partners: Collection[int] | QuerySet | None = None) -> dict[int, int]:
    """Places taken, by mentor: people they work with, and requests."""
    rows = Pairing.objects.filter(kind__in=MentorKind.values, state__in=TAKES_A_PLACE)
    if partners is not None:
        rows = rows.filter(partner__in=partners)
    return dict(rows.order_by().values_list("partner").annotate(number=Count("pk")))


def offered_profiles() -> QuerySet[MentorProfile]:
    return MentorProfile.objects.offered().select_related("member")


def profiles_for(leader: Membership) -> QuerySet[MentorProfile]:
    """What is offered, with what stands between each mentor and this leader, in one query."""
    mine = MentorWish.objects.filter(profile=OuterRef("pk"), leader=leader)
    named = MentorConflict.objects.filter(profile=OuterRef("pk"), member=leader)
    return offered_profiles().annotate(taken=_taken(), has_conflict=Exists(named), is_wished=Exists(mine))


def offer_to(leader: Membership, profile: MentorProfile) -> Offer:
    """One of `profiles_for` as matching sees it."""
    conflicts = frozenset({leader.pk} if profile.has_conflict else ())  # type: ignore[attr-defined]
    return _offer(profile, profile.taken, conflicts)  # type: ignore[attr-defined]


def barrier_between(leader: Membership, profile: MentorProfile) -> Barrier | None:
    """As it is now. Asked again by every action, whatever a page showed."""
    offered = profiles_for(leader).filter(pk=profile.pk).first()
    return barrier(seeker_of(leader), offer_to(leader, offered)) if offered else Barrier.CLOSED


def offers_of(profiles: Collection[MentorProfile]) -> dict[int, Offer]:
    """By profile, what is offered to anybody, in two queries."""
    taken = taken_by_partner([profile.member_id for profile in profiles])
    conflicts: dict[int, set[int]] = {}
    declared = MentorConflict.objects.filter(profile__in=[profile.pk for profile in profiles]).order_by()
    for profile_id, member_id in declared.values_list("profile", "member"):
        conflicts.setdefault(profile_id, set()).add(member_id)
    return {
        profile.pk: _offer(profile, taken.get(profile.member_id, 0), frozenset(conflicts.get(profile.pk, ())))
        for profile in profiles
    }


def queue_of(profile: MentorProfile) -> QuerySet[MentorWish]:
    """Who waits for a place, the first first, without those who asked somebody else meanwhile."""
    asking = Pairing.objects.filter(leader=OuterRef("leader"), state=PairingState.REQUESTED)
    waiting = MentorWish.objects.filter(~Exists(asking), profile=profile, waiting_since__isnull=False)
    return waiting.order_by("waiting_since", "pk")


def place_in_queue(wish: MentorWish) -> int:
    """1 for the first."""
    waiting = MentorWish.objects.filter(profile=wish.profile_id, waiting_since__isnull=False)
    earlier = Q(waiting_since__lt=wish.waiting_since) | Q(waiting_since=wish.waiting_since, pk__lt=wish.pk)
    return waiting.filter(earlier).count() + 1


def with_room(profiles: QuerySet[MentorProfile]) -> QuerySet[MentorProfile]:
    """Those with a place free: decided by the database, when the statement runs."""
    return profiles.alias(taken=_taken()).filter(taken__lt=F("places"))


def has_room(profile: MentorProfile) -> bool:
    """Ask while the profile is locked: then nobody else takes the place between the question and the answer."""
    return with_room(MentorProfile.objects.filter(pk=profile.pk)).exists()


def _taken() -> Count:
    mine = Q(member__pairings_as_partner__kind__in=MentorKind.values)
    return Count("member__pairings_as_partner", filter=mine & Q(member__pairings_as_partner__state__in=TAKES_A_PLACE))


def _offer(profile: MentorProfile, taken: int, conflicts: frozenset[int]) -> Offer:
    return Offer(
        profile_id=profile.pk,
        member_id=profile.member_id,
        kind=profile.kind,
        behaviours=frozenset(profile.behaviours),
        skills=frozenset(profile.skills),
        languages=frozenset(profile.languages),
        hours=Hours(profile.hours_from, profile.hours_to, profile.zone),
        site=profile.site,
        places=profile.places,
        taken=taken,
        is_accepting=profile.is_accepting,
        conflicts=conflicts,
    )


def seekers_of(leaders: Collection[Membership]) -> dict[int, Seeker]:
    """What the hard rules ask about many leaders, in four queries; nothing that ranks."""
    lines = reporting_lines()
    said = {search.leader_id: frozenset(search.languages) for search in MentorSearch.objects.filter(leader__in=leaders)}
    kinds: dict[int, set[str]] = {}
    active = Pairing.objects.active().filter(leader__in=leaders, kind__in=MentorKind.values).order_by()
    for leader_id, kind in active.values_list("leader", "kind"):
        kinds.setdefault(leader_id, set()).add(kind)
    return {
        leader.pk: Seeker(
            member_id=leader.pk,
            languages=said.get(leader.pk) or frozenset(_own_language(leader)),
            hours=Hours(DAY_STARTS, DAY_ENDS, leader.zone),
            line=lines.of(leader.pk),
            kinds=frozenset(kinds.get(leader.pk, ())),
        )
        for leader in leaders
    }


def _own_language(leader: Membership) -> list[str]:
    language = leader.person.language
    return [language if language in SpokenLanguage.values else SpokenLanguage.ENGLISH.value]
