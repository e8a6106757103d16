"""A leader's wishes and requests, and what happens next."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching.mentors.actions import requests, wishes
from coaching.mentors.finding import place_in_queue
from coaching.mentors.forms.asking import AskForm
from coaching.mentors.views.finding import profile_or_404
from coaching.models import MAX_WISHES, MentorKind, MentorProfile, MentorRequest, MentorWish, Pairing, PairingState
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission

OVER = (PairingState.DECLINED, PairingState.LAPSED)
MAX_OVER = 3


@dataclass(frozen=True)
class WishLine:
    wish: MentorWish
    queue_place: int

    @property
    def profile(self) -> MentorProfile:
        return self.wish.profile


@allow(Permission.WALK)
@require_safe
def my_mentors(request: MemberRequest) -> HttpResponse:
    """Show what a leader asked and wishes, whom they have, and what happens next."""
    mine = MentorWish.objects.filter(leader=request.membership).select_related("profile__member")
    asked = MentorRequest.objects.filter(pairing__leader=request.membership).select_related("pairing__partner")
    context = {
        "lines": [WishLine(wish, place_in_queue(wish) if wish.waiting_since else 0) for wish in mine],
        "max_wishes": MAX_WISHES,
        "waiting": asked.filter(pairing__state=PairingState.REQUESTED).first(),
        "over": asked.filter(pairing__state__in=OVER).order_by("-asked_at", "-pk")[:MAX_OVER],
        "pairings": Pairing.objects.active()
        .filter(leader=request.membership, kind__in=MentorKind.values)
        .select_related("partner"),
    }
    return render(request, "coaching/mentors/my_mentors.html", context)


@allow(Permission.WALK)
@require_POST
def mentor_wish(request: MemberRequest, pk: int) -> HttpResponse:
    profile = profile_or_404(pk)
    found = wishes.wish(profile=profile, by=request.membership)
    sentence = _("%(name)s is on your list.") % {"name": profile.member.name}
    messages.success(request, sentence, extra_tags=reverse("wish_removal", args=[found.pk]))
    return redirect("my_mentors")


@allow(Permission.WALK)
@require_POST
def wish_removal(request: MemberRequest, pk: int) -> HttpResponse:
    found = _own_wish(request, pk)
    wishes.take_wish_away(wish=found, by=request.membership)
    sentence = _("%(name)s is off your list.") % {"name": found.profile.member.name}
    messages.success(request, sentence, extra_tags=reverse("mentor_wish", args=[found.profile_id]))
    return redirect("my_mentors")


@allow(Permission.WALK)
@require_POST
def wish_sooner(request: MemberRequest, pk: int) -> HttpResponse:
    wishes.wish_sooner(wish=_own_wish(request, pk), by=request.membership)
    return redirect("my_mentors")


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def mentor_request(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, with a sentence if the leader likes."""
    profile = profile_or_404(pk)
    wish = MentorWish.objects.filter(leader=request.membership, profile=profile).first()
    form = AskForm(posted(request), initial={"words": wish.words if wish else ""})

    def save() -> HttpResponse:
        asked = requests.ask(
            profile=profile,
            words=form.cleaned_data["words"],
            by=request.membership,
            organisation=request.organisation,
            now=request.now,
        )
        _say_asked(request, profile, asked)
        return redirect("my_mentors")

    return form_page(request, form, save, "coaching/mentors/mentor_request.html", {"profile": profile})


@allow(Permission.WALK)
@require_POST
def request_taking_back(request: MemberRequest, pk: int) -> HttpResponse:
    mine = MentorRequest.objects.filter(pairing__leader=request.membership)
    found = get_object_or_404(mine.select_related("pairing", "profile__member"), pk=pk)
    requests.take_back(request=found, by=request.membership, now=request.now)
    messages.success(request, _("Taken back. You can ask someone else."))
    return redirect("my_mentors")


def _say_asked(request: MemberRequest, profile: MentorProfile, asked: requests.AskOutcome) -> None:
    name = profile.member.name
    if asked.request is not None:
        undo = reverse("request_taking_back", args=[asked.request.pk])
        messages.success(request, _("%(name)s is asked.") % {"name": name}, extra_tags=undo)
    elif asked.queue_place == 1:
        messages.success(request, _("The last place was just taken. You are first in the queue."))
    else:
        sentence = _("All places are taken. You are number %(number)d in the queue.")
        messages.success(request, sentence % {"number": asked.queue_place})


def _own_wish(request: MemberRequest, pk: int) -> MentorWish:
    mine = MentorWish.objects.filter(leader=request.membership)
    return get_object_or_404(mine.select_related("profile__member"), pk=pk)
