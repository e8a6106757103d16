"""Who may print which copy of a leader's report."""

from django.utils.translation import gettext as _

from cohorts.models import Enrolment, Membership
from cohorts.web.refusals import NotYours
from feedback360.models import Subject
from feedback360.results.policies import ensure_may_read_report
from goals.models import Team
from goals.teams.policies import ensure_leads
from programme.models import Report


def copies_for(membership: Membership, enrolment: Enrolment) -> list[Report.Copy]:
    """The copies a member may print: leaders their own, sponsors the sponsor's, admins the admin's."""
    allowed = {
        Report.Copy.OWN: enrolment.leader_id == membership.pk,
        Report.Copy.SPONSOR: enrolment.sponsor_id == membership.pk,
        Report.Copy.ADMIN: membership.is_admin,
    }
    return [copy for copy, is_allowed in allowed.items() if is_allowed]


def ensure_may_print(
    membership: Membership, enrolment: Enrolment, copy: str, subject: Subject | None = None, team: Team | None = None
) -> None:
    """Those who print the report of a 360 round must be among its readers; a charter only its leader prints."""
    if copy not in copies_for(membership, enrolment):
        raise NotYours(_("You cannot make this copy of the report."))
    if subject is not None:
        ensure_may_read_report(membership, subject)
    if team is not None:
        ensure_leads(membership, team)
