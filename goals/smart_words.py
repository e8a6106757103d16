"""The five letters in words: what each asks, how far one is, and what would help, with examples of a contact centre."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from goals.smart import Advice, Check, Missing, State

LETTERS = {
    "S": _("Specific"),
    "M": _("Measurable"),
    "A": _("Within reach"),
    "R": _("Worth it"),
    "T": _("With a date"),
}
STATES = {State.EMPTY: _("missing"), State.PART: _("nearly"), State.THERE: _("there")}
TONES = {State.EMPTY: "quiet", State.PART: "waiting", State.THERE: "good"}
ADVICE = {
    Advice.OUTCOME: _("Say what will be different. For example: Customers get it solved in the first contact."),
    Advice.WISH: _(
        "This is a wish: nobody could say whether it came true. What would a customer notice? For example: Customers"
        " get it solved in the first contact."
    ),
    Advice.SHORT: _(
        "Say who will notice what. For example, not “Better handling time” but “Calls are shorter, since nobody asks"
        " twice”."
    ),
    Advice.OPENING: _(
        "It begins with a direction. Say how it will be instead: not “Reduce waiting” but “Nobody waits longer than a"
        " minute”."
    ),
    Advice.SPECIFIC_FINE: _("It says what will be different."),
    Advice.MEASURE: _("Say how you will know. For example: first-contact resolution of my team, in per cent."),
    Advice.FIGURES: _("Give today’s figure and where it should be. For example: from 68 % to 74 %."),
    Advice.STEPS: _("Describe each of the five steps in a few words."),
    Advice.FRACTION: _("In per cent, write 85 and not 0.85."),
    Advice.MEASURE_FINE: _("You will know when you are there."),
    Advice.FIGURES_FIRST: _("Whether it is within reach can be said once there is a measure with figures."),
    Advice.BIG: _(
        "The target is more than half away from today’s figure. Has a team like yours done that? Half the way may be"
        " enough for now."
    ),
    Advice.WAY: _(
        "Choose what will move it, something you do yourself. For example: side-by-side listening twice a week."
    ),
    Advice.REACH_FINE: _("The step is one you can take, and it says what will move it."),
    Advice.REASON: _("Say why it matters, to whom. For example: customers who call twice trust us less."),
    Advice.SHORT_REASON: _("Say a little more: why does it matter, and to whom?"),
    Advice.PARENT: _("Tie it to the objective above it, so that everybody sees why."),
    Advice.REASON_FINE: _("It says why it matters."),
    Advice.DATE: _("Choose the day on which you will look at it. For example: in three months."),
    Advice.PAST: _("That day has passed. Choose a later one."),
    Advice.SOON: _("That is in less than two weeks. Is there time for a habit to show in the figures?"),
    Advice.FAR: _("That is more than half a year away. A nearer day keeps it alive; the rest can be the next goal."),
    Advice.DATE_FINE: _("It has a date."),
}
STOPS = {
    Missing.MEASURE: _("Still missing: how you will know, with today’s figure and the target, or the steps in words."),
    Missing.DATE: _("Still missing: by when."),
    Missing.PARENT: _("Still missing: the objective above it."),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as a page shows it."""

    letter: str
    name: str
    state: str
    tone: str
    advice: str


def letters(checks: tuple[Check, ...]) -> list[Letter]:
    return [
        Letter(
            each.letter,
            str(LETTERS[each.letter]),
            str(STATES[each.state]),
            TONES[each.state],
            str(ADVICE[each.advice]),
        )
        for each in checks
    ]


def what_is_missing(missing: tuple[Missing, ...]) -> str:
    """What stops an agreement, in a sentence or two; empty when nothing does."""
    return " ".join(str(STOPS[each]) for each in missing)
