"""Forms for zone, hour and working days, of a cohort or of one leader, who may also have a rotating rota."""

from datetime import date, time
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS as NAMES
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.enrolment.rules import MAX_ROTA_DAYS, ensure_rota_from
from cohorts.models import Cohort, Enrolment, Organisation
from cohorts.schedule.calendars import rota_of
from cohorts.schedule.path import Rota
from cohorts.schedule.rules import ensure_nudge_hour, quiet_hours
from cohorts.schedule.zone_field import ZONE_HELP, ZoneField
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField

# Django's translations: Norwegian weekdays are lower case, and ours would be capitalised everywhere.
WEEKDAYS = [(number + 1, capfirst(name)) for number, name in NAMES.items()]
SUGGESTED = 4


class ScheduleForm(EditForm):
    """Zone, hour and working days, outside the organisation's quiet hours."""

    zone = ZoneField(label=gettext_lazy("Time zone"), help_text=ZONE_HELP)
    nudge_hour = forms.TimeField(
        label=gettext_lazy("Nudge time"),
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
        self.fields["nudge_hour"].help_text = _("Outside the quiet hours, %(hours)s.") % {
            "hours": quiet_hours(organisation)
        }

    def clean_nudge_hour(self) -> time:
        hour: time = self.cleaned_data["nudge_hour"]
        ensure_nudge_hour(hour, self.organisation)
        return hour


class DaysField(forms.IntegerField):
    """The number of days on or off in a rota."""

    default_error_messages = dict.fromkeys(
        ("required", "invalid", "min_value", "max_value"), gettext_lazy("Give a number of days from 1 to 28.")
    )
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_ROTA_DAYS, **kwargs)


class LeaderScheduleForm(ScheduleForm):
    """One leader's schedule: weekdays, or a rota of days on and days off.

    The fields of the option not chosen are not validated, and stored weekdays do not change.
    """

    WEEKDAYS, ROTA = "weekdays", "rota"
    TOGETHER = (("works", "working_days", "rota_on", "rota_off", "rota_from"),)

    works = forms.ChoiceField(
        label=gettext_lazy("Working days"),
        choices=[
            (WEEKDAYS, gettext_lazy("The same weekdays every week")),
            (ROTA, gettext_lazy("A rotating rota")),
        ],
        widget=forms.RadioSelect,
    )
    rota_on = DaysField(label=gettext_lazy("Days on"))
    rota_off = DaysField(label=gettext_lazy("Days off"))
    rota_from = CalendarDateField(
        label=gettext_lazy("A first day on"),
        help_text=gettext_lazy("Any date on which a stretch at work begins."),
        error_messages={"required": gettext_lazy("Give a date on which a stretch at work begins.")},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["working_days"].label = _("Weekdays")

    def meaning(self, values: dict[str, Any]) -> dict[str, Any]:
        idle = ("working_days",) if values["works"] == self.ROTA else ("rota_on", "rota_off", "rota_from")
        return {name: value for name, value in values.items() if name not in idle}

    def clean_rota_from(self) -> date:
        starts: date = self.cleaned_data["rota_from"]
        ensure_rota_from(starts, before=self.initial["rota_from"], today=self.today)
        return starts

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        on, off, starts = (said.pop(name, None) for name in ("rota_on", "rota_off", "rota_from"))
        if said.pop("works", None) == self.ROTA:
            self.errors.pop("working_days", None)
            said["working_days"] = self.initial["working_days"]
            said["rota"] = Rota(on, off, starts) if on and off and starts else None
        else:
            for name in ("rota_on", "rota_off", "rota_from"):
                self.errors.pop(name, None)
            said["rota"] = None
        return said


def leader_schedule_of(enrolment: Enrolment, today: date) -> dict[str, Any]:
    """Initial values of a LeaderScheduleForm. Without a rota it suggests four on and four off from today."""
    rota = rota_of(enrolment)
    offered = rota or Rota(SUGGESTED, SUGGESTED, today)
    return {
        **schedule_of(enrolment),
        "works": LeaderScheduleForm.ROTA if rota else LeaderScheduleForm.WEEKDAYS,
        "rota_on": offered.on,
        "rota_off": offered.off,
        "rota_from": offered.starts,
    }


def schedule_of(holder: Cohort | Enrolment) -> dict[str, Any]:
    """Initial values of a ScheduleForm."""
    return {
        "zone": str(holder.zone),
        "nudge_hour": holder.nudge_hour,
        "working_days": list(holder.working_days),
    }
