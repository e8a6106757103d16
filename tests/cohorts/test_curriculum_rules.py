"""What a text may claim and what a practice may ask, in every curriculum that says what kind of thing its sources are.

The rules stand in cohorts/curricula/README.md; each function lists what breaks one of them in one language.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from cohorts.curriculum.content import NO_STUDY, Curriculum, Step
from cohorts.curriculum.files import CURRICULA, read_curriculum
from cohorts.web.languages import LANGUAGES
from tests.cohorts.test_curriculum_content import GUESS, RECALL, fields

MAX_USES_OF_A_SOURCE = 3
MAX_SHARE_OF_OPINION = 0.25
MAX_FROM_MEMORY = 10
OPINIONS = frozenset(("opinion", "provider"))

CAUSAL = {
    "en": r"\bhelp(s|ed)\b|\brais(es|ed)\b|\bimprov(es|ed)\b|\bcaus(es|ed)\b|\bmakes?\b|\bmade\b|\bled to\b"
    r"|\bleads to\b|\bboost\w*|\bincreas(es|ed)\b|\breduc(es|ed)\b|\bworks\b|\bbecause of\b",
    "nb": r"\bhjalp\b|\bhjelper\b|\bøkt?e(r|t)?\b|\bbedret\b|\bforbedret\b|\bførte til\b|\bfører til\b|\bvirker\b"
    r"|\bvirket\b|\breduserte\b|\bskyldes\b|\bgjorde at\b",
}
RESEARCH = {
    "en": r"\bstud(y|ies|ied)\b|\bresearch\b|\breview\b|\btrials?\b|\bevidence\b|%|\bper cent\b|\bshown\b",
    "nb": r"\bstudie|\bforskning|\boversikt\b|\bforsøk\b|%|\bprosent\b|\bbevist?\b",
}
EXAM = {"en": r"\bexams?\b|\bcredit\b|\bmarks? (for|in)\b|\bjury\b", "nb": r"\beksam\w*|\buttelling\b|\bjury\w*"}
WAITS = {
    "en": r"If |When (someone|anyone|a|an|another|the same|something|the board|you (see|hear|read))\b",
    "nb": r"Hvis |Når (noen|en|et|den samme|det samme|noe|tavla|du (ser|hører|leser))\b",
}
FALLBACK = {
    "en": r"\b(No|None|Not|Nobody|No one|Nothing)\b[^.?]*\?|\bOtherwise\b|\bWith no\b|\bAsked for no one\?",
    "nb": r"\b(Ingen|Ikke|Intet|Ingenting)\b[^.?]*\?|\bEllers\b|\bUten\b",
}
OWNED_BY_OTHERS = {
    "en": r"\bpay\b|\bsalar\w+|\bbonus\w*|\brotas?\b|\bbreaks?\b|\bsick\w*|\bill(ness)?\b|\bdisciplin\w+|\bdiagnos\w+",
    "nb": r"\blønn\w*|\bbonus\w*|\bvaktplan\w*|\bturnus\w*|\bpaus\w+|\bsyk\w*|\bdisiplin\w*|\bdiagnos\w*",
}
LEFT_ALONE = {
    "en": "nothing in pay, rota or breaks",
    "nb": "ikke noe med lønn, vaktplan eller pauser",
}
LISTENS = {
    "en": r"\blisten in\b|\bfollow one (call|contact)\b",
    "nb": r"\blytte igjen\b|\bfølge?r? én henvendelse\b|medlytt",
}
WITHIN_RULES = {"en": r"\brules for listening in\b", "nb": r"\bregler for medlytt\b"}
NOTES = {
    "en": r"\b(write|note) down\b|\bwrites down\b|\blog\b(?! (on|off))",
    "nb": r"\bskriv(er)? (ned|dere)\b|\bloggen?\b",
}
READERS = {
    "en": r"\bonly (you|the two of you)\b|\bshow\b|\bsend\b|\bshare\b|\bthe two of you\b|\bthe team sees\b|\bread it\b",
    "nb": r"\bingen andre\b|\bkun (du|dere)\b|\bvis\b|\bsend\b|\bdel\b|\bdere to\b|\bteamet ser\b|\bles\b",
}

TRANSLATED = {
    "en": r"\bsomebody\b|\bwhoever\b|\bin a call\b|\bsingle people\b",
    "nb": r"\bvedkommende\b|\bkun\b|\b(hun eller han|han eller hun)\b|\bden som eier\b|\bsi til (teamet|avdelingen)\b",
}
"""What a person would not say aloud, read again and again by editors."""

Rule = Callable[[Curriculum, str], Iterable[object]]


def ruled() -> list[Curriculum]:
    found = [read_curriculum(path.parent) for path in sorted(CURRICULA.glob("*/*/curriculum.yaml"))]
    return [curriculum for curriculum in found if any(source.kind for source in curriculum.sources.values())]


def kind_of(curriculum: Curriculum, step: Step) -> str:
    return "" if step.source == NO_STUDY else curriculum.sources[step.source].kind


def in_whys(curriculum: Curriculum, pattern: str, language: str, where: Callable[[Step], bool]) -> list[object]:
    whys = [(step.day, step.texts[language].why) for step in curriculum.steps if where(step)]
    return [(day, found[0]) for day, why in whys if (found := re.search(pattern, why, re.IGNORECASE))]


def practices(curriculum: Curriculum, pattern: str, language: str) -> list[tuple[int, str]]:
    """The practices in which the pattern is found."""
    said = [(step.day, step.texts[language].practice) for step in curriculum.steps]
    return [(day, text) for day, text in said if re.search(pattern, text)]


def a_source_is_used_too_often(curriculum: Curriculum, _: str) -> Iterable[object]:
    used = Counter(step.source for step in curriculum.steps if step.source != NO_STUDY)
    used.update(curriculum.brief.sources)
    for meeting in curriculum.circle:
        used.update(meeting.sources)
    return [(key, times) for key, times in used.items() if times > MAX_USES_OF_A_SOURCE]


def a_core_step_rests_on_opinion(curriculum: Curriculum, _: str) -> Iterable[object]:
    return [step.day for step in curriculum.steps if step.is_core and kind_of(curriculum, step) in OPINIONS]


def too_many_days_rest_on_opinion(curriculum: Curriculum, _: str) -> Iterable[object]:
    days = [step.day for step in curriculum.steps if kind_of(curriculum, step) in OPINIONS]
    return days if len(days) > MAX_SHARE_OF_OPINION * len(curriculum.steps) else ()


def an_exam_is_a_reason(curriculum: Curriculum, language: str) -> Iterable[object]:
    return in_whys(curriculum, EXAM[language], language, lambda _: True)


def a_link_is_told_as_a_cause(curriculum: Curriculum, language: str) -> Iterable[object]:
    def is_no_trial(step: Step) -> bool:
        return kind_of(curriculum, step) in ("study", "review") and curriculum.sources[step.source].design != "trial"

    return in_whys(curriculum, CAUSAL[language], language, is_no_trial)


def practice_without_a_study_claims_research(curriculum: Curriculum, language: str) -> Iterable[object]:
    return in_whys(curriculum, RESEARCH[language], language, lambda step: step.source == NO_STUDY)


def too_many_practices_come_from_memory(curriculum: Curriculum, language: str) -> Iterable[object]:
    found = practices(curriculum, f"{RECALL[language]}|{GUESS[language]}", language)
    return [day for day, _ in found] if len(found) > MAX_FROM_MEMORY else ()


def a_practice_waits_for_what_may_not_come(curriculum: Curriculum, language: str) -> Iterable[object]:
    waiting = practices(curriculum, rf"^({WAITS[language]})", language)
    return [day for day, text in waiting if not re.search(FALLBACK[language], text)]


def a_practice_takes_up_what_law_or_agreement_owns(curriculum: Curriculum, language: str) -> Iterable[object]:
    found = practices(curriculum, OWNED_BY_OTHERS[language], language)
    return [day for day, text in found if re.search(OWNED_BY_OTHERS[language], text.replace(LEFT_ALONE[language], ""))]


def listening_in_forgets_the_rules(curriculum: Curriculum, language: str) -> Iterable[object]:
    found = practices(curriculum, LISTENS[language], language)
    return [day for day, text in found if not re.search(WITHIN_RULES[language], text)]


def a_note_does_not_say_who_reads_it(curriculum: Curriculum, language: str) -> Iterable[object]:
    found = practices(curriculum, f"(?i){NOTES[language]}", language)
    return [day for day, text in found if not re.search(READERS[language], text, re.IGNORECASE)]


def a_line_sounds_translated(curriculum: Curriculum, language: str) -> Iterable[object]:
    translated = re.compile(TRANSLATED[language], re.IGNORECASE)
    return [(name, hit[0]) for name, text in fields(curriculum, language) if (hit := translated.search(text))]


RULES: tuple[Rule, ...] = (
    a_source_is_used_too_often,
    a_core_step_rests_on_opinion,
    too_many_days_rest_on_opinion,
    an_exam_is_a_reason,
    a_link_is_told_as_a_cause,
    practice_without_a_study_claims_research,
    too_many_practices_come_from_memory,
    a_practice_waits_for_what_may_not_come,
    a_practice_takes_up_what_law_or_agreement_owns,
    listening_in_forgets_the_rules,
    a_note_does_not_say_who_reads_it,
    a_line_sounds_translated,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_no_curriculum_breaks_a_rule_for_writers(rule: Rule, language: str) -> None:
    curricula = ruled()

    assert curricula
    assert {curriculum.version: list(rule(curriculum, language)) for curriculum in curricula} == {
        curriculum.version: [] for curriculum in curricula
    }


TEXTS = {
    a_core_step_rests_on_opinion: {"source": "sti_2019"},
    an_exam_is_a_reason: {"why": ("It earns credit in an exam.", "Det gir uttelling til eksamen.")},
    a_link_is_told_as_a_cause: {
        "source": "kluger_2024",
        "why": ("Listening raised results.", "Lytting økte resultatene."),
    },
    practice_without_a_study_claims_research: {
        "source": NO_STUDY,
        "why": ("A study says so.", "En studie sier det."),
    },
    a_practice_waits_for_what_may_not_come: {
        "practice": ("When someone calls, wait.", "Når noen ringer, vent."),
    },
    a_practice_takes_up_what_law_or_agreement_owns: {
        "practice": ("When you log on, move the breaks.", "Når du logger på, flytt på pausene."),
    },
    listening_in_forgets_the_rules: {
        "practice": ("When you log on, follow one contact.", "Når du logger på, følg én henvendelse."),
    },
    a_note_does_not_say_who_reads_it: {
        "practice": ("When you log on, write down names.", "Når du logger på, skriv ned navn."),
    },
    a_line_sounds_translated: {
        "question": ("What did somebody do?", "Hva gjorde vedkommende?"),
    },
}
"""What breaks each rule about a single step, by field; texts in English and Norwegian."""


@pytest.mark.parametrize("at", range(len(LANGUAGES)))
@pytest.mark.parametrize("rule", TEXTS, ids=lambda rule: str(rule.__name__))
def test_each_rule_for_writers_finds_what_breaks_it(rule: Rule, at: int) -> None:
    curriculum, language = ruled()[-1], LANGUAGES[at]
    first = curriculum.steps[0]
    changes = {name: texts[at] for name, texts in TEXTS[rule].items() if name != "source"}
    broken = replace(
        first,
        source=TEXTS[rule].get("source", first.source),
        texts={**first.texts, language: replace(first.texts[language], **changes)},
    )
    week = replace(curriculum.weeks[0], steps=(broken, *curriculum.weeks[0].steps[1:]))

    assert list(rule(replace(curriculum, weeks=(week, *curriculum.weeks[1:])), language))


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        (a_source_is_used_too_often, {"source": "kluger_2024"}),
        (too_many_days_rest_on_opinion, {"source": "sti_2019"}),
        (too_many_practices_come_from_memory, {"practice": "When you log on, guess first."}),
    ],
)
def test_each_rule_that_counts_finds_one_too_many(rule: Rule, changes: dict[str, str]) -> None:
    curriculum = ruled()[-1]
    texts = {name: text for name, text in changes.items() if name != "source"}

    def broken(step: Step) -> Step:
        source = changes.get("source", step.source)
        return replace(step, source=source, texts={**step.texts, "en": replace(step.texts["en"], **texts)})

    weeks = tuple(replace(week, steps=tuple(map(broken, week.steps))) for week in curriculum.weeks)

    assert list(rule(replace(curriculum, weeks=weeks), "en"))
