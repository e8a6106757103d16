"""Answers in the sponsor's own working hours."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from coaching.sponsoring.decay import Prompt, prompt_for
from coaching.sponsoring.response import TimedAsk, counts_of, is_overdue, median_hours
from cohorts.schedule.path import Calendar

OSLO = ZoneInfo("Europe/Oslo")
WORK = Calendar(day1=date.min, zone=OSLO, hour=time(8), working_days=frozenset({1, 2, 3, 4, 5}))


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=OSLO)


FRIDAY = at(6, 15)


def test_friday_afternoon_to_monday_morning_is_two_and_a_half_hours():
    assert median_hours([TimedAsk(FRIDAY, at(9, 9, 30))], WORK) == 2.5


def test_response_time_is_the_median_of_those_answered():
    answered = [TimedAsk(at(2, 8), at(2, hour)) for hour in (9, 10, 15)]

    assert median_hours([*answered, TimedAsk(at(2, 8))], WORK) == 2
    assert median_hours([TimedAsk(FRIDAY)], WORK) is None


@pytest.mark.parametrize(
    ("says", "answered_at", "now", "counts"),
    [
        ("on the fifth working day", at(13, 14), at(20, 8), (1, 1)),
        ("later than that", at(13, 15, 1), at(20, 8), (1, 0)),
        ("never", None, at(20, 8), (1, 0)),
        ("it may still be answered in time", None, at(13, 14), (0, 0)),
    ],
)
def test_an_answer_within_five_working_days_is_in_time(says, answered_at, now, counts):
    assert counts_of([TimedAsk(FRIDAY, answered_at)], WORK, now) == counts, says


def test_a_question_nobody_could_answer_is_not_counted():
    changed = TimedAsk(FRIDAY, closed_at=FRIDAY + timedelta(days=3))
    away = TimedAsk(FRIDAY, is_excused=True)

    assert counts_of([changed, away], WORK, at(27, 8)) == (0, 0)
    assert counts_of([replace(away, answered_at=at(9, 9))], WORK, at(27, 8)) == (1, 1)


def test_a_holiday_is_no_working_day():
    with_holiday = replace(WORK, holidays=frozenset({date(2026, 3, 9)}))

    assert counts_of([TimedAsk(FRIDAY, at(16, 9))], with_holiday, at(20, 8)) == (1, 1)
    assert counts_of([TimedAsk(FRIDAY, at(16, 9))], WORK, at(20, 8)) == (1, 0)


def test_only_an_unanswered_question_is_overdue():
    assert is_overdue(TimedAsk(FRIDAY), WORK, at(16, 9))
    assert not is_overdue(TimedAsk(FRIDAY), WORK, at(12, 9))
    assert not is_overdue(TimedAsk(FRIDAY, at(26, 9)), WORK, at(27, 9))


@pytest.mark.parametrize(
    ("overdue", "was_mailed", "prompt"),
    [
        (0, False, Prompt.PAGE),
        (1, False, Prompt.PAGE),
        (2, False, Prompt.MAIL),
        (2, True, Prompt.SILENCE),
        (9, True, Prompt.SILENCE),
        (1, True, Prompt.PAGE),
    ],
)
def test_the_channel_changes_once_and_then_there_is_silence(overdue, was_mailed, prompt):
    assert prompt_for(overdue, was_mailed=was_mailed) == prompt
