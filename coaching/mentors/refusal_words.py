"""Why somebody cannot be asked, in words. A conflict and a reporting line read the same: nobody learns which it is."""

from django.utils.translation import gettext as _

from coaching.mentors.matching import Barrier


def why_not(what: Barrier) -> str:
    close = _("They are too close to your own work to be asked. Choose someone outside your reporting line.")
    return {
        Barrier.SELF: _("This is you."),
        Barrier.LINE: close,
        Barrier.CONFLICT: close,
        Barrier.SAME_KIND: _("You already have one. End that pairing first if you want to change."),
        Barrier.LANGUAGE: _("You have no language in common. Add the languages you speak to your search."),
        Barrier.CLOSED: _("They are not taking new people now."),
        Barrier.FULL: _("All their places are taken. You can wait in the queue."),
    }[what]
