"""What stands between a sponsor and each of their leaders, for the sponsor's page and the weekly mail. No answers.

Read by columns of the query for the leaders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from coaching.models import Ask, Obstacle, Pairing, PairingKind, Session, SessionState, SponsorAct
from coaching.sponsoring.weeks import A_WEEK, open_weeks
from cohorts.models import Enrolment
from cohorts.schedule.path import Calendar

SPONSOR = PairingKind.SPONSOR


@dataclass(frozen=True, slots=True)
class Act:
    """The sponsor's part of one week: done at, or blocked by an obstacle."""

    done_at: datetime | None
    obstacle: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question that waits for the sponsor."""

    pk: int
    text: str


@dataclass(frozen=True, slots=True)
class Sponsoring:
    """The sponsor's acts by week, the weeks whose part can be done today, and what waits for them."""

    acts: Mapping[int, Act]
    open_weeks: frozenset[int]
    questions: tuple[Question, ...]
    pairing: int | None
    talk_due_on: date | None  # None if the next talk is planned already

    @property
    def is_handed_on(self) -> bool:
        """The sponsor said that this is no longer their leader: nothing more is asked of them."""
        return any(act.obstacle == Obstacle.NOT_MY_LEADER for act in self.acts.values())


def columns_for_sponsor() -> dict[str, Any]:
    """What `sponsoring_of` reads, as annotations for enrolments."""
    theirs = {"enrolment": OuterRef("pk"), "sponsor": OuterRef("sponsor")}
    acts, questions = SponsorAct.objects.filter(**theirs), Ask.objects.unanswered().filter(**theirs)
    pairings = Pairing.objects.active().filter(kind=SPONSOR, leader=OuterRef("leader"), partner=OuterRef("sponsor"))
    planned = Session.objects.filter(state=SessionState.PLANNED, pairing__leader=OuterRef("leader"))
    act = JSONObject(
        week="week", done_at="done_at", obstacle="obstacle", confirmed_at="confirmed_at", denied_at="denied_at"
    )
    return {
        "own_acts": ArraySubquery(acts.values(row=act)),
        "open_questions": ArraySubquery(questions.order_by("asked_at").values(row=JSONObject(pk="pk", text="text"))),
        "pairing_id": Subquery(pairings.values("pk")[:1]),
        "paired_since": Subquery(pairings.values("starts_on")[:1]),
        "talk_due_on": Subquery(pairings.values("due_on")[:1]),
        "has_talk_planned": Exists(planned.filter(pairing__partner=OuterRef("sponsor"), pairing__kind=SPONSOR)),
    }


def sponsoring_of(enrolment: Enrolment, calendar: Calendar, today: date) -> Sponsoring:
    """`enrolment` comes with `columns_for_sponsor`."""
    row: Any = enrolment
    start = calendar.day1 - A_WEEK
    since = max(row.paired_since or start, start)
    return Sponsoring(
        acts=_acts(row.own_acts),
        open_weeks=open_weeks(calendar, since, today),
        questions=tuple(Question(each["pk"], each["text"]) for each in row.open_questions),
        pairing=row.pairing_id,
        talk_due_on=None if row.has_talk_planned else row.talk_due_on,
    )


def _acts(rows: Sequence[Mapping[str, Any]]) -> dict[int, Act]:
    return {
        row["week"]: Act(
            parse_datetime(row["done_at"]) if row["done_at"] else None,
            row["obstacle"],
            bool(row["confirmed_at"] or row["denied_at"]),
        )
        for row in rows
    }
