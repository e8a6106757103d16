"""The story of a goal as a timeline, newest first: what its leader reads, and what their sponsor reads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Membership
from cohorts.schedule.date_words import date_words, fill
from goals.leader_goals.goal_chart import reading
from goals.leader_goals.history import events_in_order, newest_check_in
from goals.leader_goals.ladder import SIGNS
from goals.models import CheckIn, Decision, Focus, Goal, GoalEvent, GoalEventKind, GoalReview, Level

UNDONE_BY = {GoalEventKind.LET_GO: GoalEventKind.TAKEN_UP, GoalEventKind.CLOSED: GoalEventKind.REOPENED}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that was changed."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the story. `quote` are somebody's own words."""

    on: date
    at: datetime
    words: str
    quote: str = ""
    changes: tuple[Change, ...] = field(default=())


def story_of(goal: Goal, reader: Membership, plans: Sequence[Focus] | None = None) -> list[Entry]:
    """Of a goal read `with_history`. `plans` are all of the leader's; without them, one query finds those to be seen.

    A sponsor reads that a review was held and when, never what was decided or written, except that and why the goal was
    let go. Lines of check-ins are the leader's own. What was undone on the same day is left out.
    """
    is_own = goal.enrolment.leader_id == reader.pk
    names = _visible_plans(goal, reader) if plans is None else {focus.pk: str(focus) for focus in plans}
    entries = [_of_event(goal, event, names) for event in _standing(events_in_order(goal))]
    entries += [_of_review(goal, review) if is_own else _held(review) for review in _told(goal, is_own)]
    entries += _of_dials(goal)
    if is_own:
        entries += _of_check_ins(goal)
    return sorted(entries, key=lambda entry: (entry.on, entry.at), reverse=True)


def _standing(events: list[GoalEvent]) -> list[GoalEvent]:
    """Without what was undone on the day it was done."""
    standing: list[GoalEvent] = []
    for event in events:
        last = standing[-1] if standing else None
        if last is not None and UNDONE_BY.get(GoalEventKind(last.kind)) == event.kind and last.on == event.on:
            standing.pop()
        else:
            standing.append(event)
    return standing


def _told(goal: Goal, is_own: bool) -> Iterator[GoalReview]:
    """A review that changed the goal or let it go stands in the leader's story by what it did."""
    for review in goal.reviews.all():
        if not is_own or review.decision == Decision.KEEP:
            yield review


def _of_review(goal: Goal, review: GoalReview) -> Entry:
    newest = newest_check_in(goal, by=review.on)
    words = _("Kept, with %(figure)s.") % {"figure": _before_a_stop(goal, newest)} if newest else _("Kept.")
    return Entry(review.on, review.at, words, review.line)


def _before_a_stop(goal: Goal, entry: CheckIn) -> str:
    """A unit such as `min.` brings a full stop of its own, and the sentence has one already."""
    return reading(goal, entry).removesuffix(".")


def _held(review: GoalReview) -> Entry:
    return Entry(review.on, review.at, _("Review held."))


def _of_check_ins(goal: Goal) -> Iterator[Entry]:
    """Those with a line; the others are in the chart."""
    for entry in goal.check_ins.all():
        if entry.line:
            yield Entry(entry.on, entry.at, f"{_before_a_stop(goal, entry)}.", entry.line)


def _of_dials(goal: Goal) -> Iterator[Entry]:
    for dial in goal.dials.all():
        words = {"level": Level(dial.level).label.lower(), "date": _day(dial.ends_on) if dial.ends_on else ""}
        words["why"] = dial.period.title if dial.period else ""
        if dial.period and dial.ends_on:
            said = _("Dial to %(level)s until %(date)s, for “%(why)s”.")
        elif dial.ends_on:
            said = _("Dial to %(level)s until %(date)s.")
        else:
            said = _("Dial to %(level)s.")
        yield Entry(dial.starts_on, _noon(goal, dial.starts_on), fill(said, words))


def _noon(goal: Goal, on: date) -> datetime:
    """A dial has a date only: it stands in the middle of its day."""
    return datetime(on.year, on.month, on.day, 12, tzinfo=goal.enrolment.zone)


def _of_event(goal: Goal, event: GoalEvent, plans: Mapping[int, str]) -> Entry:
    words, quote = _words_of(goal, event), event.words
    changes = tuple(_changes(event, plans)) if event.kind == GoalEventKind.CHANGED else ()
    return Entry(event.on, event.at, words, quote, changes)


def _words_of(goal: Goal, event: GoalEvent) -> str:
    kind, name = GoalEventKind(event.kind), {"name": event.by.first_name}
    if kind == GoalEventKind.AGREED and event.by_id == goal.enrolment.leader_id:
        return _("Agreed without a sponsor. Scale locked.")
    if kind == GoalEventKind.CLOSED:
        newest = newest_check_in(goal, by=event.on)
        return _("Closed, with %(figure)s.") % {"figure": _before_a_stop(goal, newest)} if newest else _("Closed.")
    if kind == GoalEventKind.SCORED:
        return _scored(event)
    words = {
        GoalEventKind.PROPOSED: _("Asked for agreement."),
        GoalEventKind.WITHDRAWN: _("Proposal withdrawn."),
        GoalEventKind.SENT_BACK: _("Sent back by %(name)s.") % name,
        GoalEventKind.AGREED: _("Agreed with %(name)s. Scale locked.") % name,
        GoalEventKind.CHANGED: _("Changed."),
        GoalEventKind.LET_GO: _("Let go."),
        GoalEventKind.TAKEN_UP: _("Taken up again."),
        GoalEventKind.REOPENED: _("Opened again."),
    }
    return words[kind]


def _scored(event: GoalEvent) -> str:
    old, new = event.details["score"]
    words = {"name": event.by.first_name, "new": SIGNS[new], "old": SIGNS.get(old, "")}
    if old is None:
        return _("Scored %(new)s by %(name)s.") % words
    return _("Score changed from %(old)s to %(new)s by %(name)s.") % words


def _changes(event: GoalEvent, plans: Mapping[int, str]) -> Iterator[Change]:
    labels = {
        "outcome": _("What will be different"),
        "why": _("Why it matters"),
        "due_on": _("By when"),
        "objective": _("Which objective it serves"),
        "focuses": _("Which plans move it"),
    }
    for name, label in labels.items():
        if name not in event.details:
            continue
        old, new = event.details[name]
        if name == "due_on":
            yield Change(label, _day(date.fromisoformat(old)), _day(date.fromisoformat(new)))
        elif name == "focuses":
            yield Change(label, _plans(old, plans), _plans(new, plans))
        else:
            yield Change(label, old or _("nothing"), new or _("nothing"))


def _plans(keys: list[int], plans: Mapping[int, str]) -> str:
    """The plans that the reader may see, and how many others there are."""
    seen = [plans[key] for key in keys if key in plans]
    hidden = len(keys) - len(seen)
    if hidden:
        seen.append(ngettext("one plan of their own", "%(count)d plans of their own", hidden) % {"count": hidden})
    return " ".join(seen) or _("none")


def _visible_plans(goal: Goal, reader: Membership) -> dict[int, str]:
    keys = {
        key
        for event in goal.events.all()
        for pair in [event.details.get("focuses")]
        if pair
        for key in [*pair[0], *pair[1]]
    }
    if not keys:
        return {}
    return {focus.pk: str(focus) for focus in Focus.objects.visible_to(reader).filter(pk__in=keys)}


def _day(on: date) -> str:
    return date_words(on, "MONTH_DAY_FORMAT")
