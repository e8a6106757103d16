"""The admin's raters of a round: everybody on the lists, and lists uploaded, checked, confirmed or discarded."""

from collections.abc import Iterator

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
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
    columns_page,
    confirmed,
    discarded,
    in_one_cell,
    preview_context,
    problems_file,
    shown_fingerprint,
    upload_page,
    waiting_upload,
    with_problems,
)
from cohorts.imports.rereading import LARGE_COLUMNS, lacks_columns
from cohorts.imports.uploads import discard
from cohorts.people.imports.file import MAX_SHORT_BYTES
from cohorts.web.forms import posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from feedback360.models import RaterIntake, Relation, Request, Round, State
from feedback360.rounds.actions.nominations import erase_rater
from feedback360.rounds.actions.rater_intakes import (
    choose_rater_columns,
    confirm_raters,
    ensure_may_import,
    plan_rater_upload,
    upload_raters,
)
from feedback360.rounds.policies import names_for_admin
from feedback360.rounds.rater_file import FIELDS, LIST, Happens, Outcome, RaterPlan, column_label
from feedback360.rounds.rater_rules import NOMINATED

PAGE = 100
WORDS = {
    Happens.ADDED: ("good", gettext_lazy("Added and approved")),
    Happens.UNCHANGED: ("quiet", gettext_lazy("Nothing changes")),
    Happens.MERGED: ("quiet", gettext_lazy("Merged")),
    Happens.LEFT_OUT: ("trouble", gettext_lazy("Left out")),
}


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

    def store(file: UploadedFile) -> HttpResponse:
        data = file.read(MAX_SHORT_BYTES + 1)
        intake = upload_raters(
            round_=round_, data=data, file_name=file.name or "", by=request.membership, now=request.now
        )
        return redirect("rater_intake" if intake.choices["is_remembered"] else "rater_intake_columns", intake.pk)

    mine = round_.rater_intakes.filter(uploaded_by=request.membership).defer(*LARGE_COLUMNS)
    context = {
        "title": _("Import raters"),
        "columns": [column_label(name) for name in FIELDS],
        "hint": _(
            "One row for each rater and leader. The leader is given by e-mail or by name; the relation is team or "
            "peer. Managers and the leaders themselves are asked anyway."
        ),
        **waiting_upload(mine, "rater_intake"),
        **_way_back(pk),
    }
    form = UploadForm(posted(request), request.FILES if request.method == "POST" else None)
    return upload_page(request, form, store, context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def rater_intake_columns(request: MemberRequest, pk: int) -> HttpResponse:
    """What each column is taken for, before anything is planned."""
    intake = get_object_or_404(RaterIntake.objects.defer(*LARGE_COLUMNS), pk=pk)
    if intake.state != RaterIntake.State.PREVIEWED:
        return redirect("round_raters", intake.round_id)
    return columns_page(
        request,
        intake,
        kind=LIST,
        choose=lambda chosen: choose_rater_columns(intake=intake, chosen=chosen),
        route="rater_intake",
        upload_url=reverse("rater_intake_new", args=[intake.round_id]),
        context=_way_back(intake.round_id),
    )


@allow(Permission.RUN_COHORTS)
@require_safe
def rater_intake(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(RaterIntake.objects.select_related("round__cohort").defer("source"), pk=pk)
    if intake.state != RaterIntake.State.PREVIEWED:
        return redirect("round_raters", intake.round_id)
    if lacks_columns(intake, LIST):
        return redirect("rater_intake_columns", pk)
    plan = plan_rater_upload(intake)
    preview = Preview(
        counts=plan.counts,
        acting=len(plan.added),
        left_out=len(plan.left_out),
        fingerprint=plan.fingerprint,
        lines=with_problems(_lines(plan), request),
    )
    context = preview_context(request, intake, preview, route="rater_intake", words=WORDS, label=column_label)
    return render(request, "feedback360/raters/rater_intake.html", {**context, **_way_back(intake.round_id)})


@allow(Permission.RUN_COHORTS)
@require_POST
def rater_intake_confirmation(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(RaterIntake.objects.defer(*LARGE_COLUMNS), pk=pk)

    def confirm() -> HttpResponse:
        shown = shown_fingerprint(request)
        done = confirm_raters(intake=intake, fingerprint=shown, by=request.membership, now=request.now)
        count = done.counts.get(Happens.ADDED, 0)
        told = ngettext("%(count)d rater added.", "%(count)d raters added.", count) % {"count": count}
        messages.success(request, told)
        return redirect("round_raters", done.round_id)

    return confirmed(request, confirm, route="rater_intake", pk=pk)


@allow(Permission.RUN_COHORTS)
@require_POST
def rater_intake_discard(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(RaterIntake.objects.defer(*LARGE_COLUMNS), pk=pk)
    discard(intake)
    return discarded(request, redirect("round_raters", intake.round_id))


@allow(Permission.RUN_COHORTS)
@require_safe
def rater_intake_problems(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(RaterIntake.objects.waiting().select_related("round__cohort").defer("source"), pk=pk)
    name = _("%(cohort)s left out") % {"cohort": intake.round.cohort.name}
    return problems_file(name, map(column_label, FIELDS), map(_as_row, plan_rater_upload(intake).left_out))


def _way_back(round_pk: int) -> dict[str, str]:
    return {"back_url": reverse("round_raters", args=[round_pk]), "back_label": _("Raters")}


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
    return [
        outcome.row.number,
        *(getattr(outcome.row, name) for name in FIELDS),
        in_one_cell(outcome.problems),
    ]
