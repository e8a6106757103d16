"""Upload, preview, confirm or discard a list of people; add one person."""

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
from cohorts.models import Cohort, Intake
from cohorts.people.actions.intakes import (
    CHANGES_NOTHING,
    ImportContext,
    PlanChanged,
    add_person,
    confirm_intake,
    day1_for,
    discard_intake,
    plan_upload,
    upload_intake,
)
from cohorts.people.forms.people import PersonForm, UploadForm
from cohorts.people.imports.file import FIELDS, MAX_LIST_BYTES
from cohorts.people.imports.plan import Happens, IntakePlan, Outcome
from cohorts.people.imports.values import column_label
from cohorts.web.csv_download import csv_response
from cohorts.web.forms import posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission

PAGE = 100
WORDS = {
    Happens.NEW_LEADER: ("good", gettext_lazy("New leader")),
    Happens.JOINS: ("good", gettext_lazy("Member joins this cohort")),
    Happens.SPONSOR_CHANGES: ("good", gettext_lazy("Gets another sponsor")),
    Happens.MANAGER_CHANGES: ("good", gettext_lazy("Gets another manager")),
    Happens.NEW_SPONSOR: ("good", gettext_lazy("New sponsor")),
    Happens.BECOMES_SPONSOR: ("good", gettext_lazy("Member becomes sponsor")),
    Happens.UNCHANGED: ("quiet", gettext_lazy("Nothing changes")),
    Happens.MERGED: ("quiet", gettext_lazy("Merged")),
    Happens.LEFT_OUT: ("trouble", gettext_lazy("Left out")),
}
REPORTED = [name for name in FIELDS if name not in {"first_name", "last_name"}]


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One line of the preview: a row of the file, or somebody found in its columns for managers and sponsors."""

    number: int | None
    name: str
    email: str
    tone: str
    happens: str
    sponsor_email: str = ""
    manager_email: str = ""
    notes: tuple[str, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def intake_new(request: MemberRequest, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort, pk=pk)
    form = UploadForm(posted(request), request.FILES if request.method == "POST" else None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            intake = upload_intake(
                cohort=cohort,
                data=file.read(MAX_LIST_BYTES + 1),
                file_name=file.name,
                by=request.membership,
                now=request.now,
            )
        except UnreadableFile as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("intake", intake.pk)
    context = {"cohort": cohort, "form": form, "columns": [column_label(name) for name in REPORTED]}
    return render(request, "cohorts/intake_new.html", context, status=422 if form.is_bound else 200)


@allow(Permission.RUN_COHORTS)
@require_safe
def intake(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(Intake.objects.select_related("cohort"), pk=pk)
    if intake.state != Intake.State.PREVIEWED:
        return redirect("cohort", intake.cohort_id)
    plan = plan_upload(intake, organisation=request.organisation)
    wants_problems = request.GET.get("show") == "problems"
    lines = [line for line in _lines(plan) if line.problems or not wants_problems]
    acting = sum(count for happens, count in plan.counts.items() if Happens(happens) not in CHANGES_NOTHING)
    context = {
        "intake": intake,
        "cohort": intake.cohort,
        "columns": [(header, column_label_of(name)) for name, header in intake.counts.get("columns", {}).items()],
        "unused": intake.counts.get("unused", []),
        "counts": [(*WORDS[kind], plan.counts[kind]) for kind in Happens if plan.counts.get(kind)],
        "acting": acting,
        "left_out": len(plan.left_out),
        "page": Paginator(lines, PAGE).get_page(request.GET.get("page")),
        "wants_problems": wants_problems,
        "fingerprint": plan.fingerprint,
        "day1_on": day1_for(intake.cohort, request.today),
    }
    return render(request, "cohorts/intake.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def intake_confirmation(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(Intake.objects.select_related("cohort"), pk=pk)
    at = _import_context(request, intake.cohort)
    try:
        intake = confirm_intake(intake=intake, fingerprint=request.POST.get("fingerprint", ""), at=at)
    except PlanChanged as refusal:
        messages.warning(request, str(refusal))
        return redirect("intake", pk)
    messages.success(request, _told(intake.counts))
    return redirect("cohort", intake.cohort_id)


@allow(Permission.RUN_COHORTS)
@require_POST
def intake_discard(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(Intake, pk=pk)
    discard_intake(intake=intake)
    messages.success(request, _("List discarded. Nothing was changed."))
    return redirect("cohort", intake.cohort_id)


@allow(Permission.RUN_COHORTS)
@require_safe
def intake_problems(request: MemberRequest, pk: int) -> HttpResponse:
    """Download the rows left out, with headers an upload understands and the problem in the last column."""
    intake = get_object_or_404(Intake.objects.select_related("cohort"), pk=pk, state=Intake.State.PREVIEWED)
    plan = plan_upload(intake, organisation=request.organisation)
    header = [_("Row"), *(column_label(name) for name in REPORTED), _("Problem")]
    name = _("%(cohort)s left out") % {"cohort": intake.cohort.name}
    return csv_response(name, header, map(_as_row, plan.left_out), language=page_language())


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: MemberRequest, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort, pk=pk)
    form = PersonForm(posted(request), cohort=cohort, organisation=request.organisation)
    if form.is_valid():
        outcome = add_person(row=form.row(), at=_import_context(request, cohort))
        form.tell(outcome)
        if not outcome.problems:
            messages.success(request, f"{outcome.row.name}: {WORDS[outcome.happens][1]}.")
            return redirect("cohort", cohort.pk)
    context = {"cohort": cohort, "form": form}
    return render(request, "cohorts/person_new.html", context, status=422 if form.is_bound else 200)


def column_label_of(name: str) -> str:
    return {"first_name": _("First name"), "last_name": _("Last name")}.get(name) or column_label(name)


def _import_context(request: MemberRequest, cohort: Cohort) -> ImportContext:
    return ImportContext(request.organisation, cohort, request.membership, request.today, request.now)


def _lines(plan: IntakePlan) -> Iterator[PreviewLine]:
    for outcome in plan.outcomes:
        tone, words = WORDS[outcome.happens]
        problems = tuple((problem.column, problem.sentence) for problem in outcome.problems)
        yield PreviewLine(
            number=outcome.row.number,
            name=outcome.row.name,
            email=outcome.row.email,
            tone=tone,
            happens=str(words),
            sponsor_email=outcome.sponsor_email,
            manager_email=outcome.manager_email,
            notes=outcome.notes,
            problems=problems,
        )
    for sponsor in plan.sponsors:
        tone, words = WORDS[sponsor.happens]
        notes = (_("Found in a column for managers or sponsors."),)
        yield PreviewLine(None, sponsor.name, sponsor.email, tone, str(words), notes=notes)


def _as_row(outcome: Outcome) -> list[object]:
    wrong = " ".join(f"{problem.column}: {problem.sentence}" for problem in outcome.problems)
    return [outcome.row.number, *(getattr(outcome.row, name) for name in REPORTED), wrong]


def _told(counts: dict[str, int]) -> str:
    joined = counts.get(Happens.NEW_LEADER, 0) + counts.get(Happens.JOINS, 0)
    sponsors = counts.get(Happens.NEW_SPONSOR, 0) + counts.get(Happens.BECOMES_SPONSOR, 0)
    left_out = counts.get(Happens.LEFT_OUT, 0)
    told = [
        ngettext("%(count)d leader added.", "%(count)d leaders added.", joined) % {"count": joined},
        ngettext("%(count)d sponsor added.", "%(count)d sponsors added.", sponsors) % {"count": sponsors},
        _("New people get an invitation within minutes."),
    ]
    if left_out:
        told.append(
            ngettext("%(count)d row was left out.", "%(count)d rows were left out.", left_out) % {"count": left_out}
        )
    return " ".join(told)
