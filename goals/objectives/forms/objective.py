"""Write an objective, and change it."""

from typing import Any, ClassVar, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, FigureField, NameField, TextField
from goals.models import Course, Kpi, Objective, ObjectiveState, Place, Team
from goals.objectives.connecting import ABOVE
from goals.objectives.facts import ObjectiveFacts
from goals.objectives.rules import (
    FROZEN,
    MAX_DEPARTMENT,
    MAX_MEASURE,
    MAX_MILESTONE,
    MAX_MILESTONES,
    MAX_OUTCOME,
    MAX_UNIT,
    MAX_WHY,
    ensure_due,
    ensure_facts,
    ensure_milestones,
)

WEIGHTS = [(1, gettext_lazy("1 · a little")), (2, gettext_lazy("2 · as others")), (3, gettext_lazy("3 · most"))]
FACTS = ObjectiveFacts.__slots__


class LinesField(TextField):
    """One thing a line. Blank lines do not count."""

    def to_python(self, value: Any) -> Any:
        return "\n".join(line.strip() for line in str(super().to_python(value)).splitlines() if line.strip())


class ObjectiveForm(EditForm):
    """What will be different, how one knows, by when, and which objective above it this one serves."""

    TOGETHER: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("course", "kpi", "measure", "unit", "baseline", "baseline_on", "target", "tolerance", "milestones"),
    )

    outcome = TextField(
        label=gettext_lazy("What will be different"),
        max_length=MAX_OUTCOME,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": gettext_lazy("Customers get it solved in the first contact")}
        ),
    )
    department = NameField(label=gettext_lazy("Department"), max_length=MAX_DEPARTMENT)
    parent = forms.ModelChoiceField(
        label=gettext_lazy("Which objective it serves"),
        queryset=Objective.objects.none(),
        required=False,
        empty_label=gettext_lazy("Not yet connected"),
    )
    why = TextField(
        label=gettext_lazy("Why it matters"),
        max_length=MAX_WHY,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": gettext_lazy("Customers who have to call twice trust us less")}
        ),
    )
    course = forms.ChoiceField(
        label=gettext_lazy("Which way is better"), choices=Course.choices, widget=forms.RadioSelect, initial=Course.UP
    )
    kpi = forms.ModelChoiceField(
        label=gettext_lazy("Measured by a KPI"),
        queryset=Kpi.objects.none(),
        required=False,
        empty_label=gettext_lazy("No, a figure we enter ourselves"),
    )
    measure = TextField(
        label=gettext_lazy("How we will know"),
        max_length=MAX_MEASURE,
        required=False,
        help_text=gettext_lazy("For example: contacts that come back within seven days."),
    )
    unit = TextField(
        label=gettext_lazy("Unit"), max_length=MAX_UNIT, required=False, help_text=gettext_lazy("%, s, a week …")
    )
    baseline = FigureField(label=gettext_lazy("Where it is today"), required=False)
    baseline_on = CalendarDateField(label=gettext_lazy("Measured on"), required=False)
    target = FigureField(label=gettext_lazy("Where it should be"), required=False)
    tolerance = FigureField(label=gettext_lazy("Give or take"), required=False)
    milestones = LinesField(
        label=gettext_lazy("Milestones, one a line"),
        max_length=(MAX_MILESTONE + 2) * MAX_MILESTONES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    due_on = CalendarDateField(label=gettext_lazy("By when"), required=False)
    weight = forms.TypedChoiceField(
        label=gettext_lazy("Weight"), choices=WEIGHTS, coerce=int, initial=2, widget=forms.RadioSelect
    )
    guardrail = forms.ModelChoiceField(
        label=gettext_lazy("Watched by"),
        queryset=Objective.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nothing"),
        help_text=gettext_lazy("The objective that shows whether this one costs too much, such as quality."),
    )

    def __init__(
        self, *args: Any, place: str, team: Team | None, today: Any, objective: Objective | None = None, **kwargs: Any
    ) -> None:
        if objective is not None:
            kwargs |= {"initial": initial_of(objective), "revision": objective.revision}
        super().__init__(*args, **kwargs)
        self.place, self.today, self.objective = place, today, objective
        self._offer("parent", parents_for(place, team), objective and objective.parent)
        self._offer("guardrail", partners_for(place, team), objective and objective.guardrail)
        self._offer("kpi", Kpi.objects.filter(archived_on=None), objective and objective.kpi)
        if place != Place.DEPARTMENT:
            del self.fields["department"]
        if objective is not None and objective.agreed_on is not None:
            for name in (*FROZEN, "milestones"):
                self.fields[name].disabled = True

    def _offer(self, name: str, rows: QuerySet[Any], chosen: Any) -> None:
        """The rows one may choose, and the one that is chosen already."""
        if chosen is not None:
            rows = rows | type(chosen).objects.filter(pk=chosen.pk)
        if self.objective is not None and name != "kpi":
            rows = rows.exclude(pk=self.objective.pk)
        cast(forms.ModelChoiceField, self.fields[name]).queryset = rows

    def clean_due_on(self) -> Any:
        due_on = self.cleaned_data["due_on"]
        if due_on is not None and (self.objective is None or self.objective.due_on != due_on):
            ensure_due(due_on, today=self.today)
        return due_on

    def clean_milestones(self) -> tuple[str, ...]:
        lines = tuple(self.cleaned_data["milestones"].splitlines())
        ensure_milestones(lines)
        return lines

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            ensure_facts(self.facts(), place=self.place, today=self.today, was=self.objective)
        return self.cleaned_data

    def facts(self) -> ObjectiveFacts:
        """What was typed; of what cannot be read, nothing."""
        said = {name: self.cleaned_data[name] for name in FACTS if name in self.cleaned_data}
        return ObjectiveFacts(**{"outcome": "", "course": Course.UP, **said})


class NewObjectiveForm(KeyedForm, ObjectiveForm):
    """An objective to begin with."""


def initial_of(objective: Objective) -> dict[str, Any]:
    said = {name: getattr(objective, name) for name in FACTS if name != "milestones"}
    return {**said, "milestones": "\n".join(objective.milestones.values_list("text", flat=True))}


def parents_for(place: str, team: Team | None) -> QuerySet[Objective]:
    """What may stand above: shown or agreed, and in the right place. The organisation's come first."""
    open_ones = Objective.objects.filter(state__in=(ObjectiveState.SHARED, ObjectiveState.AGREED))
    above = open_ones.filter(place__in=[each for each in ABOVE[Place(place)] if each != Place.TEAM])
    if team is not None:
        above |= open_ones.filter(team=team)
    return above.order_by("-place", "pk")


def partners_for(place: str, team: Team | None) -> QuerySet[Objective]:
    """What may watch over an objective: others of the same keeper that have not ended."""
    ended = (ObjectiveState.DONE, ObjectiveState.LET_GO)
    return Objective.objects.filter(place=place, team=team).exclude(state__in=ended)
