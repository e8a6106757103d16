from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.web.arrivals import KeyedForm, hidden_input
from cohorts.web.forms import beside_its_field
from cohorts.web.inputs import CalendarDateField, FigureField, TextField
from goals.leader_goals.actions.changing import MAX_REASON_CHARACTERS
from goals.leader_goals.check_in_rules import MAX_LINE_CHARACTERS, ensure_on, ensure_reading
from goals.leader_goals.ladder import Step, ladder
from goals.leader_goals.rules import plan_of
from goals.models import CheckIn, Direction, Goal


def _line(label: Any, example: Any) -> TextField:
    attrs = {"rows": 2, "placeholder": example}
    return TextField(label=label, max_length=MAX_LINE_CHARACTERS, required=False, widget=forms.Textarea(attrs=attrs))


def steps_of(goal: Goal) -> list[tuple[int, str]]:
    """The steps of a goal to choose from, best first."""
    return [(step.score, _label(step)) for step in ladder(plan_of(goal))]


def _label(step: Step) -> str:
    return " · ".join(part for part in (step.sign, step.words, step.figures) if part)


class CheckInForm(KeyedForm):
    """A figure on a date, or a step where the goal has no number, and a line."""

    value = FigureField(label=gettext_lazy("Figure"), required=False)
    step = forms.TypedChoiceField(
        label=gettext_lazy("Which step is it on?"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    on = CalendarDateField(label=gettext_lazy("Measured on"))
    line = _line(gettext_lazy("A line for yourself"), gettext_lazy("The night shift writes the promise down now"))

    def __init__(self, *args: Any, goal: Goal, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.today = goal, today
        if goal.direction == Direction.STEPS:
            cast(forms.ChoiceField, self.fields["step"]).choices = steps_of(goal)
            del self.fields["value"]
        else:
            self.fields["value"].label = goal.measure or self.fields["value"].label
            del self.fields["step"]

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        ensure_on(self.goal, on, today=self.today)
        return on

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not {"value", "step"} & set(self.errors):
            with beside_its_field(self):
                ensure_reading(self.goal, **self.reading())
        return self.cleaned_data

    def reading(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in ("value", "step")}

    def words(self) -> dict[str, Any]:
        """The arguments of `check_in` and `close_goal`."""
        return {**self.reading(), **{name: self.cleaned_data[name] for name in ("on", "line", "key", "edition")}}


class KeepForm(forms.Form):
    """A review that keeps the goal as it is. `due_on` says which review."""

    due_on = CalendarDateField(widget=hidden_input())
    line = _line(gettext_lazy("A line for yourself"), gettext_lazy("The night shift writes the promise down now"))


class LetGoForm(forms.Form):
    """Why a goal is dropped."""

    reason = TextField(
        label=gettext_lazy("Why you let it go"),
        max_length=MAX_REASON_CHARACTERS,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "placeholder": gettext_lazy("The queue moves to another department in May"),
                "aria-describedby": "readers",
            }
        ),
    )


class ScoreForm(forms.Form):
    """Which step of the scale a closed goal has reached."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("Which step has it reached?"), coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, goal: Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["score"]).choices = steps_of(goal)


def check_in_form(goal: Goal, today: date, data: Any = None, *, said: CheckIn | None = None) -> CheckInForm:
    """The form for today, with what was `said` already: the same entry then, with newer words."""
    initial: dict[str, Decimal | Any] = {"on": today}
    if said is not None:
        initial = {name: getattr(said, name) for name in ("on", "value", "step", "line", "key", "edition")}
    return CheckInForm(data, goal=goal, today=today, initial=initial, auto_id="check_in_%s")
