"""What every curriculum in the repository must be like to read, in each language.

Limits of length and the form of single fields are the reader's business (test_curriculum_files.py).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import combinations, pairwise

import pytest

from cohorts.curriculum.content import (
    BEHAVIOURS,
    DAYS_OF_PROGRAMME,
    DIALS,
    MILESTONE_KINDS,
    NO_STUDY,
    CircleText,
    Curriculum,
    brief_lines,
    is_weekend,
    week_of,
)
from cohorts.curriculum.files import CURRICULA, read_curriculum
from cohorts.web.languages import LANGUAGES
from tests.wording import ADDRESS, BANNED, FILLED_IN, FOREIGN_MARKS, lix, numbers_in, words_a_sentence

FOLDERS = sorted(path.parent for path in CURRICULA.glob("*/*/curriculum.yaml"))

PRACTICES_MOST_ALIKE = 0.35
WHYS_MOST_ALIKE = 0.5
STARTERS_MOST_ALIKE = 0.5
"""Ratio (difflib) of words two texts share in the same order; whys share citations, starters are short."""

HARDEST_STEP, HARDEST_WHY = 45, 55
"""LIX of a whole step (30 is easy, 40 a newspaper), and of its why alone, where studies are named."""

FEWEST_WORDS_A_SENTENCE = 7
"""On average over a step: fewer reads like a telegram. A floor of LIX asked for long words instead."""

EASIEST_TO_SAY = 40
"""LIX of what is read aloud or on the way: a live event, a circle's agenda. It may be as easy as it likes."""

LONGEST_AGENDA_PART = 45

RETURNS = {2: 1, 7: 3, 21: 3, 45: 3}
"""Days after a behaviour's first core step when it returns, and the slack a weekend may cost."""
EXTRA_MAY_RETURN_AT = 2
"""The first return may be an extra; every later one is core, so that no dial drops it."""
LONGEST_REST = 28
LAST_RETURN_BEFORE_THE_END = 14
WIDENING = 3
"""From this week on, what was practised is called to mind before it is met again."""

RECALL = {
    "en": r"\brecall|from memory|\bremember",
    "nb": r"etter hukommelsen|\btenk (først )?(på|etter)|\bhusker",
}
GUESS = {"en": r"\bguess", "nb": r"\bgjett"}
PREPARED_BY = {
    "three_way_talk": "if-you-meet-your-coach-and-manager-together",
    "halfway_review": "if-a-half-way-review-is-coming",
    "site_visit": "if-you-visit-another-site",
    "role_model_talk": "a-question-for-a-seasoned-leader",
    "closing": "your-plan-for-day-180",
}
"""The step that prepares for a kind of live event."""
LONGEST_WAIT = 7
"""Days from the preparation to the event."""

CIRCLE_MEETINGS, ROUNDS = 3, 2
LONGEST_EXTRA = {"light": 7, "steady": 7, "stretch": 10}
"""Minutes of an extra by dial: eight and more are for a leader who has asked for more."""

LIVE_EVENT = {
    "en": r"half-way|coach and (your )?manager|another contact centre|experienced leader",
    "nb": r"halvveis|trepart|annet kontaktsenter|erfaren leder",
}


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def curriculum(request: pytest.FixtureRequest) -> Curriculum:
    return read_curriculum(request.param)


def fields(curriculum: Curriculum, language: str) -> Iterator[tuple[str, str]]:
    """Every text a person reads, with a name to find it by."""
    yield "title", curriculum.titles[language]
    for key, names in curriculum.themes.items():
        yield f"theme {key}", names[language]
    for week in curriculum.weeks:
        yield f"week {week.number} theme", week.theme[language]
        for name, text in vars(week.sponsor.texts[language]).items():
            yield f"week {week.number} sponsor {name}", text
    for step in curriculum.steps:
        for name, text in vars(step.texts[language]).items():
            yield f"day {step.day} {name}", text
    for starter in curriculum.starters:
        yield f"starter {starter.key}", starter.texts[language].sentence
    for number, line in enumerate(brief_lines(curriculum.brief.texts[language])):
        yield f"brief line {number}", line
    yield from fields_of_live_events(curriculum, language)
    yield from fields_of_sources(curriculum, language)


def fields_of_sources(curriculum: Curriculum, language: str) -> Iterator[tuple[str, str]]:
    for key, source in curriculum.sources.items():
        if source.kind:
            yield f"source {key} outcome", source.texts[language].outcome
            yield f"source {key} limit", source.texts[language].limit


def fields_of_live_events(curriculum: Curriculum, language: str) -> Iterator[tuple[str, str]]:
    for milestone in curriculum.milestones:
        for name, text in vars(milestone.texts[language]).items():
            yield f"milestone {milestone.key} {name}", text
    for meeting in curriculum.circle:
        for number, line in enumerate(agenda_lines(meeting.texts[language])):
            yield f"circle {meeting.month} line {number}", line


def agenda_lines(text: CircleText) -> tuple[str, ...]:
    """The page as a circle reads it, top to bottom."""
    parts = (line for part in text.parts for line in (part.heading, part.text))
    return (text.title, text.opening, *parts, text.closing)


def alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower().split(), other.lower().split(), autojunk=False).ratio()


def offsets_from_first_core(curriculum: Curriculum, behaviour: str) -> list[tuple[int, bool]]:
    """Every later step of a behaviour: days since its first core step, and whether it is core."""
    steps = [step for step in curriculum.steps if step.behaviour == behaviour]
    first = next(step.day for step in steps if step.is_core)
    return [(step.day - first, step.is_core) for step in steps if step.day > first]


def test_there_is_a_curriculum() -> None:
    assert FOLDERS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_a_banned_tone(curriculum: Curriculum, language: str) -> None:
    banned = re.compile(BANNED[language], re.IGNORECASE)

    found = {name: banned.findall(text) for name, text in fields(curriculum, language)}

    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_the_marks_of_another_language(curriculum: Curriculum, language: str) -> None:
    wrong = set(FOREIGN_MARKS[language])

    assert [name for name, text in fields(curriculum, language) if wrong & set(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_an_address_or_a_gap_to_fill(curriculum: Curriculum, language: str) -> None:
    cited = ((f"source {key}", source.citation) for key, source in curriculum.sources.items())
    read = [*fields(curriculum, language), *cited]

    assert [name for name, text in read if re.search(ADDRESS, text) or re.search(FILLED_IN, text)] == []


def test_both_languages_have_the_same_numbers(curriculum: Curriculum) -> None:
    pairs = zip(fields(curriculum, "en"), fields(curriculum, "nb"), strict=True)

    different = {
        name: (numbers_in(english, "en"), numbers_in(norwegian, "nb"))
        for (name, english), (_, norwegian) in pairs
        if numbers_in(english, "en") != numbers_in(norwegian, "nb")
    }

    assert different == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_reads_easily(curriculum: Curriculum, language: str) -> None:
    texts = {step.day: step.texts[language] for step in curriculum.steps}
    whole = {day: f"{text.why} {text.practice} {text.question}" for day, text in texts.items()}

    assert {day: lix(text) for day, text in whole.items() if lix(text) > HARDEST_STEP} == {}
    assert [day for day, text in texts.items() if lix(text.why) > HARDEST_WHY] == []
    assert [day for day, text in whole.items() if words_a_sentence(text) < FEWEST_WORDS_A_SENTENCE] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_read_aloud_are_easy_to_read(curriculum: Curriculum, language: str) -> None:
    texts = {f"milestone {one.key}": vars(one.texts[language]).values() for one in curriculum.milestones} | {
        f"circle {one.month}": agenda_lines(one.texts[language]) for one in curriculum.circle
    }

    ease = {name: lix(". ".join(lines)) for name, lines in texts.items()}

    assert {name: value for name, value in ease.items() if value > EASIEST_TO_SAY} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_part_of_an_agenda_can_be_read_aloud_in_one_breath(curriculum: Curriculum, language: str) -> None:
    parts = [
        (meeting.month, part.heading, len(part.text.split()))
        for meeting in curriculum.circle
        for part in meeting.texts[language].parts
    ]

    assert [part for part in parts if part[2] > LONGEST_AGENDA_PART] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("field", "most"), [("practice", PRACTICES_MOST_ALIKE), ("why", WHYS_MOST_ALIKE)])
def test_no_two_days_are_alike(curriculum: Curriculum, language: str, field: str, most: float) -> None:
    texts = [(step.day, getattr(step.texts[language], field)) for step in curriculum.steps]

    assert [
        (day, other_day) for (day, one), (other_day, other) in combinations(texts, 2) if alike(one, other) >= most
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_starters_are_alike(curriculum: Curriculum, language: str) -> None:
    starters = [(one.key, one.texts[language].sentence) for one in curriculum.starters]

    assert [
        (key, other_key)
        for (key, one), (other_key, other) in combinations(starters, 2)
        if alike(one, other) >= STARTERS_MOST_ALIKE
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_questions_are_unique(curriculum: Curriculum, language: str) -> None:
    texts = [step.texts[language] for step in curriculum.steps]

    assert len({text.title for text in texts}) == len(texts)
    assert len({text.question for text in texts}) == len(texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_starter_is_a_plan_in_the_first_person(curriculum: Curriculum, language: str) -> None:
    second_person = {"en": r"\byou(rs?)?\b", "nb": r"\b(du|deg|din|ditt|dine)\b"}[language]

    assert [
        starter.key
        for starter in curriculum.starters
        if re.search(second_person, starter.texts[language].sentence.lower())
        or starter.texts[language].cue.endswith((".", ","))
        or starter.texts[language].response.endswith((".", ","))
    ] == []


def test_every_source_is_leaned_on(curriculum: Curriculum) -> None:
    used = {step.source for step in curriculum.steps if step.source != NO_STUDY} | set(curriculum.brief.sources)
    meetings = [set(meeting.sources) for meeting in curriculum.circle]

    assert used.union(*meetings) == set(curriculum.sources)
    assert all(meetings)


def test_a_year_in_an_agenda_is_the_year_of_one_of_its_sources(curriculum: Curriculum) -> None:
    cited = [
        (meeting.month, year, meeting.sources)
        for meeting in curriculum.circle
        for year in re.findall(r", (\d{4})\)", " ".join(agenda_lines(meeting.texts["en"])))
    ]

    assert cited
    assert [entry for entry in cited if not any(source.endswith(entry[1]) for source in entry[2])] == []


def test_a_year_in_a_why_is_the_year_of_its_source(curriculum: Curriculum) -> None:
    cited = [
        (step.day, year, step.source)
        for step in curriculum.steps
        for year in re.findall(r", (\d{4})\)", step.texts["en"].why)
    ]

    assert cited
    assert [entry for entry in cited if not entry[2].endswith(entry[1])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sponsor_is_asked_to_say_the_same_twice(curriculum: Curriculum, language: str) -> None:
    texts = [week.sponsor.texts[language] for week in curriculum.weeks]

    assert len({text.ask for text in texts}) == len(texts)
    assert len({text.watch_for for text in texts}) == len(texts)
    assert len({text.say for text in texts}) == len(texts)


def test_every_theme_and_behaviour_is_trained_by_core_steps(curriculum: Curriculum) -> None:
    core = [step for step in curriculum.steps if step.is_core]
    trained = Counter(step.behaviour for step in core)

    assert {step.theme for step in core} == set(curriculum.themes)
    assert {step.theme for step in curriculum.steps} == set(curriculum.themes)
    assert {behaviour: trained[behaviour] for behaviour in BEHAVIOURS if trained[behaviour] < 5} == {}


def test_every_day_has_a_step_and_every_week_four_or_five_core(curriculum: Curriculum) -> None:
    assert [step.day for step in curriculum.steps] == list(range(1, DAYS_OF_PROGRAMME + 1))
    for week in curriculum.weeks:
        assert {week_of(step.day) for step in week.steps} == {week.number}
        assert 4 <= sum(step.is_core for step in week.steps) <= 5


def test_no_core_step_is_on_a_weekend(curriculum: Curriculum) -> None:
    assert [step.day for step in curriculum.steps if step.is_core and is_weekend(step.day)] == []


def test_each_behaviour_returns_at_growing_gaps(
    curriculum: Curriculum, record_property: Callable[[str, object], None]
) -> None:
    missed = {}
    for behaviour in BEHAVIOURS:
        offsets = offsets_from_first_core(curriculum, behaviour)
        record_property(behaviour, offsets)
        missed[behaviour] = [
            expected
            for expected, slack in RETURNS.items()
            if not any(
                abs(offset - expected) <= slack and (is_core or expected == EXTRA_MAY_RETURN_AT)
                for offset, is_core in offsets
            )
        ]

    assert {behaviour: returns for behaviour, returns in missed.items() if returns} == {}


def test_no_behaviour_rests_for_longer_than_it_may(curriculum: Curriculum) -> None:
    for behaviour in BEHAVIOURS:
        days = [s.day for s in curriculum.steps if s.is_core and s.behaviour == behaviour]
        gaps = [later - earlier for earlier, later in pairwise([*days, DAYS_OF_PROGRAMME])]

        assert max(gaps) <= LONGEST_REST, (behaviour, days)
        assert gaps[-1] <= LAST_RETURN_BEFORE_THE_END, (behaviour, days)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_behaviour_is_recalled_before_it_is_repeated(curriculum: Curriculum, language: str) -> None:
    recalled = {
        step.behaviour
        for step in curriculum.steps
        if step.is_core and week_of(step.day) >= WIDENING and re.search(RECALL[language], step.texts[language].practice)
    }

    assert recalled == set(BEHAVIOURS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", [30, 60, 89])
def test_a_look_back_starts_from_a_guess_and_from_day_1(curriculum: Curriculum, language: str, day: int) -> None:
    step = curriculum.steps[day - 1]
    practice = step.texts[language].practice

    assert step.is_core
    assert re.search(GUESS[language], practice)
    assert re.search(r"\b(days?|dag) 1\b", practice)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_end_is_a_plan_for_day_180_made_on_a_working_day(curriculum: Curriculum, language: str) -> None:
    plan, telling = curriculum.steps[-2:]

    assert plan.is_core
    assert "180" in plan.texts[language].title
    assert "180" in telling.texts[language].practice


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_live_event_is_something_to_prepare_for_if_it_comes(curriculum: Curriculum, language: str) -> None:
    texts = {step.day: step.texts[language] for step in curriculum.steps}
    events = {
        day: text.practice
        for day, text in texts.items()
        if re.search(LIVE_EVENT[language], f"{text.title} {text.practice}")
    }

    assert events
    assert [day for day, practice in events.items() if not practice.startswith(("If ", "Hvis "))] == []


def test_every_kind_of_live_event_is_there(curriculum: Curriculum) -> None:
    kinds = Counter(milestone.kind for milestone in curriculum.milestones)

    assert set(kinds) == set(MILESTONE_KINDS) - {"other"}
    assert {kind: times for kind, times in kinds.items() if times > 1} == {"circle": CIRCLE_MEETINGS, "round": ROUNDS}
    assert {meeting.milestone for meeting in curriculum.circle} == {
        milestone.key for milestone in curriculum.milestones if milestone.kind == "circle"
    }


def test_a_live_event_follows_its_preparing_step_within_days(curriculum: Curriculum) -> None:
    days = {step.key: step.day for step in curriculum.steps}
    waits = {
        milestone.key: milestone.day - days[PREPARED_BY[milestone.kind]]
        for milestone in curriculum.milestones
        if milestone.kind in PREPARED_BY
    }

    assert len(waits) == len(PREPARED_BY)
    assert {key: wait for key, wait in waits.items() if not 1 <= wait <= LONGEST_WAIT} == {}


def test_one_round_comes_before_day_1_and_one_before_the_closing(curriculum: Curriculum) -> None:
    (closing,) = [milestone.day for milestone in curriculum.milestones if milestone.kind == "closing"]
    first, second = [milestone.day for milestone in curriculum.milestones if milestone.kind == "round"]

    assert first < 1 < second < closing


def test_a_key_belongs_to_one_step_or_one_live_event(curriculum: Curriculum) -> None:
    steps = [step.key for step in curriculum.steps]
    events = [milestone.key for milestone in curriculum.milestones]

    assert [key for key, times in Counter(steps + events).items() if times > 1] == []


def test_no_low_dial_drops_what_prepares_for_a_live_event(curriculum: Curriculum) -> None:
    preparing = {step.key: step.dial for step in curriculum.steps if step.key in PREPARED_BY.values()}

    assert preparing == dict.fromkeys(PREPARED_BY.values(), DIALS[0])


def test_long_extras_are_for_stretch_only(curriculum: Curriculum) -> None:
    extras = [step for step in curriculum.steps if not step.is_core]

    assert {step.dial for step in extras} == set(DIALS)
    assert [step.day for step in extras if step.minutes > LONGEST_EXTRA[step.dial]] == []
