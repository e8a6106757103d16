"""What every talk template in the repository must be like to read and say aloud, in each language.

Limits of length and the form of single fields are the reader's business (test_template_files.py).
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from coaching.talk_templates.content import BOTH, LEADER, PARTNER, SHARED, Talk, TalkTemplate
from coaching.talk_templates.files import SHIPPED, newest, read_template
from cohorts.web.languages import LANGUAGES
from tests.wording import ADDRESS, BANNED, FILLED_IN, FOREIGN_MARKS, lix, numbers_in

FILES = sorted(SHIPPED.glob("*/*.yaml"))
OUT = Path(__file__).parent / "shipped_versions.txt"

EASIEST_TO_SAY = 40
"""LIX of what is read aloud, as for the circles of a curriculum."""

DEMANDS = {
    "en": r"\b(must|have to explain|required|mandatory|comply|why didn’t|performance|score|target)\b",
    "nb": r"\b(skal du|pålagt|obligatorisk|hvorfor har du ikke|prestasjon\w*|poengsum|måltall)\b",
}
"""A talk is no audit."""

NOT_SAID = r"\b(kun|vedkommende|ei uke|gulvet|vakt\w*)\b"
"""Norwegian for which the curriculum has other words: bare, en uke, hverdagen, skift."""


@pytest.fixture(scope="module", params=FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def shipped(request: pytest.FixtureRequest) -> TalkTemplate:
    return read_template(request.param)


def fields(talk: Talk) -> Iterator[tuple[str, str]]:
    """Every text a person reads, with a name to find it by."""
    yield from (("title", talk.title), ("purpose", talk.purpose), ("closing", talk.closing))
    for number, part in enumerate(talk.agenda):
        yield f"agenda {number}", part.text
    for box in talk.boxes:
        yield from ((f"{box.key} label", box.label), (f"{box.key} hint", box.hint))
    for criterion in talk.criteria:
        yield from ((f"{criterion.key} {name}", getattr(criterion, name)) for name in ("label", "low", "high"))


def found(shipped: TalkTemplate, patterns: dict[str, str]) -> list[str]:
    return [
        f"{language} {name}: {text}"
        for language in LANGUAGES
        for name, text in fields(shipped.in_language(language))
        if re.search(patterns[language], text, re.IGNORECASE)
    ]


def test_nine_templates_ship() -> None:
    assert {path.parent.name for path in FILES} == {
        "first-meeting",
        "grow",
        "clear",
        "three-way",
        "drop-in",
        "side-by-side",
        "hard-day",
        "career",
        "listening-calibration",
    }


def test_a_version_that_is_out_never_changes_and_stays() -> None:
    """A session of last year is read with its own version. A change is the next number, with a new line here."""
    out = dict(reversed(line.split()) for line in OUT.read_text(encoding="utf-8").splitlines())
    now = {f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in FILES}

    assert now == out


def test_no_template_has_a_banned_tone_or_demand(shipped: TalkTemplate) -> None:
    assert found(shipped, BANNED) == []
    assert found(shipped, DEMANDS) == []


def test_the_newest_version_uses_the_words_of_the_curriculum(shipped: TalkTemplate) -> None:
    if shipped == newest(shipped.key):
        assert [text for _, text in fields(shipped.in_language("nb")) if re.search(NOT_SAID, text, re.IGNORECASE)] == []


def test_no_template_has_an_address_a_gap_or_foreign_marks(shipped: TalkTemplate) -> None:
    assert found(shipped, dict.fromkeys(LANGUAGES, f"{ADDRESS}|{FILLED_IN}")) == []
    marks = {language: "|".join(map(re.escape, FOREIGN_MARKS[language])) for language in LANGUAGES}
    assert found(shipped, marks) == []


def test_both_languages_of_a_template_name_the_same_numbers(shipped: TalkTemplate) -> None:
    english, norwegian = (dict(fields(shipped.in_language(language))) for language in ("en", "nb"))
    differ = {
        name: (english[name], norwegian[name])
        for name in english.keys() - {"title"}  # «Treparts-» is no number of its own
        if numbers_in(english[name], "en") != numbers_in(norwegian[name], "nb")
    }

    assert differ == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_is_easy_to_read_aloud(shipped: TalkTemplate, language: str) -> None:
    talk = shipped.in_language(language)
    ease = {name: lix(". ".join(part)) for name, part in by_part(talk).items()}

    assert {name: value for name, value in ease.items() if value > EASIEST_TO_SAY} == {}


def by_part(talk: Talk) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for name, text in fields(talk):
        framed = name in ("title", "purpose", "closing")
        parts.setdefault("frame" if framed else name.split()[0], []).append(text)
    return parts


def test_a_template_ends_in_a_question_and_states_one_purpose(shipped: TalkTemplate) -> None:
    for language in LANGUAGES:
        talk = shipped.in_language(language)
        assert talk.closing.endswith("?")
        assert talk.closing.count("?") == 1
        assert talk.purpose.endswith(".")
        assert talk.purpose.count(".") == 1


def test_a_leader_speaks_first_and_for_at_least_as_long(shipped: TalkTemplate) -> None:
    """Coachee first. A drop-in and a talk of observers begin with what is asked of both."""
    talk = shipped.in_language("en")
    minutes = {who: sum(part.minutes for part in talk.agenda if part.who == who) for who in (LEADER, PARTNER, BOTH)}
    first = next(part.who for part in talk.agenda if part.who != BOTH or not minutes[LEADER])

    assert first in ((PARTNER,) if talk.key == "drop-in" else (LEADER, BOTH))
    assert minutes[LEADER] >= minutes[PARTNER] or talk.key == "side-by-side"


def test_every_template_but_a_drop_in_has_a_box_for_both(shipped: TalkTemplate) -> None:
    boxes = shipped.in_language("en").boxes

    assert any(box.whose == SHARED for box in boxes) == (shipped.key != "drop-in")


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("side-by-side/*.yaml")), ids=lambda path: path.stem)
def test_side_by_side_waits_for_the_leader_in_every_other_box(path: Path) -> None:
    side = read_template(path).in_language("en")

    assert [(box.key, box.whose) for box in side.boxes if not box.leader_first] == [("own-view", LEADER)]
    assert [box.key for box in side.boxes if "priority" in box.key] == ["first-priority", "second-priority"]
    assert not re.search(r"\bscore|\btotal|\brate\b", " ".join(text for _, text in fields(side)))


def test_a_calibration_names_both_ends_of_each_criterion() -> None:
    calibration = read_template(SHIPPED / "listening-calibration" / "1.yaml").in_language("nb")

    assert [criterion.key for criterion in calibration.criteria] == [
        "need",
        "mood",
        "plain-words",
        "sees-it-through",
        "ending",
    ]
    assert all(criterion.low != criterion.high for criterion in calibration.criteria)
