"""What is kept for how long, as the jobs of the program do it today."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.imports.uploads import KEPT_FOR as UPLOADS
from cohorts.people.devices import KNOWN_FOR
from goals.teams.rules import KEPT_AFTER as TEAM_NAMES
from programme.reports.actions import KEPT as REPORTS


@dataclass(frozen=True, slots=True)
class Kept:
    what: str
    how_long: str
    why: str = ""


def kept() -> list[Kept]:
    """Nothing here is a setting yet; a test compares the days with the jobs."""
    return [
        Kept(
            _("Practices, reflections, goals, 1:1s and 360 reports"),
            _("As long as this organisation is here"),
            _("None of this is erased because of its age."),
        ),
        Kept(
            _("Names of team members"),
            days(TEAM_NAMES.days),
            _("After the leader’s ninety days. The leader can keep them longer."),
        ),
        Kept(_("Lists that were uploaded and not imported"), days(UPLOADS.days)),
        Kept(_("Printed reports"), days(REPORTS.days), _("They can be asked for again at any time.")),
        Kept(_("Members who left"), _("As long as this organisation is here"), _("They can’t open anything here.")),
        Kept(_("Browsers someone signed in with"), days(KNOWN_FOR.days), _("After the last sign-in there.")),
        Kept(_("Audit trail"), _("As long as this organisation is here"), _("Entries can’t be changed or removed.")),
        Kept(_("Backups"), _("As the operator of this installation decides")),
    ]


def days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
