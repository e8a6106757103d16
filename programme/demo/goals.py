"""How demo leaders write goals, agree and review them, through the same actions as real ones.

Each evening: a leader whose day has come writes a goal and asks for agreement, the sponsor answers two days later,
figures come in once a week, reviews are held when they are due, and what is over is closed and scored. What becomes of
a goal (its fate) is a habit of its leader, so that a cohort has goals in every state.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import translation

from cohorts.models import Enrolment, Organisation
from cohorts.schedule.time_zones import local_date
from goals.leader_goals.actions.agreeing import agree_goal, propose_goal, send_back_goal
from goals.leader_goals.actions.busy import answer_busy_period, offer_busy_period
from goals.leader_goals.actions.changing import let_goal_go
from goals.leader_goals.actions.check_ins import check_in
from goals.leader_goals.actions.closing import close_goal, score_goal
from goals.leader_goals.actions.dial import turn_goal_dial
from goals.leader_goals.actions.reviews import keep_goal, open_review
from goals.leader_goals.actions.writing import write_goal
from goals.leader_goals.rules import GoalPlan
from goals.models import BusyPeriod, Focus, Goal, GoalState, Level
from programme.demo.acting import first_admin
from programme.demo.goals_words import AIMS, BUSY, KEPT, LET_GO, NOTED, SENT_BACK, UNFINISHED, Aim
from programme.demo.people import Character, Company

SPONSOR_THINKS = timedelta(days=2)
A_WEEK = timedelta(days=7)
GOAL_LASTS = timedelta(weeks=12)
ENDS_IN_WEEK = 5  # when goals that end early do
LATE_WEEK = 6  # when a goal is written that still waits for its answer
BUSY_WEEK = 5
REACHES = {"closed": 1.15, "kept": 0.9, "let_go": 0.3}  # how much of the way after twelve weeks, or at the end


@dataclass(frozen=True, slots=True)
class _Evening:
    """One leader on one evening."""

    enrolment: Enrolment
    character: Character
    week: int
    on: date
    now: datetime
    dice: Random

    @property
    def language(self) -> str:
        return self.enrolment.leader.person.language

    def key(self, about: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"{about} {self.enrolment.pk} {self.on}")


def aim_at(company: Company, organisation: Organisation, now: datetime) -> None:
    """One evening of all goals in the open organisation."""
    on = local_date(now, organisation.zone)
    rows = Enrolment.objects.active().select_related("leader__person", "sponsor", "cohort").order_by("pk")
    for enrolment in rows:
        character = company.character_of(enrolment.leader.person.email)
        if character is None or not character.starts or on < enrolment.day1_on:
            continue
        dice = Random(f"goals {enrolment.leader.person.email} {on}")  # noqa: S311 - a demo
        week = (on - enrolment.day1_on).days // 7 + 1
        with translation.override(enrolment.leader.person.language):
            _live(_Evening(enrolment, character, week, on, now, dice))
    _offer_quiet_week(company, on, now)


def _live(evening: _Evening) -> None:
    goals = list(Goal.objects.filter(enrolment=evening.enrolment).select_related("enrolment").order_by("pk"))
    for number, fate in enumerate(evening.character.aims):
        if number < len(goals):
            _go_on(goals[number], fate, evening)
        elif evening.on >= _written_on(evening.enrolment, number, fate):
            _write(number, fate, evening)
            return
    _answer_offer(evening)


def _written_on(enrolment: Enrolment, number: int, fate: str) -> date:
    weeks = LATE_WEEK - 1 if fate == "proposed" else number
    return enrolment.day1_on + timedelta(weeks=weeks, days=2)


def _write(number: int, fate: str, evening: _Evening) -> None:
    aims, leader = AIMS[evening.language], evening.enrolment.leader
    aim = aims[(evening.enrolment.pk + number) % len(aims)]
    plan = GoalPlan(UNFINISHED[evening.language]) if fate == "draft" else _plan(aim, number, evening)
    goal = write_goal(
        enrolment=evening.enrolment,
        plan=plan,
        today=evening.on,
        by=leader,
        now=evening.now,
        key=evening.key(f"goal {number}"),
    )
    if fate != "draft":
        propose_goal(goal=goal, today=evening.on, by=leader, now=evening.now)


def _plan(aim: Aim, number: int, evening: _Evening) -> GoalPlan:
    focuses = Focus.objects.current().filter(enrolment=evening.enrolment)
    return GoalPlan(
        outcome=aim.outcome,
        why=aim.why,
        measure=aim.measure,
        unit=aim.unit,
        direction=aim.direction,
        baseline=aim.baseline,
        baseline_on=evening.on,
        target=aim.target,
        due_on=evening.on + GOAL_LASTS,
        weight=3 if number == 0 else 2,
        focuses=tuple(focuses[number : number + 1]),
    )


def _go_on(goal: Goal, fate: str, evening: _Evening) -> None:
    if goal.state == GoalState.PROPOSED:
        _answer(goal, fate, evening)
    elif goal.state == GoalState.AGREED:
        _work(goal, fate, evening)
    elif goal.state == GoalState.DONE and goal.score is None and fate == "scored" and goal.ended_on:
        sponsor = evening.enrolment.sponsor
        if sponsor is not None and evening.on >= goal.ended_on + SPONSOR_THINKS:
            score_goal(goal=goal, score=1, today=evening.on, by=sponsor, now=evening.now)


def _answer(goal: Goal, fate: str, evening: _Evening) -> None:
    asked, sponsor = goal.events.latest("at", "pk"), evening.enrolment.sponsor
    if sponsor is None or fate == "proposed" or evening.on < asked.on + SPONSOR_THINKS:
        return
    if fate == "sent_back":
        words = SENT_BACK[evening.language]
        send_back_goal(goal=goal, words=words, today=evening.on, by=sponsor, now=evening.now)
    else:
        agree_goal(goal=goal, today=evening.on, by=sponsor, now=evening.now)


def _work(goal: Goal, fate: str, evening: _Evening) -> None:
    leader, on, now, dice = evening.enrolment.leader, evening.on, evening.now, evening.dice
    assert goal.agreed_on is not None
    weeks = (on - goal.agreed_on).days // 7
    if (on - goal.agreed_on).days % 7 == 0:
        if evening.week in evening.character.light:
            ends_on = on + A_WEEK - timedelta(days=1)
            turn_goal_dial(goal=goal, level=Level.LIGHT, ends_on=ends_on, today=on, by=leader, now=now)
        if _is_over(fate, evening):
            _end(goal, fate, weeks, evening)
            return
        if weeks and (fate != "forgotten" or weeks == 1):
            line = dice.choice(NOTED[evening.language])
            _check_in(goal, line, weeks, fate, evening)
    due_on = open_review(goal, on)
    if due_on is not None and fate != "forgotten" and dice.random() < 0.5:
        line = dice.choice(KEPT[evening.language])
        keep_goal(goal=goal, due_on=due_on, line=line, today=on, by=leader, now=now)


def _is_over(fate: str, evening: _Evening) -> bool:
    return fate in {"let_go", "closed", "scored"} and evening.week >= ENDS_IN_WEEK


def _end(goal: Goal, fate: str, weeks: int, evening: _Evening) -> None:
    leader = evening.enrolment.leader
    if fate == "let_go":
        reason = LET_GO[evening.language]
        let_goal_go(goal=goal, reason=reason, today=evening.on, by=leader, now=evening.now)
        return
    close_goal(
        goal=goal,
        on=evening.on,
        value=_figure(goal, weeks, fate, evening.dice),
        step=None,
        line="",
        key=evening.key(f"last figure of {goal.pk}"),
        today=evening.on,
        by=leader,
        now=evening.now,
    )


def _check_in(goal: Goal, line: str, weeks: int, fate: str, evening: _Evening) -> None:
    check_in(
        goal=goal,
        on=evening.on,
        value=_figure(goal, weeks, fate, evening.dice),
        step=None,
        line=line,
        key=evening.key(f"figure of {goal.pk}"),
        today=evening.on,
        by=evening.enrolment.leader,
        now=evening.now,
    )


def _figure(goal: Goal, weeks: int, fate: str, dice: Random) -> Decimal:
    """Whole numbers that wander towards the target, faster for goals that end early."""
    assert goal.baseline is not None
    assert goal.target is not None
    share = REACHES["closed"] * weeks / ENDS_IN_WEEK if fate in {"closed", "scored"} else REACHES["kept"] * weeks / 12
    way = float(goal.target - goal.baseline)
    moved = way * (share + dice.uniform(-0.12, 0.12))
    return max(Decimal(round(float(goal.baseline) + moved)), Decimal(0))


def _offer_quiet_week(company: Company, on: date, now: datetime) -> None:
    """Once in a programme an admin sees a campaign coming and offers the cohort to dial down."""
    if BusyPeriod.objects.exists():
        return
    enrolment = Enrolment.objects.active().select_related("cohort").order_by("pk").first()
    if enrolment is None or on < enrolment.cohort.day1_on + timedelta(weeks=BUSY_WEEK - 1, days=-4):
        return
    starts_on = enrolment.cohort.day1_on + timedelta(weeks=BUSY_WEEK - 1)
    if starts_on < on:
        return
    offer_busy_period(
        cohort=enrolment.cohort,
        title=BUSY[company.language],
        level=Level.LIGHT,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=4),
        today=on,
        by=first_admin(),
        now=now,
    )


def _answer_offer(evening: _Evening) -> None:
    mine = BusyPeriod.objects.filter(cohort=evening.enrolment.cohort, withdrawn_at=None, ends_on__gte=evening.on)
    period = mine.exclude(answers__enrolment=evening.enrolment).first()
    if period is None or evening.dice.random() < 0.4:
        return
    accepts = bool(evening.character.light) or evening.dice.random() < 0.4
    answer_busy_period(
        period=period, enrolment=evening.enrolment, accepts=accepts, by=evening.enrolment.leader, now=evening.now
    )
