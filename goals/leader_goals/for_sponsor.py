"""What a sponsor sees of their leaders' goals: what waits for their word, reviews held, goals left alone. No words
of a review, and nothing of a draft. Read by columns of the query for the leaders.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, Q, Subquery
from django.db.models.functions import Greatest, JSONObject, TruncDate

from goals.leader_goals.ageing import Age, ageing
from goals.models import CheckIn, Goal, GoalDial, GoalEvent, GoalReview, GoalState, Shared, names_sponsor
from goals.stored_dates import day_of

LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal that waits for the sponsor's word."""

    pk: int
    outcome: str


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A goal that nobody has touched for more than four weeks."""

    pk: int
    outcome: str
    since: date


@dataclass(frozen=True, slots=True)
class LeaderGoals:
    """The goals of one leader that somebody should know about; how many of them were reviewed in the last week."""

    proposed: tuple[GoalLine, ...] = ()
    unscored: tuple[GoalLine, ...] = ()
    untouched: tuple[LeftAlone, ...] = ()
    reviewed: int = 0

    @property
    def waiting(self) -> int:
        """How many wait for the sponsor's word."""
        return len(self.proposed) + len(self.unscored)


def columns_for_sponsors_goals() -> dict[str, ArraySubquery]:
    """What `goals_of` reads, as an annotation for enrolments."""
    goals = Goal.objects.filter(names_sponsor(Shared.GOAL), enrolment=OuterRef("pk")).filter(
        Q(state__in=(GoalState.PROPOSED, GoalState.AGREED)) | Q(state=GoalState.DONE, score=None)
    )
    goals = goals.annotate(
        reviewed_on=_newest(GoalReview.objects, "on"),
        touched_on=Greatest(
            "agreed_on",
            _newest(GoalReview.objects, "on"),
            _newest(CheckIn.objects, TruncDate("at")),
            _newest(GoalDial.objects, "starts_on"),
            _newest(GoalEvent.objects, "on"),
        ),
    )
    row = JSONObject(pk="pk", outcome="outcome", state="state", reviewed_on="reviewed_on", touched_on="touched_on")
    return {"goal_rows": ArraySubquery(goals.order_by("pk").values(row=row))}


def goals_of(enrolment: Any, today: date) -> LeaderGoals:
    """`enrolment` comes with `columns_for_sponsors_goals`."""
    rows = enrolment.goal_rows
    agreed = [row for row in rows if row["state"] == GoalState.AGREED]
    reviews = [on for row in rows if (on := day_of(row["reviewed_on"]))]
    return LeaderGoals(
        proposed=tuple(_line(row) for row in rows if row["state"] == GoalState.PROPOSED),
        unscored=tuple(_line(row) for row in rows if row["state"] == GoalState.DONE),
        untouched=tuple(line for row in agreed if (line := _left_alone(row, today))),
        reviewed=sum(today - LATELY < on <= today for on in reviews),
    )


def _left_alone(row: Mapping[str, Any], today: date) -> LeftAlone | None:
    touched_on = day_of(row["touched_on"])
    age = ageing([touched_on] if touched_on else [], today)
    return LeftAlone(row["pk"], row["outcome"], age.touched_on) if age and age.age == Age.OLD else None


def _line(row: Mapping[str, Any]) -> GoalLine:
    return GoalLine(row["pk"], row["outcome"])


def _newest(rows: Any, day: str | TruncDate) -> Subquery:
    of_goal = rows.filter(goal=OuterRef("pk")).order_by().values("goal")
    return Subquery(of_goal.annotate(newest=Max(day)).values("newest"))
