"""What differs between two versions beside their days, in words."""

from django.utils.translation import gettext as _

from cohorts.curriculum.changes import Changes


def contents_in_words(changes: Changes) -> list[str]:
    words = {
        "titles": _("the title"),
        "brief": _("the sponsor's brief"),
        "circle": _("the agendas of the circles"),
        "starters": _("the ready-made plans"),
        "themes": _("the names of themes"),
        "sources": _("the sources"),
    }
    return [words[name] for name in changes.contents]
