"""Plans to begin from, as the curriculum's own files give them."""

from cohorts.actions.curricula import FOLDER, read
from cohorts.curriculum_files import StarterText


def starters(slug: str, number: int, behaviour: str, language: str) -> dict[str, StarterText]:
    """Situation → plan for one behaviour, in one language or the curriculum's first.

    Empty for a curriculum that did not come from a folder: its plans are written from nothing.
    """
    folder = FOLDER / slug / str(number)
    if not folder.is_dir():
        return {}
    return {
        starter.situation: starter.texts.get(language) or next(iter(starter.texts.values()))
        for starter in read(folder).starters
        if starter.behaviour == behaviour
    }
