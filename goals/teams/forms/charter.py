from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, TextField
from goals.teams.rules import CHARTER_TEXTS, MAX_MADE_WITH, charter_values


def _text(name: str, label: Any, placeholder: Any, rows: int = 2) -> TextField:
    attrs = {"rows": rows, "placeholder": placeholder, "aria-describedby": "readers"}
    return TextField(label=label, max_length=CHARTER_TEXTS[name], required=False, widget=forms.Textarea(attrs=attrs))


class CharterForm(EditForm):
    """What a team is for and how it works together. It saves itself, so an unfinished one is fine."""

    purpose = _text("purpose", _("What we are here for"), _("Customers get it solved the first time they call us."))
    promise = _text("promise", _("What customers can count on"), _("We call back when we said we would."))
    working = _text(
        "working",
        _("How we work together"),
        _("After a hard call we take five minutes.\nWe say it to each other, not about each other."),
        rows=5,
    )
    deciding = _text("deciding", _("How we decide"), _("Those who have to live with it are asked first."))
    differing = _text("differing", _("When we disagree"), _("We try it for two weeks and look at the figures."))
    review_on = CalendarDateField(label=_("When we look at it again"), required=False)
    made_with = forms.IntegerField(
        label=_("How many of us made it"),
        min_value=1,
        max_value=MAX_MADE_WITH,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    sent = ""  # what a page that was typed in meanwhile goes on from

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            charter_values(**self.said(), today=self.today)
        return self.cleaned_data

    def said(self) -> dict[str, Any]:
        """The arguments of `save_charter`."""
        texts = {name: self.cleaned_data[name] for name in CHARTER_TEXTS}
        return {
            "texts": texts,
            "review_on": self.cleaned_data["review_on"],
            "made_with": self.cleaned_data["made_with"],
        }
