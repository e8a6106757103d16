"""The form for one closed day of a cohort."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.enrolment.actions.closed_days import MAX_DAY_NAME_CHARACTERS, Act, with_own_day
from cohorts.models import Cohort
from cohorts.schedule.closed_days import ClosedDays, OwnDay, closed_days
from cohorts.web.forms import beside_its_field
from cohorts.web.inputs import CalendarDateField, NameField


class ClosedDayForm(forms.Form):
    """A date, what to do with it, a name if it is closed, and the revision of the cohort that the page showed."""

    act = forms.ChoiceField(choices=[(act.value, act.value) for act in Act], widget=forms.HiddenInput)
    on = CalendarDateField(label=gettext_lazy("Date"))
    name = NameField(
        label=gettext_lazy("Name"),
        max_length=MAX_DAY_NAME_CHARACTERS,
        required=False,
        help_text=gettext_lazy("Such as Christmas Eve. Admins of your organisation see it."),
    )
    revision = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"act": Act.CLOSE.value}, **kwargs})
        self.cohort = cohort

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("act") == Act.CLOSE and "name" in said and not said["name"]:
            self.add_error("name", self.fields["name"].error_messages["required"])
        if {"act", "on", "name"} <= said.keys():
            with beside_its_field(self):
                self.after()
        return said

    def after(self) -> ClosedDays:
        """The cohort's closed days with this change. Raises Invalid as the action does."""
        said = self.cleaned_data
        if said["act"] == Act.TAKE_BACK:
            return closed_days(self.cohort).without(said["on"])
        is_closed = said["act"] == Act.CLOSE
        return with_own_day(self.cohort, OwnDay(said["on"], said["name"] if is_closed else "", is_closed))
