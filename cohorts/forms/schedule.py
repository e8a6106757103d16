"""When a nudge goes: zone, hour and working days. The same three questions for a cohort, an admin and a leader."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dates import WEEKDAYS as NAMES
from django.utils.formats import time_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Cohort, Enrolment, Organisation
from cohorts.path import in_quiet_hours
from cohorts.zones import zone_choices

# Django's own names: in Norwegian they are small within a sentence, and ours would make them capital everywhere.
WEEKDAYS = [(number + 1, capfirst(name)) for number, name in NAMES.items()]


class ScheduleForm(forms.Form):
    """Zone, hour and working days, held to the organisation's quiet hours."""

    zone = forms.TypedChoiceField(label=gettext_lazy("Time zone"), choices=zone_choices, coerce=ZoneInfo)
    nudge_hour = forms.TimeField(
        label=gettext_lazy("Hour of the nudge"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 900}),
    )
    working_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Working days"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one working day.")},
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["nudge_hour"].help_text = _("Outside the quiet hours, %(hours)s.") % {"hours": self._quiet()}

    def clean_nudge_hour(self) -> time:
        hour: time = self.cleaned_data["nudge_hour"]
        if in_quiet_hours(hour, self.organisation.quiet_from, self.organisation.quiet_until):
            raise forms.ValidationError(
                _("No nudge goes out in the quiet hours, %(hours)s. Choose an hour outside them.")
                % {"hours": self._quiet()}
            )
        return hour

    def _quiet(self) -> str:
        start, end = self.organisation.quiet_from, self.organisation.quiet_until
        return f"{time_format(start, 'H:i')}–{time_format(end, 'H:i')}"


def schedule_of(holder: Cohort | Enrolment) -> dict[str, Any]:
    """What a ScheduleForm starts from: the schedule somebody has now."""
    return {
        "zone": str(holder.zone),
        "nudge_hour": holder.nudge_hour,
        "working_days": list(holder.working_days),
    }
