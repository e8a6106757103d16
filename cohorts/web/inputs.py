"""Form controls that several packages share."""

from django import forms


def date_input() -> forms.DateInput:
    """The browser's own date picker, with the value in the one format it accepts."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
