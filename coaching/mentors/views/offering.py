"""A coach's or mentor's own side: requests, the profile, and whether they take new people."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching.mentors.actions import requests
from coaching.mentors.actions.profiles import ProfileFacts, save_profile, set_accepting
from coaching.mentors.finding import queue_of, taken_by_partner
from coaching.mentors.forms.asking import AnswerForm
from coaching.mentors.forms.profile import ProfileForm
from coaching.mentors.response_times import in_words, response_times
from coaching.models import Cadence, MentorKind, MentorProfile, MentorRequest, PairingState
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock

YES = "yes"
FACTS = tuple(ProfileFacts.__slots__)


@allow(Permission.COACH)
@require_safe
def mentoring(request: MemberRequest) -> HttpResponse:
    """Show who asks, how full it is, and what leaders read."""
    profile = _own_profile(request)
    context: dict[str, object] = {"profile": profile}
    if profile is not None:
        asked = MentorRequest.objects.filter(profile=profile).select_related("pairing__leader", "pairing__partner")
        times = response_times([profile])
        context |= {
            "requests": asked.filter(pairing__state=PairingState.REQUESTED),
            "taken": taken_by_partner([request.membership.pk]).get(request.membership.pk, 0),
            "waiting": queue_of(profile).count(),
            "answers": in_words(times.get(profile.pk)),
            "was_closed": not profile.is_accepting and requests.lapses_of(profile) >= requests.LAPSES_BEFORE_CLOSING,
        }
    return render(request, "coaching/mentors/mentoring.html", context)


@allow(Permission.COACH)
@require_http_methods(["GET", "HEAD", "POST"])
def mentor_profile(request: MemberRequest) -> HttpResponse:
    """Write what leaders find."""
    profile = _own_profile(request)
    if request.method == "POST" and profile is not None:
        lock(profile)
    form = ProfileForm(
        posted(request), initial=_initial(request, profile), revision=profile.revision if profile else None
    )

    def save() -> HttpResponse:
        data = form.cleaned_data
        save_profile(
            member=request.membership,
            facts=_facts(data),
            conflicts=data["conflicts"],
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved. This is what leaders find."))
        return redirect("mentoring")

    return form_page(request, form, save, "coaching/mentors/mentor_profile.html", {"profile": profile})


@allow(Permission.COACH)
@require_POST
def mentor_opening(request: MemberRequest) -> HttpResponse:
    """Take new people (`on=1`), or none for now: a second tap says the same."""
    profile = get_object_or_404(MentorProfile, member=request.membership)
    is_on = (request.POST.get("on") or request.GET.get("on")) == "1"
    set_accepting(profile=profile, is_on=is_on, by=request.membership, now=request.now)
    sentence = _("You are taking new people again.") if is_on else _("You are not taking new people now.")
    messages.success(request, sentence, extra_tags=f"{reverse('mentor_opening')}?on={0 if is_on else 1}")
    return redirect("mentoring")


@allow(Permission.COACH)
@require_POST
def request_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Say yes or no, with a sentence if they like."""
    found, form = _request_or_404(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        context = {"asked": found, "form": form, "is_yes": request.POST.get("act") == YES}
        return render(request, "coaching/mentors/request_answer.html", context, status=422)
    answer, name = form.cleaned_data["answer"], found.pairing.leader.name
    if request.POST.get("act") == YES:
        pairing = requests.accept(
            request=found, answer=answer, by=request.membership, organisation=request.organisation, now=request.now
        )
        messages.success(request, _("You and %(name)s are a pair. Plan the first talk.") % {"name": name})
        return redirect("pairing", pk=pairing.pk)
    requests.decline(
        request=found, answer=answer, by=request.membership, organisation=request.organisation, now=request.now
    )
    undo = reverse("request_answering_again", args=[pk])
    messages.success(request, _("Declined. %(name)s can ask someone else.") % {"name": name}, extra_tags=undo)
    return redirect("mentoring")


@allow(Permission.COACH)
@require_POST
def request_answering_again(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo of declining."""
    requests.answer_again(request=_request_or_404(request, pk), by=request.membership, now=request.now)
    messages.success(request, _("The request waits for your answer again."))
    return redirect("mentoring")


def _own_profile(request: MemberRequest) -> MentorProfile | None:
    return MentorProfile.objects.filter(member=request.membership).select_related("member").first()


def _request_or_404(request: MemberRequest, pk: int) -> MentorRequest:
    mine = MentorRequest.objects.filter(pairing__partner=request.membership)
    return get_object_or_404(mine.select_related("pairing__leader", "profile__member"), pk=pk)


def _initial(request: MemberRequest, profile: MentorProfile | None) -> dict[str, object]:
    if profile is None:
        start = MentorProfile(zone=request.membership.zone, cadence_days=Cadence.FORTNIGHTLY, kind=MentorKind.MENTOR)
        languages = [request.membership.person.language]
        return {name: getattr(start, name) for name in FACTS} | {"languages": languages, "zone": str(start.zone)}
    named = profile.conflicts.order_by("member__person__email").values_list("member__person__email", flat=True)
    values = {name: getattr(profile, name) for name in FACTS}
    return values | {"zone": str(profile.zone), "conflicts": "\n".join(named)}


def _facts(data: dict[str, Any]) -> ProfileFacts:
    values: dict[str, Any] = {name: data[name] for name in FACTS}
    for name, value in values.items():
        values[name] = tuple(value) if isinstance(value, list) else value
    return ProfileFacts(**values)
