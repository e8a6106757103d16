"""Sponsors who leave questions open after the one mail about them: a line for the admin, and nothing more is sent."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.enrolment.attention import Group, names_of


def questions_left(sponsors: Sequence[str]) -> list[Group]:
    """One group, or none. It says who, never what was asked."""
    if not sponsors:
        return []
    count = len(sponsors)
    title = ngettext("%(count)d sponsor leaves questions open", "%(count)d sponsors leave questions open", count)
    why = _("%(names)s: leaders have asked, and one mail has brought no answer. Nothing more is sent.")
    names = names_of(sponsors)
    return [Group("questions", "asks", title % {"count": count}, why % {"names": names}, count)]
