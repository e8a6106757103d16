"""The figures a leader has at hand when they review a goal: the newest one, and how often its plans were practised."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.schedule.date_words import date_words, fill, join
from goals.leader_goals.goal_chart import reading
from goals.leader_goals.history import newest_check_in
from goals.models import Goal


def last_figure(goal: Goal) -> str:
    newest = newest_check_in(goal)
    if newest is None:
        return _("No figure yet.")
    words = {"figure": reading(goal, newest), "date": date_words(newest.on, "MONTH_DAY_FORMAT")}
    return fill(_("%(figure)s on %(date)s."), words)


def review_figures(goal: Goal, today: date) -> str:
    """Of a goal that is read `with_history` and `with_plans`."""
    since = max([review.on for review in goal.reviews.all()], default=goal.agreed_on or today)
    days = len({on for on in goal.practised_on if since < on <= today})
    if not days:
        return last_figure(goal)
    practised = ngettext(
        "Its plans were practised on one day since the last review.",
        "Its plans were practised on %(days)d days since the last review.",
        days,
    )
    return join(" ", [last_figure(goal), practised % {"days": days}])
