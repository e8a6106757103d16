"""Forms about dates: several new ones at once, one that changes, one that is cancelled."""

from datetime import date, time
from typing import Any, ClassVar, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.hosting.facts import DateFacts
from coaching.hosting.forms.hosts import PlacesField, number, paragraph, several
from coaching.hosting.rules import (
    MAX_ABOUT,
    MAX_LINK,
    MAX_PLACE,
    MAX_REASON,
    MAX_TITLE,
    ensure_link,
    ensure_meeting_point,
)
from coaching.models import Host, HostFormat, SpokenLanguage, Visit
from coaching.models.invited import MAX_MINUTES, MIN_MINUTES
from cohorts.curriculum.behaviours import Behaviour
from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import CalendarDateField, NameField, TextField

DAYS = ("day_1", "day_2", "day_3", "day_4", "day_5", "day_6")
FACTS = tuple(DateFacts.__dataclass_fields__)


def clock_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": 300})


class FactsForm(forms.Form):
    """What a date is about, for how many, and where."""

    format = forms.ChoiceField(label=gettext_lazy("What is it?"), widget=forms.RadioSelect)
    title = NameField(label=gettext_lazy("Title"), max_length=MAX_TITLE)
    about = paragraph(gettext_lazy("What happens"), MAX_ABOUT, 3)
    behaviours = several(
        gettext_lazy("What can be seen"), Behaviour.choices, gettext_lazy("Choose at least one behaviour.")
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"))
    capacity = PlacesField(label=gettext_lazy("Places"))
    minutes = number(gettext_lazy("Minutes"), MIN_MINUTES, MAX_MINUTES)
    is_remote = forms.BooleanField(label=gettext_lazy("By video"), required=False)
    place = NameField(
        label=gettext_lazy("Where guests come"),
        max_length=MAX_PLACE,
        required=False,
        help_text=gettext_lazy("The address, and where to report. It goes into their calendar."),
    )
    link = TextField(
        label=gettext_lazy("Link to the video call"),
        max_length=MAX_LINK,
        required=False,
        help_text=gettext_lazy("Only those with a place see it."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def offer(self, host: Host, chosen: str = "") -> None:
        """Only what the host offers can be chosen; what a date has already stays possible."""
        formats = [choice for choice in HostFormat.choices if choice[0] in (*host.formats, chosen)]
        cast(forms.ChoiceField, self.fields["format"]).choices = formats
        spoken = sorted(SpokenLanguage.choices, key=lambda choice: choice[0] not in host.languages)
        cast(forms.ChoiceField, self.fields["language"]).choices = spoken

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"]
        ensure_link(link)
        return link

    def ensure_whole(self, said: dict[str, Any]) -> None:
        if {"place", "link"} <= said.keys():
            ensure_meeting_point(is_remote=said["is_remote"], place=said["place"], link=said["link"])

    def facts(self) -> DateFacts:
        return DateFacts(**{name: self.cleaned_data[name] for name in FACTS})


class NewDatesForm(KeyedForm, FactsForm):
    """One to six days at the same hour: dates of their own, no recurrence."""

    at = forms.TimeField(label=gettext_lazy("Begins at"), widget=clock_input(), initial=time(9))
    day_1 = CalendarDateField(label=gettext_lazy("Day"))
    day_2 = CalendarDateField(label=gettext_lazy("Another day"), required=False)
    day_3 = CalendarDateField(label=gettext_lazy("Another day"), required=False)
    day_4 = CalendarDateField(label=gettext_lazy("Another day"), required=False)
    day_5 = CalendarDateField(label=gettext_lazy("Another day"), required=False)
    day_6 = CalendarDateField(label=gettext_lazy("Another day"), required=False)

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        formats, languages = host.formats, host.languages
        initial = {
            "format": formats[0] if formats else "",
            "behaviours": host.behaviours,
            "language": languages[0] if languages else "",
            "capacity": host.places,
            "minutes": 120,
            "place": host.site,
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.offer(host)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        self.ensure_whole(said)
        return said

    def days(self) -> dict[str, date]:
        return {name: self.cleaned_data[name] for name in DAYS if self.cleaned_data.get(name)}


class DateForm(EditForm, FactsForm):
    """One date. Another day, hour, length or place moves it in every guest's calendar."""

    TOGETHER: ClassVar[tuple[tuple[str, ...], ...]] = (("day", "at"), ("is_remote", "place", "link"))

    day = CalendarDateField(label=gettext_lazy("Day"))
    at = forms.TimeField(label=gettext_lazy("Begins at"), widget=clock_input())

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        local = timezone.localtime(visit.starts_at, visit.host.zone)
        initial = {name: getattr(visit, name) for name in FACTS}
        initial |= {"day": local.date(), "at": local.time()}
        super().__init__(*args, initial=initial, revision=visit.revision, **kwargs)
        self.offer(visit.host, visit.format)
        self.fields["capacity"].help_text = _("With fewer places than taken nobody loses theirs.")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        self.ensure_whole(said)
        return said


class CancelDateForm(forms.Form):
    """Why guests cannot come."""

    reason = paragraph(gettext_lazy("Why"), MAX_REASON, 2, gettext_lazy("Guests read this in their mail."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
