"""One date as the log shows it: a form, or the words that were said."""

from dataclasses import dataclass
from datetime import date

from cohorts.models import Enrolment
from goals.actions.practice import may_take_back
from goals.forms.practice import PracticeForm
from goals.models import Practice


@dataclass(frozen=True)
class Log:
    """The log of one date, either asking (`form`) or told (`practice`). `draft` names it on the phone."""

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


def asking(enrolment: Enrolment, on: date, today: date, form: PracticeForm) -> Log:
    """The date with its form open, whether something was said before or not."""
    return Log(on, today, f"practice:{enrolment.pk}:{on.isoformat()}", form=form)


def told(practice: Practice, today: date, *, is_reflected: bool) -> Log:
    """The date as it was told."""
    may_undo = may_take_back(practice, today=today)
    return Log(practice.on, today, "", practice=practice, may_undo=may_undo, is_reflected=is_reflected)
