"""The forms of every import: the file itself, then what each of its columns is."""

from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.imports.chosen import Chosen
from cohorts.imports.columns import AboutUpload, ensure_columns, header_or_number
from cohorts.imports.file import ListKind
from cohorts.web.refusals import Invalid

ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "cp1252": gettext_lazy("Western Europe (Windows)"),
    "mac_roman": gettext_lazy("Western Europe (Mac)"),
    "cp850": gettext_lazy("Western Europe (DOS)"),
    "cp1250": gettext_lazy("Central Europe (Windows)"),
    "cp1257": gettext_lazy("Baltic (Windows)"),
    "cp1254": gettext_lazy("Turkish (Windows)"),
    "cp1251": gettext_lazy("Cyrillic (Windows)"),
    "cp1253": gettext_lazy("Greek (Windows)"),
}


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


class ColumnsForm(forms.Form):
    """What each column is taken for, and where there is a choice, which sheet, which letters, and hidden rows.

    `shown` is what it begins with. A draft may miss columns, and take two for the same.
    """

    sheet = forms.TypedChoiceField(label=gettext_lazy("Sheet"), coerce=int, empty_value=None, required=False)
    encoding = forms.ChoiceField(
        label=gettext_lazy("Letters"),
        required=False,
        help_text=gettext_lazy("Choose another one if names look wrong below."),
    )
    hidden = forms.BooleanField(label=gettext_lazy("Also read rows that are hidden"), required=False)

    def __init__(
        self, *args: Any, about: AboutUpload, kind: ListKind, shown: Chosen, is_draft: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.about, self.kind, self.is_draft = about, kind, is_draft
        sheet = about.sheet_read if shown.sheet is None else shown.sheet
        self._offer("sheet", [(str(at), name) for at, (name, *_rest) in enumerate(about.sheets)], sheet)
        is_certain = about.encoding not in ENCODING_NAMES or about.encoding == "utf-8"
        encodings = [] if is_certain else list(ENCODING_NAMES.items())
        self._offer("encoding", encodings, shown.encoding or about.encoding)
        self.fields["hidden"].initial = shown.hidden
        if not (shown.hidden or about.passed.get("hidden")):
            del self.fields["hidden"]
        choices = [("", _("Ignore")), *((name, kind.label(name)) for name in kind.fields)]
        for number, _name, header, samples in about.columns:
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=header_or_number(number, header),
                choices=choices,
                initial=shown.columns.get(str(number), ""),
                required=False,
                help_text=escape(" · ".join(samples)),  # crispy prints help texts as they are
            )

    def _offer(self, name: str, choices: list[tuple[str, Any]], initial: object) -> None:
        """A choice, where there is more than one."""
        if len(choices) < 2:
            del self.fields[name]
            return
        cast(forms.ChoiceField, self.fields[name]).choices = choices
        self.fields[name].initial = initial

    def lines(self) -> list[BoundField]:
        """The field of each column, with some of its cells."""
        return [self[f"column_{number}"] for number, *_rest in self.about.columns]

    def options(self) -> list[BoundField]:
        return [self[name] for name in ("sheet", "encoding", "hidden") if name in self.fields]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not (self.errors or self.is_another_sheet or self.is_draft):
            try:
                ensure_columns(self.chosen(), self.about, self.kind)
            except Invalid as refusal:
                self.add_error(refusal.field or None, refusal)
        return cleaned

    @property
    def is_another_sheet(self) -> bool:
        return self.cleaned_data.get("sheet") not in (None, self.about.sheet_read)

    def chosen(self) -> Chosen:
        values = self.cleaned_data
        columns = {name.removeprefix("column_"): value for name, value in values.items() if name.startswith("column_")}
        return Chosen(
            sheet=values.get("sheet"),
            columns={number: name for number, name in columns.items() if name},
            encoding=values.get("encoding", ""),
            hidden=values.get("hidden", False),
        )
