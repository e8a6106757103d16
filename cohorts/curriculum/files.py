"""Read a curriculum's files into the dataclasses of curriculum/content.py.

One folder or zip is one version (the format is described in curricula/README.md). Anything the format forbids raises
CurriculumInvalid, which names every file, line and field at fault and what is expected there. The first language of a
curriculum is needed everywhere; another may be left out as a whole wherever it is not written yet.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from cohorts.curriculum.content import (
    BEHAVIOURS,
    CIRCLE,
    CIRCLE_MINUTES,
    CUE_OPENING,
    DAYS_OF_PROGRAMME,
    DIALS,
    FIRST_MILESTONE_DAY,
    FIRST_SOURCE_YEAR,
    KINDS,
    LAST_MILESTONE_DAY,
    LAST_SOURCE_YEAR,
    MAX_BRIEF_WORDS,
    MAX_CITED_CHARACTERS,
    MAX_HEADING_CHARACTERS,
    MAX_KEY_CHARACTERS,
    MAX_LIMIT_WORDS,
    MAX_MILESTONE_MINUTES,
    MAX_MINUTES,
    MAX_NAME_CHARACTERS,
    MAX_OUTCOME_WORDS,
    MAX_PAGE_PARTS,
    MAX_PAGE_SOURCES,
    MAX_PASSAGE_WORDS,
    MAX_PRACTICE_WORDS,
    MAX_PREPARE_WORDS,
    MAX_QUESTION_WORDS,
    MAX_SIZE_CHARACTERS,
    MAX_SLUG_CHARACTERS,
    MAX_SOURCES,
    MAX_SPONSOR_WORDS,
    MAX_STARTER_CHARACTERS,
    MAX_STARTER_WORDS,
    MAX_THEMES,
    MAX_TITLE_CHARACTERS,
    MAX_WHAT_WORDS,
    MAX_WHY_WORDS,
    MILESTONE_KINDS,
    MIN_MILESTONE_MINUTES,
    NO_STUDY,
    PRACTICE_OPENINGS,
    RESPONSE_OPENING,
    SITUATIONS,
    SOURCE_DESIGNS,
    SOURCE_KINDS,
    SOURCE_READ,
    WEEKS,
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
    brief_lines,
    is_weekend,
)
from cohorts.curriculum.located_yaml import Fields, Node, Problem, node_of, outcome_of
from cohorts.curriculum.phrases import Phrase
from cohorts.web.languages import LANGUAGES

CURRICULA = Path(__file__).parent.parent / "curricula"

HEAD, BRIEF, STARTERS, MILESTONES, CIRCLES = (
    f"{name}.yaml" for name in ("curriculum", "brief", "starters", "milestones", "circle")
)
WEEK_FILES = tuple(f"week-{number:02d}.yaml" for number in range(1, WEEKS + 1))
FILES = (HEAD, BRIEF, MILESTONES, CIRCLES, STARTERS, *WEEK_FILES)
MAX_FILES_BYTES = 512 * 1024  # all files together: twice the size of one in two languages
ONE_OF_THE_FILES = Phrase(
    "one of %(names)s, %(first)s to %(last)s", names=", ".join(FILES[:5]), first=WEEK_FILES[0], last=WEEK_FILES[-1]
)
NOT_TOO_LARGE = Phrase("at most %(most)d bytes in all files together", most=MAX_FILES_BYTES)

NAME = re.compile(rf"[a-z0-9_]{{1,{MAX_KEY_CHARACTERS}}}")

T = TypeVar("T")


class CurriculumInvalid(Exception):
    """All problems of a curriculum's files, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True)
class _Head:
    """What other files refer to, and the step keys used so far: key → place."""

    languages: tuple[str, ...]
    themes: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Source]
    taken: dict[str, str] = field(default_factory=dict)

    def fields(self, node: Node, *names: str) -> dict[str, Node]:
        """The given fields, the first language, and the other languages that are present."""
        return node.fields(*names, self.languages[0], optional=self.languages[1:])

    def texts(self, fields: Mapping[str, Node], read: Callable[[Node, str], T]) -> Mapping[str, T]:
        return MappingProxyType({code: read(fields[code], code) for code in self.languages if code in fields})


def read_curriculum(folder: Path) -> Curriculum:
    """Read the curriculum in the folder `<slug>/<version>`. Raises CurriculumInvalid."""
    return _read({path.name: path.read_bytes() for path in folder.glob("*.yaml")}, folder)


def read_files(files: Mapping[str, bytes]) -> Curriculum:
    """Read a curriculum from file contents by name, such as a zip's. Raises CurriculumInvalid."""
    return _read(files, None)


def read_outcomes(outcomes: Mapping[str, Any]) -> Curriculum:
    """Read a curriculum from files that were parsed already. Raises CurriculumInvalid."""
    return _checked(outcomes, None)


def _read(files: Mapping[str, bytes], folder: Path | None) -> Curriculum:
    size = sum(map(len, files.values()))
    if size > MAX_FILES_BYTES:
        largest = max(files, key=lambda name: len(files[name]))
        too_large = Problem(largest, 1, "", NOT_TOO_LARGE, Phrase("%(count)d bytes", count=size))
        raise CurriculumInvalid([*_strangers(files), too_large])
    return _checked({name: outcome_of(data) if name in FILES else None for name, data in files.items()}, folder)


def _strangers(files: Collection[str]) -> list[Problem]:
    return [Problem(name, 1, "", ONE_OF_THE_FILES, Phrase("this file")) for name in files if name not in FILES]


def _checked(outcomes: Mapping[str, Any], folder: Path | None) -> Curriculum:
    problems = _strangers(outcomes)
    curriculum = _curriculum(outcomes, folder, problems)
    if problems:
        raise CurriculumInvalid(problems)
    return curriculum


def _curriculum(outcomes: Mapping[str, Any], folder: Path | None, problems: list[Problem]) -> Curriculum:
    absent = outcome_of(None)

    def node(name: str) -> Node:
        return node_of(name, outcomes.get(name, absent), problems)

    fields = node(HEAD).fields("slug", "version", "languages", "titles", "themes", "sources")
    head = _head(fields)
    milestones = _milestones(node(MILESTONES), head)
    return Curriculum(
        slug=_slug(fields["slug"], folder),
        version=_version(fields["version"], folder),
        languages=head.languages,
        titles=_by_language(fields["titles"], head),
        themes=head.themes,
        sources=head.sources,
        weeks=tuple(_week(node(name), number, head) for number, name in enumerate(_weeks(outcomes), start=1)),
        brief=_brief(node(BRIEF), head),
        starters=_starters(node(STARTERS), head),
        milestones=milestones,
        circle=_circle(node(CIRCLES), head, milestones),
    )


def _head(fields: Mapping[str, Node]) -> _Head:
    head = _Head(_languages(fields["languages"]), {}, {})
    themes = {key: _by_language(node, head) for key, node in _named(fields["themes"])}
    _check_count(fields["themes"], len(themes), MAX_THEMES)
    sources = {key: _source(node, key, head) for key, node in _named(fields["sources"])}
    _check_count(fields["sources"], len(sources), MAX_SOURCES)
    return _Head(head.languages, MappingProxyType(themes), MappingProxyType(sources))


def _check_count(node: Node, count: int, most: int) -> None:
    if count > most:
        node.wrong(Phrase("at most %(most)d items", most=most), Phrase("%(count)d items", count=count))


def _languages(node: Node) -> tuple[str, ...]:
    languages = tuple(filter(None, (item.choice(LANGUAGES) for item in node.items())))
    if len(set(languages)) < len(languages):
        node.wrong(Phrase("each language once"), ", ".join(languages))
    # If no language can be read, assume all, so that the other files still get checked.
    return languages or LANGUAGES


def _slug(node: Node, folder: Path | None) -> str:
    return node.choice([folder.parent.name]) if folder else node.slug(MAX_SLUG_CHARACTERS)


def _version(node: Node, folder: Path | None) -> int:
    version = node.number(1, 9999)
    if folder and version and str(version) != folder.name:
        node.wrong(Phrase("the folder's own number %(number)s", number=folder.name))
    return version


def _named(node: Node) -> Iterable[tuple[str, Node]]:
    for key, inner in node.entries():
        if not NAME.fullmatch(key):
            inner.wrong(Phrase("a key of small letters a to z, digits and underscores"), repr(key))
        yield key, inner


def _source(node: Node, key: str, head: _Head) -> Source:
    """A citation in one text, as version 1 of the standard has it, or a source with its parts."""
    if key == NO_STUDY:
        node.wrong(Phrase("another key: this one stands for practice without a study"), repr(key))
    if not isinstance(node.value, Fields):
        return Source(node.text())
    names = ("kind", "author", "title", "design", "read", head.languages[0])
    fields = node.fields(*names, optional=("year", "journal", "size", *head.languages[1:]))
    cited = {
        name: fields[name].text(characters=MAX_CITED_CHARACTERS)
        for name in ("author", "title", "journal")
        if name in fields
    }
    return Source(
        **cited,
        kind=fields["kind"].choice(SOURCE_KINDS),
        year=fields["year"].number(FIRST_SOURCE_YEAR, LAST_SOURCE_YEAR) if "year" in fields else 0,
        design=fields["design"].choice(SOURCE_DESIGNS),
        size=fields["size"].text(characters=MAX_SIZE_CHARACTERS) if "size" in fields else "",
        read=fields["read"].choice(SOURCE_READ),
        texts=head.texts(fields, _source_text),
    )


def _source_text(node: Node, _: str) -> SourceText:
    fields = node.fields("outcome", "limit")
    return SourceText(
        outcome=fields["outcome"].text(words=MAX_OUTCOME_WORDS), limit=fields["limit"].text(words=MAX_LIMIT_WORDS)
    )


def _by_language(node: Node, head: _Head) -> Mapping[str, str]:
    return head.texts(head.fields(node), lambda inner, _: inner.text(characters=MAX_NAME_CHARACTERS))


def _weeks(files: Collection[str]) -> Sequence[str]:
    # Report a gap in the weeks as a missing file.
    last = max((number for number, name in enumerate(WEEK_FILES, start=1) if name in files), default=1)
    return WEEK_FILES[:last]


def _week(node: Node, number: int, head: _Head) -> Week:
    fields = node.fields("week", "theme", "sponsor", "steps")
    nodes = fields["steps"].items()
    steps = tuple(_step(item, number, head) for item in nodes)
    _check_order(nodes, steps)
    if fields["week"].value != number:
        fields["week"].wrong(Phrase("%(number)d, as the file is named", number=number))
    return Week(
        number=number,
        theme=_by_language(fields["theme"], head),
        sponsor=_sponsor_week(fields["sponsor"], head),
        steps=steps,
    )


def _check_order(nodes: Sequence[Node], steps: Sequence[Step]) -> None:
    for node, (earlier, later) in zip(nodes[1:], pairwise(steps), strict=False):
        if later.day and later.day <= earlier.day:
            node.wrong(
                Phrase("a day after %(day)d: one step a day, in order", day=earlier.day),
                Phrase("day %(day)d", day=later.day),
            )


def _sponsor_week(node: Node, head: _Head) -> SponsorWeek:
    fields = head.fields(node, "minutes")
    return SponsorWeek(minutes=fields["minutes"].number(1, MAX_MINUTES), texts=head.texts(fields, _sponsor_text))


def _sponsor_text(node: Node, _: str) -> SponsorText:
    fields = node.fields("works_on", "ask", "watch_for", "say")
    return SponsorText(**{name: f.text(words=MAX_SPONSOR_WORDS) for name, f in fields.items()})


def _step(node: Node, week: int, head: _Head) -> Step:
    fields = head.fields(node, "day", "key", "kind", "minutes", "theme", "behaviour", "source", "dial")
    step = Step(
        day=fields["day"].number(7 * week - 6, min(7 * week, DAYS_OF_PROGRAMME)),
        key=_own_key(fields["key"], head.taken),
        kind=fields["kind"].choice(KINDS),
        minutes=fields["minutes"].number(1, MAX_MINUTES),
        theme=fields["theme"].choice(head.themes),
        behaviour=fields["behaviour"].choice(BEHAVIOURS),
        source=fields["source"].choice([*head.sources, NO_STUDY]),
        dial=fields["dial"].choice(DIALS),
        texts=head.texts(fields, _step_text),
    )
    if step.is_core and step.day and is_weekend(step.day):
        fields["kind"].wrong(Phrase("extra, because the day is on a weekend"))
    if step.is_core and step.dial and step.dial != DIALS[0]:
        fields["dial"].wrong(Phrase("light, because no dial drops a core step"))
    return step


def _own_key(node: Node, taken: dict[str, str]) -> str:
    key = node.slug(MAX_KEY_CHARACTERS)
    if key in taken:
        node.wrong(Phrase("a key of its own"), Phrase("%(key)r, as at %(place)s", key=key, place=taken[key]))
    if key:
        taken.setdefault(key, f"{node.file}:{node.line}")
    return key


def _step_text(node: Node, language: str) -> StepText:
    fields = node.fields("title", "why", "practice", "question")
    return StepText(
        title=fields["title"].text(characters=MAX_TITLE_CHARACTERS),
        why=fields["why"].text(words=MAX_WHY_WORDS),
        practice=_opened(fields["practice"], PRACTICE_OPENINGS[language], words=MAX_PRACTICE_WORDS),
        question=_question(fields["question"]),
    )


def _question(node: Node) -> str:
    text = node.text(words=MAX_QUESTION_WORDS)
    if text and not text.endswith("?"):
        node.wrong(Phrase("one question, ending in a question mark"))
    return text


def _opened(node: Node, openings: tuple[str, ...], *, words: int, characters: int | None = None) -> str:
    text = node.text(words=words, characters=characters)
    if text and not text.startswith(openings):
        node.wrong(Phrase("a text that starts with %(openings)s", openings=" / ".join(map(repr, openings))))
    return text


def _brief(node: Node, head: _Head) -> Brief:
    fields = head.fields(node, "minutes", "sources")
    texts = head.texts(fields, _brief_text)
    if len({len(text.parts) for text in texts.values()}) > 1:
        node.wrong(Phrase("the same number of parts in every language"), Phrase("different numbers"))
    return Brief(
        minutes=fields["minutes"].number(1, MAX_MINUTES),
        sources=_sources(fields["sources"], head),
        texts=texts,
    )


def _sources(node: Node, head: _Head) -> tuple[str, ...]:
    return tuple(source.choice(head.sources) for source in node.items(most=MAX_PAGE_SOURCES))


def _brief_text(node: Node, _: str) -> BriefText:
    fields = node.fields("title", "opening", "parts", "closing")
    text = BriefText(
        title=fields["title"].text(characters=MAX_TITLE_CHARACTERS),
        opening=fields["opening"].text(words=MAX_PASSAGE_WORDS),
        parts=tuple(_brief_part(part) for part in fields["parts"].items(most=MAX_PAGE_PARTS)),
        closing=fields["closing"].text(words=MAX_PASSAGE_WORDS),
    )
    words = len(" ".join(brief_lines(text)).split())
    if words > MAX_BRIEF_WORDS:
        node.wrong(
            Phrase("one page of at most %(most)d words", most=MAX_BRIEF_WORDS), Phrase("%(count)d words", count=words)
        )
    return text


def _brief_part(node: Node) -> BriefPart:
    fields = node.fields("heading", "text")
    return BriefPart(heading=_heading(fields), text=fields["text"].text(words=MAX_PASSAGE_WORDS))


def _heading(fields: Mapping[str, Node]) -> str:
    return fields["heading"].text(characters=MAX_HEADING_CHARACTERS)


def _milestones(node: Node, head: _Head) -> tuple[Milestone, ...]:
    """The milestones in the order of their days."""
    taken: dict[str, str] = {}
    milestones = [_milestone(item, head, taken) for item in node.items(least=0)]
    return tuple(sorted(milestones, key=lambda milestone: (milestone.day, milestone.key)))


def _milestone(node: Node, head: _Head, taken: dict[str, str]) -> Milestone:
    fields = head.fields(node, "key", "kind", "day", "minutes")
    return Milestone(
        key=_own_key(fields["key"], taken),
        kind=fields["kind"].choice(MILESTONE_KINDS),
        day=fields["day"].number(FIRST_MILESTONE_DAY, LAST_MILESTONE_DAY),
        minutes=fields["minutes"].number(MIN_MILESTONE_MINUTES, MAX_MILESTONE_MINUTES),
        texts=head.texts(fields, _milestone_text),
    )


def _milestone_text(node: Node, _: str) -> MilestoneText:
    fields = node.fields("title", "what", "prepare")
    return MilestoneText(
        title=fields["title"].text(characters=MAX_TITLE_CHARACTERS),
        what=fields["what"].text(words=MAX_WHAT_WORDS),
        prepare=fields["prepare"].text(words=MAX_PREPARE_WORDS),
    )


def _circle(node: Node, head: _Head, milestones: Sequence[Milestone]) -> tuple[CircleMeeting, ...]:
    meetings = {milestone.key for milestone in milestones if milestone.kind == CIRCLE}
    return tuple(
        _circle_meeting(item, month, head, meetings) for month, item in enumerate(node.items(least=0), start=1)
    )


def _circle_meeting(node: Node, month: int, head: _Head, meetings: set[str]) -> CircleMeeting:
    fields = head.fields(node, "month", "milestone", "sources")
    if fields["month"].value != month:
        fields["month"].wrong(Phrase("%(month)d: one agenda a month, in order", month=month))
    milestone = fields["milestone"].value
    if milestone not in meetings:
        fields["milestone"].wrong(Phrase("the key of a milestone of the kind %(kind)s, each once", kind=CIRCLE))
    meetings.discard(milestone)
    texts = head.texts(fields, _circle_text)
    if len({tuple(part.minutes for part in text.parts) for text in texts.values()}) > 1:
        node.wrong(Phrase("parts of the same minutes in every language"), Phrase("different ones"))
    return CircleMeeting(month=month, milestone=milestone, sources=_sources(fields["sources"], head), texts=texts)


def _circle_text(node: Node, _: str) -> CircleText:
    fields = node.fields("title", "opening", "parts", "closing")
    parts = tuple(_agenda_part(part) for part in fields["parts"].items(most=MAX_PAGE_PARTS))
    minutes = sum(part.minutes for part in parts)
    if parts and minutes != CIRCLE_MINUTES:
        fields["parts"].wrong(Phrase("minutes that add up to %(sum)d", sum=CIRCLE_MINUTES), str(minutes))
    return CircleText(
        title=fields["title"].text(characters=MAX_TITLE_CHARACTERS),
        opening=fields["opening"].text(words=MAX_PASSAGE_WORDS),
        parts=parts,
        closing=fields["closing"].text(words=MAX_PASSAGE_WORDS),
    )


def _agenda_part(node: Node) -> AgendaPart:
    fields = node.fields("minutes", "heading", "text")
    return AgendaPart(
        minutes=fields["minutes"].number(1, CIRCLE_MINUTES),
        heading=_heading(fields),
        text=fields["text"].text(words=MAX_PASSAGE_WORDS),
    )


def _starters(node: Node, head: _Head) -> tuple[Starter, ...]:
    behaviours = node.fields(*BEHAVIOURS)
    return tuple(
        Starter(behaviour, name, head.texts(head.fields(situation), _starter_text))
        for behaviour, group in behaviours.items()
        for name, situation in group.fields(*SITUATIONS).items()
    )


def _starter_text(node: Node, language: str) -> StarterText:
    fields = node.fields("cue", "response")
    return StarterText(
        language=language,
        cue=_half(fields["cue"], CUE_OPENING[language]),
        response=_half(fields["response"], RESPONSE_OPENING[language]),
    )


def _half(node: Node, opening: str) -> str:
    return _opened(node, (opening,), words=MAX_STARTER_WORDS, characters=MAX_STARTER_CHARACTERS)
