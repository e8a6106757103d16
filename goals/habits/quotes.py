"""A reflection in a list, its writer's or a sponsor's: one sentence as the headline, the rest below."""

import re
from dataclasses import dataclass

from goals.models import Reflection

MOST_TELLING_FIRST = ("learned", "happened", "tried", "next")
FIRST_SENTENCE = re.compile(r"^(?P<sentence>.{1,160}?[.!?…])(\s+|$)(?P<rest>.*)$", re.DOTALL)


@dataclass(frozen=True)
class Quote:
    """`sentence` out of the part that tells most; `rest` is everything else in its own order."""

    reflection: Reflection
    sentence: str
    rest: tuple[str, ...]


def quote_of(reflection: Reflection) -> Quote:
    said = {name: getattr(reflection, name).strip() for name in ("tried", "happened", "learned", "next")}
    chosen = next(name for name in MOST_TELLING_FIRST if said[name])
    found = FIRST_SENTENCE.match(said[chosen])
    sentence, said[chosen] = (found["sentence"], found["rest"].strip()) if found else (said[chosen], "")
    return Quote(reflection, sentence, tuple(text for text in said.values() if text))
