"""The small forms of an objective: a reading, why it is let go, parts, and what a member said."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.web.bounds import ensure_not_ahead
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, FigureField, TextField
from goals.models import Objective, TeamMember, VoiceKind
from goals.objectives.actions.taking_part import part_name
from goals.objectives.rules import (
    MAX_PART,
    MAX_REASON,
    ensure_let_go_on,
    ensure_voice,
)
from goals.teams.rules import MAX_WORDS


class ReadingForm(forms.Form):
    """Where the objective stood on a day."""

    value = FigureField(label=gettext_lazy("Figure"))
    on = CalendarDateField(label=gettext_lazy("Date"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"on": today}, **kwargs})
        self.today = today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        ensure_not_ahead("on", on, today=self.today)
        return on


class LetGoObjectiveForm(forms.Form):
    """Why, and since when."""

    reason = TextField(
        label=gettext_lazy("Why you let it go"),
        max_length=MAX_REASON,
        widget=forms.Textarea(
            attrs={"rows": 2, "placeholder": gettext_lazy("The new system takes all our time until summer")}
        ),
    )
    on = CalendarDateField(label=gettext_lazy("From which day"))

    def __init__(self, *args: Any, objective: Objective, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"on": today}, **kwargs})
        self.objective, self.today = objective, today

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        ensure_let_go_on(self.objective, on, today=self.today)
        return on


class PartsForm(EditForm):
    """A line for each member of the team."""

    def __init__(self, *args: Any, members: Iterable[TeamMember], parts: dict[int, str], **kwargs: Any) -> None:
        initial = {part_name(key): text for key, text in parts.items()}
        super().__init__(*args, initial=initial, **kwargs)
        for member in members:
            self.fields[part_name(member.pk)] = TextField(label=member.name, max_length=MAX_PART, required=False)

    def parts(self) -> dict[int, str]:
        return {int(name.removeprefix("part_")): text for name, text in self.cleaned_data.items()}


class NoteVoiceForm(forms.Form):
    """What a member said in a meeting. A question, an addition or an objection has words."""

    member = forms.ModelChoiceField(label=gettext_lazy("Who"), queryset=TeamMember.objects.none())
    kind = forms.ChoiceField(
        label=gettext_lazy("What they said"),
        choices=VoiceKind.choices,
        widget=forms.RadioSelect,
        initial=VoiceKind.ACCEPTED,
    )
    words = TextField(
        label=gettext_lazy("In a few words"),
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, objective: Objective, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = TeamMember.objects.filter(team=objective.team)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if {"kind", "words"} <= said.keys():
            ensure_voice(said["kind"], said["words"])
        return said
