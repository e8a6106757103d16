"""Of which roles the organisation asks for a second factor."""

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.access.factor_rules import ROLES_TO_ASK


class FactorPolicyForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Who must have one"),
        choices=[(role.value, role.label) for role in ROLES_TO_ASK],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("If none is ticked, everyone decides for themselves."),
    )
