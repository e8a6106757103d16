"""What an admin sees of a round: where it is, and which groups can be shown. Never who answered, never how many."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cohorts.models import Cohort
from cohorts.models.mail import TROUBLE, Reason
from cohorts.schedule.milestone_calendar import milestones_of
from cohorts.schedule.time_zones import local_date
from cohorts.web.language import page_language
from feedback360.models import RaterMail, Relation, Request, RequestState, Round, State, Subject
from feedback360.rounds.groups import COLLEAGUES, PEER, TEAM, needed, plan_groups
from feedback360.rounds.moments import LEAVES_AT
from feedback360.rounds.rater_rules import NOMINATED, is_anybody_asked
from feedback360.rounds.round_status import RoundStatus
from feedback360.rounds.timetable import FOLLOW_UP, INSTANTS, OWN
from feedback360.rounds.transitions import MOVES, By

NEXT = {before: after for before, after in MOVES if after != State.CANCELLED}


@dataclass(frozen=True, slots=True)
class Moment:
    """One date of a round's timeline. `tone` and `icon` are the kit's."""

    label: str
    at: datetime
    tone: str
    icon: str
    is_next: bool


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round of a cohort."""

    round: Round
    title: str
    status: RoundStatus
    moments: list[Moment]
    is_next_asked_for: bool  # its instant has come, and the engine is about to make the move

    @property
    def next(self) -> Moment | None:
        return next((moment for moment in self.moments if moment.is_next), None)


@dataclass(frozen=True, slots=True)
class LeaderLine:
    """One leader of a round: before launch what the list leads to, then only open or enough."""

    subject: Subject
    sentence: str
    status: RoundStatus


@dataclass(frozen=True, slots=True)
class FailedMail:
    """A mail to a rater that did not arrive."""

    name: str
    email: str
    reason: str


def title_of(round_: Round, cohort: Cohort) -> str:
    """The name of the live event it belongs to, in the language of the page."""
    if round_.key == FOLLOW_UP:
        return _("360: half a year on")
    if round_.key.startswith(OWN):
        return _("360 of %(day)s") % {"day": date_format(local_date(round_.opens_at, cohort.zone), "MONTH_DAY_FORMAT")}
    named = (milestone for slot, milestone in milestones_of(round_.organisation_id, cohort.version_id))
    found = next((each for each in named if each.key == round_.key), None)
    return found.in_language(page_language()).title if found else _("360")


def line_of(round_: Round, cohort: Cohort, now: datetime) -> RoundLine:
    upcoming = LEAVES_AT.get(round_.state)
    moments = [_moment(name, label, round_, upcoming) for name, label in _labels().items()]
    is_due = upcoming is not None and getattr(round_, upcoming) <= now
    return RoundLine(round_, title_of(round_, cohort), status_of(round_), moments, is_due)


def status_of(round_: Round) -> RoundStatus:
    tones = {
        State.DRAFT: "quiet",
        State.NOMINATING: "asks",
        State.COLLECTING: "waiting",
        State.CLOSED: "paused",
        State.RELEASED: "good",
        State.CANCELLED: "off",
    }
    return RoundStatus(tones[State(round_.state)], str(State(round_.state).label))


def leaders_of(round_: Round, subjects: Iterable[Subject]) -> list[LeaderLine]:
    """In one query for all of them."""
    subjects = list(subjects)
    counts = _counts(subjects) if round_.state == State.NOMINATING else {}
    return [
        _before_launch(round_, subject, counts.get(subject.pk, Counter()))
        if round_.state == State.NOMINATING
        else _after_launch(subject)
        for subject in subjects
    ]


def failed_mails(round_: Round) -> list[FailedMail]:
    """Raters who were not reached. Not counted as invited where more people are asked for.

    Reminders are left out: they go to those who have not answered, so one that failed would name somebody who has not.
    """
    mails = RaterMail.objects.filter(rater__round=round_, rater__erased_at=None, state__in=TROUBLE)
    mails = mails.exclude(kind=RaterMail.Kind.REMINDER)
    first = mails.select_related("rater").order_by("rater__name", "rater", "-pk").distinct("rater__name", "rater")
    return [FailedMail(mail.rater.name, mail.rater.email, str(Reason(mail.reason).label)) for mail in first]


def _labels() -> dict[str, str]:
    return {
        "nominates_at": _("Leaders choose raters"),
        "opens_at": _("Opens for answers"),
        "reminds_at": _("Raters are asked to answer by"),
        "closes_at": _("Closes"),
        "releases_at": _("Reports are released"),
    }


def _moment(name: str, label: str, round_: Round, upcoming: str | None) -> Moment:
    is_over = round_.state == State.RELEASED or (
        upcoming is not None and INSTANTS.index(name) < INSTANTS.index(upcoming) and name != "reminds_at"
    )
    is_over = is_over or (name == "reminds_at" and upcoming == "releases_at")
    if is_over:
        return Moment(label, getattr(round_, name), "good", "check", is_next=False)
    return Moment(label, getattr(round_, name), "waiting" if name == upcoming else "quiet", "clock", name == upcoming)


def _counts(subjects: Iterable[Subject]) -> dict[int, Counter[tuple[str, bool]]]:
    """By subject: how many are on the list, by relation and whether they are approved."""
    rows = Request.objects.filter(
        subject__in=[subject.pk for subject in subjects],
        relation__in=NOMINATED,
        state__in=[RequestState.PROPOSED, RequestState.APPROVED],
        rater__erased_at=None,
    )
    found: dict[int, Counter[tuple[str, bool]]] = defaultdict(Counter)
    for row in rows.values("subject", "relation", "state").order_by().annotate(count=Count("pk")):
        found[row["subject"]][row["relation"], row["state"] == RequestState.APPROVED] += row["count"]
    return found


def _before_launch(round_: Round, subject: Subject, counts: Counter[tuple[str, bool]]) -> LeaderLine:
    team, peers = counts[Relation.TEAM, True], counts[Relation.PEER, True]
    waiting = counts[Relation.TEAM, False] + counts[Relation.PEER, False]
    people = {
        "team": ngettext("%(count)d team member", "%(count)d team members", team) % {"count": team},
        "peers": ngettext("%(count)d peer", "%(count)d peers", peers) % {"count": peers},
    }
    sentence = _("Approved: %(team)s, %(peers)s") % people
    if waiting:
        more = ngettext("%(count)d waits for approval", "%(count)d wait for approval", waiting)
        sentence = f"{sentence} · {more % {'count': waiting}}"
    planned = plan_groups({TEAM: team, PEER: peers}, threshold=round_.threshold, response_rate=round_.response_rate)
    missing = needed(threshold=round_.threshold, response_rate=round_.response_rate) - team - peers
    return LeaderLine(subject, sentence, _outlook(planned, missing, waiting))


def _outlook(planned: dict[str, str], missing: int, waiting: int) -> RoundStatus:
    if COLLEAGUES in planned.values():
        return RoundStatus("good", _("Shown together"))
    if planned[TEAM] and planned[PEER]:
        return RoundStatus("good", _("Two groups shown"))
    if planned[TEAM] or planned[PEER]:
        return RoundStatus("good", _("One group shown"))
    if waiting >= missing:
        return RoundStatus("asks", _("Needs approval"))
    return RoundStatus("asks", ngettext("%(count)d more needed", "%(count)d more needed", missing) % {"count": missing})


def _after_launch(subject: Subject) -> LeaderLine:
    shown = {"team": _("team"), "peers": _("peers"), COLLEAGUES: _("team and peers together"), "manager": _("manager")}
    asked = [words for group, words in shown.items() if group in subject.groups.values()]
    sentence = _("Asked: %(groups)s") % {"groups": ", ".join([*asked, _("the leader")])}
    if subject.withdrawn_at is not None:
        return LeaderLine(subject, sentence, RoundStatus("off", _("No longer takes part")))
    if subject.round.state == State.COLLECTING:
        status = _of_open_round(subject)
    else:
        status = status_of(subject.round) if subject.round.state == State.RELEASED else _closed()
    return LeaderLine(subject, sentence, status)


def _of_open_round(subject: Subject) -> RoundStatus:
    if not is_anybody_asked(subject):
        return RoundStatus("asks", _("Too few raters"))
    return RoundStatus("good", _("Enough answers")) if subject.has_enough else RoundStatus("waiting", _("Open"))


def _closed() -> RoundStatus:
    return RoundStatus("paused", pgettext("a round", "Closed"))


def acts_of(round_: Round) -> tuple[str, str]:
    """The next state an admin may bring forward and the words of the button; empty when there is none."""
    labels = {
        State.NOMINATING: _("Begin choosing now"),
        State.COLLECTING: _("Open now"),
        State.CLOSED: _("Close now"),
        State.RELEASED: _("Release now"),
    }
    after = NEXT.get(round_.state)
    if after is None or By.ADMIN not in MOVES[round_.state, after]:
        return "", ""
    return after, labels[State(after)]
