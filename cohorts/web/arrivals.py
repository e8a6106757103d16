"""A form that may be sent twice: `key` says it is the same form, `edition` which of its contents is newer.

drafts.js raises the edition with every change and sends it along. Without JavaScript there is none, and what arrives
last is the newest.
"""

from typing import Any
from uuid import UUID, uuid4

from django import forms

from cohorts.web.bounds import ensure_number

MAX_EDITION = 2**53  # the largest whole number a browser counts to


def was_overtaken(edition: int | None, newest: int | None) -> bool:
    """Whether newer words of the same form arrived before these."""
    return edition is not None and newest is not None and edition < newest


def ensure_edition(edition: int | None) -> None:
    if edition is not None:
        ensure_number("edition", edition, 0, MAX_EDITION)


class EditionField(forms.IntegerField):
    """A number that no person typed: anything else is as good as none."""

    def __init__(self) -> None:
        super().__init__(required=False, min_value=0, max_value=MAX_EDITION, widget=hidden_input())

    def clean(self, value: Any) -> int | None:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return None


def hidden_input() -> forms.HiddenInput:
    # Firefox brings back what a hidden field held before a reload, and with it the key of an earlier form.
    return forms.HiddenInput(attrs={"autocomplete": "off"})


class KeyedForm(forms.Form):
    """A form that saves one entry however often it arrives."""

    key = forms.UUIDField(required=False, widget=hidden_input(), initial=uuid4)
    edition = EditionField()

    def clean_key(self) -> UUID:
        return self.cleaned_data["key"] or uuid4()
