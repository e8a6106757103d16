"""How a demo organisation sets objectives, teams make theirs, and figures come in: through the actions of real ones.

The admin writes what the organisation and customer service are for. A leader names a team, writes its charter, follows
two KPIs whose past forty weeks are entered at once, makes two objectives with the team, shows them by the link, hears
what the members say, and agrees them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import translation

from cohorts.models import Enrolment, Membership, Organisation
from cohorts.schedule.time_zones import local_date
from goals.figures.actions.annotating import note_week, rebase
from goals.figures.actions.entering import Counted, enter_day
from goals.figures.actions.following import follow
from goals.figures.actions.kpis import KpiWords, MethodWords, define_kpi, write_method
from goals.models import (
    Better,
    Course,
    Family,
    Followed,
    Kpi,
    Objective,
    ObjectiveState,
    Place,
    Team,
    TeamLink,
    Unit,
    VoiceKind,
)
from goals.objectives.actions.agreeing import agree_objective, show_to_team
from goals.objectives.actions.progress import enter_reading, mark_milestone
from goals.objectives.actions.taking_part import note_voice, save_parts
from goals.objectives.actions.writing import write_objective
from goals.objectives.facts import ObjectiveFacts
from goals.reserve import monday_of
from goals.teams.actions.charters import save_charter
from goals.teams.actions.links import make_link
from goals.teams.actions.teams import add_members, name_team
from goals.teams.actions.voices import answer_by_link
from programme.demo import teams_words as words
from programme.demo.acting import first_admin
from programme.demo.people import Company

WEEKS_BEFORE = 34  # of figures before day 1; with the weeks since then about forty
SHIFT_BEFORE = timedelta(weeks=8)  # before day 1 the first team changed its way of working, and its figures with it
FIRST_MILESTONE_WEEK = 2
LASTS = timedelta(weeks=20)
TEAMS_WITH_OBJECTIVES = 3
WORKDAYS = 5


@dataclass(frozen=True, slots=True)
class _Evening:
    company: Company
    organisation: Organisation
    day1_on: date
    on: date
    now: datetime

    @property
    def language(self) -> str:
        return self.company.language

    def key(self, about: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"{about} {self.company.slug}")

    def is_day(self, number: int) -> bool:
        """Whether the programme is exactly so many days past day 1."""
        return self.on == self.day1_on + timedelta(days=number)


def draw_line(company: Company, organisation: Organisation, now: datetime) -> None:
    """One evening in the open organisation."""
    leaders = list(Enrolment.objects.active().select_related("leader__person", "cohort").order_by("pk"))
    if not leaders:
        return
    evening = _Evening(company, organisation, leaders[0].cohort.day1_on, local_date(now, organisation.zone), now)
    with translation.override(company.language):
        if evening.is_day(0):
            _set_out(evening)
        if evening.is_day(1):
            for number, enrolment in enumerate(leaders):
                _begin(number, enrolment.leader, evening)
        for team in Team.objects.select_related("leader__person").order_by("pk"):
            _live(team, evening)


def _set_out(evening: _Evening) -> None:
    """What admins write: KPIs with their method, and the objectives of the organisation and of customer service."""
    admin, language = first_admin(), evening.language
    from_on = monday_of(evening.day1_on) - timedelta(weeks=WEEKS_BEFORE)
    fcr = define_kpi(
        words=KpiWords(words.FCR[language], Family.FCR, Unit.SHARE, Better.UP, *words.FCR_COUNTED[language]),
        by=admin,
        now=evening.now,
    )
    write_method(
        kpi=fcr,
        method=MethodWords(
            words.FCR_METHOD[language],
            from_on,
            7,
            words.SAME_MATTER[language],
            words.CHANNELS[language],
            words.SOURCE[language],
        ),
        by=admin,
        now=evening.now,
    )
    aht = define_kpi(
        words=KpiWords(words.AHT[language], Family.AHT, Unit.SECONDS, Better.DOWN, *words.AHT_COUNTED[language]),
        by=admin,
        now=evening.now,
    )
    write_method(
        kpi=aht,
        method=MethodWords(words.AHT_METHOD[language], from_on, source=words.SOURCE[language]),
        by=admin,
        now=evening.now,
    )
    top = _agreed(
        evening,
        "top",
        admin,
        Place.ORGANISATION,
        ObjectiveFacts(
            outcome=words.TOP[language],
            why=words.TOP_WHY[language],
            kpi=fcr,
            course=Course.UP,
            baseline=Decimal(70),
            baseline_on=evening.on,
            target=Decimal(75),
            due_on=evening.on + LASTS,
        ),
    )
    _agreed(
        evening,
        "middle",
        admin,
        Place.DEPARTMENT,
        ObjectiveFacts(
            outcome=words.MIDDLE[language],
            department=words.DEPARTMENT[language],
            parent=top,
            measure=words.MIDDLE_MEASURE[language],
            unit="%",
            course=Course.DOWN,
            baseline=Decimal(21),
            baseline_on=evening.on,
            target=Decimal(15),
            due_on=evening.on + LASTS,
            weight=3,
        ),
    )
    _agreed(
        evening,
        "hanging",
        admin,
        Place.DEPARTMENT,
        ObjectiveFacts(
            outcome=words.HANGING[language],
            department=words.DEPARTMENT[language],
            parent=top,
            course=Course.MILESTONES,
            measure=words.HANGING_MEASURE[language],
            milestones=words.HANGING_STEPS[language],
            due_on=evening.on + LASTS,
            weight=1,
        ),
    )


def _begin(number: int, leader: Membership, evening: _Evening) -> None:
    """A leader names the team; the first ones write its charter and follow the figures, with all of their past."""
    name = words.TEAM_NAME[evening.language] % leader.name.split()[0]
    team = name_team(leader=leader, name=name, by=leader, now=evening.now)
    if number >= TEAMS_WITH_OBJECTIVES:
        return
    members = words.MEMBERS[: 11 - 3 * number]
    add_members(team=team, names="\n".join(members), by=leader, now=evening.now)
    save_charter(
        team=team,
        texts=words.CHARTER[evening.language],
        review_on=evening.on + timedelta(days=90),
        made_with=len(members) - 1,
        by=leader,
        today=evening.on,
        now=evening.now,
    )
    for kpi in Kpi.objects.order_by("pk"):
        target = Decimal(74) if kpi.family == Family.FCR else Decimal(390)
        follow(team=team, kpi=kpi, target=target, expected_days=WORKDAYS, by=leader, now=evening.now)
    on = monday_of(evening.day1_on) - timedelta(weeks=WEEKS_BEFORE)
    while on < evening.on:
        _enter(team, on, evening)
        on += timedelta(days=1)


def _live(team: Team, evening: _Evening) -> None:
    if not team.followed.exists():
        return
    _enter(team, evening.on, evening)
    if evening.is_day(7):
        _write_for_team(team, evening)
    objectives = list(Objective.objects.filter(team=team).order_by("pk"))
    if evening.is_day(9):
        _show(team, objectives, evening)
    if evening.is_day(10):
        _hear(team, objectives, evening)
    if evening.is_day(15):
        for objective in objectives:
            agree_objective(objective=objective, by=team.leader, today=evening.on, now=evening.now)
    _look_at_figures(team, objectives, evening)


def _look_at_figures(team: Team, objectives: list[Objective], evening: _Evening) -> None:
    if evening.is_day(28):
        _note(team, evening)
    if evening.is_day(56) and _is_first(team):
        _say_what_changed(team, evening)
    if evening.on.weekday() == WORKDAYS - 1:
        _read(team, objectives, evening)


def _show(team: Team, objectives: list[Objective], evening: _Evening) -> None:
    for objective in objectives:
        show_to_team(objective=objective, by=team.leader, now=evening.now)
    make_link(team=team, days=30, by=team.leader, now=evening.now)


def _write_for_team(team: Team, evening: _Evening) -> None:
    """Two objectives, the first measured by a KPI and the second by hand, each with the part of some members."""
    language, leader = evening.language, team.leader
    parent = Objective.objects.get(key=evening.key("middle"))
    fcr = Kpi.objects.get(family=Family.FCR)
    members = list(team.members.order_by("pk"))
    first = ObjectiveFacts(
        outcome=words.TEAM_FIRST[language],
        parent=parent,
        kpi=fcr,
        course=Course.UP,
        baseline=Decimal(68),
        baseline_on=evening.on,
        target=Decimal(74),
        due_on=evening.on + LASTS,
        weight=3,
    )
    second = ObjectiveFacts(
        outcome=words.TEAM_HANDOVER[language],
        parent=parent,
        measure=words.HANDOVER_MEASURE[language],
        unit=words.A_WEEK[language],
        course=Course.DOWN,
        baseline=Decimal(9),
        baseline_on=evening.on,
        target=Decimal(4),
        due_on=evening.on + LASTS,
    )
    for number, (facts, taking_part) in enumerate(((first, members[:5]), (second, members[:2]))):
        objective = _write(evening, f"objective {number} of {team.pk}", leader, Place.TEAM, facts, team)
        texts = dict(zip((member.pk for member in taking_part), words.PARTS[language], strict=False))
        save_parts(objective=objective, parts=texts, by=leader, now=evening.now)


def _hear(team: Team, objectives: list[Objective], evening: _Evening) -> None:
    """What members answer by the link, and what one added in the meeting."""
    link = TeamLink.objects.filter(team=team).select_related("team").latest("made_at")
    members, language = list(team.members.order_by("pk")), evening.language
    for objective in objectives:
        for member in members[:3]:
            answer_by_link(
                link=link, objective=objective, member=member, kind=VoiceKind.SEEN, words="", now=evening.now
            )
    question = words.QUESTION[language]
    answer_by_link(
        link=link, objective=objectives[0], member=members[3], kind=VoiceKind.QUESTION, words=question, now=evening.now
    )
    added = words.ADDED[language]
    note_voice(
        objective=objectives[0], member=members[4], kind=VoiceKind.ADDED, words=added, by=team.leader, now=evening.now
    )


def _note(team: Team, evening: _Evening) -> None:
    """A week that was special keeps its place on the chart, with a word beside it."""
    week = monday_of(evening.day1_on) + timedelta(weeks=1)
    text = words.SPECIAL[evening.language]
    note_week(followed=_solved(team), monday_on=week, text=text, by=team.leader, today=evening.on, now=evening.now)


def _say_what_changed(team: Team, evening: _Evening) -> None:
    """Once it has held long enough, the first team's leader has the limits computed anew from that week on."""
    rebase(
        followed=_solved(team),
        from_on=monday_of(evening.day1_on - SHIFT_BEFORE),
        change=words.SHIFT[evening.language],
        by=team.leader,
        today=evening.on,
        now=evening.now,
    )


def _solved(team: Team) -> Followed:
    return Followed.objects.select_related("team", "kpi").get(team=team, kpi__family=Family.FCR)


def _is_first(team: Team) -> bool:
    return Team.objects.order_by("pk").values_list("pk", flat=True).first() == team.pk


def _read(team: Team, objectives: list[Objective], evening: _Evening) -> None:
    """On Fridays: the hand-counted figure, the department's one, and now and then a milestone."""
    weeks = (evening.on - evening.day1_on).days // 7
    for objective in objectives:
        if objective.kpi_id is None and objective.state == ObjectiveState.AGREED:
            value = Decimal(max(9 - weeks, 5))
            enter_reading(
                objective=objective, on=evening.on, value=value, by=team.leader, today=evening.on, now=evening.now
            )
    admin = first_admin()
    middle = Objective.objects.get(key=evening.key("middle"))
    enter_reading(
        objective=middle,
        on=evening.on,
        value=Decimal(21) - Decimal(weeks) / 2,
        by=admin,
        today=evening.on,
        now=evening.now,
    )
    first = Objective.objects.get(key=evening.key("hanging")).milestones.first()
    if weeks == FIRST_MILESTONE_WEEK and first is not None:
        mark_milestone(milestone=first, is_done=True, by=admin, today=evening.on, now=evening.now)


def _enter(team: Team, on: date, evening: _Evening) -> None:
    """What was counted on one working day, of each KPI the team follows."""
    if on.weekday() >= WORKDAYS:
        return
    dice = Random(f"{team.name} {on}")  # noqa: S311 - a demo
    calls = dice.randint(34, 52)
    counts = {
        followed.kpi_id: Counted(Decimal(round(calls * _share(team, on, evening, dice))), Decimal(calls))
        if followed.kpi.family == Family.FCR
        else Counted(Decimal(round(calls * dice.gauss(412, 26))), Decimal(calls))
        for followed in team.followed.select_related("kpi")
    }
    enter_day(team=team, on=on, counts=counts, by=team.leader, today=evening.on, now=evening.now)


def _share(team: Team, on: date, evening: _Evening, dice: Random) -> float:
    """About 68 of a hundred; in the first team about 75 once the way of working changed."""
    has_changed = on >= evening.day1_on - SHIFT_BEFORE
    return min(dice.gauss(0.75 if has_changed and _is_first(team) else 0.68, 0.035), 1.0)


def _agreed(evening: _Evening, about: str, by: Membership, place: Place, facts: ObjectiveFacts) -> Objective:
    objective = _write(evening, about, by, place, facts)
    agree_objective(objective=objective, by=by, today=evening.on, now=evening.now)
    return objective


def _write(
    evening: _Evening,
    about: str,
    by: Membership,
    place: Place,
    facts: ObjectiveFacts,
    team: Team | None = None,
) -> Objective:
    return write_objective(
        place=place, team=team, facts=facts, by=by, today=evening.on, now=evening.now, key=evening.key(about)
    )
