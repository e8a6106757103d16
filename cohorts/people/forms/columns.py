"""The form of a list of people."""

from typing import Any

from django.utils.translation import gettext as _

from cohorts.imports.forms import UploadForm


class PeopleListForm(UploadForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = _(
            "A .csv or .xlsx file with at least a name and an e-mail for each. At most 100,000 rows."
        )
