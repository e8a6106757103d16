"""Find a mentor by theme, with reasons in words; one profile; what a leader looks for."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coaching.mentors.actions.profiles import save_search
from coaching.mentors.finding import (
    offer_to,
    offered_profiles,
    own_pairings,
    place_in_queue,
    profiles_for,
    search_of,
    seeker_of,
)
from coaching.mentors.forms.profile import SearchForm
from coaching.mentors.matching import Barrier, Match, barrier, find, match
from coaching.mentors.reasons import languages_of, no_match, reasons
from coaching.mentors.refusal_words import why_not
from coaching.mentors.response_times import in_words, response_times
from coaching.models import MentorProfile, MentorWish, PairingState, Skill
from cohorts.curriculum.behaviours import Behaviour
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock

PER_PAGE = 20


@dataclass(frozen=True)
class MentorLine:
    """One mentor as a leader finds them."""

    profile: MentorProfile
    reasons: list[str]
    languages: str
    answers: str
    is_full: bool

    @property
    def themes(self) -> list[str]:
        return [str(Behaviour(key).label) for key in Behaviour.values if key in self.profile.behaviours]

    @property
    def skills(self) -> list[str]:
        return [str(Skill(key).label) for key in Skill.values if key in self.profile.skills]


@allow(Permission.WALK)
@require_safe
def mentors(request: MemberRequest) -> HttpResponse:
    """Show whom a leader can ask, best first, and whom they can wait for."""
    me, theme = request.membership, request.GET.get("theme", "")
    me.person = request.user  # type: ignore[assignment]  # read already
    theme = theme if theme in Behaviour.values else ""
    profiles = {profile.pk: profile for profile in profiles_for(me)}
    seeker = seeker_of(me)
    found = find(seeker, [offer_to(me, each) for each in profiles.values()], on=request.today, theme=theme)
    page = Paginator([*found.free, *found.full], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": _lines(list(page.object_list), profiles),
        "why_none": no_match(found),
        "nobody_offers": not profiles,
        "theme": Behaviour(theme) if theme else None,
        "chips": _chips(theme, seeker.behaviours),
    }
    return render(request, "coaching/mentors/mentors.html", context)


@allow(Permission.WALK)
@require_safe
def mentor(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one profile and what the leader can do with it."""
    me = request.membership
    me.person = request.user  # type: ignore[assignment]  # read already
    profile, pairings = get_object_or_404(profiles_for(me), pk=pk), own_pairings(me)
    seeker, offer = seeker_of(me, pairings=pairings), offer_to(me, profile)
    what = barrier(seeker, offer)
    (line,) = _lines([match(seeker, offer, on=request.today)], {pk: profile})
    is_wished = profile.is_wished  # type: ignore[attr-defined]
    wish = MentorWish.objects.filter(leader=me, profile=profile).first() if is_wished else None
    context = {
        "line": line,
        "profile": profile,
        "wish": wish,
        "queue_place": place_in_queue(wish) if wish and wish.waiting_since else 0,
        "barrier": why_not(what) if what not in (None, Barrier.FULL) else "",
        "can_wish": what in (None, Barrier.FULL, Barrier.CLOSED),
        "asking": next((each for each in pairings if each.state == PairingState.REQUESTED), None),
    }
    return render(request, "coaching/mentors/mentor.html", context)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def mentor_search(request: MemberRequest) -> HttpResponse:
    """What a leader looks for, besides the themes of their focuses."""
    search = search_of(request.membership)
    if request.method == "POST" and search.pk:
        lock(search)
    names = ("languages", "skills", "hours_from", "hours_to", "site")
    initial = {name: getattr(search, name) for name in names}
    form = SearchForm(posted(request), initial=initial, revision=search.revision if search.pk else None)

    def save() -> HttpResponse:
        save_search(leader=request.membership, expected_revision=form.revision, **form.cleaned_data)
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved."))
        return redirect("mentors")

    return form_page(request, form, save, "coaching/mentors/mentor_search.html")


def profile_or_404(pk: int) -> MentorProfile:
    """The profile of somebody who can still be found."""
    return get_object_or_404(offered_profiles(), pk=pk)


def _lines(matches: Collection[Match], profiles: dict[int, MentorProfile]) -> list[MentorLine]:
    shown = [profiles[each.offer.profile_id] for each in matches]
    times = response_times(shown)
    return [
        MentorLine(
            profile=profile,
            reasons=reasons(each),
            languages=languages_of(each),
            answers=in_words(times.get(profile.pk)),
            is_full=each.offer.taken >= each.offer.places,
        )
        for profile, each in zip(shown, matches, strict=True)
    ]


def _chips(theme: str, own: Collection[str]) -> list[dict[str, object]]:
    """All, then the leader's own themes, then the others."""
    address = reverse("mentors")
    themes = sorted(Behaviour, key=lambda each: each.value not in own)
    chips = [{"url": address, "label": _("All"), "is_current": not theme}]
    return chips + [
        {"url": f"{address}?theme={each.value}", "label": each.label, "is_current": each.value == theme}
        for each in themes
    ]
