"""A list of figures, uploaded, looked through, confirmed, taken back: a leader's of their team, an admin's of all."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.imports.cell_texts import written
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
from cohorts.imports.rereading import lacks_columns
from cohorts.imports.uploads import discard
from cohorts.schedule.date_words import date_words, join
from cohorts.web.forms import posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.inputs import figure_words
from cohorts.web.permissions import Permission
from goals.figures.actions.intakes import (
    choose_figure_columns,
    confirm_figures,
    known_names,
    list_kind,
    only_leader,
    plan_figures,
    undo_figures,
    upload_figures,
)
from goals.figures.forms.intakes import FigureUploadForm
from goals.figures.imports.cells import Order
from goals.figures.imports.file import FIELDS, column_label, row_reader
from goals.figures.imports.staging import Happens, Summary, not_followed, outcomes
from goals.figures.policies import ensure_may_import
from goals.models import FigureIntake

WORDS = {
    Happens.ADDED: ("good", gettext_lazy("New figure")),
    Happens.REPLACED: ("asks", gettext_lazy("Replaces a figure")),
    Happens.UNCHANGED: ("quiet", gettext_lazy("Nothing changes")),
    Happens.LEFT_OUT: ("trouble", gettext_lazy("Left out")),
}


@allow(Permission.READ_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def figure_intake_new(request: MemberRequest) -> HttpResponse:
    ensure_may_import(request.membership)
    mine = FigureIntake.objects.visible_to(request.membership).defer("source")
    waiting = mine.waiting().first()
    chosen = {"kpi": waiting.kpi_id, "order": waiting.order} if waiting else {}
    form = FigureUploadForm(posted(request), request.FILES if request.method == "POST" else None, initial=chosen)

    def store(file: UploadedFile) -> HttpResponse:
        intake = upload_figures(
            file=cast(BinaryIO, file.file),
            file_name=file.name or "",
            kpi=form.cleaned_data["kpi"],
            order=form.cleaned_data["order"],
            by=request.membership,
            today=request.today,
            now=request.now,
        )
        return redirect("figure_intake" if intake.choices["is_remembered"] else "figure_intake_columns", intake.pk)

    context = {
        "title": _("Import figures"),
        "columns": [column_label(name) for name in FIELDS],
        "hint": _(
            "In English, Norwegian, Swedish, Danish or German, in any order; you see what each column is taken for and "
            "can change it. Numerator and denominator are counts or sums of the day, such as 34 solved of 40 contacts. "
            "An average or a percentage is worked out from them. A figure that is there already is replaced, and you "
            "see both numbers first."
        ),
        "readers": _(
            "The file and its rows are kept until you confirm, a week at most, and then deleted. Only you see them."
        ),
        **waiting_upload(mine, "figure_intake"),
        **_way_back(),
    }
    return upload_page(request, form, store, context)


@allow(Permission.READ_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def figure_intake_columns(request: MemberRequest, pk: int) -> HttpResponse:
    """What each column is taken for, before anything is planned."""
    intake = _own(request, pk)
    if intake.state != FigureIntake.State.PREVIEWED:
        return redirect("figures")
    by, today = request.membership, request.today
    return columns_page(
        request,
        intake,
        kind=list_kind(by, intake.kpi),
        choose=lambda chosen: choose_figure_columns(intake=intake, chosen=chosen, by=by, today=today),
        route="figure_intake",
        upload_url=reverse("figure_intake_new"),
        context=_way_back(),
    )


@allow(Permission.READ_PROGRESS)
@require_safe
def figure_intake(request: MemberRequest, pk: int) -> HttpResponse:
    intake = _own(request, pk)
    if intake.state != FigureIntake.State.PREVIEWED:
        return redirect("figures")
    if lacks_columns(intake, list_kind(request.membership, intake.kpi)):
        return redirect("figure_intake_columns", pk)
    plan = plan_figures(intake, by=request.membership)
    preview = Preview(
        counts=plan.counts,
        acting=plan.acting,
        left_out=plan.left_out,
        fingerprint=plan.fingerprint,
        lines=Lines(request, intake, plan),
    )
    context = preview_context(request, intake, preview, route="figure_intake", words=WORDS, label=column_label)
    context |= {
        "without_value": plan.without_value,
        "not_followed": len(not_followed(intake, leader=only_leader(request.membership))),
        **_way_back(),
    }
    return render(request, "goals/figures/figure_intake.html", context)


@allow(Permission.READ_PROGRESS)
@require_POST
def figure_intake_confirmation(request: MemberRequest, pk: int) -> HttpResponse:
    intake = _own(request, pk)

    def confirm() -> HttpResponse:
        shown = shown_fingerprint(request)
        done = confirm_figures(intake=intake, fingerprint=shown, by=request.membership, now=request.now)
        messages.success(request, _told(done), extra_tags=reverse("figure_intake_undoing", args=[pk]))
        return redirect("figures")

    return confirmed(request, confirm, route="figure_intake", pk=pk)


@allow(Permission.READ_PROGRESS)
@require_POST
def figure_intake_undoing(request: MemberRequest, pk: int) -> HttpResponse:
    _gone, stayed = undo_figures(intake=_own(request, pk), by=request.membership, now=request.now)
    if stayed:
        sentence = ngettext(
            "Taken back. %(count)d figure stays, because a newer one was entered.",
            "Taken back. %(count)d figures stay, because newer ones were entered.",
            stayed,
        )
        messages.success(request, sentence % {"count": stayed})
    else:
        messages.success(request, _("Taken back."))
    return redirect("figures")


@allow(Permission.READ_PROGRESS)
@require_POST
def figure_intake_discard(request: MemberRequest, pk: int) -> HttpResponse:
    discard(_own(request, pk))
    return discarded(request, redirect("figures"))


@allow(Permission.READ_PROGRESS)
@require_safe
def figure_intake_problems(request: MemberRequest, pk: int) -> HttpResponse:
    intake = _own(request, pk, state=FigureIntake.State.PREVIEWED)
    lines = Lines(request, intake, plan_figures(intake, by=request.membership))
    return problems_file(_("Figures left out"), map(column_label, FIELDS), lines.left_out())


class Lines:
    """The rows of an upload as its page shows them, read a page at a time."""

    def __init__(self, request: MemberRequest, intake: FigureIntake, plan: Summary) -> None:
        self.intake, self.leader = intake, only_leader(request.membership)
        self.only_left_out = wants_problems(request)
        self.length = plan.left_out if self.only_left_out else sum(plan.counts.values())
        names = known_names(request.membership, intake.kpi)
        self.read = row_reader(names, order=Order(intake.order), today=request.today, suggests=True)

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, rows: slice) -> list[PreviewLine]:
        first, most = rows.start, rows.stop - rows.start
        found = outcomes(self.intake, leader=self.leader, first=first, most=most, only_left_out=self.only_left_out)
        return [self._line(outcome) for outcome in found]

    def left_out(self) -> Iterator[list[object]]:
        for outcome in outcomes(self.intake, leader=self.leader, only_left_out=True):
            said = _said(outcome)
            yield [outcome["number"], *(said.get(name, "") for name in FIELDS), in_one_cell(self._problems(outcome))]

    def _line(self, outcome: Mapping[str, Any]) -> PreviewLine:
        tone, words = WORDS[outcome["happens"]]
        said = _shown(outcome)
        about = [said.get("kpi") or getattr(self.intake.kpi, "name", ""), _quotient(said)]
        return PreviewLine(
            number=outcome["number"],
            name=join(" · ", filter(None, [said.get("on"), said.get("team")])),
            email=" · ".join(filter(None, about)),
            tone=tone,
            happens=str(words),
            notes=tuple(_notes(outcome)),
            problems=tuple(self._problems(outcome)),
        )

    def _problems(self, outcome: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """In the words of today: a row with a problem is read again."""
        if outcome["happens"] != Happens.LEFT_OUT:
            return
        if outcome["said"] is not None:
            problems = self.read(outcome["said"]).problems or [
                ("on", _("Upload the file again: this row is fine by now."))
            ]
            yield from ((self._column(field), sentence) for field, sentence in problems)
        elif outcome["twin"] is not None:
            sentence = _("Rows %(first)d and %(second)d are for the same day, team and KPI.")
            rows = sorted([outcome["number"], outcome["twin"]])
            yield self._column("on"), sentence % {"first": rows[0], "second": rows[1]}
        elif outcome["team_name"] is None:
            yield self._column("team"), _("This team is not there any more, or no longer yours.")
        else:
            yield self._column("kpi"), _("This KPI is no longer in use.")

    def _column(self, field: str) -> str:
        header: str = self.intake.counts["columns"].get(field) or column_label(field)
        return header


def _said(outcome: Mapping[str, Any]) -> dict[str, str]:
    """What the row says; of a row without problems, as an upload reads it."""
    if outcome["said"] is not None:
        return dict(outcome["said"])
    said = {"on": outcome["on"].isoformat(), "team": outcome["team_name"] or "", "kpi": outcome["kpi_name"] or ""}
    numbers = {name: outcome[name] for name in ("numerator", "denominator", "asked") if outcome[name] is not None}
    return said | {name: written(value) for name, value in numbers.items()}


def _shown(outcome: Mapping[str, Any]) -> dict[str, str]:
    """The same as people read it."""
    if outcome["said"] is not None:
        return dict(outcome["said"])
    numbers = {name: figure_words(outcome[name]) for name in ("numerator", "denominator")}
    return {**_said(outcome), "on": date_words(outcome["on"], "SHORT_DATE_FORMAT"), **numbers}


def _quotient(said: Mapping[str, str]) -> str:
    return " / ".join(filter(None, [said.get("numerator"), said.get("denominator")]))


def _notes(outcome: Mapping[str, Any]) -> Iterator[str]:
    if outcome["happens"] == Happens.REPLACED:
        was = {name: figure_words(outcome[f"was_{name}"]) for name in ("numerator", "denominator")}
        yield _("Was %(was)s, becomes %(new)s.") % {"was": _quotient(was), "new": _quotient(_shown(outcome))}
    if outcome["happens"] != Happens.LEFT_OUT and not outcome["denominator"]:
        yield _("No value: nothing was counted on this day.")


def _told(intake: FigureIntake) -> str:
    added, replaced = (intake.counts.get(happens, 0) for happens in (Happens.ADDED, Happens.REPLACED))
    told = []
    if added or not replaced:
        told.append(ngettext("%(count)d figure added.", "%(count)d figures added.", added) % {"count": added})
    if replaced:
        told.append(ngettext("%(count)d replaced.", "%(count)d replaced.", replaced) % {"count": replaced})
    return " ".join(told)


def _own(request: MemberRequest, pk: int, **more: object) -> FigureIntake:
    mine = FigureIntake.objects.visible_to(request.membership)
    found: FigureIntake = get_object_or_404(mine.select_related("kpi").defer("source"), pk=pk, **more)
    return found


def _way_back() -> dict[str, str]:
    return {"back_url": reverse("figures"), "back_label": _("Figures")}
