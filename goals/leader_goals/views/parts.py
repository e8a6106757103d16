"""What the parts of a goal's page read that belong to its life: review, check-in, chart, story, end."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from cohorts.models import Membership
from goals.leader_goals.actions.reviews import open_review
from goals.leader_goals.ageing_words import age_words
from goals.leader_goals.forms.live import KeepForm, check_in_form
from goals.leader_goals.goal_chart import goal_chart
from goals.leader_goals.history import ageing_of, held_reviews
from goals.leader_goals.ladder import SIGNS
from goals.leader_goals.policies import may_keep_goal, may_score
from goals.leader_goals.readers import readers_of_line
from goals.leader_goals.review_figures import review_figures
from goals.leader_goals.story import story_of
from goals.models import Focus, Goal, GoalState

SHORT_STORY = 6


def life_of(goal: Goal, reader: Membership, today: date, plans: Sequence[Focus] | None) -> dict[str, Any]:
    """Of a goal that is read `with_history` and `with_plans`. `plans` are all of the leader's, None for the sponsor."""
    ageing, story = ageing_of(goal, today), story_of(goal, reader, plans)
    context = {
        "chart": goal_chart(goal, today),
        "story": story[:SHORT_STORY],
        "older_story": story[SHORT_STORY:],
        "ageing": ageing,
        "age_words": age_words(ageing),
        "held": held_reviews(goal),
        "score": "" if goal.score is None else SIGNS[goal.score],
        "may_score": goal.state == GoalState.DONE and may_score(reader, goal),
    }
    is_live = goal.state == GoalState.AGREED and may_keep_goal(reader, goal)
    return {**context, **_acts(goal, today)} if is_live else context


def _acts(goal: Goal, today: date) -> dict[str, Any]:
    """For the leader, while the goal is under way."""
    review_on = open_review(goal, today)
    said = next((entry for entry in goal.check_ins.all() if entry.on == today), None)
    return {
        "review_on": review_on,
        "review": KeepForm(initial={"due_on": review_on}, auto_id="review_%s"),
        "review_figures": review_figures(goal, today) if review_on else "",
        "check_in": check_in_form(goal, today, said=said),
        "line_readers": readers_of_line(goal.enrolment),
        "is_due": goal.due_on is not None and today >= goal.due_on,
    }
