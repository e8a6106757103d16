"""Hold the two-week review of a goal, and undo it. Changing it or letting it go holds the review as well."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.schedule.date_words import date_words, fill
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import save_revision
from goals.leader_goals.actions.check_ins import ensure_under_way
from goals.leader_goals.actions.moves import lock_goal
from goals.leader_goals.check_in_rules import ensure_line
from goals.leader_goals.policies import ensure_may_keep_goal
from goals.leader_goals.review_dates import is_open, next_review
from goals.models import Decision, Goal, GoalReview


@transaction.atomic
def keep_goal(*, goal: Goal, due_on: date, line: str, today: date, by: Membership, now: datetime) -> GoalReview:
    """The goal stays as it is. `due_on` is the review that the page showed.

    The same words twice hold it once; other words for a review that was already held raise NotNow.
    """
    ensure_line(line)
    lock_goal(goal)
    ensure_may_keep_goal(by, goal)
    held = goal.reviews.filter(due_on=due_on).first()
    if held is not None and (held.decision, held.line) == (Decision.KEEP, line):
        return held
    if held is not None:
        day = date_words(held.on, "MONTH_DAY_FORMAT")
        sentence = _("You already held this review on %(date)s. Open the goal again to see it.")
        raise NotNow(fill(sentence, {"date": day}))
    ensure_under_way(goal)
    if goal.next_review_on != due_on or not is_open(due_on, today):
        raise NotNow(_("This review is not due. The goal’s page says when the next one is."))
    return hold_review(goal, due_on, Decision.KEEP, line=line, today=today, now=now)


def hold_review(goal: Goal, due_on: date, decision: Decision, *, line: str, today: date, now: datetime) -> GoalReview:
    """Write down that the open review of a locked goal was held, and set the date of the next one."""
    assert goal.due_on is not None
    review = GoalReview.objects.create(goal=goal, due_on=due_on, on=today, decision=decision, line=line, at=now)
    following = next_review(today, was_due_on=due_on, goal_due_on=goal.due_on)
    save_revision(goal, next_review_on=following)
    return review


def open_review(goal: Goal, today: date) -> date | None:
    """The date of the review that can be held now."""
    return goal.next_review_on if is_open(goal.next_review_on, today) else None


@transaction.atomic
def take_back_review(*, review: GoalReview, today: date, by: Membership) -> None:
    """Undo a review that kept the goal, on the day it was held: it is due again."""
    goal = review.goal
    lock_goal(goal)
    ensure_may_keep_goal(by, goal)
    newest = goal.reviews.order_by("-due_on").first()
    if newest is None or newest.due_on < review.due_on:
        return  # taken back already
    ensure_under_way(goal)
    if newest.pk != review.pk or review.decision != Decision.KEEP or review.on != today:
        raise NotNow(_("A review can be undone on the day it was held."))
    review.delete()
    save_revision(goal, next_review_on=review.due_on)
