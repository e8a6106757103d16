"""What a report says of a leader's goals.

The leader's own copy and their sponsor's have every goal that was proposed, as each of the two may see it; an admin's
has counts. A draft is on no paper.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.charts.run_shapes import RunChart
from goals.leader_goals.attainment_words import AttainmentWords, attainment_words, points
from goals.leader_goals.dial_weeks import GoalLife, dial_weeks
from goals.leader_goals.goal_chart import goal_chart
from goals.leader_goals.history import attainment_of, newest_check_in, step_of, with_history
from goals.leader_goals.ladder import Step, ladder_of
from goals.leader_goals.rules import plan_of
from goals.leader_goals.sentences import agreed_words, facts_of, status_of
from goals.leader_goals.story import Entry, story_of
from goals.models import Goal, GoalReview, GoalState, Level
from programme.models import Report
from programme.progress import sentences

MAX_STORY = 8


@dataclass(frozen=True)
class GoalFacts:
    """One goal. `chart` is its drawing for paper with the finding as title; None before the first check-in."""

    outcome: str
    about: str
    status: str
    agreed: str
    why: str
    steps: list[Step]
    title: str
    chart: RunChart | None
    story: list[Entry]
    earlier: int


@dataclass(frozen=True)
class LevelRow:
    """Goal-weeks at one level of the dial, their share, and the score there."""

    level: str
    weeks: int
    share: str
    score: str


@dataclass(frozen=True)
class GoalsFacts:
    """All goals of one copy; `counts` is the only thing an admin's has."""

    counts: str
    attainment: AttainmentWords | None
    levels: list[LevelRow]
    goals: list[GoalFacts]


def goals_of(report: Report) -> GoalsFacts:
    """As the member who asked may see them, in the active language."""
    mine = Goal.objects.filter(enrolment=report.enrolment_id).exclude(state=GoalState.DRAFT)
    counts = _counts(report)
    if report.copy == Report.Copy.ADMIN:
        return GoalsFacts(counts, None, [], [])
    goals = list(with_history(mine.visible_to(report.asked_by)).select_related("agreed_by", "objective").order_by("pk"))
    return GoalsFacts(
        counts,
        attainment_words(attainment_of(report.enrolment, goals, report.on)),
        [
            LevelRow(
                str(Level(row.level).label),
                row.weeks,
                sentences.whole_percent(row.share),
                _score(row.score),
            )
            for row in dial_weeks([_life(goal) for goal in goals if goal.agreed_on], report.on)
            if row.weeks
        ],
        [_goal(goal, report) for goal in goals],
    )


def _counts(report: Report) -> str:
    """How many goals were agreed, and how many reviews were held."""
    agreed = Goal.objects.filter(enrolment=report.enrolment_id, agreed_on__lte=report.on).count()
    if not agreed:
        return _("No goal has been agreed yet.")
    held = GoalReview.objects.filter(goal__enrolment=report.enrolment_id, on__lte=report.on).count()
    words = ngettext("One goal was agreed.", "%(count)d goals were agreed.", agreed) % {"count": agreed}
    reviews = ngettext("One review was held.", "%(count)d reviews were held.", held) % {"count": held}
    return f"{words} {reviews}"


def _goal(goal: Goal, report: Report) -> GoalFacts:
    chart = goal_chart(goal, report.on)
    story = story_of(goal, report.asked_by)
    return GoalFacts(
        outcome=goal.outcome,
        about=facts_of(goal),
        status=status_of(goal)[1],
        agreed=agreed_words(goal),
        why=goal.why,
        steps=ladder_of(plan_of(goal), newest_check_in(goal)),
        title=chart.title if chart else "",
        chart=chart.paper if chart else None,
        story=story[:MAX_STORY],
        earlier=max(len(story) - MAX_STORY, 0),
    )


def _life(goal: Goal) -> GoalLife:
    assert goal.agreed_on is not None
    said = sorted(goal.check_ins.all(), key=lambda entry: entry.on)
    steps = tuple((entry.on, step_of(goal, entry)) for entry in said)
    return GoalLife(goal.weight, goal.agreed_on, goal.ended_on, goal.settings, steps)


def _score(score: float | None) -> str:
    return "–" if score is None else points(score)
