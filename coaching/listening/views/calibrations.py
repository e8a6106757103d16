"""The pages of listening calibrations: start one, rate alone, read all ratings together."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coaching.listening.actions.calibrations import (
    NEWEST,
    cancel_calibration,
    rate,
    restore_calibration,
    start_calibration,
    talk_of,
    write_agreed,
)
from coaching.listening.forms.calibration import AgreedForm, RatingForm, StartForm
from coaching.listening.policies import ensure_open, may_start
from coaching.listening.reading import calibrations_of, doubts_of, own_scores, results_of
from coaching.models import Calibration
from cohorts.access.fresh import fresh_file
from cohorts.web.csv_download import csv_response
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock


@allow(Permission.READ_PROGRAMME)
@require_GET
def calibrations(request: MemberRequest) -> HttpResponse:
    """Contacts to rate and contacts rated, and words that mean different things over all of them."""
    found = [(each, each.is_open_at(request.now)) for each in calibrations_of(request.membership)]
    context = {
        "calibrations": found,
        "may_start": may_start(request.membership),
        "doubts": doubts_of(request.membership, NEWEST.in_language(page_language()), request.now),
    }
    return render(request, "coaching/listening/calibrations.html", context)


@allow(Permission.CALIBRATE)
@require_http_methods(["GET", "HEAD", "POST"])
def calibration_new(request: MemberRequest) -> HttpResponse:
    """Name the contact and those who rate it."""
    form = StartForm(posted(request), today=request.today)

    def save() -> HttpResponse:
        calibration = start_calibration(
            **{name: form.cleaned_data[name] for name in ("reference", "channel", "observers", "closes_on", "key")},
            today=request.today,
            by=request.membership,
            now=request.now,
        )
        return redirect("calibration", pk=calibration.pk)

    return form_page(request, form, save, "coaching/listening/calibration_new.html")


@allow(Permission.READ_PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
def calibration(request: MemberRequest, pk: int) -> HttpResponse:
    """Rate while it is blind; afterwards the numbers of all, side by side."""
    found = _calibration(request, pk)
    talk = talk_of(found, page_language())
    scores = own_scores(found, request.membership)
    form = RatingForm(posted(request), talk=talk, initial=scores)

    def save() -> HttpResponse:
        if rate(calibration=found, scores=form.cleaned_data, by=request.membership, now=request.now):
            messages.success(request, _("Everybody is in, so the ratings are open."))
        else:
            messages.success(request, _("You are in. You can change your ratings until they open."))
        return redirect("calibration", pk=pk)

    is_open = found.is_open_at(request.now)
    context = {
        "calibration": found,
        "talk": talk,
        "is_open": is_open,
        "is_starter": found.started_by_id == request.membership.pk,
        "results": results_of(found, talk, request.membership, request.now),
        "agreed_form": AgreedForm(initial={"agreed": found.agreed}, revision=found.revision),
    }
    return form_page(request, form, save, "coaching/listening/calibration.html", context)


@allow(Permission.READ_PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
def calibration_agreed(request: MemberRequest, pk: int) -> HttpResponse:
    """Write down what is agreed from now on."""
    found = _calibration(request, pk)
    if request.method == "POST":
        lock(found)
    ensure_open(found, request.now)
    form = AgreedForm(posted(request), initial={"agreed": found.agreed}, revision=found.revision)

    def save() -> HttpResponse:
        write_agreed(
            calibration=found,
            agreed=form.cleaned_data["agreed"],
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        if form.took_over:
            messages.success(request, SAVED_TOGETHER)
        return redirect("calibration", pk=pk)

    context = {"calibration": found, "talk": talk_of(found, page_language())}
    return form_page(request, form, save, "coaching/listening/agreed.html", context)


@allow(Permission.READ_PROGRAMME)
@require_GET
@fresh_file
def calibration_download(request: MemberRequest, pk: int) -> HttpResponse:
    """The numbers as CSV, once they are open."""
    found = _calibration(request, pk)
    ensure_open(found, request.now)
    talk = talk_of(found, page_language())
    results = results_of(found, talk, request.membership, request.now)
    names = [name for name, _score in results[0].scores] if results else []
    header = [_("Criterion"), *names, _("Pairs within one step"), _("Pairs")]
    rows = [
        [each.criterion.label, *(score for _name, score in each.scores), each.agreement.agreeing, each.agreement.pairs]
        for each in results
    ]
    return csv_response(found.reference, header, rows, language=get_language() or "en")


@allow(Permission.CALIBRATE)
@require_POST
def calibration_cancelling(request: MemberRequest, pk: int) -> HttpResponse:
    """Call it off, with Undo."""
    cancel_calibration(calibration=_calibration(request, pk), by=request.membership, now=request.now)
    undo = reverse("calibration_restoring", args=[pk])
    messages.success(request, _("The calibration is called off. Nobody sees the ratings."), extra_tags=undo)
    return redirect("calibration", pk=pk)


@allow(Permission.CALIBRATE)
@require_POST
def calibration_restoring(request: MemberRequest, pk: int) -> HttpResponse:
    """Take that back."""
    restore_calibration(calibration=_calibration(request, pk), by=request.membership, now=request.now)
    return redirect("calibration", pk=pk)


def _calibration(request: MemberRequest, pk: int) -> Calibration:
    return get_object_or_404(calibrations_of(request.membership), pk=pk)
