from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from coaching.meetings.boxes import FilledBox
from coaching.meetings.rules import MAX_NOTE_CHARACTERS
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import TextField


class BoxForm(EditForm):
    """The words of one box of a talk's template."""

    text = TextField(
        label=gettext_lazy("Words"),
        max_length=MAX_NOTE_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, filled: FilledBox | None = None, **kwargs: Any) -> None:
        saved: dict[str, Any] = {"initial": {"text": filled.words}, "revision": filled.revision} if filled else {}
        super().__init__(*args, **saved, **kwargs)
