"""What is written is what was read: the same content, and the same bytes for the same content."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cohorts.curriculum.content import (
    BEHAVIOURS,
    CIRCLE,
    CIRCLE_MINUTES,
    CUE_OPENING,
    DIALS,
    EXTRA,
    KINDS,
    MAX_TITLE_CHARACTERS,
    MILESTONE_KINDS,
    NO_STUDY,
    PRACTICE_OPENINGS,
    RESPONSE_OPENING,
    SITUATIONS,
    SOURCE_DESIGNS,
    SOURCE_KINDS,
    SOURCE_READ,
    AgendaPart,
    Brief,
    BriefPart,
    BriefText,
    CircleMeeting,
    CircleText,
    Curriculum,
    Milestone,
    MilestoneText,
    Source,
    SourceText,
    SponsorText,
    SponsorWeek,
    Starter,
    StarterText,
    Step,
    StepText,
    Week,
    is_weekend,
)
from cohorts.curriculum.files import CURRICULA, CurriculumInvalid, read_curriculum, read_files
from cohorts.curriculum.located_yaml import single_spaced
from cohorts.curriculum.writer import WIDTH, lay_out, write_files

STANDARD = CURRICULA / "adaptive-contact-centre-leadership" / "1"
FOLDERS = sorted(path.parent for path in CURRICULA.glob("*/*/curriculum.yaml"))

Draw = Callable[[st.SearchStrategy[Any]], Any]

TRAPS = st.sampled_from(
    """null ~ yes No on true .inf 1.5 007 0x1f 1e5 2026-01-01 12:30 - -- --- ... # #1 : a: :a a:b ? ! !t & &a * *b | >
    >- % @ ` ' '' " "" \\ \\n {x} [y] , {} [] = << «så» “so” ’s æøå Ærlig é – … 360: 100 % key: x…""".split()
)
NOISE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), min_size=1, max_size=8)
SPACES = st.sampled_from([" ", " ", "  ", "\n", "\t", "\u2028", "\x85", "\N{NO-BREAK SPACE}"])


def texts(words: int, characters: int = 400) -> st.SearchStrategy[str]:
    """Whole texts as the reader gives them, made of everything YAML could misread."""
    parts = st.lists(st.tuples(TRAPS | NOISE, SPACES), min_size=1, max_size=words)
    whole = parts.map(lambda pairs: single_spaced("".join(word + space for word, space in pairs)))
    return whole.map(lambda text: " ".join(text.split()[:words])[:characters]).map(single_spaced).filter(bool)


TITLES = texts(8, MAX_TITLE_CHARACTERS)
SENTENCES = texts(24)
NAMES = st.sampled_from(["null", "true", "yes", "007"]) | st.from_regex(r"[a-z0-9_]{1,12}", fullmatch=True)
SLUGS = st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True)


def step_texts(language: str) -> st.SearchStrategy[StepText]:
    opening = st.sampled_from(PRACTICE_OPENINGS[language])
    return st.builds(
        StepText,
        title=TITLES,
        why=SENTENCES,
        practice=st.builds(lambda start, text: start + text, opening, SENTENCES),
        question=texts(20).map(lambda text: f"{text}?"),
    )


def starter_texts(language: str) -> st.SearchStrategy[StarterText]:
    half = texts(12, 100)
    return st.builds(
        StarterText,
        language=st.just(language),
        cue=half.map(lambda text: CUE_OPENING[language] + text),
        response=half.map(lambda text: RESPONSE_OPENING[language] + text),
    )


def brief_texts(parts: int) -> st.SearchStrategy[BriefText]:
    part = st.builds(BriefPart, heading=TITLES, text=SENTENCES)
    return st.builds(
        BriefText,
        title=TITLES,
        opening=SENTENCES,
        parts=st.lists(part, min_size=parts, max_size=parts).map(tuple),
        closing=SENTENCES,
    )


def circle_texts(first: int) -> st.SearchStrategy[CircleText]:
    parts = [
        st.builds(AgendaPart, minutes=st.just(minutes), heading=TITLES, text=SENTENCES)
        for minutes in (first, CIRCLE_MINUTES - first)
    ]
    return st.builds(CircleText, title=TITLES, opening=SENTENCES, parts=st.tuples(*parts), closing=SENTENCES)


@st.composite
def curricula(draw: Draw) -> Curriculum:
    languages = draw(st.sampled_from([("en",), ("nb",), ("en", "nb"), ("nb", "en")]))

    def translated(text: Callable[[str], st.SearchStrategy[Any]]) -> dict[str, Any]:
        written = languages[:1] + tuple(code for code in languages[1:] if draw(st.booleans()))
        return {code: draw(text(code)) for code in written}

    def source() -> Source:
        """A citation alone, or a source with its parts."""
        if draw(st.booleans()):
            return Source(draw(SENTENCES))
        return Source(
            draw(TITLES),
            kind=draw(st.sampled_from(SOURCE_KINDS)),
            author=draw(TITLES),
            year=draw(st.sampled_from([0, 1996, 2024])),
            journal=draw(st.sampled_from(["", "Human Factors 62"])),
            design=draw(st.sampled_from(SOURCE_DESIGNS)),
            size=draw(st.sampled_from(["", "k 642"])),
            read=draw(st.sampled_from(SOURCE_READ)),
            texts=translated(lambda _: st.builds(SourceText, SENTENCES, SENTENCES)),
        )

    themes = {key: translated(lambda _: TITLES) for key in draw(st.sets(NAMES, min_size=1, max_size=4))}
    sources = {key: source() for key in draw(st.sets(NAMES, min_size=1, max_size=4))}
    some_sources = st.lists(st.sampled_from(sorted(sources)), min_size=1, max_size=3).map(tuple)

    def step(day: int, key: str) -> Step:
        kind = EXTRA if is_weekend(day) else draw(st.sampled_from(KINDS))
        return Step(
            day=day,
            key=key,
            kind=kind,
            minutes=draw(st.integers(1, 10)),
            theme=draw(st.sampled_from(sorted(themes))),
            behaviour=draw(st.sampled_from(BEHAVIOURS)),
            source=draw(st.sampled_from([NO_STUDY, *sorted(sources)])),
            dial=draw(st.sampled_from(DIALS)) if kind == EXTRA else DIALS[0],
            texts=translated(step_texts),
        )

    def week(number: int, days: list[int], keys: list[str]) -> Week:
        return Week(
            number=number,
            theme=translated(lambda _: TITLES),
            sponsor=SponsorWeek(
                minutes=draw(st.integers(1, 10)),
                texts=translated(lambda _: st.builds(SponsorText, SENTENCES, SENTENCES, SENTENCES, SENTENCES)),
            ),
            steps=tuple(step(day, key) for day, key in zip(days, keys, strict=False)),
        )

    keys = draw(st.lists(SLUGS, min_size=4, max_size=4, unique=True))
    days = [sorted(draw(st.sets(st.integers(7 * number - 6, 7 * number), min_size=2, max_size=2))) for number in (1, 2)]
    milestones = [
        Milestone(
            key=key,
            kind=draw(st.sampled_from(MILESTONE_KINDS)),
            day=draw(st.integers(-14, 104)),
            minutes=draw(st.integers(5, 240)),
            texts=translated(lambda _: st.builds(MilestoneText, TITLES, SENTENCES, SENTENCES)),
        )
        for key in draw(st.lists(SLUGS, max_size=4, unique=True))
    ]
    milestones.sort(key=lambda milestone: (milestone.day, milestone.key))
    first, parts = draw(st.integers(1, 44)), draw(st.integers(1, 3))
    circles = [milestone.key for milestone in milestones if milestone.kind == CIRCLE]
    plans = cycle([translated(starter_texts) for _ in range(3)])
    return Curriculum(
        slug=draw(SLUGS),
        version=draw(st.integers(1, 9999)),
        languages=languages,
        titles=translated(lambda _: TITLES),
        themes=themes,
        sources=sources,
        weeks=tuple(week(number, days[number - 1], keys[2 * number - 2 :]) for number in (1, 2)),
        brief=Brief(draw(st.integers(1, 10)), draw(some_sources), translated(lambda _: brief_texts(parts))),
        starters=tuple(
            Starter(behaviour, situation, next(plans)) for behaviour in BEHAVIOURS for situation in SITUATIONS
        ),
        milestones=tuple(milestones),
        circle=tuple(
            CircleMeeting(month, key, draw(some_sources), translated(lambda _: circle_texts(first)))
            for month, key in enumerate(circles, start=1)
        ),
    )


@settings(max_examples=25, deadline=None)
@given(curricula())
def test_reading_what_was_written_gives_the_same_curriculum(curriculum: Curriculum) -> None:
    files = write_files(curriculum)

    assert read_files(files) == curriculum
    assert write_files(read_files(files)) == files


@settings(max_examples=10, deadline=None)
@given(curricula())
def test_no_order_that_a_database_forgets_shows_in_the_bytes(curriculum: Curriculum) -> None:
    def turned(mapping: Mapping[str, Any]) -> dict[str, Any]:
        return dict(reversed(mapping.items()))

    shuffled = replace(
        curriculum,
        titles=turned(curriculum.titles),
        themes={key: turned(names) for key, names in turned(curriculum.themes).items()},
        sources=turned(curriculum.sources),
        brief=replace(curriculum.brief, texts=turned(curriculum.brief.texts)),
        starters=tuple(reversed(curriculum.starters)),
        milestones=tuple(reversed(curriculum.milestones)),
    )

    assert write_files(shuffled) == write_files(curriculum)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_the_files_in_the_repository_are_as_they_would_be_written(folder) -> None:
    written = write_files(read_curriculum(folder))

    assert {path.name for path in folder.iterdir()} == set(written)
    for name, data in written.items():
        assert (folder / name).read_bytes() == data, f"{folder / name}: python -m cohorts.curriculum.writer"


def test_laying_out_a_folder_does_not_change_its_content(tmp_path) -> None:
    folder = tmp_path / STANDARD.parent.name / "1"
    shutil.copytree(STANDARD, folder)
    by_hand = (folder / "week-01.yaml").read_text().replace("kind: core", "kind: 'core'  # always")
    (folder / "week-01.yaml").write_text(by_hand.replace(" >-", " |-"))

    lay_out(folder)

    assert read_curriculum(folder) == read_curriculum(STANDARD)
    assert (folder / "week-01.yaml").read_bytes() == write_files(read_curriculum(STANDARD))["week-01.yaml"]


def test_themes_are_in_step_order_and_unused_ones_last() -> None:
    standard = read_curriculum(STANDARD)
    idle = {name: {"en": name} for name in ("zeal", "care", "wit", "art", "luck", "hope", "tact")}

    files = write_files(replace(standard, themes={**idle, **standard.themes}))

    themes = list(read_files(files).themes)
    assert themes[0] == standard.steps[0].theme
    assert themes[-7:] == ["art", "care", "hope", "luck", "tact", "wit", "zeal"]


def test_long_texts_are_folded_and_short_ones_stand_in_their_line() -> None:
    standard = read_curriculum(STANDARD)
    milestone = replace(
        standard.milestones[0],
        texts={"en": MilestoneText(title="360: you", what=40 * "words ", prepare='Don\'t\n  wait:  "go".')},
    )

    lines = write_files(replace(standard, milestones=(milestone,)))["milestones.yaml"].decode().splitlines()

    at = lines.index("  en:")
    assert lines[at + 1 : at + 3] == ['    title: "360: you"', "    what: >-"]
    assert max(map(len, lines)) <= WIDTH
    assert lines[-1] == "    prepare: 'Don''t wait: \"go\".'"


def test_a_word_longer_than_a_line_is_not_broken() -> None:
    standard = read_curriculum(STANDARD)
    page = f"A page: https://example.com/{40 * 'a-b/'} (2026)"
    linked = replace(standard, sources={**standard.sources, "a_page": Source(page)})

    assert read_files(write_files(linked)) == linked


def test_an_almost_empty_draft_is_written_and_its_gaps_refused() -> None:
    standard = read_curriculum(STANDARD)
    bare = Step(day=2, key="", kind="core", minutes=0, theme="", behaviour="", source="", dial="light", texts={})
    begun = replace(bare, day=3, key="begun", texts={"en": StepText("Begun", "", "When it rings, wait", "")})
    draft = replace(
        standard,
        titles={},
        brief=Brief(minutes=3, sources=(), texts={"nb": BriefText("", "", (), "")}),
        weeks=(Week(1, {}, SponsorWeek(2, {}), (bare, begun)), Week(2, {}, SponsorWeek(2, {}), ())),
        starters=(),
        milestones=(),
        circle=(),
    )

    files = write_files(draft)

    with pytest.raises(CurriculumInvalid) as caught:
        read_files(files)
    places = {(problem.file, problem.field): problem for problem in caught.value.problems}
    why = places["week-01.yaml", "steps[1].en.why"]
    assert files["week-01.yaml"].decode().splitlines()[why.line - 1] == "      why: ''"
    assert str(why).endswith("expected a text, found ''")
    assert {
        ("curriculum.yaml", "titles.en"),
        ("brief.yaml", "en"),
        ("brief.yaml", "nb.parts"),
        ("brief.yaml", "sources"),
        ("week-01.yaml", "steps[0].key"),
        ("week-01.yaml", "steps[0].en"),
        ("week-02.yaml", "steps"),
        ("starters.yaml", "clear.queue"),
    } <= places.keys()
    assert not [problem for problem in caught.value.problems if problem.file in ("milestones.yaml", "circle.yaml")]
