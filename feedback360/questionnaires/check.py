"""Whether a draft can be published: the reader of the files is the only judge."""

from cohorts.curriculum.located_yaml import Problem
from feedback360.models import Questionnaire
from feedback360.questionnaires.files import QuestionnaireInvalid, read_file
from feedback360.questionnaires.rows import content_of
from feedback360.questionnaires.writer import write_file


def problems_of(questionnaire: Questionnaire) -> tuple[Problem, ...]:
    """Everything that keeps this version from being published. No query."""
    try:
        read_file(write_file(content_of(questionnaire)))
    except QuestionnaireInvalid as invalid:
        return invalid.problems
    return ()
