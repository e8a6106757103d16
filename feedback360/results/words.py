"""The sentences of a 360 report about one number each, in the language that is active.

They take values as the release states them. A range is always said as a number with *9 of 10 cases like this*, and
every number has one decimal, rounded half to even. No *significant*, no *likely*, no *confidence*.
"""

from decimal import ROUND_HALF_EVEN, Decimal

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback360.statistics.agreement import Category
from feedback360.statistics.change import Outcome, is_held
from feedback360.statistics.reliability import Trust, reliability

TENTH = Decimal("0.1")
VIEWS_DIFFER_BELOW = 0.5

SUBJECTS: dict[str, Promise] = {
    "team": gettext_lazy("Your team"),
    "peers": gettext_lazy("Your peers"),
    "colleagues": gettext_lazy("Your team and peers"),
    "manager": gettext_lazy("Your manager"),
}
OTHERS: dict[str, Promise] = {
    "team": gettext_lazy("your team"),
    "peers": gettext_lazy("your peers"),
    "colleagues": gettext_lazy("your team and peers"),
    "manager": gettext_lazy("your manager"),
}
TRUST: dict[Trust, Promise] = {
    Trust.LOW: gettext_lazy("low"),
    Trust.FAIR: gettext_lazy("fair"),
    Trust.GOOD: gettext_lazy("good"),
}


def number(value: float) -> str:
    """`4.1`, or `4,1` in Norwegian. Half to even, of the value as written: 4.05 is 4.0 and 4.15 is 4.2, always."""
    written = Decimal(f"{value:.9f}").quantize(TENTH, ROUND_HALF_EVEN)
    return formats.number_format(abs(written) if written == 0 else written, decimal_pos=1).replace("-", "−")


def bounded(value: float, bound: str = "") -> str:
    """`4.8 or more` where the release states a bound instead of a value."""
    if bound == "at_least":
        return _("%(number)s or more") % {"number": number(value)}
    if bound == "at_most":
        return _("%(number)s or less") % {"number": number(value)}
    return number(value)


def level(group: str, value: float, *, answers: int, low: float | None, high: float | None, bound: str = "") -> str:
    """What one group gave, and between what it lies. `answers` is the number of raters."""
    about: dict[str, object] = {"who": SUBJECTS[group], "value": bounded(value, bound), "answers": answers}
    if group == "manager":
        return _("%(who)s gave %(value)s.") % about
    if low is None or high is None:
        return _("%(who)s gave %(value)s; %(answers)d answers are too few to put a range on it.") % about
    about |= {"low": number(low), "high": number(high)}
    return (
        _(
            "%(who)s gave %(value)s; with %(answers)d answers "
            "it lies between %(low)s and %(high)s in 9 of 10 cases like this."
        )
        % about
    )


def change(
    group: str,
    outcome: str,
    *,
    answers: int | None = None,
    value: float | None = None,
    low: float | None = None,
    high: float | None = None,
    visible_from: float | None = None,
) -> str:
    """What happened since the last round. `answers` is the smaller number of raters of the two rounds."""
    about: dict[str, object] = {"who": SUBJECTS[group]}
    if value is not None and low is not None and high is not None:
        if outcome == Outcome.IMPROVED:
            about |= {"by": number(value), "low": number(low), "high": number(high)}
            return (
                _(
                    "%(who)s gave %(by)s more than last time: "
                    "between %(low)s and %(high)s more in 9 of 10 cases like this."
                )
                % about
            )
        if outcome == Outcome.DECLINED:
            about |= {"by": number(-value), "low": number(-high), "high": number(-low)}
            return (
                _(
                    "%(who)s gave %(by)s less than last time: "
                    "between %(low)s and %(high)s less in 9 of 10 cases like this."
                )
                % about
            )
    if outcome == Outcome.NOT_SHOWN and visible_from is not None and answers is not None:
        return _(
            "The answers do not show whether anything changed. "
            "With %(answers)d answers, only a change of about %(by)s or more would usually show."
        ) % {"answers": answers, "by": number(visible_from)}
    if outcome == Outcome.NOT_TESTED:
        return _("No verdict here: judging many figures at once finds changes that did not happen.")
    if outcome == Outcome.NOT_COMPARABLE:
        return _("This cannot be compared with last time.")
    return _("Too few answers to tell.")


def ceiling(low: float | None) -> str:
    """Where the last round was at 4.5 or more. `low` is the lower end of the range of the change."""
    if low is not None and is_held(low):
        return _("It was high already, with little room to rise, so holding is the goal. It has held, within 0.3.")
    return _(
        "It was high already, with little room to rise, so holding is the goal. "
        "These answers cannot tell whether it has held within 0.3."
    )


def overlap() -> str:
    """I7: nothing links a person's answers in two rounds."""
    return _(
        "Rounds are compared as if different people had answered, because nobody can link a person's answers. "
        "Where many are the same people, the ranges are wider than they need to be."
    )


def few_responded() -> str:
    """Formula 1: under 60 % there is no claim about the team."""
    return _("Fewer than six in ten answered, so this cannot speak for all of them.")


def trust(answers: int) -> str:
    """The reliability word and its number, for this many raters."""
    found = reliability(answers)
    return _(
        "Reliability: %(word)s, %(share)d%%. That much of the difference between leaders would be there again "
        "with other raters."
    ) % {"word": TRUST[found.word], "share": round(found.value * 100)}


def agreement(group: str, category: str, *, own: float, others: float, answers: int) -> str:
    """Own answers against a group's on one scale. Empty for a scale without a category."""
    about = {"who": OTHERS[group], "own": number(own), "others": number(others), "answers": answers}
    sentences = {
        Category.OVER: _("You gave yourself more than %(who)s did: %(own)s against %(others)s."),
        Category.UNDER: _("You gave yourself less than %(who)s did: %(own)s against %(others)s."),
        Category.IN_LINE: _("You and %(who)s see this much alike: %(own)s and %(others)s."),
        Category.CANNOT_TELL: _(
            "With %(answers)d answers it cannot be told yet whether you and %(who)s see this alike: "
            "%(own)s and %(others)s."
        ),
        Category.NOT_SHOWN: "",
    }
    return sentences[Category(category)] % about


def agreement_index(group: str, index: float) -> str:
    """Formula 12, with the miss it stands for: 75 of 100 is one point on five."""
    return _("Agreement: %(index)d of 100. On a typical question, you and %(who)s are %(miss)s apart.") % {
        "index": round(index),
        "who": OTHERS[group],
        "miss": number((100 - index) / 25),
    }


def agreement_shift(group: str, by: float) -> str:
    """Formula 13. `by` above zero is closer."""
    about = {"who": OTHERS[group], "by": number(abs(by))}
    if number(abs(by)) == number(0):
        return _("You and %(who)s are as close as last time.") % about
    if by > 0:
        return _("You and %(who)s are %(by)s closer than last time.") % about
    return _("You and %(who)s are %(by)s further apart than last time.") % about


def views(group: str, rwg: float) -> str:
    """Formula 14: whether the raters of a group agree among themselves."""
    about = {"who": SUBJECTS[group], "rwg": number(rwg)}
    if rwg < VIEWS_DIFFER_BELOW:
        return _("%(who)s see this differently from each other: agreement %(rwg)s of 1.") % about
    return _("%(who)s agree among themselves: agreement %(rwg)s of 1.") % about
