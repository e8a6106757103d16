from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coaching.meetings.rules import MAX_PLACE_CHARACTERS, ensure_cadence, ensure_start, templates_of
from coaching.models import Cadence, Pairing, Session
from coaching.models.invited import MAX_MINUTES, MIN_MINUTES
from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, NameField

SUGGESTED_HOUR = time(10)


class WhenForm(forms.Form):
    """Day, time, length and place of a talk, in the time zone of the page."""

    on = CalendarDateField(label=gettext_lazy("Day"))
    at = forms.TimeField(
        label=gettext_lazy("Time"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300})
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=MIN_MINUTES,
        max_value=MAX_MINUTES,
        initial=30,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    place = NameField(
        label=gettext_lazy("Place or link"),
        max_length=MAX_PLACE_CHARACTERS,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Meeting room 2, or on the phone")}),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if "on" in cleaned and "at" in cleaned:
            ensure_start(self.starts_at, now=self.now)
        return cleaned

    @property
    def starts_at(self) -> datetime:
        """The chosen moment. A time that a clock change skips or doubles is its first."""
        return datetime.combine(self.cleaned_data["on"], self.cleaned_data["at"], timezone.get_current_timezone())

    def plan(self) -> dict[str, Any]:
        """The arguments of `plan_session` and `move_session`."""
        return {"starts_at": self.starts_at, **{name: self.cleaned_data[name] for name in ("minutes", "place")}}


class PlanForm(KeyedForm, WhenForm):
    """A new talk, with or without a template."""

    template = forms.ChoiceField(
        label=gettext_lazy("Kind of talk"),
        required=False,
        help_text=gettext_lazy("It brings an agenda and boxes to write in. Both can be left empty."),
    )

    def __init__(self, *args: Any, pairing: Pairing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        talks = [each.in_language(language) for each in templates_of(pairing)]
        named = [
            (talk.key, _("%(title)s, %(minutes)s min") % {"title": talk.title, "minutes": talk.minutes})
            for talk in talks
        ]
        templates = [("", _("A talk of your own")), *named]
        cast(forms.ChoiceField, self.fields["template"]).choices = templates

    def plan(self) -> dict[str, Any]:
        return {**super().plan(), "template": self.cleaned_data["template"]}


class MoveForm(EditForm, WhenForm):
    """Another time, length or place for a planned talk."""

    TOGETHER = (("on", "at"),)


class CadenceForm(EditForm):
    """How often the two want to talk."""

    cadence_days = forms.TypedChoiceField(
        label=gettext_lazy("How often"), choices=Cadence.choices, coerce=int, widget=forms.RadioSelect
    )

    def clean_cadence_days(self) -> int:
        cadence_days: int = self.cleaned_data["cadence_days"]
        ensure_cadence(cadence_days)
        return cadence_days


def plan_of(session: Session) -> dict[str, Any]:
    """The initial values of a form that moves it."""
    start = timezone.localtime(session.starts_at)
    return {"on": start.date(), "at": start.time(), "minutes": session.minutes, "place": session.place}


def suggested(due_on: date | None, today: date) -> dict[str, Any]:
    """When to talk next: on the due date, at the earliest tomorrow."""
    return {"on": max(due_on or today, today + timedelta(days=1)), "at": SUGGESTED_HOUR}
