"""The admin's raters of a round: everybody on the lists, and lists uploaded, checked, confirmed or discarded."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.imports.file import UnreadableFile
from cohorts.people.actions.intakes import PlanChanged
from cohorts.people.forms.people import UploadForm
from cohorts.people.imports.file import MAX_LIST_BYTES
from cohorts.web.csv_download import csv_response
from cohorts.web.forms import posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from feedback360.models import RaterIntake, Relation, Request, Round, State
from feedback360.rounds.actions.nominations import erase_rater
from feedback360.rounds.actions.rater_intakes import (
    confirm_raters,
    discard_raters,
    ensure_may_import,
    plan_rater_upload,
    upload_raters,
)
from feedback360.rounds.policies import names_for_admin
from feedback360.rounds.rater_file import FIELDS, Happens, Outcome, RaterPlan, column_label
from feedback360.rounds.rater_rules import NOMINATED

PAGE = 100
WORDS = {
    Happens.ADDED: ("good", gettext_lazy("Added and approved")),
    Happens.UNCHANGED: ("quiet", gettext_lazy("Nothing changes")),
    Happens.MERGED: ("quiet", gettext_lazy("Merged")),
    Happens.LEFT_OUT: ("trouble", gettext_lazy("Left out")),
}


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One row of the file and what it would do."""

    number: int
    name: str
    email: str
    tone: str
    happens: str
    notes: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]


@allow(Permission.RUN_COHORTS)
@require_safe
def round_raters(request: MemberRequest, pk: int) -> HttpResponse:
    """Show everybody on the lists with mail trouble: enough to help, never who answered."""
    round_ = get_object_or_404(Round.objects.select_related("cohort"), pk=pk)
    names = names_for_admin(round_)
    context = {
        "round": round_,
        "page": Paginator(names, PAGE).get_page(request.GET.get("page")),
        "count": len(names),
        "trouble": sum(name.has_mail_trouble for name in names),
        "may_import": round_.state == State.NOMINATING,
    }
    return render(request, "feedback360/raters/round_raters.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def rater_erasure(request: MemberRequest, pk: int, request_pk: int) -> HttpResponse:
    """Ask, then delete a rater's name and address for good, as somebody may demand by law."""
    listed = Request.objects.filter(subject__round=pk, relation__in=NOMINATED, rater__erased_at=None)
    asked = get_object_or_404(listed.select_related("rater__round"), pk=request_pk)
    if request.method == "POST":
        erase_rater(rater=asked.rater, by=request.membership, now=request.now)
        messages.success(request, _("The name and the address are deleted."))
        return redirect("round_raters", pk)
    return render(request, "feedback360/raters/erasure.html", {"rater": asked.rater, "round": asked.rater.round})


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def rater_intake_new(request: MemberRequest, pk: int) -> HttpResponse:
    round_ = get_object_or_404(Round.objects.select_related("cohort"), pk=pk)
    ensure_may_import(round_)
    form = UploadForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            intake = upload_raters(
                round_=round_,
                data=file.read(MAX_LIST_BYTES + 1),
                file_name=file.name,
                by=request.membership,
                now=request.now,
            )
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("rater_intake", intake.pk)
    context = {"round": round_, "form": form, "columns": [column_label(name) for name in FIELDS]}
    return render(request, "feedback360/raters/rater_intake_new.html", context, status=422 if form.is_bound else 200)


@allow(Permission.RUN_COHORTS)
@require_safe
def rater_intake(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(RaterIntake.objects.select_related("round__cohort"), pk=pk)
    if intake.state != RaterIntake.State.PREVIEWED:
        return redirect("round_raters", intake.round_id)
    plan = plan_rater_upload(intake)
    wants_problems = request.GET.get("show") == "problems"
    lines = [line for line in _lines(plan) if line.problems or not wants_problems]
    context = {
        "intake": intake,
        "round": intake.round,
        "columns": [(header, column_label(name)) for name, header in intake.counts.get("columns", {}).items()],
        "unused": intake.counts.get("unused", []),
        "counts": [(*WORDS[kind], plan.counts[kind]) for kind in Happens if plan.counts.get(kind)],
        "acting": len(plan.added),
        "left_out": len(plan.left_out),
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "wants_problems": wants_problems,
        "fingerprint": plan.fingerprint,
    }
    return render(request, "feedback360/raters/rater_intake.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def rater_intake_confirmation(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(RaterIntake, pk=pk)
    fingerprint = request.POST.get("fingerprint", "")
    try:
        intake = confirm_raters(intake=intake, fingerprint=fingerprint, by=request.membership, now=request.now)
    except PlanChanged as refusal:
        messages.warning(request, str(refusal))
        return redirect("rater_intake", pk)
    count = intake.counts.get(Happens.ADDED, 0)
    messages.success(request, ngettext("%(count)d rater added.", "%(count)d raters added.", count) % {"count": count})
    return redirect("round_raters", intake.round_id)


@allow(Permission.RUN_COHORTS)
@require_POST
def rater_intake_discard(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(RaterIntake, pk=pk)
    discard_raters(intake=intake)
    messages.success(request, _("List discarded. Nothing was changed."))
    return redirect("round_raters", intake.round_id)


@allow(Permission.RUN_COHORTS)
@require_safe
def rater_intake_problems(request: MemberRequest, pk: int) -> HttpResponse:
    """Download the rows left out, with headers an upload understands and the problem in the last column."""
    rows = RaterIntake.objects.select_related("round__cohort").filter(state=RaterIntake.State.PREVIEWED)
    intake = get_object_or_404(rows, pk=pk)
    header = [_("Row"), *(column_label(name) for name in FIELDS), _("Problem")]
    name = _("%(cohort)s left out") % {"cohort": intake.round.cohort.name}
    return csv_response(name, header, map(_as_row, plan_rater_upload(intake).left_out), language=page_language())


def _lines(plan: RaterPlan) -> Iterator[PreviewLine]:
    relations = dict(Relation.choices)
    for outcome in plan.outcomes:
        tone, words = WORDS[outcome.happens]
        about = f"{outcome.leader} · {relations[outcome.relation]}" if not outcome.problems else ""
        yield PreviewLine(
            number=outcome.row.number,
            name=outcome.row.name,
            email=outcome.row.email,
            tone=tone,
            happens=str(words),
            notes=(about,) if about else (),
            problems=outcome.problems,
        )


def _as_row(outcome: Outcome) -> list[object]:
    wrong = " ".join(f"{column}: {sentence}" for column, sentence in outcome.problems)
    return [outcome.row.number, *(getattr(outcome.row, name) for name in FIELDS), wrong]
