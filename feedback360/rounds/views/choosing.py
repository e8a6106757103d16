"""The leader's rounds, and whom they ask. Nothing here changes when a rater answers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.models import Enrolment, Membership
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, go
from cohorts.web.permissions import Permission
from feedback360.models import Relation, Request, RequestState, Round, State, Subject
from feedback360.rounds.actions.nominations import nominate, put_back, withdraw_request
from feedback360.rounds.answer_links import answer_url
from feedback360.rounds.forms.nomination import NominationForm
from feedback360.rounds.groups import RELATIONS_OF, outlook
from feedback360.rounds.hints import hints_of, needed_now
from feedback360.rounds.policies import ListedRater, ensure_may_nominate, may_approve, names_for_leader
from feedback360.rounds.rater_rules import MAX_RATER_NAME_CHARACTERS, MAX_RATERS, NOMINATED, is_anybody_asked
from feedback360.rounds.round_status import RoundStatus, status_for_leader

SUGGESTED = 12


@dataclass(frozen=True, slots=True)
class RoundCard:
    """One round of a leader. `own` is their self-assessment, while there is one; `own_url` opens it."""

    subject: Subject
    chosen: int
    status: RoundStatus
    own: Request | None

    @property
    def own_url(self) -> str:
        return answer_url(self.own.rater) if self.own else ""

    @property
    def round(self) -> Round:
        return self.subject.round

    @property
    def is_anybody_asked(self) -> bool:
        return is_anybody_asked(self.subject)


@allow(Permission.WALK)
@require_safe
def feedback(request: MemberRequest) -> HttpResponse:
    """Show the leader's rounds: what happens when, and what is theirs to do."""
    mine = Subject.objects.filter(enrolment__leader=request.membership, withdrawn_at=None)
    subjects = mine.exclude(round__state=State.CANCELLED).select_related("round", "enrolment__sponsor")
    cards = _cards(list(subjects.order_by("-round__opens_at", "-pk")))
    ahead = [card for card in cards if card.round.state == State.DRAFT]
    context = {
        "current": [card for card in cards if card.round.state not in {State.DRAFT, State.RELEASED}],
        "ahead": ahead[::-1],
        "released": [card for card in cards if card.round.state == State.RELEASED],
    }
    return render(request, "feedback360/raters/feedback.html", context)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def raters(request: MemberRequest, subject_pk: int) -> HttpResponse:
    """Choose raters: the list, a form for one more, colleagues to tap, and what the list leads to."""
    subject = _own(request, subject_pk)
    relations = _relations(subject)
    form = NominationForm(posted(request), relations=relations or NOMINATED, is_own=True)

    def save() -> HttpResponse:
        request_ = nominate(subject=subject, by=request.membership, now=request.now, **form.nominee())
        messages.success(request, _("%(name)s is on your list.") % {"name": request_.name})
        return go(request, reverse("raters", args=[subject.pk]))

    names = names_for_leader(subject)
    is_choosing = subject.round.state == State.NOMINATING
    context = {
        "subject": subject,
        "round": subject.round,
        "lists": _by_relation(names),
        "count": len(names),
        "is_choosing": is_choosing,
        "is_anybody_asked": is_anybody_asked(subject),
        "is_full": is_choosing and len(names) >= MAX_RATERS,
        "takes_names": bool(relations) and not (is_choosing and len(names) >= MAX_RATERS),
        "hints": _hints(subject, names) if is_choosing else [],
        "needed": needed_now(subject.replacements) if relations and not is_choosing else [],
        "suggestions": _suggestions(subject, names) if Relation.PEER in relations else [],
    }
    return form_page(request, form, save, "feedback360/raters/raters.html", context)


@allow(Permission.WALK)
@require_POST
def rater_suggestion(request: MemberRequest, subject_pk: int) -> HttpResponse:
    """Put a colleague of the same cohort on the list. The page never names their address."""
    subject = _own(request, subject_pk)
    colleagues = Membership.objects.filter(pk__in=_colleagues(subject).values("leader"))
    member = colleagues.select_related("person").filter(pk=_number(request.POST.get("member", ""))).first()
    if member is None:
        raise Http404
    nominate(
        subject=subject,
        name=member.name[:MAX_RATER_NAME_CHARACTERS],
        email=member.person.email,
        relation=Relation.PEER,
        by=request.membership,
        now=request.now,
    )
    messages.success(request, _("%(name)s is on your list.") % {"name": member.name})
    return redirect("raters", subject.pk)


@allow(Permission.BELONG)
@require_POST
def rater_removal(request: MemberRequest, subject_pk: int, request_pk: int) -> HttpResponse:
    """Take a name off, with Undo. Nobody else is told."""
    request_ = _listed(request, subject_pk, request_pk)
    withdraw_request(request=request_, by=request.membership, now=request.now)
    messages.success(
        request,
        _("%(name)s is off the list.") % {"name": request_.name},
        extra_tags=reverse("rater_return", args=[subject_pk, request_pk]),
    )
    return redirect(_list_of(request, request_.subject), subject_pk)


@allow(Permission.BELONG)
@require_POST
def rater_return(request: MemberRequest, subject_pk: int, request_pk: int) -> HttpResponse:
    """Undo taking a name off."""
    request_ = _listed(request, subject_pk, request_pk)
    put_back(request=request_, by=request.membership, now=request.now)
    return redirect(_list_of(request, request_.subject), subject_pk)


def _own(request: MemberRequest, subject_pk: int) -> Subject:
    mine = Subject.objects.filter(enrolment__leader=request.membership).exclude(round__state=State.CANCELLED)
    return get_object_or_404(mine.select_related("round", "enrolment__sponsor", "enrolment__leader"), pk=subject_pk)


def _listed(request: MemberRequest, subject_pk: int, request_pk: int) -> Request:
    """A request on a list that this member may change."""
    subjects = Subject.objects.visible_to(request.membership)
    rows = Request.objects.filter(subject__in=subjects, subject_id=subject_pk, relation__in=NOMINATED)
    found = get_object_or_404(rows.select_related("subject__enrolment", "subject__round"), pk=request_pk)
    if not may_approve(request.membership, found.subject):
        ensure_may_nominate(request.membership, found.subject)
    return found


def _list_of(request: MemberRequest, subject: Subject) -> str:
    return "rater_approval" if may_approve(request.membership, subject) else "raters"


def _cards(subjects: list[Subject]) -> list[RoundCard]:
    rows = Request.objects.filter(subject__in=subjects).exclude(state=RequestState.WITHDRAWN)
    listed = list(rows.exclude(relation=Relation.MANAGER).select_related("rater"))
    chosen = Counter(row.subject_id for row in listed if row.relation in NOMINATED)
    own = {row.subject_id: row for row in listed if row.relation == Relation.SELF}
    return [
        RoundCard(
            subject=subject,
            chosen=chosen[subject.pk],
            status=status_for_leader(subject, chosen[subject.pk]),
            own=own.get(subject.pk) if subject.round.state == State.COLLECTING else None,
        )
        for subject in subjects
    ]


def _relations(subject: Subject) -> list[Relation]:
    """Those with a place on the list now."""
    round_ = subject.round
    if subject.withdrawn_at is not None:
        return []
    if round_.state == State.NOMINATING:
        return list(NOMINATED)
    if round_.state != State.COLLECTING:
        return []
    groups = [group for group, count in subject.replacements.items() if count > 0]
    return [relation for relation in NOMINATED if any(relation in RELATIONS_OF[group] for group in groups)]


def _by_relation(names: Iterable[ListedRater]) -> list[tuple[str, list[ListedRater]]]:
    names = list(names)
    labels = {Relation.TEAM: _("Your team"), Relation.PEER: _("Your peers")}
    lists = [(labels[relation], [name for name in names if name.relation == relation]) for relation in NOMINATED]
    return [(label, rows) for label, rows in lists if rows]


def _hints(subject: Subject, names: list[ListedRater]) -> list[object]:
    counts = Counter(name.relation for name in names)
    round_ = subject.round
    return list(hints_of(outlook(counts, threshold=round_.threshold, response_rate=round_.response_rate)))


def _colleagues(subject: Subject) -> QuerySet[Enrolment]:
    """Leaders of the same cohort, without the leader and their sponsor."""
    others = Enrolment.objects.active().filter(cohort=subject.round.cohort_id, leader__in=Membership.objects.active())
    sponsor_id = subject.enrolment.sponsor_id
    return others.exclude(leader=subject.enrolment.leader_id).exclude(leader=sponsor_id or 0)


def _suggestions(subject: Subject, names: list[ListedRater]) -> list[Membership]:
    listed = Request.objects.filter(pk__in=[name.request_id for name in names], rater__membership__isnull=False)
    others = _colleagues(subject).exclude(leader__in=listed.values("rater__membership"))
    rows = others.select_related("leader").order_by("leader__name", "pk")[:SUGGESTED]
    return [enrolment.leader for enrolment in rows]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
