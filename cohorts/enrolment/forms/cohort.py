"""The form for a cohort's settings."""

from datetime import date, timedelta
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.enrolment.actions.cohorts import FIXED_BY_FIRST_NUDGE, CohortPlan
from cohorts.enrolment.forms.schedule import ScheduleForm
from cohorts.enrolment.rules import (
    MAX_COHORT_NAME_CHARACTERS,
    ensure_after_classroom,
    ensure_cohort_day,
    ensure_free_name,
)
from cohorts.models import Cohort, CurriculumVersion
from cohorts.schedule.closed_days import ClosedDays, Place, closed_days
from cohorts.schedule.countries import COUNTRIES
from cohorts.schedule.day1 import Doubt, doubt_about, first_open
from cohorts.schedule.regions import KINDS, is_region, kinds_of, regions_of
from cohorts.web.forms import beside_its_field
from cohorts.web.inputs import CalendarDateField, NameField
from cohorts.web.language import page_language


def monday_after(on: date) -> date:
    return on + timedelta(days=8 - on.isoweekday())


class VersionField(forms.ModelChoiceField):
    """A curriculum version, labelled with its title in the reader's language."""

    def label_from_instance(self, version: CurriculumVersion) -> str:
        title = version.title_in(page_language())
        return _("%(title)s, version %(number)d") % {"title": title, "number": version.number}


class RegionField(forms.ChoiceField):
    """A region of the chosen country, which the form compares."""

    def validate(self, value: str) -> None:
        forms.Field.validate(self, value)


class CohortForm(ScheduleForm):
    """Name, curriculum, dates, initial schedule and the place whose holidays are off.

    A day 1 on which nobody works is pointed out once: `day1_instead` and `day1_kept` are the answers, two buttons.
    """

    PLACE: ClassVar[tuple[str, ...]] = ("holidays", "region", "holiday_kinds")
    TOGETHER = (PLACE,)

    name = NameField(label=gettext_lazy("Name"), max_length=MAX_COHORT_NAME_CHARACTERS)
    version = VersionField(label=gettext_lazy("Curriculum"), queryset=None, empty_label=None)
    classroom_ends_on = CalendarDateField(label=gettext_lazy("Last day in the classroom"))
    day1_on = CalendarDateField(
        label=gettext_lazy("Day 1"),
        required=False,
        help_text=gettext_lazy("If left empty: the Monday after the classroom, or the next working day."),
    )
    holidays = forms.ChoiceField(
        label=gettext_lazy("Public holidays"),
        required=False,
        choices=[("", gettext_lazy("None")), *COUNTRIES],
        help_text=gettext_lazy("No nudges are sent on these days."),
    )
    region = RegionField(
        label=gettext_lazy("Region"),
        required=False,
        help_text=gettext_lazy("Without a region, only holidays of the whole country count."),
    )
    holiday_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Also closed"), required=False, widget=forms.CheckboxSelectMultiple
    )

    field_order = (
        "name",
        "version",
        "classroom_ends_on",
        "day1_on",
        "nudge_hour",
        "zone",
        "working_days",
        *PLACE,
    )

    def __init__(
        self, *args: Any, today: date, cohort: Cohort | None = None, has_begun: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and "day1_instead" in self.data:
            data = cast(QueryDict, self.data).copy()
            data["day1_on"] = str(data["day1_instead"])
            self.data = data
        self.today, self.cohort = today, cohort
        self.day1_doubt: Doubt | None = None
        self._offer_place()
        published = CurriculumVersion.objects.filter(published_at__isnull=False)
        cast(VersionField, self.fields["version"]).queryset = published.order_by("-pk")
        if has_begun:
            self.fields["holidays"].help_text = _("No nudges are sent on these days. Only days ahead can change now.")
            for name in FIXED_BY_FIRST_NUDGE:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Cannot change after the first nudge.")

    @property
    def country(self) -> str:
        """The chosen one, of what is typed or saved; empty for none, or for what is no country."""
        said = self.data.get("holidays", "") if self.is_bound else self.initial.get("holidays", "")
        return said if said in dict(COUNTRIES) else ""

    @property
    def has_regions(self) -> bool:
        return bool(regions_of(self.country, "en"))

    @property
    def has_kinds(self) -> bool:
        return bool(kinds_of(self.country))

    def _offer_place(self) -> None:
        """What the country has: asked late, since a save elsewhere may have brought another country."""
        whole = ("", gettext_lazy("The whole country"))
        region, kinds = (cast(forms.ChoiceField, self.fields[name]) for name in self.PLACE[1:])
        region.choices = lambda: [whole, *regions_of(self.country, page_language()).items()]
        kinds.choices = lambda: [(kind, KINDS[kind]) for kind in kinds_of(self.country)]

    def clean_region(self) -> str:
        region: str = self.cleaned_data["region"]
        if region and region not in regions_of(self.country, "en"):
            if self.has_regions or not is_region(region):
                raise forms.ValidationError(_("Choose a region of this country, or the whole country."))
            return ""  # left over from another country, which has regions
        return region

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        ensure_free_name(name, cohort=self.cohort)
        return name

    def clean_classroom_ends_on(self) -> date:
        return self._within("classroom_ends_on", self.cleaned_data["classroom_ends_on"])

    def clean_day1_on(self) -> date | None:
        classroom_ends_on = self.cleaned_data.get("classroom_ends_on")
        if classroom_ends_on is None:
            return None
        day1_on: date | None = self.cleaned_data["day1_on"]
        if day1_on is None:
            return None
        ensure_after_classroom(day1_on, classroom_ends_on)
        return self._within("day1_on", day1_on)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if {"classroom_ends_on", "day1_on", "working_days", *self.PLACE} <= said.keys():
            with beside_its_field(self):
                self._settle_day1(said)
        return said

    def _settle_day1(self, said: dict[str, Any]) -> None:
        """The first working day from the Monday after the classroom if none was given; else whether it is doubtful."""
        own = closed_days(self.cohort).own if self.cohort else ()
        closed = ClosedDays(Place(said["holidays"], said["region"], tuple(said["holiday_kinds"])), own)
        if said["day1_on"] is None:
            monday = monday_after(said["classroom_ends_on"])
            said["day1_on"] = self._within("day1_on", first_open(monday, said["working_days"], closed))
            return
        day1_on = said["day1_on"]
        is_as_saved = self.cohort is not None and self.cohort.day1_on == day1_on
        if is_as_saved or self.data.get("day1_kept") == day1_on.isoformat():
            return
        self.day1_doubt = doubt_about(
            day1_on, working_days=said["working_days"], closed=closed, today=self.today, language=page_language()
        )
        if self.day1_doubt:
            self.add_error("day1_on", self.day1_doubt.sentence)

    def _within(self, field: str, on: date) -> date:
        ensure_cohort_day(field, on, before=getattr(self.cohort, field) if self.cohort else None, today=self.today)
        return on

    def plan(self) -> CohortPlan:
        """The settings, once the form is valid."""
        return CohortPlan(**self.cleaned_data)
