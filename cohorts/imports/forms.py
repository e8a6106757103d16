"""The form of every import."""

from django import forms
from django.utils.translation import gettext_lazy


class UploadForm(forms.Form):
    """A list exported from an HR system."""

    file = forms.FileField(
        label=gettext_lazy("List of people"),
        help_text=gettext_lazy(
            "A .csv or .xlsx file with at least a name and an e-mail for each. At most 10,000 rows."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm"}),
        allow_empty_file=True,
    )
