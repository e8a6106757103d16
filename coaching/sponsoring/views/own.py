"""The leader's side: confirm what happened, take time, ask the sponsor and read the answer, say how support feels."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching.models import Ask, ProtectedTime, SponsorAct
from coaching.sponsoring.actions.asks import ask_sponsor, read_answer, take_back_ask
from coaching.sponsoring.actions.parts import answer_part, take_back_part_answer
from coaching.sponsoring.actions.protected_time import answer_offer, take_back_offer_answer
from coaching.sponsoring.actions.support import answer_support, open_moment
from coaching.sponsoring.forms.support import SupportForm
from coaching.sponsoring.forms.words import SponsorAskForm
from coaching.sponsoring.kept_free import kept_free_for
from coaching.sponsoring.readers import readers_of_question, readers_of_support
from coaching.sponsoring.thresholds import smallest_group
from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.web.bounds import ensure_choice
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, go
from cohorts.web.permissions import Permission

SHOWN = 20
YES, NO = "yes", "no"


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def own_sponsor(request: MemberRequest) -> HttpResponse:
    """Ask the sponsor one sentence; earlier questions with their answers, and time kept free."""
    enrolment = ensure_enrolment(request.membership)
    form = SponsorAskForm(posted(request), enrolment=enrolment)

    def save() -> HttpResponse:
        ask = ask_sponsor(enrolment=enrolment, by=request.membership, now=request.now, **form.question())
        messages.success(
            request,
            _("%(sponsor)s sees your question.") % {"sponsor": ask.sponsor.first_name},
            extra_tags=reverse("own_ask_undoing", args=[ask.pk]),
        )
        return go(request, reverse("own_sponsor"))

    today = date_at(enrolment, request.now)
    asks = Ask.objects.visible_to(request.membership).filter(enrolment=enrolment).select_related("sponsor")
    context = {
        "enrolment": enrolment,
        "asks": asks[:SHOWN],
        "kept_free": kept_free_for(enrolment, today),
        "readers": readers_of_question(enrolment),
        "draft": f"ask:{enrolment.pk}:{today.isoformat()}",
    }
    return form_page(request, form, save, "coaching/sponsoring/own_sponsor.html", context)


@allow(Permission.WALK)
@require_safe
def own_ask(request: MemberRequest, ask_pk: int) -> HttpResponse:
    """One question and its answer."""
    return render(request, "coaching/sponsoring/own_ask.html", {"ask": _own_ask(request, ask_pk)})


@allow(Permission.WALK)
@require_POST
def own_ask_reading(request: MemberRequest, ask_pk: int) -> HttpResponse:
    """The leader has read the answer."""
    read_answer(ask=_own_ask(request, ask_pk), by=request.membership, now=request.now)
    return redirect("today")


@allow(Permission.WALK)
@require_POST
def own_ask_undoing(request: MemberRequest, ask_pk: int) -> HttpResponse:
    """Take back a question that has no answer yet."""
    take_back_ask(ask=_own_ask(request, ask_pk), by=request.membership, now=request.now)
    messages.success(request, _("Taken back."))
    return redirect("own_sponsor")


@allow(Permission.WALK)
@require_POST
def part_answer(request: MemberRequest, act_pk: int) -> HttpResponse:
    """One tap: the talk happened, or it did not."""
    act = _own_act(request, act_pk)
    happened = _said_yes(request)
    answer_part(act=act, happened=happened, by=request.membership, now=request.now)
    words = _("Noted: the two of you talked.") if happened else _("Noted: it did not happen.")
    messages.success(request, words, extra_tags=reverse("part_answer_undoing", args=[act_pk]))
    return redirect("today")


@allow(Permission.WALK)
@require_POST
def part_answer_undoing(request: MemberRequest, act_pk: int) -> HttpResponse:
    """Be asked again."""
    take_back_part_answer(act=_own_act(request, act_pk), by=request.membership, now=request.now)
    return redirect("today")


@allow(Permission.WALK)
@require_POST
def offer_answer(request: MemberRequest, time_pk: int) -> HttpResponse:
    """Take the time, or not."""
    time = _own_time(request, time_pk)
    is_taken = _said_yes(request)
    answer_offer(time=time, is_taken=is_taken, by=request.membership, now=request.now)
    words = _("It’s in your plan now.") if is_taken else _("Noted: it is not needed this time.")
    messages.success(request, words, extra_tags=reverse("offer_answer_undoing", args=[time_pk]))
    return redirect("today")


@allow(Permission.WALK)
@require_POST
def offer_answer_undoing(request: MemberRequest, time_pk: int) -> HttpResponse:
    """The offer waits again."""
    take_back_offer_answer(time=_own_time(request, time_pk), by=request.membership, now=request.now)
    return redirect("today")


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def felt_support(request: MemberRequest) -> HttpResponse:
    """Five sentences about the sponsor, half-way and at the end."""
    enrolment = ensure_enrolment(request.membership)
    form = SupportForm(posted(request))

    def save() -> HttpResponse:
        answer_support(
            enrolment=enrolment,
            items=form.items(),
            organisation=request.organisation,
            by=request.membership,
            now=request.now,
        )
        messages.success(request, _("Thank you. That was all."))
        return redirect("today")

    context = {
        "enrolment": enrolment,
        "is_open": bool(open_moment(enrolment, request.organisation, request.now)) and enrolment.sponsor is not None,
        "readers": readers_of_support(enrolment, smallest_group()),
    }
    return form_page(request, form, save, "coaching/sponsoring/felt_support.html", context)


def _said_yes(request: MemberRequest) -> bool:
    ensure_choice("answer", request.POST.get("answer", ""), {YES, NO})
    return request.POST["answer"] == YES


def _own_ask(request: MemberRequest, pk: int) -> Ask:
    mine = Ask.objects.visible_to(request.membership).filter(enrolment__leader=request.membership)
    return get_object_or_404(mine.select_related("enrolment", "sponsor"), pk=pk)


def _own_act(request: MemberRequest, pk: int) -> SponsorAct:
    mine = SponsorAct.objects.visible_to(request.membership).filter(enrolment__leader=request.membership)
    return get_object_or_404(mine.select_related("enrolment", "sponsor"), pk=pk)


def _own_time(request: MemberRequest, pk: int) -> ProtectedTime:
    mine = ProtectedTime.objects.visible_to(request.membership).filter(enrolment__leader=request.membership)
    return get_object_or_404(mine.select_related("enrolment", "offered_by"), pk=pk)
