"""Why a mentor fits a leader, in words. Never a percentage."""

from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.mentors.matching import Barrier, Found, Match
from coaching.models import Skill, SpokenLanguage
from cohorts.curriculum.behaviours import Behaviour


def reasons(match: Match) -> list[str]:
    """What speaks for it, the weightiest first; and what may get in the way, last."""
    said = []
    if match.behaviours:
        said.append(_("Helps with what you work on: %(themes)s.") % {"themes": _listed(match.behaviours, Behaviour)})
    if match.skills:
        said.append(_("Good at %(skills)s.") % {"skills": _listed(match.skills, Skill)})
    if match.shared_hours:
        hours = match.shared_hours
        said.append(
            ngettext("%(count)d working hour in common.", "%(count)d working hours in common.", hours)
            % {"count": hours}
        )
    if match.is_elsewhere:
        said.append(_("Works at another site."))
    if not match.shared_hours:
        said.append(_("No working hours in common: you would have to find a time."))
    return said


def languages_of(match: Match) -> str:
    return _listed(match.offer.languages, SpokenLanguage, is_sentence=False)


def no_match(found: Found) -> list[str]:
    """Why the list is empty, and what to do about it."""
    barred = found.barred
    close = barred.get(Barrier.LINE, 0) + barred.get(Barrier.CONFLICT, 0) + barred.get(Barrier.SELF, 0)
    said = []
    if close:
        said.append(
            ngettext(
                "%(count)d stands too close to your own work, such as in your reporting line.",
                "%(count)d stand too close to your own work, such as in your reporting line.",
                close,
            )
            % {"count": close}
        )
    if count := barred.get(Barrier.LANGUAGE, 0):
        said.append(
            ngettext(
                "%(count)d speaks another language than you. Add the languages you speak to your search.",
                "%(count)d speak other languages than you. Add the languages you speak to your search.",
                count,
            )
            % {"count": count}
        )
    if count := barred.get(Barrier.CLOSED, 0):
        said.append(
            ngettext(
                "%(count)d is not taking new people now. Look again in a few weeks.",
                "%(count)d are not taking new people now. Look again in a few weeks.",
                count,
            )
            % {"count": count}
        )
    if count := barred.get(Barrier.SAME_KIND, 0):
        said.append(
            ngettext(
                "%(count)d does for you what your own coach or mentor does already.",
                "%(count)d do for you what your own coach or mentor does already.",
                count,
            )
            % {"count": count}
        )
    return said


def _listed(keys: Iterable[str], choices: type[Behaviour] | type[Skill] | type[SpokenLanguage], *, is_sentence=True):
    labels = [str(choices(key).label) for key in choices.values if key in keys]
    return get_text_list([label[:1].lower() + label[1:] for label in labels] if is_sentence else labels, _("and"))
