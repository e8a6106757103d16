"""What a new sponsor cannot read yet, and the question to the leader whether they may."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from cohorts.models import Enrolment, Membership
from goals.models import Audience, Focus, Goal, Reflection, Share, Shared, SharingAnswer


@dataclass(frozen=True)
class Question:
    """May `reader` read these, too? `up_to` is the newest of them, `earlier` the names of those who could."""

    kind: Shared
    reader: Membership
    count: int
    up_to: int
    earlier: str


def closed_to_sponsor(enrolment: Enrolment | OuterRef, kind: Shared) -> QuerySet:
    """What the leader once shared, or a plan or goal, that does not name the sponsor of now; not asked about yet."""
    closed: QuerySet
    if kind is Shared.REFLECTION:
        closed = Reflection.objects.closed_to_sponsor().filter(enrolment=enrolment, audience=Audience.SPONSOR)
    elif kind is Shared.GOAL:
        closed = Goal.objects.closed_to_sponsor().filter(enrolment=enrolment)
    else:
        closed = Focus.objects.closed_to_sponsor().filter(enrolment=enrolment)
    said = SharingAnswer.objects.filter(
        enrolment=OuterRef("enrolment"), reader=OuterRef("enrolment__sponsor"), kind=kind
    )
    return closed.filter(pk__gt=Coalesce(Subquery(said.values("up_to")), 0)).order_by()


def has_questions() -> Q:
    """For a query over rows with an `enrolment`: whether its leader has something to be asked."""
    asked = [Q(Exists(closed_to_sponsor(OuterRef("enrolment"), kind))) for kind in Shared]
    return reduce(or_, asked)


def sharing_questions(enrolment: Enrolment) -> list[Question]:
    """What to ask the leader after a change of sponsor."""
    sponsor = enrolment.sponsor
    if sponsor is None:
        return []
    first, *others = (closed_to_sponsor(enrolment, kind).values_list("pk", Value(kind.value)) for kind in Shared)
    rows = list(first.union(*others, all=True))
    keys = {kind: [pk for pk, of in rows if of == kind] for kind in Shared}
    return [
        Question(kind, sponsor, len(pks), max(pks), _earlier_readers(kind, pks)) for kind, pks in keys.items() if pks
    ]


def _earlier_readers(kind: Shared, pks: list[int]) -> str:
    shares = Share.objects.filter(**{f"{kind}__in": pks}).order_by("reader__name")
    return ", ".join(shares.values_list("reader__name", flat=True).distinct())
