"""Plans to begin from, as the curriculum version of somebody's cohort gives them."""

from cohorts.behaviours import Situation
from cohorts.curriculum_content import StarterText
from cohorts.models import CurriculumVersion
from cohorts.models.curriculum import in_language


def starters(version: CurriculumVersion, behaviour: str, language: str) -> dict[Situation, StarterText]:
    """Situation → plan for one behaviour, in one language or the one it has. Empty when the version gives none."""
    by_situation = version.starters.get(behaviour, {})
    return {
        situation: _in_language(by_situation[situation], language)
        for situation in Situation
        if by_situation.get(situation)
    }


def _in_language(texts: dict[str, dict[str, str]], language: str) -> StarterText:
    text, used = in_language(texts, language)
    return StarterText(language=used, cue=text.get("cue", ""), response=text.get("response", ""))
