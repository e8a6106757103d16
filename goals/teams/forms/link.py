from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohorts.web.inputs import TextField
from goals.teams.rules import LINK_DAYS, LINK_KINDS, MAX_LINK_DAYS, MAX_WORDS, voice_words


class LinkForm(forms.Form):
    """How long a link opens."""

    days = forms.IntegerField(
        label=_("Opens for how many days"),
        min_value=1,
        max_value=MAX_LINK_DAYS,
        initial=LINK_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class VoiceForm(forms.Form):
    """A member's answer to one objective."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("of a member to an objective", "Answer"),
        choices=[(kind.value, kind.label) for kind in LINK_KINDS],
        widget=forms.HiddenInput,
    )
    words = TextField(
        label=_("In your words"), max_length=MAX_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        return voice_words(self.cleaned_data["kind"], words) if "kind" in self.cleaned_data else words
