"""Upload, preview, confirm or discard a list of people; add one person."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.imports.columns import AboutUpload, other_reading, some_named
from cohorts.imports.file import Words
from cohorts.imports.pages import (
    Preview,
    PreviewLine,
    columns_page,
    confirmed,
    discarded,
    in_one_cell,
    preview_context,
    problems_file,
    shown_fingerprint,
    upload_page,
    waiting_upload,
    wants_problems,
)
from cohorts.imports.rereading import about_of, lacks_columns
from cohorts.imports.uploads import discard
from cohorts.models import Cohort, ImportRun, Intake
from cohorts.people.actions.import_runs import (
    IN_A_WORKER_ABOVE_ROWS,
    begin_import,
    begin_undo,
    cancel_import,
    hand_out,
    is_lost,
    is_undone_in_a_worker,
)
from cohorts.people.actions.intakes import (
    CHANGES_NOTHING,
    ImportContext,
    add_person,
    apply_decisions,
    choose_columns,
    confirm_intake,
    day1_for,
    decide,
    undo_import,
    upload_intake,
)
from cohorts.people.actions.parts import row_count
from cohorts.people.actions.plans import StoredPlan, plan_upload
from cohorts.people.actions.undoing import why_not_undone
from cohorts.people.forms.columns import PeopleListForm
from cohorts.people.forms.people import PersonForm
from cohorts.people.imports.file import FIELDS, FOUND_BY, PEOPLE
from cohorts.people.imports.plan import IN, OUT, SAME, Happens, NewSponsor, Outcome
from cohorts.people.imports.values import column_label
from cohorts.web.addresses import written_address
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
CHOICES = {
    IN: gettext_lazy("Use this row"),
    OUT: gettext_lazy("Leave this row out"),
    SAME: gettext_lazy("It is this member"),
}
STOPPED: dict[str, Words] = {
    ImportRun.State.CANCELLED: gettext_lazy("The import was stopped. Nobody was added."),
    ImportRun.State.CHANGED: gettext_lazy(
        "Something changed since you looked at this list, so nobody was added. Look through it again, then confirm."
    ),
    ImportRun.State.NO_ADMIN: gettext_lazy(
        "The person who confirmed this list is no longer allowed to import, so nobody was added. Confirm it yourself."
    ),
    ImportRun.State.REFUSED: gettext_lazy(
        "Someone on this list can no longer be added, so nobody was added. Look through it again, then confirm."
    ),
    ImportRun.State.FAILED: gettext_lazy(
        "The list could not be imported. That is our fault; nobody was added, and nothing is lost. Confirm it again; "
        "if it fails again, split it in two."
    ),
}
UNDO_STOPPED: dict[str, Words] = {
    ImportRun.State.CANCELLED: gettext_lazy("The undo was stopped. Nobody was removed."),
    ImportRun.State.NO_ADMIN: gettext_lazy(
        "The person who asked for the undo is no longer allowed to import, so nobody was removed. Undo it yourself."
    ),
    ImportRun.State.REFUSED: gettext_lazy(
        "Someone on this list has started, signed in or got other tasks by now, so nobody was removed. Remove people "
        "one by one instead."
    ),
    ImportRun.State.FAILED: gettext_lazy(
        "The import could not be taken back. That is our fault; nobody was removed. Try again."
    ),
}
UNDONE = gettext_lazy(
    "The import was taken back, and links in its invitations no longer work. The list can be imported again."
)
IMPORTS_ON_A_PAGE = 30
LARGE_COLUMNS = ("made",)
REPORTED = [name for name in (*FIELDS, *FOUND_BY) if name not in {"first_name", "last_name"}]


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def intake_new(request: MemberRequest, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort, pk=pk)

    def store(file: UploadedFile) -> HttpResponse:
        intake = upload_intake(
            cohort=cohort,
            file=cast(BinaryIO, file.file),
            file_name=file.name or "",
            by=request.membership,
            now=request.now,
        )
        return redirect("intake" if intake.choices["is_remembered"] else "intake_columns", intake.pk)

    context = {
        "title": _("Import a list"),
        "columns": [column_label(name) for name in REPORTED if name not in FOUND_BY],
        "hint": _(
            "In English, Norwegian, Swedish, Danish or German, in any order; you see what each column is taken for and "
            "can change it. First and last name can be separate columns, and so can a manager's name, e-mail or "
            "employee number. A row without a role is a leader; their manager becomes their sponsor unless a sponsor "
            "column names someone else."
        ),
        **waiting_upload(cohort.intakes.filter(uploaded_by=request.membership).defer(*LARGE_COLUMNS), "intake"),
        **_way_back(cohort),
    }
    form = PeopleListForm(posted(request), request.FILES if request.method == "POST" else None)
    return upload_page(request, form, store, context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def intake_columns(request: MemberRequest, pk: int) -> HttpResponse:
    """What each column is taken for, before anything is planned."""
    intake = get_object_or_404(Intake.objects.select_related("cohort").defer(*LARGE_COLUMNS), pk=pk)
    if intake.state != Intake.State.PREVIEWED:
        return redirect("cohort", intake.cohort_id)
    if intake.is_running:
        return redirect("intake_progress", pk)
    return columns_page(
        request,
        intake,
        kind=PEOPLE,
        choose=lambda chosen: choose_columns(intake=intake, chosen=chosen),
        route="intake",
        upload_url=reverse("intake_new", args=[intake.cohort_id]),
        context=_way_back(intake.cohort),
    )


@allow(Permission.RUN_COHORTS)
@require_safe
def intake(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(Intake.objects.select_related("cohort").defer(*LARGE_COLUMNS), pk=pk)
    if intake.is_running:
        return redirect("intake_progress", pk)
    if intake.state != Intake.State.PREVIEWED:
        return redirect("cohort", intake.cohort_id)
    about = about_of(intake)
    if lacks_columns(intake, PEOPLE):
        return redirect("intake_columns", pk)
    plan = plan_upload(intake, organisation=request.organisation)
    pending = intake.choices.get("pending", {})
    preview = Preview(
        counts=plan.counts,
        acting=sum(count for happens, count in plan.counts.items() if Happens(happens) not in CHANGES_NOTHING),
        left_out=len(plan.left_out),
        fingerprint=plan.fingerprint,
        lines=PlanLines(plan, about, pending, only_problems=wants_problems(request)),
    )
    context = preview_context(request, intake, preview, route="intake", words=WORDS, label=column_label)
    context |= {"day1_on": day1_for(intake.cohort, request.today), "pending": len(pending), **_way_back(intake.cohort)}
    return render(request, "cohorts/intake.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def intake_confirmation(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(Intake.objects.select_related("cohort").defer(*LARGE_COLUMNS), pk=pk)
    at = _import_context(request, intake.cohort)
    if intake.choices.get("pending") and not intake.is_running:
        if apply_decisions(intake=intake):
            messages.success(request, _("Your decisions are applied. Look through the list, then confirm it."))
        return redirect("intake", pk)
    if intake.is_running or row_count(intake) > IN_A_WORKER_ABOVE_ROWS:
        shown = shown_fingerprint(request)
        hand_out(begin_import(intake=intake, fingerprint=shown, by=request.membership, now=timezone.now()))
        return redirect("intake_progress", pk)

    def confirm() -> HttpResponse:
        done = confirm_intake(intake=intake, fingerprint=shown_fingerprint(request), at=at)
        messages.success(request, _told(done), extra_tags=reverse("intake_undoing", args=[pk]))
        return redirect("cohort", done.cohort_id)

    return confirmed(request, confirm, route="intake", pk=pk)


@allow(Permission.RUN_COHORTS)
@require_safe
def intake_progress(request: MemberRequest, pk: int) -> HttpResponse:
    """How far the import of a long list is, or its undo; polled every two seconds while it runs."""
    intake = get_object_or_404(Intake.objects.select_related("cohort").defer(*LARGE_COLUMNS), pk=pk)
    run = intake.runs.first()
    if run is None:
        return redirect("intake", pk)
    if intake.undone_at and not run.is_undo:
        return redirect("imports", intake.cohort_id)
    if is_lost(run, timezone.now()):
        hand_out(run)
    is_open = run.state in ImportRun.OPEN
    context = {
        "intake": intake,
        "run": run,
        "is_open": is_open,
        "percent": run.done * 100 // run.total if run.total else 0,
        "leaders": run.total - run.people,
        "enrolled": run.done - run.people,
        "told": (UNDONE if run.is_undo else _told(intake)) if run.state == ImportRun.State.DONE else "",
        "why_not": (UNDO_STOPPED if run.is_undo else STOPPED).get(run.state, ""),
        **_way_back(intake.cohort),
    }
    context["part"] = f"cohorts/imports/{'_undo' if run.is_undo else '_progress'}.html"
    return render(request, str(context["part"]) if request.htmx else "cohorts/intake_progress.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def intake_cancellation(request: MemberRequest, pk: int) -> HttpResponse:
    """Stop importing, and the list waits to be confirmed as before; or stop an undo, and everybody stays."""
    intake = get_object_or_404(Intake.objects.defer(*LARGE_COLUMNS), pk=pk)
    run = intake.runs.first()
    if run is None:
        return redirect("intake", pk)
    cancel_import(run=run)
    messages.success(request, str((UNDO_STOPPED if run.is_undo else STOPPED)[ImportRun.State.CANCELLED]))
    return redirect("imports", intake.cohort_id) if run.is_undo else redirect("intake", pk)


@allow(Permission.RUN_COHORTS)
@require_POST
def intake_row(request: MemberRequest, pk: int) -> HttpResponse:
    """What becomes of one row, or of a new sponsor."""
    intake = get_object_or_404(Intake.objects.defer(*LARGE_COLUMNS), pk=pk)
    decide(intake=intake, about=request.POST.get("about", ""), choice=request.POST.get("choice", ""))
    back = urlencode({name: request.POST[name] for name in ("page", "show") if request.POST.get(name)})
    return redirect(f"{reverse('intake', args=[pk])}?{back}#rows-title")


@allow(Permission.RUN_COHORTS)
@require_POST
def intake_undoing(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo of a whole import whose people have not started."""
    intake = get_object_or_404(Intake.objects.defer(*LARGE_COLUMNS), pk=pk)
    if is_undone_in_a_worker(intake):
        run = begin_undo(intake=intake, by=request.membership, now=timezone.now(), today=request.today)
        if run is not None:
            hand_out(run)
            return redirect("intake_progress", pk)
    else:
        undo_import(intake=intake, by=request.membership, now=request.now, today=request.today)
    messages.success(request, str(UNDONE))
    return redirect("imports", intake.cohort_id)


@allow(Permission.RUN_COHORTS)
@require_safe
def imports(request: MemberRequest, pk: int) -> HttpResponse:
    """What each import of this cohort did."""
    cohort = get_object_or_404(Cohort, pk=pk)
    done = cohort.intakes.filter(state=Intake.State.CONFIRMED).select_related("uploaded_by")
    page = Paginator(done.defer(*LARGE_COLUMNS), IMPORTS_ON_A_PAGE).get_page(request.GET.get("page"))
    standing = [each.pk for each in page if each.confirmed_at and each.stands and not each.is_running]
    why_not = why_not_undone(standing, today=request.today)
    undoable = {*standing} - why_not.keys()
    lines = [(each, _counted(each.counts), why_not.get(each.pk, ""), each.pk in undoable) for each in page]
    running = cohort.intakes.filter(is_running=True).defer(*LARGE_COLUMNS)
    context = {"page": page, "lines": lines, "running": running, **_way_back(cohort)}
    return render(request, "cohorts/imports.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def intake_discard(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(Intake.objects.defer(*LARGE_COLUMNS), pk=pk)
    discard(intake)
    return discarded(request, redirect("cohort", intake.cohort_id))


@allow(Permission.RUN_COHORTS)
@require_safe
def intake_problems(request: MemberRequest, pk: int) -> HttpResponse:
    waiting = Intake.objects.filter(state=Intake.State.PREVIEWED).select_related("cohort").defer(*LARGE_COLUMNS)
    intake = get_object_or_404(waiting, pk=pk)
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


def _counted(counts: dict[str, int]) -> list[tuple[str, int]]:
    """What an import did, in the words of its preview; nothing about none."""
    return [(str(words), counts[kind]) for kind, (_tone, words) in WORDS.items() if counts.get(kind)]


def _way_back(cohort: Cohort) -> dict[str, object]:
    return {"cohort": cohort, "back_url": reverse("cohort", args=[cohort.pk]), "back_label": cohort.name}


def _import_context(request: MemberRequest, cohort: Cohort) -> ImportContext:
    return ImportContext(request.organisation, cohort, request.membership, request.today, request.now)


class PlanLines:
    """The rows of an upload, then the sponsors found in it, as its page shows them: read a page at a time."""

    def __init__(self, plan: StoredPlan, about: AboutUpload, pending: dict[str, str], *, only_problems: bool) -> None:
        self.outcomes: Sequence[Outcome] = plan.left_out if only_problems else plan.outcomes
        self.sponsors: Sequence[NewSponsor] = [] if only_problems else plan.sponsors
        self.about, self.pending = about, pending

    def __len__(self) -> int:
        return len(self.outcomes) + len(self.sponsors)

    def __getitem__(self, lines: slice) -> list[PreviewLine]:
        rows = len(self.outcomes)
        found = [_row_line(outcome, self.about) for outcome in self.outcomes[lines]]
        behind = slice(max(0, lines.start - rows), max(0, lines.stop - rows))
        found += [_sponsor_line(sponsor) for sponsor in self.sponsors[behind]]
        return [_with_decision(line, self.pending.get(line.about, "")) for line in found]


def _with_decision(line: PreviewLine, choice: str) -> PreviewLine:
    if not choice:
        return line
    said = _("You decided: %(choice)s. Not applied yet.") % {"choice": CHOICES[choice]}
    others = {value: words for value, words in line.choices if value != choice}
    if choice == OUT:
        others[IN] = CHOICES[IN]
    return replace(line, notes=(*line.notes, said), choices=tuple(others.items()))


def _row_line(outcome: Outcome, about: AboutUpload) -> PreviewLine:
    tone, words = WORDS[outcome.happens]
    problems = tuple((problem.column, problem.sentence) for problem in outcome.problems)
    above = () if problems else _line_above(outcome)
    return PreviewLine(
        number=outcome.row.number,
        name=outcome.row.name,
        email=outcome.row.email,
        tone=tone,
        happens=str(words),
        notes=(*above, *outcome.notes, *_other_letters(outcome.row.name, about)),
        problems=problems,
        about=str(outcome.row.number),
        choices=tuple((choice, CHOICES[choice]) for choice in outcome.choices),
    )


def _sponsor_line(sponsor: NewSponsor) -> PreviewLine:
    tone, words = WORDS[sponsor.happens]
    notes: tuple[str, ...] = (_("Found in a column for managers or sponsors."),)
    choices: tuple[tuple[str, Words], ...] = ()
    if sponsor.same_as:
        notes = (*notes, _("A member with this name has the address %(email)s.") % {"email": sponsor.same_as})
        choices = ((SAME, CHOICES[SAME]),)
    written = written_address(sponsor.email)
    return PreviewLine(None, sponsor.name, written, tone, str(words), notes=notes, about=sponsor.email, choices=choices)


def _other_letters(name: str, about: AboutUpload) -> Iterator[str]:
    if other := other_reading(name, about):
        yield _("The letters are not certain: this could be %(name)s.") % {"name": other}


def _line_above(outcome: Outcome) -> Iterator[str]:
    if outcome.sponsor_email:
        yield f"{_('Sponsor')}: {written_address(outcome.sponsor_email)}"
    if outcome.manager_email and outcome.manager_email != outcome.sponsor_email:
        yield f"{_('Manager')}: {written_address(outcome.manager_email)}"


def _as_row(outcome: Outcome) -> list[object]:
    wrong = in_one_cell((problem.column, problem.sentence) for problem in outcome.problems)
    return [outcome.row.number, *(getattr(outcome.row, name) for name in REPORTED), wrong]


def _told(intake: Intake) -> str:
    counts, others = intake.counts, intake.choices.get("others", [])
    joined = counts.get(Happens.NEW_LEADER, 0) + counts.get(Happens.JOINS, 0)
    sponsors = counts.get(Happens.NEW_SPONSOR, 0) + counts.get(Happens.BECOMES_SPONSOR, 0)
    left_out = counts.get(Happens.LEFT_OUT, 0)
    moved = counts.get(Happens.SPONSOR_CHANGES, 0) + counts.get(Happens.MANAGER_CHANGES, 0)
    told = [
        (joined, ngettext("%(count)s leader added.", "%(count)s leaders added.", joined)),
        (sponsors, ngettext("%(count)s sponsor added.", "%(count)s sponsors added.", sponsors)),
        (moved, ngettext("%(count)s person moved.", "%(count)s people moved.", moved)),
        (joined + sponsors, _("New people get an invitation within minutes.")),
        (left_out, ngettext("%(count)s row was left out.", "%(count)s rows were left out.", left_out)),
    ]
    sentences = [sentence % {"count": number_format(count, force_grouping=True)} for count, sentence in told if count]
    if others:
        again = _("People in other sheets were not imported: %(names)s. Upload the file again to choose one.")
        sentences.append(again % {"names": some_named(others)})
    return " ".join(sentences)
