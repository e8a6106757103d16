"""Who needs a sponsor this week, and why: one reason a person, the first that fits. It never counts missed days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coaching.sponsoring.for_sponsor import Sponsoring
from cohorts.enrolment.attention import names_of
from cohorts.models import Milestone
from cohorts.schedule.date_words import date_words, fill
from programme.sponsor.overview import Coming, LeaderLine, Overview

SOON = timedelta(days=2)  # from when a talk that is due soon is a reason
MAX_NEEDS = 12
WITH_SPONSOR = frozenset(
    {
        Milestone.Kind.KICK_OFF,
        Milestone.Kind.THREE_WAY_TALK,
        Milestone.Kind.HALFWAY_REVIEW,
        Milestone.Kind.CLOSING,
    }
)


@dataclass(frozen=True)
class Need:
    """One person, why they need the sponsor, and the small act that helps."""

    line: LeaderLine
    why: str
    url: str
    act: str


def needs_of(overview: Overview) -> tuple[list[Need], str]:
    """Most pressing first, and a sentence about everybody else."""
    found: list[tuple[int, Need]] = []
    others: list[str] = []
    events = [item for item in overview.coming if item.event.kind in _labels()]
    for line in overview.lines:
        reason = _reason(line, events)
        if reason is None:
            others.append(line.name)
        else:
            found.append(reason)
    found.sort(key=lambda each: each[0])
    needs = [need for _rank, need in found]
    return needs[:MAX_NEEDS], _rest([*(need.line.name for need in needs[MAX_NEEDS:]), *others], is_all=not needs)


def _labels() -> set[str]:
    return {str(kind.label) for kind in WITH_SPONSOR}


def _reason(line: LeaderLine, events: Iterable[Coming]) -> tuple[int, Need] | None:
    if line.sponsoring.is_handed_on:
        return None
    return next(_reasons(line, events), None)


def _reasons(line: LeaderLine, events: Iterable[Coming]) -> Iterator[tuple[int, Need]]:
    """With their rank."""
    yield from _questions(line)
    if line.is_away or line.is_done:
        return
    yield from _dates(line, events)
    yield from _quiet(line)


def _questions(line: LeaderLine) -> Iterator[tuple[int, Need]]:
    """What the leader waits for."""
    for question in line.sponsoring.questions[:1]:
        why = _("Asked you: “%(question)s”") % {"question": question.text}
        yield 0, Need(line, why, reverse("ask_answer", args=[question.pk]), pgettext("do it", "Answer"))
    for goal in line.goals.proposed:
        why = _("Proposes a goal: “%(goal)s”") % {"goal": goal.outcome}
        yield 0, Need(line, why, reverse("goal_answer", args=[goal.pk]), pgettext("do it", "Answer"))
    for goal in line.goals.unscored:
        why = _("Has closed “%(goal)s”. What step did it reach?") % {"goal": goal.outcome}
        yield 1, Need(line, why, reverse("goal", args=[goal.pk]), pgettext("go there", "Open"))


def _dates(line: LeaderLine, events: Iterable[Coming]) -> Iterator[tuple[int, Need]]:
    for item in events:
        if item.event.on == line.today and line.enrolment.pk in item.enrolment_ids:
            why = _("%(event)s is today.") % {"event": item.event.text.title}
            yield 1, Need(line, why, reverse("leader", args=[line.enrolment.pk]), pgettext("go there", "Open"))
    due = line.sponsoring.talk_due_on
    if line.has_begun and due and due <= line.today + SOON:
        yield 2, Need(line, _("It is time for your next 1:1."), _talk_url(line.sponsoring), _("Find a time"))


def _quiet(line: LeaderLine) -> Iterator[tuple[int, Need]]:
    """What has been left alone, people before goals."""
    if line.is_quiet and line.last_practice_on:
        why = _("It has gone quiet. A hello helps more than a question.")
        yield 3, Need(line, why, _time_url(line), _("Offer time"))
    if line.is_quiet:
        why = _("Has not got going yet. It is often the floor that is busy.")
        yield 4, Need(line, why, _time_url(line), _("Offer time"))
    for goal in line.goals.untouched:
        words = {"goal": goal.outcome, "date": date_words(goal.since, "MONTH_DAY_FORMAT")}
        why = fill(_("Nobody has touched “%(goal)s” since %(date)s. Ask what changed."), words)
        yield 5, Need(line, why, reverse("goal", args=[goal.pk]), pgettext("go there", "Open"))


def _talk_url(sponsoring: Sponsoring) -> str:
    return reverse("session_new", args=[sponsoring.pairing])


def _time_url(line: LeaderLine) -> str:
    return reverse("time_new", args=[line.enrolment.pk])


def _rest(names: list[str], *, is_all: bool) -> str:
    if not names:
        return ""
    if is_all:
        return _("Nobody waits for you right now.")
    if len(names) == 1:
        return _("%(name)s is on the way.") % {"name": names[0]}
    return _("%(names)s are on their way.") % {"names": names_of(names)}
