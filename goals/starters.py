"""Plans to begin from, as the curriculum's own files give them. Read once a process: a published version never changes."""

from functools import lru_cache

from cohorts.curriculum_files import CURRICULA, Starter, StarterText, read_curriculum


def starters(slug: str, number: int, behaviour: str, language: str) -> list[tuple[str, StarterText]]:
    """The situation and text of each starter for one behaviour, in one language or the curriculum's first."""
    return [
        (starter.situation, starter.texts.get(language) or next(iter(starter.texts.values())))
        for starter in _all(slug, number)
        if starter.behaviour == behaviour
    ]


@lru_cache(maxsize=16)
def _all(slug: str, number: int) -> tuple[Starter, ...]:
    folder = CURRICULA / slug / str(number)
    # A curriculum that did not come from a folder has no starters; plans are then written from nothing.
    return read_curriculum(folder).starters if folder.is_dir() else ()
