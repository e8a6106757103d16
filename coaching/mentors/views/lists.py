"""The admin's coaches: places, pairs, and lists uploaded, checked, confirmed and taken back. Never a word."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coaching.mentors.actions.intakes import (
    choose_list_columns,
    confirm_list,
    list_kind,
    plan_list,
    undo_list,
    upload_list,
)
from coaching.mentors.finding import offered_profiles, taken_by_partner
from coaching.mentors.lists import coaches as coach_list
from coaching.mentors.lists import pairs as pair_list
from coaching.mentors.lists.plan import Happens, ListPlan, Outcome
from coaching.mentors.stop_figures import stop_figures
from coaching.models import MentorIntake, MentorKind, MentorProfile, Pairing
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

PAGE = 50
LISTS = {MentorIntake.Sort.COACHES: coach_list, MentorIntake.Sort.PAIRS: pair_list}
WORDS = {
    Happens.INVITED: ("good", gettext_lazy("Invited, with a profile")),
    Happens.PROFILE: ("good", gettext_lazy("Gets a profile")),
    Happens.PAIRED: ("good", gettext_lazy("Paired")),
    Happens.UNCHANGED: ("quiet", gettext_lazy("Nothing changes")),
    Happens.MERGED: ("quiet", gettext_lazy("Merged")),
    Happens.LEFT_OUT: ("trouble", gettext_lazy("Left out")),
}


@dataclass(frozen=True, slots=True)
class CoachLine:
    profile: MentorProfile
    taken: int

    @property
    def is_full(self) -> bool:
        return self.taken >= self.profile.places


@allow(Permission.RUN_COHORTS)
@require_safe
def coaches(request: MemberRequest) -> HttpResponse:
    """Show coaches and mentors with their places, the pairs, and why pairs stopped."""
    taken = taken_by_partner()
    profiles = Paginator(offered_profiles().order_by("member__name", "pk"), PAGE).get_page(request.GET.get("page"))
    pairings = Pairing.objects.active().filter(kind__in=MentorKind.values)
    pairs = pairings.select_related("leader", "partner").order_by("partner__name", "leader__name", "pk")
    context = {
        "page": profiles,
        "lines": [CoachLine(profile, taken.get(profile.member_id, 0)) for profile in profiles],
        "pairs": Paginator(pairs, PAGE).get_page(request.GET.get("pairs")),
        "quarters": stop_figures(request.today),
    }
    return render(request, "coaching/mentors/coaches.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def mentor_intake_new(request: MemberRequest, sort: str) -> HttpResponse:
    if sort not in MentorIntake.Sort.values:
        raise Http404

    def store(file: UploadedFile) -> HttpResponse:
        data = file.read(MAX_SHORT_BYTES + 1)
        intake = upload_list(sort=sort, data=data, file_name=file.name or "", by=request.membership, now=request.now)
        return redirect("mentor_intake" if intake.choices["is_remembered"] else "mentor_intake_columns", intake.pk)

    fields = LISTS[MentorIntake.Sort(sort)]
    mine = MentorIntake.objects.filter(sort=sort, uploaded_by=request.membership).defer(*LARGE_COLUMNS)
    context = {
        "columns": [fields.column_label(name) for name in fields.FIELDS],
        **_said_above(sort),
        **waiting_upload(mine, "mentor_intake"),
        **_way_back(),
    }
    form = UploadForm(posted(request), request.FILES if request.method == "POST" else None)
    return upload_page(request, form, store, context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def mentor_intake_columns(request: MemberRequest, pk: int) -> HttpResponse:
    """What each column is taken for, before anything is planned."""
    intake = get_object_or_404(MentorIntake.objects.defer(*LARGE_COLUMNS), pk=pk)
    if intake.state != MentorIntake.State.PREVIEWED:
        return redirect("coaches")
    return columns_page(
        request,
        intake,
        kind=list_kind(intake),
        choose=lambda chosen: choose_list_columns(intake=intake, chosen=chosen),
        route="mentor_intake",
        upload_url=reverse("mentor_intake_new", args=[intake.sort]),
        context=_way_back(),
    )


@allow(Permission.RUN_COHORTS)
@require_safe
def mentor_intake(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(MentorIntake.objects.defer("source"), pk=pk)
    if intake.state != MentorIntake.State.PREVIEWED:
        return redirect("coaches")
    if lacks_columns(intake, list_kind(intake)):
        return redirect("mentor_intake_columns", pk)
    plan = plan_list(intake, organisation=request.organisation)
    preview = Preview(
        counts=plan.counts,
        acting=len(plan.acting),
        left_out=len(plan.left_out),
        fingerprint=plan.fingerprint,
        lines=with_problems(_lines(plan), request),
    )
    label = LISTS[MentorIntake.Sort(intake.sort)].column_label
    context = preview_context(request, intake, preview, route="mentor_intake", words=WORDS, label=label)
    return render(request, "coaching/mentors/mentor_intake.html", {**context, **_way_back()})


@allow(Permission.RUN_COHORTS)
@require_POST
def mentor_intake_confirmation(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(MentorIntake.objects.defer(*LARGE_COLUMNS), pk=pk)

    def confirm() -> HttpResponse:
        done = confirm_list(
            intake=intake,
            fingerprint=shown_fingerprint(request),
            organisation=request.organisation,
            by=request.membership,
            now=request.now,
        )
        messages.success(request, _imported(done), extra_tags=reverse("mentor_intake_undoing", args=[pk]))
        return redirect("coaches")

    return confirmed(request, confirm, route="mentor_intake", pk=pk)


@allow(Permission.RUN_COHORTS)
@require_POST
def mentor_intake_undoing(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo of a list."""
    intake = get_object_or_404(MentorIntake.objects.defer(*LARGE_COLUMNS), pk=pk)
    _gone, stayed = undo_list(intake=intake, by=request.membership, now=request.now)
    if stayed:
        sentence = ngettext(
            "Taken back. %(count)d stays, because someone has begun.",
            "Taken back. %(count)d stay, because someone has begun.",
            stayed,
        )
        messages.success(request, sentence % {"count": stayed})
    else:
        messages.success(request, _("Taken back."))
    return redirect("coaches")


@allow(Permission.RUN_COHORTS)
@require_POST
def mentor_intake_discard(request: MemberRequest, pk: int) -> HttpResponse:
    discard(get_object_or_404(MentorIntake.objects.defer(*LARGE_COLUMNS), pk=pk))
    return discarded(request, redirect("coaches"))


@allow(Permission.RUN_COHORTS)
@require_safe
def mentor_intake_problems(request: MemberRequest, pk: int) -> HttpResponse:
    intake = get_object_or_404(MentorIntake.objects.waiting().defer("source"), pk=pk)
    fields = LISTS[MentorIntake.Sort(intake.sort)]
    said = dict(map(tuple, intake.rows))
    plan = plan_list(intake, organisation=request.organisation)
    rows = (_as_row(outcome, said[outcome.number], fields.FIELDS) for outcome in plan.left_out)
    return problems_file(_("Coaches left out"), map(fields.column_label, fields.FIELDS), rows)


def _said_above(sort: str) -> dict[str, str]:
    if sort == MentorIntake.Sort.PAIRS:
        return {
            "title": _("Pair by list"),
            "hint": _(
                "One row for each leader and their coach or mentor. Nobody is paired within their own reporting line, "
                "past a mentor's places, or without a language in common."
            ),
        }
    return {
        "title": _("Import coaches"),
        "hint": _(
            "One row for each coach or mentor. New people are invited by mail and can change everything in their "
            "profile."
        ),
    }


def _way_back() -> dict[str, str]:
    return {"back_url": reverse("coaches"), "back_label": _("Coaches and mentors")}


def _imported(intake: MentorIntake) -> str:
    if intake.sort == MentorIntake.Sort.PAIRS:
        count = intake.counts.get(Happens.PAIRED, 0)
        return ngettext("%(count)d pair made.", "%(count)d pairs made.", count) % {"count": count}
    count = intake.counts.get(Happens.INVITED, 0) + intake.counts.get(Happens.PROFILE, 0)
    return ngettext("%(count)d coach or mentor added.", "%(count)d coaches and mentors added.", count) % {
        "count": count
    }


def _lines(plan: ListPlan) -> Iterator[PreviewLine]:
    kinds = {"coach": _("Coach"), "mentor": _("Mentor")}
    for outcome in plan.outcomes:
        tone, words = WORDS[outcome.happens]
        values, notes = outcome.values, []
        if not outcome.problems:
            leader = values.get("leader_name", "")
            notes = [" · ".join(filter(None, [leader, kinds.get(values.get("kind", ""), "")]))]
        yield PreviewLine(
            number=outcome.number,
            name=outcome.name,
            email=outcome.email,
            tone=tone,
            happens=str(words),
            notes=tuple(filter(None, notes)),
            problems=outcome.problems,
        )


def _as_row(outcome: Outcome, said: dict[str, str], names: tuple[str, ...]) -> list[object]:
    values = {**said, "name": said.get("name") or outcome.name}
    return [outcome.number, *(values.get(name, "") for name in names), in_one_cell(outcome.problems)]
