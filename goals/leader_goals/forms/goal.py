from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.models import Enrolment
from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.forms import beside_its_field
from cohorts.web.inputs import CalendarDateField, FigureField, TextField
from goals.leader_goals.objective_choices import objectives_for
from goals.leader_goals.rules import (
    MAX_MEASURE_CHARACTERS,
    MAX_OUTCOME_CHARACTERS,
    MAX_REPLY_CHARACTERS,
    MAX_STEP_CHARACTERS,
    MAX_UNIT_CHARACTERS,
    MAX_WHY_CHARACTERS,
    WEIGHTS,
    GoalPlan,
    bound_field,
    ensure_due,
    ensure_figures,
    ensure_measured_on,
    plan_of,
    suggested_bounds,
    with_scale,
    words_field,
)
from goals.leader_goals.scale import STEPS, Rung
from goals.models import Direction, Focus, Goal

SAID = ("outcome", "why", "measure", "unit", "direction", "baseline", "baseline_on", "target", "tolerance", "due_on")
OWN_BOUNDS = (-1, 1, 2)  # the step 0 is the target, and −2 is all below
WEIGHT_WORDS = {1: gettext_lazy("A little"), 2: gettext_lazy("As usual"), 3: gettext_lazy("A lot")}


def _box(label: Any, most: int, example: Any, letter: str, *, is_required: bool = False) -> TextField:
    attrs = {"rows": 2, "placeholder": example, "aria-describedby": f"readers smart-{letter}"}
    return TextField(label=label, max_length=most, required=is_required, widget=forms.Textarea(attrs=attrs))


def _line(label: Any, most: int, example: Any = "", **attrs: str) -> TextField:
    box = forms.TextInput(attrs={"placeholder": example, **attrs})
    return TextField(label=label, max_length=most, required=False, widget=box)


def _step(label: Any) -> TextField:
    return _line(label, MAX_STEP_CHARACTERS)


def _bound(label: Any) -> FigureField:
    return FigureField(label=label, required=False)


class GoalForm(EditForm):
    """A goal as it is written. Half of it may be missing: a draft is kept as it is, and the page says what."""

    outcome = _box(
        gettext_lazy("What will be different"),
        MAX_OUTCOME_CHARACTERS,
        gettext_lazy("Customers get it solved in the first contact"),
        "S",
        is_required=True,
    )
    why = _box(
        gettext_lazy("Why it matters"),
        MAX_WHY_CHARACTERS,
        gettext_lazy("Customers who have to call twice trust us less"),
        "R",
    )
    measure = _line(
        gettext_lazy("How you will know"),
        MAX_MEASURE_CHARACTERS,
        gettext_lazy("First-contact resolution, my team"),
        **{"aria-describedby": "readers smart-M"},
    )
    unit = _line(gettext_lazy("Unit"), MAX_UNIT_CHARACTERS, "%")
    direction = forms.ChoiceField(
        label=gettext_lazy("Which way is better"), choices=Direction.choices, initial=Direction.UP
    )
    baseline = FigureField(label=gettext_lazy("Where it is today"), required=False)
    baseline_on = CalendarDateField(label=gettext_lazy("Measured on"), required=False)
    target = FigureField(label=gettext_lazy("Where it should be"), required=False)
    tolerance = FigureField(label=gettext_lazy("Give or take"), required=False)
    due_on = CalendarDateField(label=gettext_lazy("By when"), required=False)
    words_4 = _step(gettext_lazy("+2, far more than agreed"))
    bound_4 = _bound(gettext_lazy("+2 from"))
    words_3 = _step(gettext_lazy("+1, more than agreed"))
    bound_3 = _bound(gettext_lazy("+1 from"))
    words_2 = _step(gettext_lazy("0, what we agree"))
    words_1 = _step(gettext_lazy("−1, part of the way"))
    bound_1 = _bound(gettext_lazy("−1 from"))
    words_0 = _step(gettext_lazy("−2, as it is today or less"))
    focuses = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which plans move it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    objective: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=gettext_lazy("Which objective it serves"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("None yet"),
    )
    weight = forms.TypedChoiceField(
        label=gettext_lazy("How much it counts next to your other goals"),
        choices=list(WEIGHT_WORDS.items()),
        coerce=int,
        initial=WEIGHTS[1],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, enrolment: Enrolment, today: date, goal: Goal | None = None, **kwargs: Any) -> None:
        if goal is not None:
            kwargs = {"initial": initial_of(goal), "revision": goal.revision, **kwargs}
        super().__init__(*args, **kwargs)
        self.today = today
        chosen = kwargs.get("initial", {}).get("focuses", ())
        self.own_focuses = {
            focus.pk: focus
            for focus in Focus.objects.filter(enrolment=enrolment)
            if focus.archived_on is None or focus.pk in chosen
        }
        cast(forms.ChoiceField, self.fields["focuses"]).choices = [
            (pk, str(each)) for pk, each in self.own_focuses.items()
        ]
        cast(forms.ModelChoiceField, self.fields["objective"]).queryset = objectives_for(enrolment.leader)

    def clean_due_on(self) -> date | None:
        due_on: date | None = self.cleaned_data["due_on"]
        ensure_due(due_on, today=self.today)
        return due_on

    def clean_baseline_on(self) -> date | None:
        baseline_on: date | None = self.cleaned_data["baseline_on"]
        ensure_measured_on(baseline_on, today=self.today)
        return baseline_on

    def clean(self) -> dict[str, Any]:
        super().clean()
        with beside_its_field(self):
            ensure_figures(self.plan())
            with_scale(self.plan())
        return self.cleaned_data

    def plan(self) -> GoalPlan:
        """What is written so far."""
        said = self.cleaned_data
        empty = GoalPlan("")
        given: dict[str, Any] = {name: said.get(name) for name in SAID}
        return GoalPlan(
            **{name: getattr(empty, name) if value is None else value for name, value in given.items()},
            weight=said.get("weight") or empty.weight,
            rungs=tuple(
                Rung(score, said.get(words_field(score)) or "", said.get(bound_field(score))) for score in STEPS
            ),
            focuses=tuple(self.own_focuses[pk] for pk in said.get("focuses") or ()),
            objective=said.get("objective"),
        )


class NewGoalForm(KeyedForm, GoalForm):
    """A goal to begin with."""


class SeenForm(forms.Form):
    """`seen` is the revision of the goal that the page showed."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class ReplyForm(SeenForm):
    """Words with which a sponsor sends a proposal back."""

    words = TextField(
        label=gettext_lazy("What you would like to change"),
        max_length=MAX_REPLY_CHARACTERS,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "placeholder": gettext_lazy("Could it be the whole team and not only the day shift?"),
                "aria-describedby": "readers",
            }
        ),
    )


def initial_of(goal: Goal) -> dict[str, Any]:
    """The fields of a goal. Bounds that are the suggested ones stay empty, so that they follow the target."""
    plan = plan_of(goal)
    ideas = suggested_bounds(plan)
    own = {rung.score: rung.bound for rung in plan.rungs if rung.bound != ideas.get(rung.score)}
    return {
        **{name: getattr(plan, name) for name in SAID},
        **{words_field(rung.score): rung.words for rung in plan.rungs},
        **{bound_field(score): own.get(score) for score in OWN_BOUNDS},
        "weight": plan.weight,
        "focuses": [focus.pk for focus in plan.focuses],
        "objective": plan.objective,
    }
