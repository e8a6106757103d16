"""Upload, preview, confirm or discard a list of people; add one person."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.imports.forms import UploadForm
from cohorts.imports.pages import (
    Preview,
    PreviewLine,
    confirmed,
    discarded,
    in_one_cell,
    preview_context,
    problems_file,
    shown_fingerprint,
    upload_page,
    with_problems,
)
from cohorts.imports.uploads import discard
from cohorts.models import Cohort, Intake
from cohorts.people.actions.intakes import (
    CHANGES_NOTHING,
    ImportContext,
    add_person,
    confirm_intake,
    day1_for,
    plan_upload,
    upload_intake,
)
from cohorts.people.forms.people import PersonForm
from cohorts.people.imports.file import FIELDS, MAX_LIST_BYTES
from cohorts.people.imports.plan import Happens, IntakePlan, Outcome
from cohorts.people.imports.values import column_label
from cohorts.web.forms import posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission

WORDS = {
    Happens.NEW_LEADER: ("good", gettext_lazy("New leader")),
    Happens.JOINS: ("good", gettext_lazy("Member joins this cohort")),
    Happens.SPONSOR_CHANGES: ("good", gettext_lazy("Gets another sponsor")),
    Happens.MANAGER_CHANGES: ("good", gettext_lazy("Gets another manager")),
    Happens.NEW_SPONSOR: ("good", gettext_lazy("New sponsor")),
    Happens.BECOMES_SPONSOR: ("good", gettext_lazy("Member becomes sponsor")),
    Happens.UNCHANGED: ("quiet", gettext_lazy("Nothing changes")),
    Happens.MERGED: ("quiet", gettext_lazy("Merged")),
    Happens.SET_ASIDE: ("quiet", gettext_lazy("Left out by you")),
    Happens.LEFT_OUT: ("trouble", gettext_lazy("Left out")),
}
REPORTED = [name for name in FIELDS if name not in {"first_name", "last_name"}]


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def intake_new(request: MemberRequest, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort, pk=pk)

    def store(file: UploadedFile) -> HttpResponse:
        data = file.read(MAX_LIST_BYTES + 1)
        intake = upload_intake(
            cohort=cohort, data=data, file_name=file.name or "", by=request.membership, now=request.now
        )
        return redirect("intake", intake.pk)

    context = {
        "title": _("Import a list"),
        "columns": [column_label(name) for name in REPORTED],
        "hint": _(
            "In English or Norwegian, in any order; other columns are ignored. First and last name can be separate "
            "columns, and so can a manager's name and e-mail. A row without a role is a leader; their manager becomes "
            "their sponsor unless a sponsor column names someone else."
        ),
        **_way_back(cohort),
    }
    form = UploadForm(posted(request), request.FILES if request.method == "POST" else None)
    return upload_page(request, form, store, context)


@allow(Permission.RUN_COHORTS)
@require_safe
def intake(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(Intake.objects.select_related("cohort"), pk=pk)
    if intake.state != Intake.State.PREVIEWED:
        return redirect("cohort", intake.cohort_id)
    plan = plan_upload(intake, organisation=request.organisation)
    preview = Preview(
        counts=plan.counts,
        acting=sum(count for happens, count in plan.counts.items() if Happens(happens) not in CHANGES_NOTHING),
        left_out=len(plan.left_out),
        fingerprint=plan.fingerprint,
        lines=with_problems(_lines(plan), request),
    )
    context = preview_context(request, intake, preview, route="intake", words=WORDS, label=column_label_of)
    context |= {"day1_on": day1_for(intake.cohort, request.today), **_way_back(intake.cohort)}
    return render(request, "cohorts/intake.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def intake_confirmation(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(Intake.objects.select_related("cohort"), pk=pk)
    at = _import_context(request, intake.cohort)

    def confirm() -> HttpResponse:
        done = confirm_intake(intake=intake, fingerprint=shown_fingerprint(request), at=at)
        messages.success(request, _told(done.counts))
        return redirect("cohort", done.cohort_id)

    return confirmed(request, confirm, route="intake", pk=pk)


@allow(Permission.RUN_COHORTS)
@require_POST
def intake_discard(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(Intake, pk=pk)
    discard(intake)
    return discarded(request, redirect("cohort", intake.cohort_id))


@allow(Permission.RUN_COHORTS)
@require_safe
def intake_problems(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(Intake.objects.select_related("cohort"), pk=pk, state=Intake.State.PREVIEWED)
    plan = plan_upload(intake, organisation=request.organisation)
    name = _("%(cohort)s left out") % {"cohort": intake.cohort.name}
    return problems_file(name, map(column_label, REPORTED), map(_as_row, plan.left_out))


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


def _way_back(cohort: Cohort) -> dict[str, object]:
    return {"cohort": cohort, "back_url": reverse("cohort", args=[cohort.pk]), "back_label": cohort.name}


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
            notes=(*(() if problems else _line_above(outcome)), *outcome.notes),
            problems=problems,
        )
    for sponsor in plan.sponsors:
        tone, words = WORDS[sponsor.happens]
        notes = (_("Found in a column for managers or sponsors."),)
        yield PreviewLine(None, sponsor.name, sponsor.email, tone, str(words), notes=notes)


def _line_above(outcome: Outcome) -> Iterator[str]:
    if outcome.sponsor_email:
        yield f"{_('Sponsor')}: {outcome.sponsor_email}"
    if outcome.manager_email and outcome.manager_email != outcome.sponsor_email:
        yield f"{_('Manager')}: {outcome.manager_email}"


def _as_row(outcome: Outcome) -> list[object]:
    wrong = in_one_cell((problem.column, problem.sentence) for problem in outcome.problems)
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
