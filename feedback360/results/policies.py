"""Who may read the report about a leader. Pages ask `may_…`; actions call `ensure_…`, which raises.

A released report is read by its leader and by the sponsor they have now, as raters were told before they answered.
Admins and owners read what several leaders have in common, never the report of one. Nobody reads anything earlier.
"""

from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.web.refusals import NotNow, NotYours
from feedback360.models import State, Subject


def may_read_report(membership: Membership, subject: Subject) -> bool:
    return subject.round.state == State.RELEASED and subject.withdrawn_at is None and _is_reader(membership, subject)


def ensure_may_read_report(membership: Membership, subject: Subject) -> None:
    if not _is_reader(membership, subject):
        raise NotYours(_("A leader’s report is read by the leader and their sponsor. You can read the cohort’s."))
    if not may_read_report(membership, subject):
        raise NotNow(_("There is no report yet: reports are released to everybody at the same time."))


def may_choose(membership: Membership, subject: Subject) -> bool:
    """What to do with a report is the leader's own choice."""
    return subject.enrolment.leader_id == membership.pk


def ensure_may_choose(membership: Membership, subject: Subject) -> None:
    ensure_may_read_report(membership, subject)
    if not may_choose(membership, subject):
        raise NotYours(_("Only the leader chooses what to do with their report."))


def _is_reader(membership: Membership, subject: Subject) -> bool:
    return membership.pk in (subject.enrolment.leader_id, subject.enrolment.sponsor_id)
