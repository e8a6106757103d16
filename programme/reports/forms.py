from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programme.models import Report


class AskForm(forms.Form):
    """Which copy and which language. With only one copy, the first question is left out."""

    copy = forms.ChoiceField(label=pgettext_lazy("of a report", "Copy"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    by_mail = forms.BooleanField(label=_("E-mail me when it is ready"), required=False)

    def __init__(self, *args: Any, copies: list[Report.Copy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copy"].choices = [(copy.value, copy.label) for copy in copies]  # type: ignore[attr-defined]
        self.fields["copy"].initial = copies[0].value
        if len(copies) == 1:
            self.fields["copy"].widget = forms.HiddenInput()


class CharterPrintForm(forms.Form):
    """Which language, and whether the members' names are on it."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    with_names = forms.BooleanField(label=_("Print who is in the team, too"), required=False)
