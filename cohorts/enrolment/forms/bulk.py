"""What several leaders get at once: another sponsor, another hour. Days away have their own form."""

from datetime import time
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.models import Membership, Organisation, Role
from cohorts.schedule.rules import ensure_nudge_hour


class SponsorOfManyForm(forms.Form):
    """Who supports the chosen leaders from now on."""

    sponsor: "forms.ModelChoiceField[Membership]" = forms.ModelChoiceField(
        label=gettext_lazy("Sponsor"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Nobody"),
        help_text=gettext_lazy("Only members with the role sponsor can be chosen."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sponsors = Membership.objects.active().with_role(Role.SPONSOR)
        cast(forms.ModelChoiceField, self.fields["sponsor"]).queryset = sponsors


class HourForm(forms.Form):
    """The hour of the chosen leaders' nudges."""

    nudge_hour = forms.TimeField(
        label=gettext_lazy("Nudge time"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900}),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_nudge_hour(self) -> time:
        hour: time = self.cleaned_data["nudge_hour"]
        ensure_nudge_hour(hour, self.organisation)
        return hour
