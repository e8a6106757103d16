"""Figures of whole weeks, for tests."""

from collections.abc import Sequence
from datetime import date, timedelta

from goals.models import Followed
from tests import factories as make
from tests.times import TODAY

THIS_MONDAY = TODAY - timedelta(days=TODAY.weekday())


def monday(weeks_ago: int) -> date:
    return THIS_MONDAY - timedelta(weeks=weeks_ago)


def enter_weeks(followed: Followed, values: Sequence[float], *, n: int = 100, days: int = 5, until: int = 1) -> None:
    """A value a week, the newest `until` weeks ago, the same on each of its days. `values` as quotients."""
    make.FigureFactory._meta.model.objects.bulk_create(
        make.FigureFactory.build(
            kpi=followed.kpi,
            team=followed.team,
            on=monday(until + len(values) - 1 - number) + timedelta(days=day),
            numerator=round(value * n, 3),
            denominator=n,
        )
        for number, value in enumerate(values)
        for day in range(days)
    )
