"""One date as the log shows it: a form while nothing is said, the words once they are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cohorts.models import Step
from goals.actions.practice import may_take_back
from goals.forms.practice import PracticeForm, practice_form
from goals.models import Focus, Practice
from goals.steps import likely_focus


@dataclass(frozen=True)
class Log:
    """The log of one date. `form` is None when the page only shows what was said."""

    on: date
    today: date
    draft: str
    practice: Practice | None
    form: PracticeForm | None
    may_undo: bool
    is_reflected: bool

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    def asking(self, form: PracticeForm) -> "Log":
        """The same date with the form open, though something is said already."""
        return replace(self, form=form)


def log_of(
    *,
    enrolment_id: int,
    on: date,
    today: date,
    practice: Practice | None,
    focuses: Sequence[Focus],
    step: Step | None,
    is_reflected: bool,
) -> Log:
    """What was said about a date, or the form while nothing is."""
    return Log(
        on=on,
        today=today,
        draft=f"practice:{enrolment_id}:{on.isoformat()}",
        practice=practice,
        form=None if practice else practice_form(focuses, None, likely=likely_focus(focuses, step)),
        may_undo=practice is not None and may_take_back(practice, today=today),
        is_reflected=is_reflected,
    )
