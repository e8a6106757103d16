"""Who is asked about a demo leader, and how they answer. Pure and repeatable."""

from dataclasses import dataclass
from random import Random

from programme.demo.raters_words import COMMENTS, FIRST_NAMES, LAST_NAMES

TEAM, PEER = "team", "peer"
STRENGTH, WEAKNESS, GROWTH = 0.6, -0.6, 0.45  # points of the answer scale
SPREAD = 0.75  # standard deviation between raters
NOT_SEEN, COMMENTED = 0.05, 0.8  # chances


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a leader suggests as a rater."""

    name: str
    email: str
    relation: str


@dataclass(frozen=True, slots=True)
class Picture:
    """How a leader is seen: the average answer by behaviour, and how they see themself."""

    seen: dict[str, float]
    own: dict[str, float]


def colleagues_of(email: str, language: str, *, team: int, peers: int) -> tuple[Colleague, ...]:
    """The people a leader suggests. Two leaders have different ones."""
    dice, domain = _dice(email), email.partition("@")[2]
    names = [f"{first} {last}" for first in FIRST_NAMES[language] for last in LAST_NAMES[language]]
    chosen = dice.sample(names, team + peers)
    return tuple(
        Colleague(name, f"{_plain(name)}.{email.partition('@')[0]}@{domain}", TEAM if place < team else PEER)
        for place, name in enumerate(chosen)
    )


def picture_of(email: str, behaviours: tuple[str, ...], chosen: tuple[str, ...], *, round_number: int) -> Picture:
    """One strength that the leader underrates, one behaviour they overrate, and growth where they practised."""
    dice = _dice(f"{email} picture")
    level = dice.uniform(3.2, 3.8)
    strong, weak = dice.sample([each for each in behaviours if each not in chosen] or list(behaviours), 2)
    seen = {key: level + dice.uniform(-0.25, 0.25) for key in behaviours}
    own = {key: value + dice.uniform(-0.4, 0.6) for key, value in seen.items()}
    seen[strong], own[strong] = seen[strong] + STRENGTH, own[strong] - 0.4
    seen[weak], own[weak] = seen[weak] + WEAKNESS, own[weak] + 0.4
    grown = {key: GROWTH * (round_number - 1) if key in chosen else 0.0 for key in behaviours}
    return Picture({key: seen[key] + grown[key] for key in behaviours}, {key: own[key] + grown[key] for key in own})


def value_of(who: str, item: str, mean: float) -> int | None:
    """One rater's answer to one item, 1 to 5; None if they have not seen it."""
    dice = _dice(f"{who} {item}")
    if dice.random() < NOT_SEEN:
        return None
    leniency = _dice(f"{who} leniency").gauss(0, SPREAD / 2)
    return max(1, min(5, round(dice.gauss(mean + leniency, SPREAD))))


def comment_of(who: str, place: int, question: str, language: str) -> str:
    """A comment, or nothing. `place` is the rater's place among those asked, so that two rarely say the same."""
    texts = COMMENTS[language][question]
    return texts[place % len(texts)] if _dice(f"{who} {question}").random() < COMMENTED else ""


def answers_tonight(who: str, evening: int) -> bool:
    """Most answer within the first days, some after a reminder, a few never."""
    return _dice(f"{who} evening {evening}").random() < (0.25 if evening < 3 else 0.12)


def _dice(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - not used for security


def _plain(name: str) -> str:
    return name.lower().translate(str.maketrans("æøåé ", "aoae.")).replace("-", "")
