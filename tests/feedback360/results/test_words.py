"""The sentences of a report, in both languages."""

import re

import pytest
from django.utils import translation

from feedback360.results import words
from feedback360.statistics.agreement import Category
from feedback360.statistics.change import Outcome

NUMBERS = [(4.1, "4.1"), (4.05, "4.0"), (4.15, "4.2"), (4.25, "4.2"), (4.35, "4.4"), (3.0, "3.0"), (-0.4, "−0.4")]
NUMBERS += [(-0.04, "0.0"), (0.1 + 0.2, "0.3"), (4.949999999999999, "5.0"), (3.9, "3.9"), (5, "5.0")]


@pytest.mark.parametrize(("value", "written"), NUMBERS)
def test_numbers_have_one_decimal_rounded_half_to_even(value, written):
    assert words.number(value) == written
    with translation.override("nb"):
        assert words.number(value) == written.replace(".", ",")


SENTENCES = {
    "level": (
        lambda: words.level("team", 4.1, answers=7, low=3.7, high=4.5),
        "Your team gave 4.1; with 7 answers it lies between 3.7 and 4.5 in 9 of 10 cases like this.",
        "Teamet ditt ga 4,1; med 7 svar ligger det mellom 3,7 og 4,5 i 9 av 10 slike tilfeller.",
    ),
    "bound": (
        lambda: words.level("peers", 4.8, bound="at_least", answers=9, low=4.5, high=5.0),
        "Your peers gave 4.8 or more; with 9 answers it lies between 4.5 and 5.0 in 9 of 10 cases like this.",
        "Kollegene dine ga 4,8 eller mer; med 9 svar ligger det mellom 4,5 og 5,0 i 9 av 10 slike tilfeller.",
    ),
    "lowest": (
        lambda: words.level("colleagues", 1.2, bound="at_most", answers=5, low=None, high=None),
        "Your team and peers gave 1.2 or less; 5 answers are too few to put a range on it.",
        "Teamet og kollegene dine ga 1,2 eller mindre; 5 svar er for få til å si hvor mye det kan avvike.",
    ),
    "manager": (
        lambda: words.level("manager", 4.0, answers=1, low=None, high=None),
        "Your manager gave 4.0.",
        "Din nærmeste leder ga 4,0.",
    ),
    "improved": (
        lambda: words.change("team", "improved", value=0.6, low=0.1, high=1.1),
        "Your team gave 0.6 more than last time: between 0.1 and 1.1 more in 9 of 10 cases like this.",
        "Teamet ditt ga 0,6 mer enn sist: mellom 0,1 og 1,1 mer i 9 av 10 slike tilfeller.",
    ),
    "declined": (
        lambda: words.change("team", "declined", value=-0.6, low=-1.1, high=-0.1),
        "Your team gave 0.6 less than last time: between 0.1 and 1.1 less in 9 of 10 cases like this.",
        "Teamet ditt ga 0,6 mindre enn sist: mellom 0,1 og 1,1 mindre i 9 av 10 slike tilfeller.",
    ),
    "not shown": (
        lambda: words.change("team", "not_shown", answers=6, value=0.2, low=-0.4, high=0.8, visible_from=0.9),
        "The answers do not show whether anything changed. "
        "With 6 answers, only a change of about 0.9 or more would usually show.",
        "Svarene viser ikke om noe har endret seg. "
        "Med 6 svar er det som regel bare en endring på omtrent 0,9 eller mer som synes.",
    ),
    "not tested": (
        lambda: words.change("team", "not_tested", value=0.9, low=0.1, high=1.7),
        "No verdict here: judging many figures at once finds changes that did not happen.",
        "Ingen konklusjon her: Den som vurderer mange tall på én gang, finner endringer som ikke har skjedd.",
    ),
    "too few": (
        lambda: words.change("team", "too_few"),
        "Too few answers to tell.",
        "For få svar til å si noe sikkert.",
    ),
    "not comparable": (
        lambda: words.change("team", "not_comparable"),
        "This cannot be compared with last time.",
        "Dette kan ikke sammenlignes med forrige runde.",
    ),
    "held": (
        lambda: words.ceiling(-0.3),
        "It was high already, with little room to rise, so holding is the goal. It has held, within 0.3.",
        "Det var høyt fra før, med lite rom for å stige, så målet er å holde nivået. Det har holdt seg, innenfor 0,3.",
    ),
    "trust": (
        lambda: words.trust(5),
        "Reliability: fair, 54%. That much of the difference between leaders would be there again with other raters.",
        "Pålitelighet: brukbar, 54 %. Så mye av forskjellen mellom ledere ville vært der igjen om andre hadde svart.",
    ),
    "over": (
        lambda: words.agreement("team", "over", own=4.3, others=3.1, answers=9),
        "You gave yourself more than your team did: 4.3 against 3.1.",
        "Du ga deg selv mer enn teamet ditt gjorde: 4,3 mot 3,1.",
    ),
    "under": (
        lambda: words.agreement("peers", "under", own=3.0, others=4.1, answers=9),
        "You gave yourself less than your peers did: 3.0 against 4.1.",
        "Du ga deg selv mindre enn kollegene dine gjorde: 3,0 mot 4,1.",
    ),
    "in line": (
        lambda: words.agreement("team", "in_line", own=3.9, others=4.0, answers=9),
        "You and your team see this much alike: 3.9 and 4.0.",
        "Du og teamet ditt ser omtrent likt på dette: 3,9 og 4,0.",
    ),
    "cannot tell": (
        lambda: words.agreement("team", "cannot_tell", own=4.0, others=3.5, answers=5),
        "With 5 answers it cannot be told yet whether you and your team see this alike: 4.0 and 3.5.",
        "Med 5 svar går det ikke an å si ennå om du og teamet ditt ser likt på dette: 4,0 og 3,5.",
    ),
    "index": (
        lambda: words.agreement_index("team", 80.0),
        "Agreement: 80 of 100. On a typical question, you and your team are 0.8 apart.",
        "Samsvar: 80 av 100. På et typisk spørsmål er du og teamet ditt 0,8 fra hverandre.",
    ),
    "closer": (
        lambda: words.agreement_shift("team", 0.5),
        "You and your team are 0.5 closer than last time.",
        "Du og teamet ditt er 0,5 nærmere hverandre enn sist.",
    ),
    "apart": (
        lambda: words.agreement_shift("team", -0.5),
        "You and your team are 0.5 further apart than last time.",
        "Du og teamet ditt er 0,5 lenger fra hverandre enn sist.",
    ),
    "as close": (
        lambda: words.agreement_shift("team", -0.04),
        "You and your team are as close as last time.",
        "Du og teamet ditt er like nær hverandre som sist.",
    ),
    "differ": (
        lambda: words.views("team", 0.4),
        "Your team see this differently from each other: agreement 0.4 of 1.",
        "Teamet ditt ser ulikt på dette seg imellom: Enighet 0,4 av 1.",
    ),
    "agree": (
        lambda: words.views("team", 0.8),
        "Your team agree among themselves: agreement 0.8 of 1.",
        "Teamet ditt er enige seg imellom: Enighet 0,8 av 1.",
    ),
    "few responded": (
        words.few_responded,
        "Fewer than six in ten answered, so this cannot speak for all of them.",
        "Færre enn seks av ti svarte, så dette kan ikke stå for alle.",
    ),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_report_sentences_are_said_in_english_and_norwegian(case):
    said, english, norwegian = SENTENCES[case]

    assert said() == english
    with translation.override("nb"):
        assert said() == norwegian


def test_equal_answers_read_as_too_few():
    """That everybody answered the same would tell each rater's answer."""
    assert words.change("team", "same_answers") == words.change("team", "too_few")


@pytest.mark.parametrize("low", [None, -0.31])
def test_a_level_that_may_have_fallen_is_not_called_held(low):
    assert "cannot tell whether it has held" in words.ceiling(low)


def test_a_scale_without_a_category_has_no_sentence():
    assert words.agreement("team", "not_shown", own=4.0, others=3.0, answers=9) == ""


def test_every_outcome_and_category_has_a_sentence():
    for outcome in Outcome:
        assert words.change("team", outcome, answers=6, value=0.1, low=-0.1, high=0.3, visible_from=0.5)
    for category in set(Category) - {Category.NOT_SHOWN}:
        assert words.agreement("team", category, own=4.0, others=3.0, answers=9)


def test_no_sentence_hides_behind_the_words_of_statistics():
    said = " ".join([case[1] for case in SENTENCES.values()] + [words.overlap(), words.ceiling(None)])

    assert not re.search(r"significan|likely|confiden|deviation|hypothes", said, re.IGNORECASE)
    assert not re.search(r"\d[.]\d\d", said)


@pytest.mark.parametrize(("answers", "word"), [(4, "low, 48"), (5, "fair, 54"), (8, "fair, 65"), (12, "good, 74")])
def test_reliability_is_a_word_with_its_number(answers, word):
    assert words.trust(answers).startswith(f"Reliability: {word}%.")
