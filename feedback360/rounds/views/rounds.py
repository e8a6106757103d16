"""The rounds of a cohort, for its admins: when, who, and what to do now."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohorts.models import Cohort
from cohorts.schedule.cohort_header import header_of
from cohorts.schedule.time_zones import local_date
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from feedback360.models import FeedbackSettings, Round, State, Subject
from feedback360.rounds.actions.planning import plan_round
from feedback360.rounds.actions.rounds import bring_forward, cancel_round, change_dates, change_settings, set_threshold
from feedback360.rounds.forms.round import FeedbackSettingsForm, NewRoundForm, RoundDatesForm, ThresholdForm
from feedback360.rounds.overview import acts_of, failed_mails, leaders_of, line_of
from feedback360.rounds.round_rules import BEFORE_LAUNCH
from feedback360.rounds.transitions import By, may_move
from feedback360.staging.keys import has_key

LEADERS = 50


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_rounds(request: MemberRequest, pk: int) -> HttpResponse:
    """List the cohort's rounds with their dates."""
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    rounds = Round.objects.filter(cohort=cohort)
    context = {
        **header_of(cohort, "cohort_rounds", organisation=request.organisation, now=request.now),
        "lines": [line_of(round_, cohort, request.now) for round_ in rounds],
    }
    with timezone.override(cohort.zone):
        return render(request, "feedback360/rounds/cohort_rounds.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def round_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Plan a round beside those of the live events."""
    cohort = get_object_or_404(Cohort.objects.select_related("version"), pk=pk)
    form = NewRoundForm(posted(request), today=local_date(request.now, cohort.zone))

    def save() -> HttpResponse:
        planned = plan_round(cohort=cohort, by=request.membership, now=request.now, **form.cleaned_data)
        messages.success(request, _("Planned. Until raters are asked you can change its dates or cancel it."))
        return redirect("round", planned.pk)

    return form_page(request, form, save, "feedback360/rounds/new.html", {"cohort": cohort})


@allow(Permission.RUN_COHORTS)
@require_safe
def round_page(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one round: its dates, its leaders, and mails that did not arrive."""
    round_ = _load(pk)
    line = line_of(round_, round_.cohort, request.now)
    subjects = Subject.objects.filter(round=round_).select_related("enrolment__leader", "round")
    if round_.state in BEFORE_LAUNCH:
        subjects = subjects.filter(withdrawn_at=None)
    page = Paginator(subjects.order_by("enrolment__leader__name", "pk"), LEADERS).get_page(request.GET.get("page"))
    after, label = acts_of(round_)
    context = {
        "line": line,
        "round": round_,
        "cohort": round_.cohort,
        "page": page,
        "leaders": leaders_of(round_, page.object_list),
        "failed": failed_mails(round_),
        "after": after,
        "act_label": label,
        "is_key_missing": round_.state == State.COLLECTING and not has_key(round_.pk),
        "is_before_launch": round_.state in BEFORE_LAUNCH,
        "may_change_dates": round_.state in {*BEFORE_LAUNCH, State.COLLECTING},
        "may_cancel": may_move(round_.state, State.CANCELLED, By.ADMIN),
    }
    with timezone.override(round_.cohort.zone):
        return render(request, "feedback360/rounds/round.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def round_dates(request: MemberRequest, pk: int) -> HttpResponse:
    """Give the round dates of its own."""
    round_ = _load(pk)
    if request.method == "POST":
        lock(round_)
    form = RoundDatesForm(posted(request), round_=round_, today=local_date(request.now, round_.cohort.zone))

    def save() -> HttpResponse:
        change_dates(
            round_=round_,
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
            **form.cleaned_data,
        )
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved. Raters see the new dates."))
        return redirect("round", round_.pk)

    context = {"round": round_, "line": line_of(round_, round_.cohort, request.now)}
    return form_page(request, form, save, "feedback360/rounds/dates.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def round_threshold(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose the smallest group this round shows, until raters are asked."""
    round_ = _load(pk)
    form = ThresholdForm(posted(request), initial={"threshold": round_.threshold})

    def save() -> HttpResponse:
        set_threshold(
            round_=round_,
            threshold=form.cleaned_data["threshold"],
            by=request.membership,
            now=request.now,
        )
        messages.success(request, _("Saved. Raters are told this number before they answer."))
        return redirect("round", round_.pk)

    context = {"round": round_, "line": line_of(round_, round_.cohort, request.now)}
    return form_page(request, form, save, "feedback360/rounds/threshold.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def round_move(request: MemberRequest, pk: int, to: str) -> HttpResponse:
    """Ask, then let the next move be due now. The clock makes it within a minute, and nothing leads back."""
    if to not in State.values:
        raise Http404
    round_ = _load(pk)
    if request.method != "POST":
        after, label = acts_of(round_)
        if after != to:
            return redirect("round", round_.pk)
        context = {"round": round_, "line": line_of(round_, round_.cohort, request.now), "act_label": label}
        return render(request, "feedback360/rounds/move.html", context)
    bring_forward(round_=round_, to=to, by=request.membership, now=request.now)
    messages.success(request, _("It begins within a minute."))
    return redirect("round", round_.pk)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def round_cancellation(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then cancel the round for good."""
    round_ = _load(pk)
    if request.method == "POST":
        cancel_round(round_=round_, by=request.membership, now=request.now)
        messages.success(request, _("The round is cancelled. What was answered is destroyed, unread."))
        return redirect("round", round_.pk)
    line = line_of(round_, round_.cohort, request.now)
    return render(request, "feedback360/rounds/cancellation.html", {"round": round_, "line": line})


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_settings(request: MemberRequest) -> HttpResponse:
    """The organisation's choices for its next rounds."""
    settings = FeedbackSettings.objects.first() or FeedbackSettings()
    if request.method == "POST" and settings.pk:
        lock(settings)
    form = FeedbackSettingsForm(posted(request), settings=settings)

    def save() -> HttpResponse:
        change_settings(by=request.membership, now=request.now, expected_revision=form.revision, **form.cleaned_data)
        said = _("Saved. Planned rounds follow; rounds under way keep what raters were told.")
        messages.success(request, SAVED_TOGETHER if form.took_over else said)
        return redirect(reverse("feedback_settings"))

    return form_page(request, form, save, "feedback360/rounds/settings.html")


def _load(pk: int) -> Round:
    return get_object_or_404(Round.objects.select_related("cohort__version"), pk=pk)
