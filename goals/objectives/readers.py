"""Who reads what is written about an objective, in one sentence beside the box."""

from django.utils.translation import gettext as _

from goals.models import Place


def readers_of(place: str) -> str:
    if place == Place.TEAM:
        return _(
            "You; your team by its link and your sponsor once you show it; programme admins. Other teams see that there"
            " is an objective, and not its words."
        )
    return _("Admins while it is a draft. Once it is agreed, every colleague here.")


def readers_of_parts() -> str:
    return _("You, and your team by its link. Your sponsor and admins see how many took part, and no names.")


def readers_of_words() -> str:
    return _("You alone. Your sponsor and admins see how many took part, and not what was said.")
