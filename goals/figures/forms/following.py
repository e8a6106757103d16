from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, FigureField, TextField
from goals.figures.rules import MAX_CHANGE, ensure_expected_days, ensure_monday, ensure_note, ensure_shown
from goals.models import Kpi


class AimForm(EditForm):
    """A team's target for a KPI, and how many days make a whole week."""

    target = FigureField(label=_("Target"), required=False, help_text=_("As it is shown: a share in per cent."))
    expected_days = forms.IntegerField(
        label=_("Days a week with figures"),
        min_value=1,
        max_value=7,
        initial=5,
        help_text=_("A week with fewer is drawn hollow and is left out of the limits."),
    )

    def __init__(self, *args: Any, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def clean_target(self) -> Decimal | None:
        target: Decimal | None = self.cleaned_data["target"]
        if target is not None:
            ensure_shown("target", self.unit, target)
        return target

    def clean_expected_days(self) -> int:
        days: int = self.cleaned_data["expected_days"]
        ensure_expected_days(days)
        return days


class FollowForm(AimForm):
    """A KPI that the team does not follow yet."""

    kpi = forms.TypedChoiceField(label=_("KPI"), coerce=int)
    field_order = ("kpi", "target", "expected_days")

    def __init__(self, *args: Any, kpis: Iterable[Kpi], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kpis = {kpi.pk: kpi for kpi in kpis}
        cast(forms.ChoiceField, self.fields["kpi"]).choices = [(kpi.pk, kpi.name) for kpi in self.kpis.values()]

    def clean_target(self) -> Decimal | None:
        kpi = self.kpis.get(self.cleaned_data.get("kpi", 0))
        self.unit = kpi.unit if kpi else ""
        return super().clean_target()


class RebaseForm(forms.Form):
    """From which Monday on the way of working is another one, and what changed."""

    from_on = CalendarDateField(label=_("From the week of"), help_text=_("A Monday, with six complete weeks since."))
    change = TextField(
        label=_("What changed"),
        max_length=MAX_CHANGE,
        widget=forms.TextInput(attrs={"placeholder": _("Call-backs go to the one who took the call.")}),
    )

    def clean_from_on(self) -> date:
        from_on: date = self.cleaned_data["from_on"]
        ensure_monday("from_on", from_on)
        return from_on


class WeekNoteForm(forms.Form):
    """What was special about a week."""

    monday_on = CalendarDateField(label=_("The week of"), help_text=_("A Monday."))
    text = TextField(
        label=_("What was special"),
        max_length=MAX_CHANGE,
        required=False,
        help_text=_("Empty takes the note away. The week stays on the chart."),
        widget=forms.TextInput(attrs={"placeholder": _("Easter, two days closed.")}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            ensure_note(**self.cleaned_data, today=self.today)
        return self.cleaned_data
