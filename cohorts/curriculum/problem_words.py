"""What is wrong with the files of a curriculum, in the language of the reader."""

from django.utils.translation import gettext as _

from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.phrases import Phrase


def in_words(said: str) -> str:
    """Our phrases are translated; what a file says is quoted as it is."""
    return said.translated(_) if isinstance(said, Phrase) else said


def sentence_of(problem: Problem) -> str:
    facts = {"expected": in_words(problem.expected), "found": in_words(problem.found)}
    return _("Expected %(expected)s, found %(found)s.") % facts
