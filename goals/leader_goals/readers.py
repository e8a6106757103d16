"""Who can read a goal, in a sentence for the page on which it is written."""

from django.utils.translation import gettext as _

from cohorts.models import Enrolment


def readers_of_draft(enrolment: Enrolment) -> str:
    if enrolment.sponsor is None:
        return _("Only you can read your goals, as long as you have no sponsor.")
    words = {"sponsor": enrolment.sponsor.name}
    return _("Only you can read a draft. Once you ask for agreement, %(sponsor)s reads all of it.") % words


def readers_of_reply(enrolment: Enrolment) -> str:
    """For the sponsor who answers."""
    return _("Only %(leader)s and you can read this.") % {"leader": enrolment.leader.name}
