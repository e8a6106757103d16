"""Who in a cohort gets which step on a date, at what time, and why others get none. `cohorts.nudges.forecast` decides.

What has gone already, since it is that date for somebody, is read as it went.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.enrolment.roster import AFTER_Z
from cohorts.models import Clock, Cohort, Nudge, Organisation
from cohorts.models.mail import MailState, Reason
from cohorts.models.nudge import Channel
from cohorts.nudges.delivery import QuietHours
from cohorts.nudges.forecast import Forecast, Standing, Stopped, forecast
from cohorts.nudges.planner import cursor_of, path_of
from cohorts.schedule.date_words import date_words, fill, near_words
from cohorts.schedule.milestone_calendar import Diary
from cohorts.schedule.path import HORIZON, ONE_DAY, Calendar, Due, Rest, Span, StepSlot
from cohorts.schedule.time_zones import city
from cohorts.web.chips import Chip, address_of


class Show(StrEnum):
    """What a filter shows, as addresses name it."""

    ALL = ""
    MAIL = "mail"
    APP = "app"
    OFF = "off"
    AWAY = "away"
    STOPPED = "stopped"
    NONE = "none"


LABELS = {
    Show.ALL: gettext_lazy("All"),
    Show.MAIL: gettext_lazy("By mail"),
    Show.APP: gettext_lazy("In app only"),
    Show.OFF: gettext_lazy("Off"),
    Show.AWAY: gettext_lazy("Paused"),
    Show.STOPPED: gettext_lazy("Stopped"),
    Show.NONE: gettext_lazy("No step"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one leader's date: a tone of the kit, the words, and why."""

    show: Show
    tone: str
    words: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class GoingOut:
    """One leader and one date. Without `at`, which is in their own zone, nothing goes."""

    enrolment_id: int
    name: str
    city: str
    outcome: Outcome
    at: datetime | None = None
    day: int | None = None
    step_id: int | None = None

    @property
    def hour(self) -> time | None:
        """Without its zone, so that a page does not move it into the reader's."""
        return self.at.time() if self.at else None

    @property
    def collation(self) -> str:
        return self.name.casefold().translate(AFTER_Z)


@dataclass(frozen=True, slots=True)
class Sent:
    """A nudge of that date which is written already."""

    channel: str
    state: MailState
    reason: str
    at: datetime
    day: int
    step_id: int


@dataclass(frozen=True, slots=True)
class GoingOutFilters:
    """The filters of one request: `?day=&show=&q=`. Unknown values are ignored."""

    show: Show = Show.ALL
    q: str = ""
    is_today: bool = False

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> "GoingOutFilters":
        show = asked.get("show", "")
        return cls(
            show=Show(show) if show in list(Show) else Show.ALL,
            q=asked.get("q", "").strip()[:100],
            is_today=asked.get("day") == "today",
        )

    def apply(self, lines: Iterable[GoingOut]) -> list[GoingOut]:
        """By time, then by name; those without a step come last."""
        chosen = [line for line in lines if self._wants(line) and self.show in (Show.ALL, line.outcome.show)]
        by_name = sorted(chosen, key=lambda line: line.collation)
        return sorted(by_name, key=lambda line: (line.at is None, line.at.timestamp() if line.at else 0))

    def chips(self, lines: Iterable[GoingOut]) -> list[Chip]:
        found = [line for line in lines if self._wants(line)]
        counts = {show: sum(line.outcome.show == show for line in found) for show in Show} | {Show.ALL: len(found)}
        return [
            Chip(self._address(show), str(label), counts[show], show == self.show)
            for show, label in LABELS.items()
            if counts[show] or show in (Show.ALL, self.show)
        ]

    def kept(self) -> list[tuple[str, str]]:
        """What the address says besides the words searched for."""
        said = [("day", "today" if self.is_today else ""), ("show", str(self.show))]
        return [(name, word) for name, word in said if word]

    def _address(self, show: Show) -> str:
        said = [("day", "today" if self.is_today else ""), ("show", str(show)), ("q", self.q)]
        return address_of(said)

    def _wants(self, line: GoingOut) -> bool:
        return all(word in line.name.casefold() for word in self.q.casefold().split())


def going_out(cohort: Cohort, organisation: Organisation, diary: Diary, *, on: date, now: datetime) -> list[GoingOut]:
    """Everybody in a cohort on one date, each on their own calendar. Two queries however many there are."""
    here = Clock.objects.filter(enrolment__cohort=cohort, enrolment__left_on=None)
    written = _written(cohort, on)
    return [
        _line(clock, cohort, organisation, diary, written.get(clock.enrolment_id), on, now)
        for clock in here.select_related("enrolment__leader")
    ]


def standing_of(clock: Clock, organisation: Organisation, pauses: tuple[Span, ...]) -> Standing:
    """Where one leader is, as the engine would read it. Their enrolment, cohort and membership are read already."""
    enrolment = clock.enrolment
    leader = enrolment.leader
    return Standing(
        path=path_of(enrolment, organisation, pauses),
        cursor=cursor_of(clock),
        planned=_planned(clock),
        channels=frozenset(enrolment.channels),
        quiet=QuietHours(organisation.quiet_from, organisation.quiet_until),
        is_finished=clock.is_finished,
        stopped=_stopped(clock),
        has_left=leader.left_at is not None or leader.suspended_at is not None,
        last_log_on=enrolment.last_log_on,
    )


def _planned(clock: Clock) -> Due | None:
    if clock.next_at is None or clock.next_on is None:
        return None
    slot = StepSlot(clock.next_step_id or 0, clock.next_step_day or 0)
    return Due(clock.next_on, clock.next_day or 0, slot, clock.is_next_core, clock.next_at)


def _stopped(clock: Clock) -> Stopped | None:
    if not clock.is_held:
        return None
    return Stopped.SUSPENDED if clock.enrolment.cohort.is_sending else Stopped.HELD


def _written(cohort: Cohort, on: date) -> dict[int, Sent]:
    """By enrolment what is written for a date already; the mail where there is one."""
    nudges = Nudge.objects.filter(enrolment__cohort=cohort, on=on).order_by("channel")
    columns = ("enrolment_id", "channel", "state", "reason", "due_at", "day", "step_id")
    return {
        key: Sent(channel, MailState(state), reason, at, day, step_id)
        for key, channel, state, reason, at, day, step_id in nudges.values_list(*columns)
    }


def _line(
    clock: Clock,
    cohort: Cohort,
    organisation: Organisation,
    diary: Diary,
    sent: Sent | None,
    on: date,
    now: datetime,
) -> GoingOut:
    enrolment = clock.enrolment
    enrolment.cohort = cohort
    place = "" if enrolment.zone == cohort.zone else city(str(enrolment.zone))
    if sent is not None:
        at = sent.at.astimezone(enrolment.zone)
        return GoingOut(enrolment.pk, enrolment.leader.name, place, _as_sent(sent), at, sent.day, sent.step_id)
    standing = standing_of(clock, organisation, diary.days_away(cohort, enrolment.pk))
    found = forecast(standing, on, now)
    outcome = _in_words(found, standing.path.calendar, on)
    if found.due is None:
        return GoingOut(enrolment.pk, enrolment.leader.name, place, outcome)
    at = found.due.at.astimezone(enrolment.zone)
    return GoingOut(enrolment.pk, enrolment.leader.name, place, outcome, at, found.due.day, found.due.slot.key)


def _as_sent(sent: Sent) -> Outcome:
    show = Show.MAIL if sent.channel == Channel.MAIL else Show.APP
    if sent.state == MailState.SENT:
        words = _("Sent") if show is Show.MAIL else _("In app only")
        return Outcome(show, "good" if show is Show.MAIL else "app", words)
    why = Reason(sent.reason).label if sent.reason else ""
    tone = "waiting" if sent.state in (MailState.DUE, MailState.SENDING) else "quiet"
    return Outcome(show, tone, str(sent.state.label), str(why))


def _in_words(found: Forecast, calendar: Calendar, on: date) -> Outcome:
    if found.due is None:
        return RESTS[found.rest or Rest.NOTHING](found, calendar, on)
    if found.by_mail:
        return Outcome(Show.MAIL, "waiting", _("By mail"))
    return Outcome(Show.APP, "app", _("In app only"), str(found.no_mail.label) if found.no_mail else "")


def _ahead(_found: Forecast, calendar: Calendar, on: date) -> Outcome:
    return Outcome(Show.NONE, "waiting", fill(_("Begins %(day)s"), {"day": near_words(calendar.day1, on)}))


def _away(_found: Forecast, calendar: Calendar, on: date) -> Outcome:
    last = date_words(calendar.back_on(on) - ONE_DAY, "MONTH_DAY_FORMAT")
    return Outcome(Show.AWAY, "paused", _("Paused"), fill(_("to %(date)s"), {"date": last}))


def _no_step(found: Forecast, _calendar: Calendar, on: date) -> Outcome:
    why = fill(_("next %(day)s"), {"day": near_words(found.following.on, on)}) if found.following else ""
    return Outcome(Show.NONE, "quiet", _("No step"), why)


RESTS: dict[Rest | Stopped, Callable[[Forecast, Calendar, date], Outcome]] = {
    Stopped.HELD: lambda *_asked: Outcome(Show.STOPPED, "paused", _("Held"), _("sending is off")),
    Stopped.SUSPENDED: lambda *_asked: Outcome(Show.STOPPED, "paused", _("Suspended")),
    Stopped.LATE: lambda *_asked: Outcome(Show.STOPPED, "quiet", str(Reason.TOO_LATE.label)),
    Rest.OVER: lambda *_asked: Outcome(Show.NONE, "good", _("Completed")),
    Rest.AHEAD: _ahead,
    Rest.AWAY: _away,
    Rest.OFF: lambda _found, calendar, on: Outcome(Show.OFF, "off", _("Day off"), _back(calendar, on)),
    Rest.HOLIDAY: lambda _found, calendar, on: Outcome(Show.OFF, "off", _("Public holiday"), _back(calendar, on)),
    Rest.SPACED: _no_step,
    Rest.NOTHING: _no_step,
}


def _back(calendar: Calendar, on: date) -> str:
    ahead = (on + timedelta(days=later) for later in range(1, HORIZON.days))
    back = next((each for each in ahead if calendar.is_open(each)), None)
    return fill(_("back %(day)s"), {"day": near_words(back, on)}) if back else ""
