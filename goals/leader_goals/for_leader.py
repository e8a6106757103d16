"""What a leader's goals ask on Today: one line a goal at most, and offers of busy periods. Read with their clock."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.enrolment.current import date_at
from cohorts.models import Clock
from cohorts.schedule.date_words import date_words, fill
from goals.dial_rules import Setting
from goals.habits.actions.focus import lives_of
from goals.leader_goals import review_dates
from goals.leader_goals.busy import ONE_DAY, open_offers
from goals.leader_goals.busy_words import cost_words, offer_words
from goals.models import Goal, GoalEvent, GoalEventKind, GoalState, Shared, names_sponsor
from goals.reserve import Life, newly_spent, reserve_weeks
from goals.stored_dates import day_of

NEWS = timedelta(days=3)  # how long an agreement is news
LONG = timedelta(days=7)  # from when a proposal has waited long

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BusyOffer:
    """An offer that waits for one tap: the question, what it would take from the stock, and where the answer goes."""

    pk: int
    text: str
    cost: str


@dataclass(frozen=True, slots=True)
class GoalTask:
    """Something that waits for the leader, without hurry."""

    text: str
    url: str


def columns_for_goals(*, now: datetime) -> dict[str, ArraySubquery]:
    """What `goal_tasks` and `busy_offers` read, as annotations for the leader's clock."""
    offers = open_offers(OuterRef("enrolment__cohort"), OuterRef(OuterRef("enrolment")), now.date() - ONE_DAY)
    events = GoalEvent.objects.filter(goal=OuterRef("pk")).order_by("-at", "-pk")
    theirs = Goal.objects.filter(enrolment=OuterRef("enrolment")).exclude(
        Q(state=GoalState.LET_GO) | Q(state=GoalState.DONE)
    )
    goals = theirs.annotate(is_named=names_sponsor(Shared.GOAL))
    goals = goals.annotate(event=Subquery(events.values("kind")[:1]), event_on=Subquery(events.values("on")[:1]))
    return {
        "goal_rows": _rows(
            goals.order_by("pk"),
            outcome="outcome",
            state="state",
            due_on="due_on",
            review_on="next_review_on",
            agreed_on="agreed_on",
            agreed_by="agreed_by_id",
            event="event",
            event_on="event_on",
            is_named="is_named",
        ),
        "busy_rows": _rows(offers, title="title", level="level", starts_on="starts_on", ends_on="ends_on"),
    }


def goal_tasks(clock: Clock, today: date) -> list[GoalTask]:
    """What waits today. `clock` comes with `columns_for_goals`; without them there is nothing."""
    sponsor = clock.enrolment.sponsor
    name = sponsor.first_name if sponsor else ""
    found = []
    for row in getattr(clock, "goal_rows", ()):
        text = next(_texts(row, name, clock.enrolment.leader_id, today), None)
        if text is not None:
            found.append(GoalTask(text, reverse("goal", args=[row["pk"]])))
    return found


def busy_offers(clock: Clock, lives: Mapping[int, Life], today: date) -> list[BusyOffer]:
    """The offers that wait. `lives` are the leader's focuses over time, by id."""
    current = [key for key, life in lives.items() if life.is_current(today)]
    used = len(reserve_weeks([*lives.values()], today))
    offers = ((row, day_of(row["starts_on"]), day_of(row["ends_on"])) for row in getattr(clock, "busy_rows", ()))
    return [
        BusyOffer(
            row["pk"],
            offer_words(row["title"], row["level"], starts_on, ends_on, today),
            _cost(lives, current, Setting(row["level"], max(starts_on, today), ends_on), used, today),
        )
        for row, starts_on, ends_on in offers
        if starts_on is not None and ends_on is not None and ends_on >= today
    ]


def offers_of(clock: Clock, now: datetime) -> list[BusyOffer]:
    """The offers that wait, for a page that has not read the focuses. Two queries, if there is any."""
    if not getattr(clock, "busy_rows", ()):
        return []
    return busy_offers(clock, lives_of(clock.enrolment), date_at(clock.enrolment, now))


def _texts(row: Row, sponsor: str, leader_id: int, today: date) -> Iterator[str]:
    """The first that fits is shown."""
    state, event, event_on = row["state"], row["event"], day_of(row["event_on"])
    words = {"sponsor": sponsor, "goal": row["outcome"]}
    if state == GoalState.DRAFT and event == GoalEventKind.SENT_BACK:
        yield _("%(sponsor)s sent this goal back with a comment: “%(goal)s”") % words
    if state == GoalState.PROPOSED and row["is_named"] and event_on is not None and today - event_on >= LONG:
        since = {"date": date_words(event_on, "MONTH_DAY_FORMAT")}
        yield fill(_("This goal has waited for %(sponsor)s since %(date)s: “%(goal)s”"), {**words, **since})
    if state != GoalState.AGREED:
        return
    due_on, agreed_on = day_of(row["due_on"]), day_of(row["agreed_on"])
    if due_on is not None and due_on <= today:
        yield _("This goal is due. Enter its last figure: “%(goal)s”") % words
    if review_dates.is_open(day_of(row["review_on"]), today):
        yield _("Two-week review, two minutes: “%(goal)s”") % words
    if agreed_on is not None and today - agreed_on < NEWS and row["agreed_by"] != leader_id and row["is_named"]:
        yield _("%(sponsor)s agreed to your goal: “%(goal)s”") % words


def _cost(lives: Mapping[int, Life], current: Collection[int], setting: Setting, used: int, today: date) -> str:
    return cost_words(newly_spent(lives, current, setting, today), used) if current else ""


def _rows(found: QuerySet[Any], **columns: str) -> ArraySubquery:
    return ArraySubquery(found.values(row=JSONObject(pk="pk", **columns)))
