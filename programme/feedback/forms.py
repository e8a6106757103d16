"""From a report to two plans."""

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.curriculum.behaviours import Behaviour
from cohorts.web.inputs import TextField
from goals.habits.rules import MAX_PLAN_CHARACTERS, half_of_plan

SIDES = ("strength", "growth")


def half(label: Any) -> TextField:
    return TextField(label=label, max_length=MAX_PLAN_CHARACTERS, widget=forms.Textarea(attrs={"rows": 2}))


class FocusesForm(forms.Form):
    """A strength and a behaviour to grow, each with an if-then plan unless the leader has one for it.

    `archive` are the focuses that the page said would make room; `reader_id` is the sponsor whom it named.
    """

    strength = forms.ChoiceField(choices=Behaviour.choices, widget=forms.HiddenInput)
    strength_cue = half(gettext_lazy("When…"))
    strength_response = half(gettext_lazy("I will…"))
    growth = forms.ChoiceField(choices=Behaviour.choices, widget=forms.HiddenInput)
    growth_cue = half(gettext_lazy("When…"))
    growth_response = half(gettext_lazy("I will…"))
    archive = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.MultipleHiddenInput)
    reader_id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, planned: Collection[str], focuses: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["archive"].choices = [(pk, str(pk)) for pk in focuses]  # type: ignore[attr-defined]
        for side in SIDES:
            if side not in planned:
                del self.fields[f"{side}_cue"], self.fields[f"{side}_response"]

    def clean_strength_cue(self) -> str:
        return half_of_plan("cue", self.cleaned_data["strength_cue"])

    def clean_strength_response(self) -> str:
        return half_of_plan("response", self.cleaned_data["strength_response"])

    def clean_growth_cue(self) -> str:
        return half_of_plan("cue", self.cleaned_data["growth_cue"])

    def clean_growth_response(self) -> str:
        return half_of_plan("response", self.cleaned_data["growth_response"])

    def plans(self) -> Mapping[str, tuple[str, str]]:
        """Both halves of each plan that was asked for, by side."""
        said = self.cleaned_data
        return {side: (said[f"{side}_cue"], said[f"{side}_response"]) for side in SIDES if f"{side}_cue" in said}
