"""The sponsor's part: approve their leaders' lists, and answer as the manager. Admins approve here, too."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotYours
from feedback360.models import Relation, Request, State, Subject
from feedback360.rounds.actions.nominations import approve, nominate
from feedback360.rounds.answer_links import answer_url
from feedback360.rounds.forms.nomination import NominationForm
from feedback360.rounds.policies import ListedRater, may_approve, names_for_sponsor
from feedback360.rounds.rater_rules import ANSWERING, NOMINATED
from feedback360.rounds.round_rules import UNDER_WAY
from feedback360.rounds.round_status import RoundStatus, status_of_list


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """One leader whose list is to be approved. `waiting` is how many new names there are."""

    subject: Subject
    waiting: int
    status: RoundStatus

    @property
    def name(self) -> str:
        return self.subject.enrolment.leader.name


@allow(Permission.SPONSOR)
@require_safe
def approvals(request: MemberRequest) -> HttpResponse:
    """Show the leaders whose lists wait, and those about whom this sponsor answers as the manager."""
    subjects = Subject.objects.filter(withdrawn_at=None).select_related("round", "enrolment__leader")
    mine = subjects.filter(enrolment__sponsor=request.membership, enrolment__left_on=None)
    to_approve = list(mine.filter(round__state__in=UNDER_WAY).order_by("enrolment__leader__name", "pk"))
    lists = names_for_sponsor(to_approve)
    rows = [_row(subject, lists[subject.pk]) for subject in to_approve]
    context = {
        "rows": [row for row in rows if row.subject.round.state == State.NOMINATING or row.waiting],
        "answers": [(each, answer_url(each.rater)) for each in _answers_as_manager(request)],
    }
    return render(request, "feedback360/raters/approvals.html", context)


@allow(Permission.BELONG)
@require_http_methods(["GET", "HEAD", "POST"])
def rater_approval(request: MemberRequest, subject_pk: int) -> HttpResponse:
    """Show one leader's list; POST approves every name that waits."""
    subject = _to_approve(request, subject_pk)
    if request.method == "POST":
        count = approve(subject=subject, by=request.membership, now=request.now)
        messages.success(
            request,
            ngettext("%(count)d name approved.", "%(count)d names approved.", count) % {"count": count},
        )
        return redirect("rater_approval", subject.pk)
    names = names_for_sponsor([subject]).get(subject.pk, [])
    context = {
        "subject": subject,
        "leader": subject.enrolment.leader,
        "round": subject.round,
        "lists": _by_relation(names),
        "count": len(names),
        "waiting": sum(name.is_new for name in names),
        "is_choosing": subject.round.state == State.NOMINATING,
        "is_admin": request.membership.is_admin,
        "is_sponsor": subject.enrolment.sponsor_id == request.membership.pk,
    }
    return render(request, "feedback360/raters/approval.html", context)


@allow(Permission.BELONG)
@require_POST
def rater_approval_of_one(request: MemberRequest, subject_pk: int, request_pk: int) -> HttpResponse:
    """Approve one name."""
    subject = _to_approve(request, subject_pk)
    row = get_object_or_404(Request, subject=subject, relation__in=NOMINATED, pk=request_pk)
    approve(subject=subject, by=request.membership, now=request.now, requests=[row.pk])
    return redirect("rater_approval", subject.pk)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def rater_new(request: MemberRequest, subject_pk: int) -> HttpResponse:
    """Put a rater on a leader's list for them. It is approved with that."""
    subject = _to_approve(request, subject_pk)
    form = NominationForm(posted(request))

    def save() -> HttpResponse:
        added = nominate(subject=subject, by=request.membership, now=request.now, **form.nominee())
        messages.success(request, _("%(name)s is on the list.") % {"name": added.name})
        return redirect("rater_approval", subject.pk)

    context = {"subject": subject, "leader": subject.enrolment.leader}
    return form_page(request, form, save, "feedback360/raters/rater_new.html", context)


def _to_approve(request: MemberRequest, subject_pk: int) -> Subject:
    subjects = Subject.objects.visible_to(request.membership).exclude(round__state=State.CANCELLED)
    subject = get_object_or_404(
        subjects.select_related("round", "enrolment__leader", "enrolment__sponsor"), pk=subject_pk
    )
    if not may_approve(request.membership, subject):
        raise NotYours(_("Only the leader's sponsor or an admin approves raters."))
    return subject


def _row(subject: Subject, names: list[ListedRater]) -> LeaderRow:
    waiting = sum(name.is_new for name in names)
    if subject.round.state == State.COLLECTING:
        return LeaderRow(subject, waiting, RoundStatus("asks", _("New names to approve")))
    status = status_of_list(subject, len(names))
    return LeaderRow(subject, waiting, RoundStatus("asks", status.text) if waiting else _quietly(status, names))


def _quietly(status: RoundStatus, names: list[ListedRater]) -> RoundStatus:
    """No names yet is the leader's to change, not the sponsor's."""
    return status if names else RoundStatus("waiting", _("The leader is choosing"))


def _answers_as_manager(request: MemberRequest) -> list[Request]:
    rows = Request.objects.filter(
        subject__manager=request.membership,
        subject__withdrawn_at=None,
        subject__round__state=State.COLLECTING,
        relation=Relation.MANAGER,
        state__in=ANSWERING,
        rater__membership=request.membership,
    )
    people = ("rater", "subject__enrolment__leader", "subject__round")
    return list(rows.select_related(*people).order_by("subject__enrolment__leader__name", "pk"))


def _by_relation(names: list[ListedRater]) -> list[tuple[str, list[ListedRater]]]:
    counts = Counter(name.relation for name in names)
    labels = {Relation.TEAM: _("Team"), Relation.PEER: _("Peers")}
    return [
        (labels[relation], [name for name in names if name.relation == relation])
        for relation in NOMINATED
        if counts[relation]
    ]
