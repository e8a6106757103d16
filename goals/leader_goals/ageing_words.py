"""How long a goal has been left alone, in a word or two. Says what happened, never what a person is."""

from django.utils.translation import ngettext

from goals.leader_goals.ageing import Age, Ageing


def age_words(ageing: Ageing | None) -> str:
    """Empty while a goal is fresh."""
    if ageing is None or ageing.age == Age.FRESH:
        return ""
    if ageing.age == Age.QUIET:
        return ngettext("Quiet for one day", "Quiet for %(days)d days", ageing.days) % {"days": ageing.days}
    weeks = ageing.days // 7
    return ngettext("Not touched for one week", "Not touched for %(weeks)d weeks", weeks) % {"weeks": weeks}
