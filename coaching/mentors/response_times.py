"""How long a mentor usually takes to answer. A request nobody answered counts with all the time it had."""

from collections.abc import Collection
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.models import MentorProfile, MentorRequest

HOURS_A_DAY = 8


def response_times(profiles: Collection[MentorProfile]) -> dict[int, float]:
    """By profile, the median in working hours of the mentor; without those whom nobody has asked. One query."""
    taken: dict[int, list[float]] = {}
    rows = MentorRequest.objects.filter(profile__in=profiles, took_hours__isnull=False).order_by()
    for profile_id, hours in rows.values_list("profile", "took_hours"):
        taken.setdefault(profile_id, []).append(hours)
    return {key: median(hours) for key, hours in taken.items()}


def in_words(hours: float | None) -> str:
    """The median as a page says it."""
    if hours is None:
        return _("Nobody has asked yet.")
    if hours <= HOURS_A_DAY:
        return _("Usually answers within a working day.")
    days = -int(-hours // HOURS_A_DAY)
    return ngettext(
        "Usually answers within %(count)d working day.", "Usually answers within %(count)d working days.", days
    ) % {"count": days}
