"""One date on Today and the practice page: an open form, or the saved entry."""

from dataclasses import dataclass
from datetime import date

from cohorts.models import Enrolment
from goals.actions.practice import may_take_back
from goals.forms.practice import PracticeForm
from goals.models import Practice


@dataclass(frozen=True)
class DayEntry:
    """One date: its open form (`form`), or what was saved (`practice`). `draft` is its key on the device."""

    on: date
    today: date
    draft: str
    form: PracticeForm | None = None
    practice: Practice | None = None
    may_undo: bool = False
    is_reflected: bool = False

    @property
    def is_today(self) -> bool:
        return self.on == self.today


def open_entry(enrolment: Enrolment, on: date, today: date, form: PracticeForm) -> DayEntry:
    """The date with its form open, whether or not it was logged before."""
    return DayEntry(on, today, f"practice:{enrolment.pk}:{on.isoformat()}", form=form)


def saved_entry(practice: Practice, today: date, *, is_reflected: bool) -> DayEntry:
    """What was saved for the date."""
    may_undo = may_take_back(practice, today=today)
    return DayEntry(practice.on, today, "", practice=practice, may_undo=may_undo, is_reflected=is_reflected)
