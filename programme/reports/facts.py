"""What each copy of the report says.

| | leader's own | sponsor's | admin's |
|---|---|---|---|
| day, practice rates, regularity, sustainment | yes | yes | yes |
| days and weeks of practice, drawn | yes | yes | yes |
| focuses as if-then plans, with the history of their dials | yes | those shared | how many weeks at which dial |
| goals with scale, chart, attainment and story | yes | yes, without lines and decisions | how many, and reviews held |
| talks held of planned, actions done by their date | with everybody | with this sponsor | with everybody |
| visits with the sheets before and after | yes | yes | yes |
| what the sponsor did, as the leader confirmed it | yes | no: their own page has it over all leaders | no |
| debrief rate: it rests on private reflections, too | yes | no | no |
| reflections | the latest, all four parts | how many were shared with them; the text is read in the app | no |
| where a practice was, the leader's own line | no | no | no |
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from django.utils.translation import gettext as _

from coaching.meetings.figures import talks_of
from coaching.sponsoring.figures import sponsor_figures
from coaching.visiting.figures import visits_with_sheets
from cohorts.models import Organisation
from goals.dial_rules import Setting
from goals.models import Focus, Level, Practice, Reflection
from programme.models import Report
from programme.progress import sentences
from programme.progress.charts import Strip, WeeklyLine, strip_of, weekly_line_of
from programme.progress.leader_progress import Progress, progress_of
from programme.progress.measures import Attempt, Debrief, Transparency, debrief_rate
from programme.reports.goal_facts import GoalsFacts, goals_of

# At most two pages of reflections, so that the report has at most four and its goals. The rest can be read in the app.
MAX_REFLECTIONS = 12
MAX_REFLECTION_CHARACTERS = 5200
CHARACTERS_AROUND = 320  # space of one reflection's headings, in characters
MAX_TURNS = 6
WEIGHTS = "v1"


@dataclass(frozen=True)
class Headline:
    """A number, never shown without its sentence."""

    label: str
    number: str
    sentence: str


@dataclass(frozen=True)
class Turn:
    """A period at one dial setting."""

    level: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class FocusFacts:
    """A focus and its dial settings; `earlier` counts those left out."""

    plan: str
    behaviour: str
    started_on: date
    archived_on: date | None
    turns: tuple[Turn, ...]
    earlier: int


@dataclass(frozen=True)
class Facts:
    """Everything one copy prints; what it may not show is not in here."""

    copy: Report.Copy
    house: Organisation
    leader: str
    cohort: str
    curriculum: str
    on: date
    day: int
    starts_on: date
    ends_on: date
    headlines: tuple[Headline, ...]
    strip: Strip
    line: WeeklyLine | None
    dial: Transparency
    reserve_starts: tuple[date, ...]
    focuses: tuple[FocusFacts, ...]
    goals: GoalsFacts
    reflections: tuple[Reflection, ...]
    reflection_count: int
    shared_count: int
    practice_count: int

    @property
    def is_own(self) -> bool:
        return self.copy == Report.Copy.OWN

    @property
    def is_sponsors(self) -> bool:
        return self.copy == Report.Copy.SPONSOR

    @property
    def weights(self) -> str:
        return WEIGHTS


def facts_of(report: Report, organisation: Organisation) -> Facts:
    """Collect this report's facts as of the date it was requested, in the active language."""
    progress = progress_of(report.enrolment, organisation=organisation, today=report.on)
    copy, enrolment = Report.Copy(report.copy), report.enrolment
    is_own, sees_plans = copy is Report.Copy.OWN, copy is not Report.Copy.ADMIN
    reflections = _reflections(report) if is_own else ()
    return Facts(
        copy=copy,
        house=organisation,
        leader=enrolment.leader.name,
        cohort=enrolment.cohort.name,
        curriculum=enrolment.cohort.version.title_in(report.language),
        on=report.on,
        day=progress.day,
        starts_on=enrolment.day1_on,
        ends_on=progress.calendar.date_of(90),
        headlines=(
            *_headlines(progress),
            *([_debriefs(report, reflections)] if is_own else []),
            *_talks(report),
            _visits(report),
            *([_support(report, organisation)] if is_own else []),
        ),
        strip=strip_of(progress),
        line=weekly_line_of(progress),
        dial=progress.dial,
        reserve_starts=tuple(start for start, _end in progress.reserve if start <= report.on),
        focuses=tuple(_focus(focus, report.on) for focus in _plans(report, progress)) if sees_plans else (),
        goals=goals_of(report),
        reflections=_that_fit(reflections),
        reflection_count=len(reflections),
        shared_count=_shared(report) if copy is Report.Copy.SPONSOR else 0,
        practice_count=len(progress.done),
    )


def _headlines(progress: Progress) -> list[Headline]:
    rate, with_reserve = progress.practice_rate, progress.practice_rate_with_reserve
    regular, sustained = progress.regularity, progress.sustainment
    second = Headline(
        _("With reserve weeks"), sentences.percent(with_reserve), sentences.practice_rate_with_reserve(with_reserve)
    )
    return [
        Headline(_("Practice rate"), sentences.percent(rate), sentences.practice_rate(rate)),
        *([second] if sentences.percent(with_reserve) != sentences.percent(rate) else []),
        Headline(_("Weeks with practice"), sentences.part(regular), sentences.regularity(regular)),
        Headline(_("Sustainment"), sentences.ratio(sustained), sentences.sustainment(sustained)),
    ]


def _debriefs(report: Report, reflections: tuple[Reflection, ...]) -> Headline:
    attempts = Practice.objects.filter(enrolment=report.enrolment_id, did_it=True, on__lte=report.on)
    whole = [each for each in reflections if each.tried and each.happened and each.learned and each.next]
    rate = debrief_rate(
        [Attempt(*row) for row in attempts.values_list("on", "logged_at")],
        [Debrief(each.on, each.written_at) for each in whole],
        report.asked_at,
    )
    return Headline(_("Debriefed"), sentences.percent(rate), sentences.debrief_rate(rate))


def _talks(report: Report) -> list[Headline]:
    """What came of 1:1s. A sponsor's copy counts their own talks: that there are others is not theirs to know."""
    enrolment = report.enrolment
    partner = enrolment.sponsor if report.copy == Report.Copy.SPONSOR else None
    figures = talks_of(enrolment.leader, since=enrolment.day1_on, on=report.on, partner=partner)
    return [
        Headline(_("Talks"), sentences.some_of(figures.held, figures.planned), sentences.talks(figures)),
        Headline(_("Actions"), sentences.some_of(figures.done_in_time, figures.due), sentences.actions(figures)),
    ]


def _visits(report: Report) -> Headline:
    figures = visits_with_sheets(report.enrolment, now=report.asked_at)
    return Headline(_("Visits"), sentences.some_of(figures.with_sheets, figures.visits), sentences.visits(figures))


def _support(report: Report, organisation: Organisation) -> Headline:
    """What the leader confirmed of their sponsor's part: theirs to see, and nobody else's as one sponsor's number."""
    figures = sponsor_figures(report.enrolment, organisation=organisation, now=report.asked_at)
    return Headline(_("Sponsor’s part"), sentences.of_hundred(figures.follow_through), sentences.support(figures))


def _reflections(report: Report) -> tuple[Reflection, ...]:
    """The leader's own reflections, newest first, through `visible_to`."""
    readable = Reflection.objects.visible_to(report.asked_by).naming_reader()
    return tuple(readable.filter(enrolment=report.enrolment_id, on__lte=report.on).order_by("-on", "-pk"))


def _plans(report: Report, progress: Progress) -> list[Focus]:
    """All of the leader's own copy; in their sponsor's, those that name this very sponsor."""
    readable = Focus.objects.visible_to(report.asked_by).filter(enrolment=report.enrolment_id)
    keys = set(readable.values_list("pk", flat=True))
    return [focus for focus in progress.focuses if focus.pk in keys]


def _shared(report: Report) -> int:
    shared = Reflection.objects.visible_to(report.asked_by).filter(enrolment=report.enrolment_id)
    return shared.filter(on__lte=report.on).count()


def _that_fit(reflections: tuple[Reflection, ...]) -> tuple[Reflection, ...]:
    """The latest that fit; always at least one."""
    room, fitting = MAX_REFLECTION_CHARACTERS, list[Reflection]()
    for each in reflections[:MAX_REFLECTIONS]:
        room -= CHARACTERS_AROUND + sum(map(len, (each.tried, each.happened, each.learned, each.next)))
        if fitting and room < 0:
            break
        fitting.append(each)
    return tuple(fitting)


def _focus(focus: Focus, today: date) -> FocusFacts:
    turns = _stretches([setting for setting in focus.settings if setting.starts_on <= today])
    return FocusFacts(
        plan=str(focus),
        behaviour=focus.behaviour_label,
        started_on=focus.started_on,
        archived_on=focus.archived_on,
        turns=tuple(turns[-MAX_TURNS:]),
        earlier=max(len(turns) - MAX_TURNS, 0),
    )


def _stretches(settings: list[Setting]) -> list[Turn]:
    """The period of each setting; of two on one day the later counts."""
    turns = list[Turn]()
    for setting, after in zip_longest(settings, settings[1:]):
        if after is None:
            ends_on = setting.ends_on
        elif after.starts_on <= setting.starts_on:
            continue
        else:
            ends_on = min(filter(None, [setting.ends_on, after.starts_on - timedelta(days=1)]))
        turns.append(Turn(str(Level(setting.level).label), setting.starts_on, ends_on))
    return turns
