"""The sentence above every text box that says who can read it."""

from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from goals.habits.policies import may_see_focus
from goals.models import Audience, Focus, Reflection


def readers_of_practice() -> str:
    return _("Only you can read the place and your line. Your sponsor and admin see that you logged, and how it went.")


def readers_of_focus(enrolment: Enrolment) -> str:
    """For a new plan: it names the sponsor of now."""
    if enrolment.sponsor is None:
        return _("Only you can read your plans.")
    return _("Only you and %(sponsor)s can read your plans.") % {"sponsor": enrolment.sponsor.name}


def readers_of_plan(focus: Focus) -> str:
    """For a plan there is: those it names, not the sponsor of the moment."""
    sponsor = focus.enrolment.sponsor
    if sponsor is None or not may_see_focus(sponsor, focus):
        return _("Only you can read this plan.")
    return _("Only you and %(sponsor)s can read this plan.") % {"sponsor": sponsor.name}


def readers_of_reflection(enrolment: Enrolment) -> dict[str, str]:
    """The readers of each possible audience. Without a sponsor there is only one."""
    sentences = {Audience.PRIVATE.value: _("Only you can read this. Your sponsor and admin cannot.")}
    if enrolment.sponsor is not None:
        sentences[Audience.SPONSOR.value] = _(
            "Only you and %(sponsor)s can read this. Should you get another sponsor, you are asked first."
        ) % {"sponsor": enrolment.sponsor.name}
    return sentences


def readers_of_shared(reflection: Reflection) -> str:
    """For the sponsor who reads it."""
    return _("Only %(leader)s and you can read this.") % {"leader": reflection.enrolment.leader.name}
