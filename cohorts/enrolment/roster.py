"""The roster of a cohort: one line per leader, as an admin may see it. Never what somebody wrote.

However many leaders there are, it takes four queries.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Enrolment, Invitation, Nudge, Organisation
from cohorts.models.nudge import Channel, NudgeState, Reason
from cohorts.schedule.calendars import calendar_of, pauses_by_enrolment
from cohorts.schedule.inactivity import has_gone_quiet
from cohorts.schedule.path import LENGTH, Calendar

TROUBLE = {NudgeState.FAILED, NudgeState.AMBIGUOUS}
AFTER_Z = str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"})


@dataclass(frozen=True, slots=True)
class TodaysNudge:
    """What became of a leader's nudge on their own today: by mail, or in the app where mails are off."""

    state: NudgeState
    reason: str

    @property
    def label(self) -> str:
        words = Reason(self.reason).label if self.reason else NudgeState(self.state).label
        return str(words)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One leader: where they are, and whether somebody should look after them."""

    enrolment_id: int
    name: str
    email: str
    sponsor_id: int | None
    sponsor_name: str
    day: int
    last_practice_on: date | None
    nudge: TodaysNudge | None
    invitation_failure: str
    is_waiting: bool
    is_quiet: bool
    is_paused: bool
    has_left: bool

    @property
    def has_failed(self) -> bool:
        return bool(self.invitation_failure) or (self.nudge is not None and self.nudge.state in TROUBLE)

    @property
    def is_done(self) -> bool:
        return self.day > LENGTH

    @property
    def status(self) -> tuple[str, str | Promise]:
        """What matters most about them now: a tone of the kit and its words."""
        for applies, tone, words in (
            (self.has_left, "quiet", _("Left")),
            (self.has_failed, "trouble", _("Mail failed")),
            (self.is_paused, "paused", _("Away")),
            (self.is_waiting, "waiting", _("Not come in yet")),
            (self.is_quiet, "asks", _("Gone quiet")),
            (self.day < 1, "waiting", _("Not begun")),
            (self.is_done, "good", _("Ninety days done")),
        ):
            if applies:
                return tone, words
        return "good", _("Under way")

    @property
    def collation(self) -> str:
        """The name in alphabetical order, æ ø å last."""
        return self.name.casefold().translate(AFTER_Z)


@dataclass(frozen=True, slots=True)
class Sending:
    """How many nudges of today are in one state, and why."""

    state: NudgeState
    count: int
    reasons: tuple[tuple[str, int], ...]


def roster_of(cohort: Cohort, organisation: Organisation, now: datetime) -> list[RosterLine]:
    """Every leader of a cohort by name, those who left included."""
    enrolments = list(cohort.enrolments.select_related("leader__person", "sponsor").order_by("leader__name", "pk"))
    for enrolment in enrolments:
        enrolment.cohort = cohort
    pauses = pauses_by_enrolment(enrolments)
    nudges, waiting = _nudges_around(cohort, now.date()), _open_invitations(cohort)
    return [
        _line(
            enrolment,
            calendar_of(enrolment, organisation, pauses.get(enrolment.pk, ())),
            now.astimezone(enrolment.zone).date(),
            nudges,
            waiting,
        )
        for enrolment in enrolments
    ]


def sendings(lines: Iterable[RosterLine]) -> list[Sending]:
    """Today's nudges by state, in the order of the states; states without any are left out."""
    nudges = [line.nudge for line in lines if line.nudge is not None]
    counts = Counter(nudge.state for nudge in nudges)
    reasons = Counter((nudge.state, nudge.reason) for nudge in nudges if nudge.reason)
    return [Sending(state, counts[state], tuple(_reasons(reasons, state))) for state in NudgeState if counts[state]]


def _reasons(reasons: Counter[tuple[NudgeState, str]], state: NudgeState) -> Iterable[tuple[str, int]]:
    return ((str(Reason(reason).label), count) for (of, reason), count in reasons.most_common() if of == state)


Nudges = dict[tuple[int, date], TodaysNudge]


def _nudges_around(cohort: Cohort, today: date) -> Nudges:
    """By enrolment and local date, a day to each side for other zones; the mail where there is one."""
    near = Nudge.objects.filter(
        enrolment__cohort=cohort, on__range=(today - timedelta(days=1), today + timedelta(days=1))
    )
    in_app_first = near.order_by("channel").values_list("enrolment_id", "on", "channel", "state", "reason")
    found: Nudges = {}
    for enrolment_id, on, channel, state, reason in in_app_first:
        if channel == Channel.MAIL or (enrolment_id, on) not in found:
            found[enrolment_id, on] = TodaysNudge(NudgeState(state), reason)
    return found


def _open_invitations(cohort: Cohort) -> dict[int, str]:
    """By leader who has not come in: why their invitation failed, empty when it did not."""
    waiting = Invitation.objects.filter(membership__enrolments__cohort=cohort, accepted_at=None, revoked_at=None)
    return dict(waiting.values_list("membership_id", "failure"))


def _line(enrolment: Enrolment, calendar: Calendar, today: date, nudges: Nudges, waiting: dict[int, str]) -> RosterLine:
    has_left = enrolment.left_on is not None
    return RosterLine(
        enrolment_id=enrolment.pk,
        name=enrolment.leader.name,
        email=enrolment.leader.person.email,
        sponsor_id=enrolment.sponsor_id,
        sponsor_name=enrolment.sponsor.name if enrolment.sponsor else "",
        day=calendar.day(today),
        last_practice_on=enrolment.last_practice_on,
        nudge=nudges.get((enrolment.pk, today)),
        invitation_failure=waiting.get(enrolment.leader_id, ""),
        is_waiting=not has_left and enrolment.leader_id in waiting,
        is_quiet=not has_left and has_gone_quiet(calendar, enrolment.last_practice_on, today),
        is_paused=not has_left and calendar.is_paused(today),
        has_left=has_left,
    )
