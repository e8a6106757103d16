from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from coaching.sponsoring.felt_support import ITEMS

SCALE = [
    (1, gettext_lazy("Not at all")),
    (2, gettext_lazy("A little")),
    (3, gettext_lazy("Partly")),
    (4, gettext_lazy("Mostly")),
    (5, gettext_lazy("Completely")),
]


def _item(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=SCALE, coerce=int, widget=forms.RadioSelect)


class SupportForm(forms.Form):
    """Five sentences about a sponsor, from 1 to 5."""

    interest = _item(gettext_lazy("My sponsor takes an interest in what I practise."))
    cover = _item(gettext_lazy("My sponsor sees to it that I have time for it."))
    example = _item(gettext_lazy("My sponsor leads by example."))
    freedom = _item(gettext_lazy("My sponsor leaves it to me how I do it."))
    checked_up_on = _item(gettext_lazy("I feel checked up on."))

    def items(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in ITEMS}
