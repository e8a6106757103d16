"""Problems of a curriculum's files in the reader's language."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.phrases import Phrase

NOT_WRITTEN = ("nothing", "''")
MAX_QUOTED_CHARACTERS = 120


def in_words(said: str) -> str:
    """Translate our phrases; quote what a file says unchanged."""
    return said.translated(_) if isinstance(said, Phrase) else said


def sentence_of(problem: Problem) -> str:
    facts = {"expected": in_words(problem.expected), "found": in_words(problem.found)}
    return _("Expected %(expected)s, found %(found)s.") % facts


def sentence_beside(where: str, problem: Problem) -> str:
    """The sentence for a form's field, which `where` names."""
    if problem.found in NOT_WRITTEN:
        return _("%(where)s is not written yet.") % {"where": where}
    facts = {"where": where, "expected": quoted(problem.expected), "found": quoted(problem.found)}
    return _("%(where)s: expected %(expected)s, found %(found)s.") % facts


def quoted(said: str) -> str:
    """In the reader's language, and no longer than a sentence can hold."""
    return Truncator(in_words(said)).chars(MAX_QUOTED_CHARACTERS)
