"""Who can read a goal, in a sentence for the page on which it is written."""

from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from goals.models import Goal


def readers_of_draft(enrolment: Enrolment) -> str:
    if enrolment.sponsor is None:
        return _("Only you can read your goals, as long as you have no sponsor.")
    words = {"sponsor": enrolment.sponsor.name}
    return _("Only you can read a draft. Once you ask for agreement, %(sponsor)s reads all of it.") % words


def readers_of_reply(enrolment: Enrolment) -> str:
    """For the sponsor who answers."""
    return _("Only %(leader)s and you can read this.") % {"leader": enrolment.leader.name}


def readers_of_line(enrolment: Enrolment) -> str:
    """Of the line of a check-in or a review."""
    if enrolment.sponsor is None:
        return _("Only you can read this line.")
    return _("Only you can read this line. %(sponsor)s sees the figures.") % {"sponsor": enrolment.sponsor.name}


def readers_of_change(enrolment: Enrolment) -> str:
    if enrolment.sponsor is None:
        return _("Only you can read this, and what it was before.")
    return _("%(sponsor)s reads this, and what it was before.") % {"sponsor": enrolment.sponsor.name}


def readers_of_reason(goal: Goal) -> str:
    """Why a goal is let go: one that nobody agreed to is the leader's own."""
    enrolment = goal.enrolment
    if enrolment.sponsor is None or goal.agreed_on is None:
        return _("Only you can read this.")
    return _("%(sponsor)s agreed to this goal and reads why you let it go.") % {"sponsor": enrolment.sponsor.name}
