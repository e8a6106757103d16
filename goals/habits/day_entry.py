"""One date on Today and the practice page: an open form, or the saved entry."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dates import WEEKDAYS_ABBR

from cohorts.models import Enrolment
from cohorts.models.curriculum import StepText
from cohorts.schedule.date_words import moment_words
from goals.habits.actions.practice import may_take_back
from goals.habits.forms.practice import PracticeForm, practice_form
from goals.models import Practice
from goals.reserve import monday_of


@dataclass(frozen=True)
class WeekDay:
    """One day of the week of a saved entry."""

    label: str
    is_done: bool
    is_this: bool
    is_ahead: bool


@dataclass(frozen=True)
class DayEntry:
    """One date: its open form (`form`), or what was saved (`practice`). `draft` is its key on the device."""

    on: date
    today: date
    draft: str
    form: PracticeForm | None = None
    practice: Practice | None = None
    text: StepText | None = None
    week: tuple[WeekDay, ...] = ()
    rating: PracticeForm | None = None
    may_undo: bool = False
    is_reflected: bool = False

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def done_days(self) -> int:
        return sum(day.is_done for day in self.week)

    @property
    def saved_at(self) -> str:
        """The time on the leader's own clock."""
        assert self.practice is not None
        return moment_words(self.practice.logged_at.astimezone(self.practice.enrolment.zone), "H:i")


def open_entry(enrolment: Enrolment, on: date, today: date, form: PracticeForm) -> DayEntry:
    """The date with its form open, whether or not it was logged before."""
    return DayEntry(on, today, _draft(enrolment, on), form=form)


def saved_entry(
    practice: Practice, today: date, *, done: Collection[date], is_reflected: bool, language: str
) -> DayEntry:
    """What was saved for the date, in its week. `done` are the dates with a practice, of that week at least."""
    return DayEntry(
        practice.on,
        today,
        _draft(practice.enrolment, practice.on),
        practice=practice,
        text=practice.step.in_language(language) if practice.step else None,
        week=tuple(_week(practice, today, done)),
        rating=practice_form([], practice),
        may_undo=may_take_back(practice, today=today),
        is_reflected=is_reflected,
    )


def _draft(enrolment: Enrolment, on: date) -> str:
    return f"practice:{enrolment.pk}:{on.isoformat()}"


def _week(practice: Practice, today: date, done: Collection[date]) -> list[WeekDay]:
    days = [monday_of(practice.on) + timedelta(days=place) for place in range(7)]
    return [WeekDay(str(WEEKDAYS_ABBR[day.weekday()]), day in done, day == practice.on, day > today) for day in days]
