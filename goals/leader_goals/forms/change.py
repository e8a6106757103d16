from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, TextField
from goals.leader_goals.actions.changing import GoalChange
from goals.leader_goals.objective_choices import objectives_for
from goals.leader_goals.rules import MAX_OUTCOME_CHARACTERS, MAX_WHY_CHARACTERS, ensure_due
from goals.models import Focus, Goal


class ChangeForm(EditForm):
    """What may change after a goal was agreed."""

    outcome = TextField(
        label=gettext_lazy("What will be different"),
        max_length=MAX_OUTCOME_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2, "aria-describedby": "readers"}),
    )
    why = TextField(
        label=gettext_lazy("Why it matters"),
        max_length=MAX_WHY_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "aria-describedby": "readers"}),
    )
    due_on = CalendarDateField(label=gettext_lazy("By when"))
    focuses = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which plans move it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    objective: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        label=gettext_lazy("Which objective it serves"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("None yet"),
    )

    def __init__(self, *args: Any, goal: Goal, today: date, **kwargs: Any) -> None:
        chosen = list(goal.by_focus.values_list("focus", flat=True))
        initial = {name: getattr(goal, name) for name in ("outcome", "why", "due_on", "objective")}
        super().__init__(*args, revision=goal.revision, initial={**initial, "focuses": chosen}, **kwargs)
        self.goal, self.today = goal, today
        own = Focus.objects.filter(enrolment=goal.enrolment)
        self.own_focuses = {each.pk: each for each in own if each.archived_on is None or each.pk in chosen}
        choices = [(pk, str(each)) for pk, each in self.own_focuses.items()]
        cast(forms.ChoiceField, self.fields["focuses"]).choices = choices
        cast("forms.ModelChoiceField[Any]", self.fields["objective"]).queryset = objectives_for(goal.enrolment.leader)

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on != self.goal.due_on:
            ensure_due(due_on, today=self.today)
        return due_on

    def change(self) -> GoalChange:
        said = self.cleaned_data
        return GoalChange(
            outcome=said["outcome"],
            why=said["why"],
            due_on=said["due_on"],
            focuses=tuple(self.own_focuses[pk] for pk in said["focuses"]),
            objective=said["objective"],
        )
