"""The sentence above every text box that says who can read it."""

from django.utils.translation import gettext as _

from cohorts.models import Enrolment
from goals.models import Audience


def readers_of_practice() -> str:
    return _("Only you can read the place and your line. Your sponsor and admin see that you logged, and how it went.")


def readers_of_focus(enrolment: Enrolment) -> str:
    if enrolment.sponsor is None:
        return _("Only you can read your plans.")
    return _("You and your sponsor, %(sponsor)s, can read your plans.") % {"sponsor": enrolment.sponsor.name}


def readers_of_reflection(enrolment: Enrolment) -> dict[str, str]:
    """The readers of each possible audience. Without a sponsor there is only one."""
    sentences = {Audience.PRIVATE.value: _("Only you can read this. Your sponsor and admin cannot.")}
    if enrolment.sponsor is not None:
        sentences[Audience.SPONSOR.value] = _(
            "You and your sponsor can read this. Now that is %(sponsor)s; a later sponsor could read it, too."
        ) % {"sponsor": enrolment.sponsor.name}
    return sentences
