from django import forms

from goals.models import Shared


class SharingForm(forms.Form):
    """The answer to a question about sharing, with what was asked: the kind, the reader, the newest row."""

    kind = forms.ChoiceField(choices=Shared.choices)
    reader = forms.IntegerField()
    up_to = forms.IntegerField()
    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
