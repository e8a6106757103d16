"""Problems of a curriculum's files in the reader's language."""

from django.utils.translation import gettext as _

from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.phrases import Phrase


def in_words(said: str) -> str:
    """Translate our phrases; quote what a file says unchanged."""
    return said.translated(_) if isinstance(said, Phrase) else said


def sentence_of(problem: Problem) -> str:
    facts = {"expected": in_words(problem.expected), "found": in_words(problem.found)}
    return _("Expected %(expected)s, found %(found)s.") % facts
