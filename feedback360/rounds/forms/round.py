"""Forms of an admin: dates and threshold of a round, and the organisation's settings."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohorts.schedule.time_zones import local_date
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField
from feedback360.models import FeedbackSettings, Round, State
from feedback360.rounds.round_rules import (
    MONTHLY_REQUESTS,
    RESPONSE_RATES,
    THRESHOLDS,
    ensure_dates,
    ensure_end,
    ensure_opening,
)


def people() -> list[tuple[int, str]]:
    """Asked for each page, in its language."""
    return [(k, ngettext("%(count)d person", "%(count)d people", k) % {"count": k}) for k in THRESHOLDS]


def threshold_field(help_text: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=gettext_lazy("Smallest group shown"),
        choices=people,
        coerce=int,
        widget=forms.RadioSelect(),
        help_text=help_text,
    )


def dates_of(round_: Round) -> dict[str, date]:
    zone = round_.cohort.zone
    return {
        "opens_on": local_date(round_.opens_at, zone),
        "answer_by": local_date(round_.reminds_at, zone),
        "closes_on": local_date(round_.closes_at, zone),
    }


class NewRoundForm(forms.Form):
    """The day a round opens; all others follow."""

    opens_on = CalendarDateField(
        label=gettext_lazy("Opens"),
        help_text=gettext_lazy("Leaders choose raters in the two weeks before. They need at least one week."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_opens_on(self) -> date:
        opens_on: date = self.cleaned_data["opens_on"]
        ensure_opening(opens_on, today=self.today)
        return opens_on


class RoundDatesForm(EditForm):
    """Opening, soft deadline and close. An open round has opened: only its end can move."""

    opens_on = CalendarDateField(label=gettext_lazy("Opens"), help_text=gettext_lazy("At 9:00."))
    answer_by = CalendarDateField(
        label=gettext_lazy("Please answer by"), help_text=gettext_lazy("The day that requests and reminders name.")
    )
    closes_on = CalendarDateField(
        label=gettext_lazy("Closes"),
        help_text=gettext_lazy("At 16:00. Reports are released on the next working day at 9:00."),
    )

    def __init__(self, *args: Any, round_: Round, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial=dates_of(round_), revision=round_.revision, **kwargs)
        self.is_open = round_.state == State.COLLECTING
        self.today = today
        if self.is_open:
            self.fields["opens_on"].disabled = True
            self.fields["opens_on"].help_text = _("It has opened.")

    def clean(self) -> dict[str, Any] | None:
        dates = self.cleaned_data
        if dates.keys() >= {"opens_on", "answer_by", "closes_on"}:
            ensure = ensure_end if self.is_open else ensure_dates
            ensure(today=self.today, **{name: dates[name] for name in ("opens_on", "answer_by", "closes_on")})
        return None


class ThresholdForm(forms.Form):
    """The smallest group this round shows."""

    threshold = threshold_field()


class FeedbackSettingsForm(EditForm):
    """An organisation's choices for its rounds."""

    threshold = threshold_field(
        gettext_lazy("Five protects raters best. With four or three, raters are told so before they answer.")
    )
    response_rate = forms.IntegerField(
        label=gettext_lazy("Expected answers, per cent"),
        min_value=RESPONSE_RATES[0],
        max_value=RESPONSE_RATES[1],
        help_text=gettext_lazy("How many of those asked usually answer. Groups are planned with it."),
    )
    monthly_requests = forms.IntegerField(
        label=gettext_lazy("Requests to one person in a month"),
        min_value=MONTHLY_REQUESTS[0],
        max_value=MONTHLY_REQUESTS[1],
        help_text=gettext_lazy("About how many leaders one person may be asked in thirty days."),
    )
    suggests_talk = forms.BooleanField(
        label=gettext_lazy("Suggest talking the report through"),
        required=False,
        help_text=gettext_lazy("With the coach or the sponsor, when the report is released."),
    )

    def __init__(self, *args: Any, settings: FeedbackSettings, **kwargs: Any) -> None:
        names = ("threshold", "response_rate", "monthly_requests", "suggests_talk")
        initial = {name: getattr(settings, name) for name in names}
        super().__init__(*args, initial=initial, revision=settings.revision, **kwargs)
