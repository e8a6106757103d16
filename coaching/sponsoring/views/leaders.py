"""The sponsor's side: the week's part, answers, time for a leader, and their own two numbers."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching.models import Ask, ProtectedTime
from coaching.sponsoring.actions.asks import answer_ask, take_back_answer
from coaching.sponsoring.actions.parts import block_part, do_part, take_back_part
from coaching.sponsoring.actions.protected_time import offer_time, take_back_offer
from coaching.sponsoring.corners import corner_of, sentence_of
from coaching.sponsoring.figures import own_figures
from coaching.sponsoring.forms.offers import ObstacleForm, TimeForm
from coaching.sponsoring.forms.words import SponsorAnswerForm
from coaching.sponsoring.readers import readers_of_answer
from coaching.sponsoring.weeks import LAST
from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, go
from cohorts.web.permissions import Permission


@allow(Permission.SPONSOR)
@require_POST
def part_doing(request: MemberRequest, week: int) -> HttpResponse:
    """The sponsor did their two minutes with the leaders that were ticked."""
    leaders = _leaders(request, request.POST.getlist("leader"))
    do_part(
        enrolments=leaders,
        week=_week(week),
        organisation=request.organisation,
        by=request.membership,
        now=request.now,
    )
    return redirect("sponsor_home")


@allow(Permission.SPONSOR)
@require_http_methods(["GET", "HEAD", "POST"])
def part_blocking(request: MemberRequest, week: int) -> HttpResponse:
    """Not this week, with one of four reasons."""
    asked = posted(request) or request.GET
    leaders = _leaders(request, asked.getlist("leader"))
    form = ObstacleForm(posted(request))

    def save() -> HttpResponse:
        block_part(
            enrolments=leaders,
            week=_week(week),
            organisation=request.organisation,
            by=request.membership,
            now=request.now,
            **form.cleaned_data,
        )
        undo = f"{reverse('part_undoing', args=[week])}?{urlencode([('leader', each.pk) for each in leaders])}"
        messages.success(request, _("Fine. This week counts neither for nor against you."), extra_tags=undo)
        return redirect("sponsor_home")

    context = {"leaders": leaders, "week": _week(week)}
    return form_page(request, form, save, "coaching/sponsoring/part_blocking.html", context)


@allow(Permission.SPONSOR)
@require_POST
def part_undoing(request: MemberRequest, week: int) -> HttpResponse:
    """The week is open again with these leaders."""
    asked = [*request.POST.getlist("leader"), *request.GET.getlist("leader")]
    leaders = _leaders(request, asked)
    take_back_part(enrolments=leaders, week=_week(week), by=request.membership, now=request.now)
    return redirect("sponsor_home")


@allow(Permission.SPONSOR)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_answer(request: MemberRequest, ask_pk: int) -> HttpResponse:
    """Answer what a leader asked, or reword the answer."""
    mine = Ask.objects.visible_to(request.membership).filter(sponsor=request.membership)
    ask = get_object_or_404(mine.select_related("enrolment__leader"), pk=ask_pk)
    form = SponsorAnswerForm(posted(request), initial={"answer": ask.answer, "key": ask.key})

    def save() -> HttpResponse:
        answer_ask(ask=ask, answer=form.cleaned_data["answer"], by=request.membership, now=request.now)
        messages.success(
            request,
            _("%(leader)s sees your answer.") % {"leader": ask.enrolment.leader.first_name},
            extra_tags=reverse("ask_answer_undoing", args=[ask_pk]),
        )
        return go(request, reverse("sponsor_home"))

    context = {"ask": ask, "readers": readers_of_answer(ask), "draft": f"answer:{ask.pk}"}
    return form_page(request, form, save, "coaching/sponsoring/ask_answer.html", context)


@allow(Permission.SPONSOR)
@require_POST
def ask_answer_undoing(request: MemberRequest, ask_pk: int) -> HttpResponse:
    """Take back an answer that was not read yet."""
    mine = Ask.objects.visible_to(request.membership).filter(sponsor=request.membership)
    ask = get_object_or_404(mine.select_related("enrolment"), pk=ask_pk)
    take_back_answer(ask=ask, by=request.membership, now=request.now)
    return redirect("ask_answer", ask_pk=ask_pk)


@allow(Permission.SPONSOR)
@require_http_methods(["GET", "HEAD", "POST"])
def time_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Offer a leader time that the sponsor keeps free."""
    mine = Enrolment.objects.active().filter(sponsor=request.membership).select_related("leader")
    enrolment = get_object_or_404(mine, pk=pk)
    form = TimeForm(posted(request), today=date_at(enrolment, request.now))

    def save() -> HttpResponse:
        time = offer_time(enrolment=enrolment, by=request.membership, now=request.now, **form.offer())
        messages.success(
            request,
            _("%(leader)s sees your offer.") % {"leader": enrolment.leader.first_name},
            extra_tags=reverse("time_undoing", args=[time.pk]),
        )
        return redirect("sponsor_home")

    offered = ProtectedTime.objects.visible_to(request.membership).filter(
        enrolment=enrolment, offered_by=request.membership, on__gte=date_at(enrolment, request.now)
    )
    context = {"enrolment": enrolment, "offered": offered}
    return form_page(request, form, save, "coaching/sponsoring/time_new.html", context)


@allow(Permission.SPONSOR)
@require_POST
def time_undoing(request: MemberRequest, time_pk: int) -> HttpResponse:
    """Take back an offer that was not taken."""
    mine = ProtectedTime.objects.visible_to(request.membership).filter(offered_by=request.membership)
    take_back_offer(time=get_object_or_404(mine, pk=time_pk), by=request.membership, now=request.now)
    return redirect("sponsor_home")


@allow(Permission.SPONSOR)
@require_safe
def own_support(request: MemberRequest) -> HttpResponse:
    """The sponsor's two numbers side by side: what they did, and how it feels to their leaders."""
    figures = own_figures(request.membership, organisation=request.organisation, now=request.now)
    corner = ""
    if figures.follow_through is not None and figures.felt is not None:
        corner = sentence_of(corner_of(figures.follow_through, figures.felt.value))
    return render(request, "coaching/sponsoring/own_support.html", {"figures": figures, "corner": corner})


def _leaders(request: MemberRequest, keys: Iterable[str]) -> list[Enrolment]:
    """Those of the sponsor's own leaders that were named."""
    numbers = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
    mine = Enrolment.objects.active().filter(sponsor=request.membership, pk__in=numbers)
    return list(mine.select_related("leader", "cohort").order_by("leader__name", "pk"))


def _week(week: int) -> int:
    if week > LAST:
        raise Http404
    return week
