from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.imports.forms import UploadForm
from goals.figures.imports.cells import Order
from goals.models import Kpi


class FigureUploadForm(UploadForm):
    """A list of figures, and what it does not say itself."""

    kpi: "forms.ModelChoiceField[Kpi]" = forms.ModelChoiceField(
        label=gettext_lazy("KPI of the whole file"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("As in the column KPI"),
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Dates such as 03/04/2026"),
        required=False,
        choices=[
            (Order.UNSAID.value, gettext_lazy("There are none")),
            (Order.DAY.value, gettext_lazy("The day is first")),
            (Order.MONTH.value, gettext_lazy("The month is first")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = gettext_lazy("List of figures")
        self.fields["file"].help_text = gettext_lazy(
            "A .csv or .xlsx file with one row for each day, team and KPI. At most 200,000 rows."
        )
        cast(forms.ModelChoiceField, self.fields["kpi"]).queryset = Kpi.objects.filter(archived_on=None)
