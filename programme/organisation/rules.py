"""What the settings of an organisation are held to. Asked by the forms, decided in the actions."""

from collections.abc import Collection
from datetime import time, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from cohorts.schedule.path import in_quiet_hours
from cohorts.web.bounds import ensure_choice, ensure_choices, ensure_name
from cohorts.web.refusals import Invalid

MAX_NAME_CHARACTERS = 120
MAX_QUIET = timedelta(hours=16)  # a working day stays


def ensure_organisation_name(name: str) -> None:
    ensure_name("name", name, most=MAX_NAME_CHARACTERS)


def ensure_quiet_hours(quiet_from: time, quiet_until: time) -> None:
    """Equal ends mean none. Eight hours of the day stay for mails."""
    if quiet_length(quiet_from, quiet_until) > MAX_QUIET:
        raise Invalid("quiet_until", _("Leave at least eight hours of the day for mails."))


def ensure_hour_for_new(hour: time, quiet_from: time, quiet_until: time) -> None:
    if in_quiet_hours(hour, quiet_from, quiet_until):
        sentence = _("This is in the quiet hours, %(hours)s. Choose another hour.")
        raise Invalid("nudge_hour", sentence % {"hours": hours_words(quiet_from, quiet_until)})


def ensure_languages(language: str, languages: Collection[str]) -> None:
    ensure_choices("languages", languages, dict(settings.LANGUAGES), none=_("Choose at least one language."))
    ensure_choice("language", language, dict(settings.LANGUAGES))
    if language not in languages:
        raise Invalid("language", _("The first language must be one of those offered."))


def quiet_length(quiet_from: time, quiet_until: time) -> timedelta:
    starts, ends = (timedelta(hours=each.hour, minutes=each.minute) for each in (quiet_from, quiet_until))
    return (ends - starts) % timedelta(days=1)


def hours_words(quiet_from: time, quiet_until: time) -> str:
    """`21:00–06:00`, or a dash when there are none."""
    if quiet_from == quiet_until:
        return "–"
    return f"{hour_words(quiet_from)}–{hour_words(quiet_until)}"


def hour_words(hour: time) -> str:
    return time_format(hour, "H:i")


def hour_is_quiet(quiet_from: time, quiet_until: time) -> Q:
    """What `in_quiet_hours` says of `nudge_hour`, for the database."""
    after, before = Q(nudge_hour__gte=quiet_from), Q(nudge_hour__lt=quiet_until)
    return after & before if quiet_from <= quiet_until else after | before
