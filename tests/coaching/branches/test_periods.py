from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.branches.periods import Period, branch_period, own_period


@pytest.mark.parametrize(
    ("today", "period"),
    [
        (date(2026, 11, 9), Period(date(2026, 10, 12), date(2026, 11, 8))),  # a Monday: the weeks ended yesterday
        (date(2026, 11, 15), Period(date(2026, 10, 12), date(2026, 11, 8))),  # Sunday of the same week
        (date(2026, 11, 16), Period(date(2026, 10, 19), date(2026, 11, 15))),
    ],
)
def test_a_sponsor_reads_the_four_weeks_that_ended_on_sunday(today, period):
    assert own_period(today) == period


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_a_managers_totals_include_a_period_on_the_day_it_joins(today):
    period = own_period(today)

    assert branch_period(period.joins_on) == period
    assert branch_period(period.joins_on - timedelta(days=1)) != period


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_a_sponsor_has_had_every_branch_period_for_a_week(today):
    assert branch_period(today) == own_period(today - timedelta(days=7))
    assert (today - branch_period(today).last).days > 7


def test_a_period_ends_with_its_last_day_in_the_organisations_zone():
    period = Period(date(2026, 3, 2), date(2026, 3, 29))  # clocks change in Oslo on the last day

    starts, ends = period.instants(ZoneInfo("Europe/Oslo"))

    assert starts == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert ends == datetime(2026, 3, 29, 22, tzinfo=UTC)
