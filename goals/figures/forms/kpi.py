from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, FigureField, NameField, TextField
from goals.figures.actions.kpis import KpiWords, MethodWords
from goals.figures.rules import MAX_CHANGE, MAX_METHOD, MAX_NAME, MAX_WINDOW_DAYS, MAX_WORDS, ensure_kpi, ensure_method
from goals.models import Better, Family, Kpi, Unit


class KpiForm(EditForm):
    """What a KPI is."""

    TOGETHER = (("better", "low", "high"),)

    name = NameField(label=_("Name"), max_length=MAX_NAME)
    family = forms.ChoiceField(label=_("Kind"), choices=Family.choices)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)
    numerator = TextField(
        label=_("What is counted"), max_length=MAX_WORDS, help_text=_("Contacts solved in the first contact, say.")
    )
    denominator = TextField(
        label=_("Out of what"),
        max_length=MAX_WORDS,
        required=False,
        help_text=_("All contacts, say. Nothing for a plain number a day."),
    )
    better = forms.ChoiceField(label=_("Which way is better"), choices=Better.choices)
    low = FigureField(label=_("From"), required=False, help_text=_("Only where it is best between two numbers."))
    high = FigureField(label=_("To"), required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            ensure_kpi(**{name: self.cleaned_data[name] for name in KpiWords.__slots__})
        return self.cleaned_data

    def words(self) -> KpiWords:
        return KpiWords(**{name: self.cleaned_data[name] for name in KpiWords.__slots__})


class MethodForm(forms.Form):
    """How a KPI is measured from a Monday on."""

    text = TextField(label=_("How it is measured"), max_length=MAX_METHOD, widget=forms.Textarea(attrs={"rows": 3}))
    window_days = forms.IntegerField(
        label=_("Window in days"),
        min_value=1,
        max_value=MAX_WINDOW_DAYS,
        required=False,
        help_text=_("How long a customer may come back before the contact counts as solved. Seven is common."),
    )
    same_issue = TextField(label=_("What counts as the same matter"), max_length=MAX_CHANGE, required=False)
    channels = TextField(label=_("Channels"), max_length=MAX_WORDS, required=False)
    source = TextField(label=_("Where the numbers come from"), max_length=MAX_WORDS, required=False)
    from_on = CalendarDateField(label=_("From"), help_text=_("A Monday. Charts break their line there."))

    def __init__(self, *args: Any, kpi: Kpi, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kpi = kpi

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            ensure_method(kpi=self.kpi, **self.cleaned_data)
        return self.cleaned_data

    def method(self) -> MethodWords:
        return MethodWords(**self.cleaned_data)
