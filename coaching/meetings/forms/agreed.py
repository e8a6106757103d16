from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.meetings.one_line import names_of, understand
from coaching.meetings.rules import MAX_LINE_CHARACTERS, ensure_due
from coaching.models import Action, Pairing
from cohorts.models import Membership
from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, TextField

NOBODY = ""


class AgreedFields(forms.Form):
    """Who of the two, and by when."""

    owner = forms.TypedChoiceField(label=gettext_lazy("Who"), required=False, coerce=int, empty_value=None)
    due_on = CalendarDateField(label=gettext_lazy("By when"), required=False)

    def __init__(self, *args: Any, pairing: Pairing, by: Membership, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: Mapping[int, Membership] = {each.pk: each for each in (pairing.leader, pairing.partner)}
        self.by, self.today = by, today
        choices = [(NOBODY, _("Nobody yet")), *((key, each.name) for key, each in self.people.items())]
        cast(forms.ChoiceField, self.fields["owner"]).choices = choices

    def clean_due_on(self) -> date | None:
        due_on: date | None = self.cleaned_data["due_on"]
        ensure_due(due_on, today=self.today)
        return due_on

    def agreed(self) -> dict[str, Any]:
        """The arguments of `add_action` and `change_action`."""
        cleaned = self.cleaned_data
        return {"text": cleaned["text"], "owner_id": cleaned["owner"], "due_on": cleaned["due_on"]}


class LineForm(KeyedForm, AgreedFields):
    """An action in one line: “Ingrid: try it by Friday”. What the fields below it say goes before the line."""

    text = TextField(
        label=gettext_lazy("One line: who, what, by when"),
        max_length=MAX_LINE_CHARACTERS,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("One line: who, what, by when")}),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if "text" in cleaned:
            read = self.understood(cleaned["text"])
            cleaned["text"] = read.text
            cleaned["owner"] = cleaned.get("owner") or read.owner
            cleaned["due_on"] = cleaned.get("due_on") or read.due_on
        return cleaned

    def understood(self, line: str) -> Any:
        you = next(key for key in self.people if key != self.by.pk)
        names = names_of((key, each.name) for key, each in self.people.items())
        return understand(line, names, me=self.by.pk, you=you, today=self.today)


class ActionForm(EditForm, AgreedFields):
    """An action to shrink, to say more clearly or to give to the other."""

    text = TextField(label=gettext_lazy("What"), max_length=MAX_LINE_CHARACTERS)

    field_order = ("text", "owner", "due_on")


class LetGoForm(forms.Form):
    """Why an action is let go."""

    reason = TextField(
        label=gettext_lazy("Why let it go?"),
        max_length=MAX_LINE_CHARACTERS,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("It solved itself when the rota changed")}),
    )


def as_agreed(action: Action) -> dict[str, Any]:
    """The initial values of a form that changes it."""
    return {"text": action.text, "owner": action.owner_id, "due_on": action.due_on}
