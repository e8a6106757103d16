"""Goals of demo leaders, what they say in reviews and check-ins, and what a sponsor answers, by language."""

from dataclasses import dataclass
from decimal import Decimal

from goals.models import Direction


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal as one of them writes it."""

    outcome: str
    why: str
    measure: str
    unit: str
    direction: Direction
    baseline: Decimal
    target: Decimal


def _aim(outcome: str, why: str, measure: str, unit: str, direction: Direction, baseline: str, target: str) -> Aim:
    return Aim(outcome, why, measure, unit, direction, Decimal(baseline), Decimal(target))


AIMS: dict[str, tuple[Aim, ...]] = {
    "en": (
        _aim(
            "Customers get it solved in the first contact",
            "Half of our queue is people who have called before.",
            "First-contact resolution, my team",
            "%",
            Direction.UP,
            "68",
            "74",
        ),
        _aim(
            "Everybody in my team hears every week what they did well",
            "In May two of them said that they only hear from me when something went wrong.",
            "People I gave specific praise, of eleven",
            "people",
            Direction.UP,
            "4",
            "10",
        ),
        _aim(
            "Fewer customers call again about the same bill",
            "The September bill cost us two hundred calls.",
            "Contacts about bills that come back within seven days",
            "%",
            Direction.DOWN,
            "21",
            "15",
        ),
        _aim(
            "I listen in beside each of them once a fortnight",
            "I know the quiet ones by their numbers only.",
            "Side-by-side talks a week",
            "talks",
            Direction.UP,
            "1",
            "5",
        ),
    ),
    "nb": (
        _aim(
            "Kundene får det løst ved første kontakt",
            "Halve køen er folk som har ringt før.",
            "Løst ved første kontakt, mitt team",
            "%",
            Direction.UP,
            "68",
            "74",
        ),
        _aim(
            "Alle i teamet hører hver uke noe de gjorde bra",
            "I mai sa to av dem at de bare hører fra meg når noe har gått galt.",
            "Folk jeg ga konkret ros, av elleve",
            "stk.",
            Direction.UP,
            "4",
            "10",
        ),
        _aim(
            "Færre kunder ringer igjen om samme faktura",
            "Septemberfakturaen kostet oss to hundre samtaler.",
            "Fakturasaker som kommer tilbake innen sju dager",
            "%",
            Direction.DOWN,
            "21",
            "15",
        ),
        _aim(
            "Jeg sitter medlytt med hver av dem annenhver uke",
            "De stille kjenner jeg bare fra tallene.",
            "Medlytt i uka",
            "stk.",
            Direction.UP,
            "1",
            "5",
        ),
    ),
}

KEPT = {
    "en": ("The night shift writes the promise down now.", "Slow, but it moves.", "", "Two of them asked for it."),
    "nb": ("Nattskiftet skriver ned løftet nå.", "Sakte, men det går.", "", "To av dem spurte om det selv."),
}
NOTED = {
    "en": ("", "A quiet week.", "", "The new article helps.", ""),
    "nb": ("", "En rolig uke.", "", "Den nye artikkelen hjelper.", ""),
}
LET_GO = {
    "en": "Billing moved to another team. What is left is not mine to move.",
    "nb": "Faktura er flyttet til et annet team. Det som er igjen, rår ikke jeg over.",
}
SENT_BACK = {
    "en": "I like it. What was the figure in September? Then we both know where it began.",
    "nb": "Dette liker jeg. Hva var tallet i september? Da vet vi begge hvor det begynte.",
}
UNFINISHED = {"en": "Improve customer service", "nb": "Bedre kundeservice"}
BUSY = {"en": "Autumn campaign", "nb": "Høstkampanjen"}
