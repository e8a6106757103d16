"""Focuses: pick, reword, archive, resume, and set the dial."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cohorts.curriculum.behaviours import Behaviour, Situation
from cohorts.curriculum.content import StarterText
from cohorts.curriculum.reading import starters_of
from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, go, respond
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from goals.habits.actions.focus import (
    MAX_CURRENT_FOCUSES,
    PLAN,
    archive_focus,
    pick_focus,
    resume_focus,
    reword_focus,
    set_dial,
    take_back_dial,
)
from goals.habits.actions.sharing import share_focus
from goals.habits.dial_words import clock_of, turned_words
from goals.habits.focus_card import focus_cards
from goals.habits.focus_queries import current_focuses
from goals.habits.forms.focus import DialForm, FocusForm, NewFocusForm
from goals.habits.policies import may_see_focus
from goals.habits.readers import readers_of_focus, readers_of_plan
from goals.habits.rules import latest_dial_day
from goals.models import Dial, Focus


@allow(Permission.WALK)
@require_GET
def focuses(request: MemberRequest) -> HttpResponse:
    """Show the current focuses with their dials, and the archived ones."""
    enrolment = ensure_enrolment(request.membership)
    cards, aside = focus_cards(enrolment, date_at(enrolment, request.now), clock_of(enrolment))
    context = {"cards": cards, "aside": aside, "has_room": len(cards) < MAX_CURRENT_FOCUSES}
    return render(request, "goals/focuses.html", context)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_new(request: MemberRequest) -> HttpResponse:
    """Choose a behaviour, start from a ready plan or an empty one, and word it."""
    enrolment = ensure_enrolment(request.membership)
    behaviour = request.GET.get("behaviour", "")
    plans = starters_of(enrolment.cohort.version, behaviour, page_language())
    form = NewFocusForm(posted(request), initial=_initial(request, behaviour, plans))
    form.initial["reader_id"] = enrolment.sponsor_id

    def save() -> HttpResponse:
        today = date_at(enrolment, request.now)
        pick_focus(
            enrolment=enrolment,
            language=page_language(),
            today=today,
            by=request.membership,
            now=request.now,
            **form.cleaned_data,
        )
        return go(request, reverse("welcome" if request.GET.get("from") == "welcome" else "focuses"))

    current = current_focuses(enrolment).count()
    is_welcome = request.GET.get("from") == "welcome"
    is_plan = bool(behaviour) or form.is_bound
    before = _step_before(is_plan=is_plan, is_welcome=is_welcome, has_focus=current > 0)
    context = {
        "is_plan": is_plan,
        "is_welcome": is_welcome,
        "step_before_url" if is_welcome else "back_url": before,
        "has_starter": bool(request.GET.get("starter")) or form.is_bound,
        "behaviours": Behaviour,
        "behaviour": Behaviour(behaviour) if behaviour in Behaviour else None,
        "plans": plans.items(),
        "readers": readers_of_focus(enrolment),
        "is_shared": enrolment.sponsor_id is not None,
        "draft": f"focus:{enrolment.pk}",
        "is_full": current >= MAX_CURRENT_FOCUSES,
    }
    return form_page(request, form, save, "goals/focus_new.html", context)


def _step_before(*, is_plan: bool, is_welcome: bool, has_focus: bool) -> str:
    """Where *Back* leads: from a plan to the behaviours, from there to the page that asked for a focus."""
    if is_plan:
        return reverse("focus_new") + ("?from=welcome" if is_welcome else "")
    if is_welcome:
        return f"{reverse('welcome')}?step={'focus' if has_focus else 'schedule'}"
    return reverse("focuses")


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_wording(request: MemberRequest, pk: int) -> HttpResponse:
    """Reword a plan."""
    focus = _own(request, pk)
    if request.method == "POST":
        lock(focus)
    initial = {name: getattr(focus, name) for name in PLAN}
    form = FocusForm(posted(request), initial=initial, revision=focus.revision)

    def save() -> HttpResponse:
        reword_focus(
            focus=focus,
            language=page_language(),
            by=request.membership,
            expected_revision=form.revision,
            **form.cleaned_data,
        )
        if form.took_over:
            messages.success(request, SAVED_TOGETHER)
        return redirect("focuses")

    sponsor = focus.enrolment.sponsor
    is_open = sponsor is not None and may_see_focus(sponsor, focus)
    context = {"focus": focus, "readers": readers_of_plan(focus), "is_open": is_open}
    return form_page(request, form, save, "goals/focus_wording.html", context)


@allow(Permission.WALK)
@require_POST
def focus_sharing(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the sponsor of now read a plan."""
    share_focus(focus=_own(request, pk), by=request.membership, now=request.now)
    return redirect("focus_wording", pk=pk)


@allow(Permission.WALK)
@require_POST
def focus_archiving(request: MemberRequest, pk: int) -> HttpResponse:
    """Archive a focus, with Undo."""
    focus = _own(request, pk)
    archive_focus(focus=focus, today=date_at(focus.enrolment, request.now), by=request.membership, now=request.now)
    return redirect("focuses")


@allow(Permission.WALK)
@require_POST
def focus_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Resume a focus."""
    focus = _own(request, pk)
    resume_focus(focus=focus, today=date_at(focus.enrolment, request.now), by=request.membership, now=request.now)
    return redirect("focuses")


@allow(Permission.WALK)
@require_POST
def dial(request: MemberRequest, pk: int) -> HttpResponse:
    """Set the dial of one focus."""
    focus = _own(request, pk)
    enrolment = focus.enrolment
    today = date_at(enrolment, request.now)
    form = DialForm(request.POST, today=today, latest=latest_dial_day(enrolment, today=today))
    turned = None
    if form.is_valid():
        turned = set_dial(focus=focus, today=today, by=request.membership, now=request.now, **form.cleaned_data)
        if not request.htmx:
            undo = reverse("dial_undoing", args=[turned.pk])
            messages.success(request, turned_words(turned.level), extra_tags=undo)
    return _card(request, focus, today, turned=turned, problem=form.errors)


@allow(Permission.WALK)
@require_POST
def dial_undoing(request: MemberRequest, dial_pk: int) -> HttpResponse:
    """Set a dial back to where it stood before it was turned."""
    mine = Dial.objects.filter(focus__enrolment__leader=request.membership)
    turned = get_object_or_404(mine.select_related("focus__enrolment__leader"), pk=dial_pk)
    today = date_at(turned.focus.enrolment, request.now)
    take_back_dial(dial=turned, today=today, by=request.membership, now=request.now)
    return _card(request, turned.focus, today)


def _card(request: MemberRequest, focus: Focus, today: date, **more: Any) -> HttpResponse:
    enrolment = focus.enrolment
    cards, _aside = focus_cards(enrolment, today, clock_of(enrolment))
    card = next((card for card in cards if card.focus.pk == focus.pk), None)
    return respond(request, "goals/_focus.html", {"card": card, **more}, back_to="focuses")


def _own(request: MemberRequest, pk: int) -> Focus:
    mine = Focus.objects.filter(enrolment__leader=request.membership)
    return get_object_or_404(mine.select_related("enrolment__sponsor", "enrolment__leader"), pk=pk)


def _initial(request: MemberRequest, behaviour: str, plans: Mapping[Situation, StarterText]) -> dict[str, str]:
    asked = request.GET.get("starter", "")
    plan = plans.get(Situation(asked)) if asked in Situation else None
    words = {"cue": plan.cue_field, "response": plan.response_field} if plan else {}
    return {"behaviour": behaviour, **words}
