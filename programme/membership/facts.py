"""What hangs on one member, counted over all apps in one statement. No text of anybody is read."""

from dataclasses import dataclass, fields
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from coaching.models import Booking, MentorKind, Pairing, Session, SessionState, Visit, VisitState
from coaching.models.visiting import LIVE
from cohorts.models import Enrolment, Membership
from feedback360.answering.visit import LISTED
from feedback360.models import Request, State, Subject
from goals.models import Goal, Objective, ObjectiveState, Practice, Reflection, Team, TeamLink

UNDER_WAY = (State.DRAFT, State.NOMINATING, State.COLLECTING)


@dataclass(frozen=True, slots=True)
class Facts:
    """How many of each there are."""

    places: int  # in cohorts
    sponsored: int  # leaders they are the sponsor of
    managed: int  # members who report to them
    partners: int  # coaches, mentors, and leaders they coach
    talks: int  # 1:1s planned
    visits: int  # places on dates ahead
    hosted: int  # dates ahead that others have a place on
    asked: int  # 360 questions to them, answered or not: which it is is not told
    rounds: int  # under way about them
    goals: int
    teams: int
    objectives: int  # of their teams, not ended
    links: int  # of their teams, open
    practices: int
    reflections: int


def facts_of(member: Membership, *, now: datetime) -> Facts:
    """Everything in one query."""
    me = OuterRef("pk")
    ahead = {"state": VisitState.OPEN, "starts_at__gt": now}
    asked = Request.objects.filter(rater__membership=me, state__in=LISTED)
    counts = {
        "places": Enrolment.objects.active().filter(leader=me),
        "sponsored": Enrolment.objects.active().filter(sponsor=me),
        "managed": Membership.objects.here().filter(manager=me),
        "partners": Pairing.objects.active().filter(Q(leader=me) | Q(partner=me), kind__in=MentorKind.values),
        "talks": Session.objects.filter(
            Q(pairing__leader=me) | Q(pairing__partner=me), state=SessionState.PLANNED, starts_at__gt=now
        ),
        "visits": Booking.objects.live().filter(guest=me, visit__state=VisitState.OPEN, visit__starts_at__gt=now),
        "hosted": Visit.objects.filter(host__member=me, bookings__state__in=LIVE, **ahead),
        "asked": asked.filter(subject__round__state=State.COLLECTING),
        "rounds": Subject.objects.filter(enrolment__leader=me, withdrawn_at=None, round__state__in=UNDER_WAY),
        "goals": Goal.objects.filter(enrolment__leader=me),
        "teams": Team.objects.filter(leader=me),
        "objectives": Objective.objects.filter(team__leader=me).exclude(
            state__in=[ObjectiveState.DONE, ObjectiveState.LET_GO]
        ),
        "links": TeamLink.objects.filter(team__leader=me, closed_at=None, expires_at__gt=now),
        "practices": Practice.objects.filter(enrolment__leader=me),
        "reflections": Reflection.objects.filter(enrolment__leader=me),
    }
    row = Membership.objects.filter(pk=member.pk).annotate(
        **{f"n_{name}": _count(each) for name, each in counts.items()}
    )
    return Facts(*row.values_list(*(f"n_{field.name}" for field in fields(Facts))).get())


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(count=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("count")), 0)
