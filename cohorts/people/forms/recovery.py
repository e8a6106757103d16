"""Why somebody's factors should be removed."""

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.people.recovery_rules import MAX_REASON_CHARACTERS
from cohorts.web.inputs import TextField


class RecoveryForm(forms.Form):
    reason = TextField(
        label=gettext_lazy("What happened?"),
        max_length=MAX_REASON_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("How you know that it is them, and what they lost."),
    )
