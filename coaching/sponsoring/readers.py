"""Who reads what a leader or a sponsor types here, as the label beside the box says it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.models import Ask
from cohorts.models import Enrolment


def readers_of_question(enrolment: Enrolment) -> str:
    if enrolment.sponsor is None:
        return _("You have no sponsor at the moment.")
    return _("%(sponsor)s and you read this. Nobody else does.") % {"sponsor": enrolment.sponsor.name}


def readers_of_answer(ask: Ask) -> str:
    return _("%(leader)s and you read this. Nobody else does.") % {"leader": ask.enrolment.leader.name}


def readers_of_support(enrolment: Enrolment, smallest_group: int) -> str:
    """The promise that goes with an answer; it is kept by `felt_support.figure_of`."""
    if enrolment.sponsor is None:
        return _("You have no sponsor at the moment.")
    words = ngettext(
        "Nobody reads your answer by itself. %(sponsor)s sees the mean of at least %(count)d leader, in halves; with "
        "fewer, it is only part of a figure for the whole organisation.",
        "Nobody reads your answer by itself. %(sponsor)s sees the mean of at least %(count)d leaders, in halves; with "
        "fewer, it is only part of a figure for the whole organisation.",
        smallest_group,
    )
    return words % {"sponsor": enrolment.sponsor.first_name, "count": smallest_group}
