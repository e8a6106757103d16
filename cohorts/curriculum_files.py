"""A curriculum as a folder of readable files, read into frozen dataclasses.

One folder is one version: curriculum.yaml, brief.yaml, starters.yaml and week-01.yaml onwards
(the format is described in curricula/README.md). Anything the format forbids raises
CurriculumInvalid, which names every file, line and field at fault and what is expected there.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from cohorts.curriculum_content import (
    BEHAVIOURS,
    CIRCLE,
    CIRCLE_MINUTES,
    CORE,
    CUE_OPENING,
    DAYS_OF_PROGRAMME,
    DIALS,
    EXTRA,
    KINDS,
    LANGUAGES,
    MILESTONE_KINDS,
    MOST_BRIEF_WORDS,
    MOST_KEY_CHARACTERS,
    MOST_MINUTES,
    MOST_PRACTICE_WORDS,
    MOST_PREPARE_WORDS,
    MOST_QUESTION_WORDS,
    MOST_SPONSOR_WORDS,
    MOST_STARTER_CHARACTERS,
    MOST_STARTER_WORDS,
    MOST_TITLE_CHARACTERS,
    MOST_WHAT_WORDS,
    MOST_WHY_WORDS,
    PRACTICE_OPENINGS,
    RESPONSE_OPENING,
    SITUATIONS,
    AgendaPart,
    Brief,
    BriefPart,
    BriefText,
    CircleMeeting,
    CircleText,
    Curriculum,
    Milestone,
    MilestoneText,
    SponsorText,
    SponsorWeek,
    Starter,
    StarterText,
    Step,
    StepText,
    Week,
    brief_lines,
    is_weekend,
    week_of,
)
from cohorts.located_yaml import Node, Problem, read_yaml

__all__ = [
    "BEHAVIOURS",
    "CIRCLE",
    "CIRCLE_MINUTES",
    "CORE",
    "CUE_OPENING",
    "CURRICULA",
    "DAYS_OF_PROGRAMME",
    "DIALS",
    "EXTRA",
    "KINDS",
    "LANGUAGES",
    "MILESTONE_KINDS",
    "MOST_BRIEF_WORDS",
    "MOST_KEY_CHARACTERS",
    "MOST_MINUTES",
    "MOST_PRACTICE_WORDS",
    "MOST_PREPARE_WORDS",
    "MOST_QUESTION_WORDS",
    "MOST_SPONSOR_WORDS",
    "MOST_STARTER_CHARACTERS",
    "MOST_STARTER_WORDS",
    "MOST_TITLE_CHARACTERS",
    "MOST_WHAT_WORDS",
    "MOST_WHY_WORDS",
    "PRACTICE_OPENINGS",
    "RESPONSE_OPENING",
    "SITUATIONS",
    "AgendaPart",
    "Brief",
    "BriefPart",
    "BriefText",
    "CircleMeeting",
    "CircleText",
    "Curriculum",
    "CurriculumInvalid",
    "Milestone",
    "MilestoneText",
    "SponsorText",
    "SponsorWeek",
    "Starter",
    "StarterText",
    "Step",
    "StepText",
    "Week",
    "brief_lines",
    "is_weekend",
    "read_curriculum",
    "week_of",
]

CURRICULA = Path(__file__).parent / "curricula"


class CurriculumInvalid(Exception):
    """Everything that is wrong with a folder, one line for each problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def read_curriculum(folder: Path) -> Curriculum:
    """The curriculum in the folder `<slug>/<version>`; CurriculumInvalid when anything is wrong."""
    problems: list[Problem] = []
    curriculum = _curriculum(folder, problems)
    if problems:
        raise CurriculumInvalid(problems)
    return curriculum


def _curriculum(folder: Path, problems: list[Problem]) -> Curriculum:
    head = read_yaml(folder / "curriculum.yaml", problems).fields(
        "slug", "version", "languages", "titles", "themes", "sources"
    )
    languages = _languages(head["languages"])
    themes = {key: _by_language(node, languages) for key, node in head["themes"].entries()}
    sources = {key: node.text() for key, node in head["sources"].entries()}
    return Curriculum(
        slug=head["slug"].choice([folder.parent.name]),
        version=_version(head["version"], folder),
        languages=languages,
        titles=_by_language(head["titles"], languages),
        themes=MappingProxyType(themes),
        sources=MappingProxyType(sources),
        weeks=_weeks(folder, problems, languages, themes, sources),
        brief=_brief(read_yaml(folder / "brief.yaml", problems), languages, sources),
        starters=_starters(read_yaml(folder / "starters.yaml", problems), languages),
        milestones=(),
        circle=(),
    )


def _languages(node: Node) -> tuple[str, ...]:
    # With none that can be read, all are assumed: the other files still get checked.
    return tuple(filter(None, (item.choice(LANGUAGES) for item in node.items()))) or LANGUAGES


def _version(node: Node, folder: Path) -> int:
    version = node.number(1, 9999)
    if version and str(version) != folder.name:
        node.wrong(f"the folder's own number {folder.name}")
    return version


def _by_language(node: Node, languages: Sequence[str]) -> Mapping[str, str]:
    fields = node.fields(*languages)
    return MappingProxyType({code: fields[code].text() for code in languages})


def _weeks(
    folder: Path,
    problems: list[Problem],
    languages: Sequence[str],
    themes: Mapping[str, object],
    sources: Mapping[str, str],
) -> tuple[Week, ...]:
    paths = sorted(folder.glob("week-*.yaml")) or [folder / "week-01.yaml"]
    return tuple(
        _week(read_yaml(_expected(path, number), problems), number, languages, themes, sources)
        for number, path in enumerate(paths, start=1)
    )


def _expected(path: Path, number: int) -> Path:
    # A gap in the weeks shows as the absence of the file that should stand there.
    return path.with_name(f"week-{number:02d}.yaml")


def _week(
    node: Node,
    number: int,
    languages: Sequence[str],
    themes: Mapping[str, object],
    sources: Mapping[str, str],
) -> Week:
    fields = node.fields("week", "theme", "sponsor", "steps")
    nodes = fields["steps"].items()
    steps = tuple(_step(item, number, languages, themes, sources) for item in nodes)
    _check_order(nodes, steps)
    if fields["week"].value != number:
        fields["week"].wrong(f"{number}, as the file is named")
    return Week(
        number=number,
        theme=_by_language(fields["theme"], languages),
        sponsor=_sponsor_week(fields["sponsor"], languages),
        steps=steps,
    )


def _check_order(nodes: Sequence[Node], steps: Sequence[Step]) -> None:
    for node, (earlier, later) in zip(nodes[1:], pairwise(steps), strict=False):
        if later.day and later.day <= earlier.day:
            node.wrong(f"a day after {earlier.day}: one step a day, in order", f"day {later.day}")


def _sponsor_week(node: Node, languages: Sequence[str]) -> SponsorWeek:
    fields = node.fields("minutes", *languages)
    return SponsorWeek(
        minutes=fields["minutes"].number(1, MOST_MINUTES),
        texts=MappingProxyType({code: _sponsor_text(fields[code]) for code in languages}),
    )


def _sponsor_text(node: Node) -> SponsorText:
    fields = node.fields("works_on", "ask", "watch_for", "say")
    return SponsorText(**{name: f.text(words=MOST_SPONSOR_WORDS) for name, f in fields.items()})


def _step(
    node: Node,
    week: int,
    languages: Sequence[str],
    themes: Mapping[str, object],
    sources: Mapping[str, str],
) -> Step:
    fields = node.fields("day", "key", "kind", "minutes", "theme", "behaviour", "source", "dial", *languages)
    step = Step(
        day=fields["day"].number(7 * week - 6, min(7 * week, DAYS_OF_PROGRAMME)),
        key=fields["key"].text(characters=60),
        kind=fields["kind"].choice(KINDS),
        minutes=fields["minutes"].number(1, MOST_MINUTES),
        theme=fields["theme"].choice(themes),
        behaviour=fields["behaviour"].choice(BEHAVIOURS),
        source=fields["source"].choice(sources),
        dial=fields["dial"].choice(DIALS),
        texts=MappingProxyType({code: _step_text(fields[code], code) for code in languages}),
    )
    if step.is_core and step.day and is_weekend(step.day):
        fields["kind"].wrong("extra, because the day is on a weekend")
    if step.is_core and step.dial and step.dial != DIALS[0]:
        fields["dial"].wrong("light, because no dial drops a core step")
    return step


def _step_text(node: Node, language: str) -> StepText:
    fields = node.fields("title", "why", "practice", "question")
    return StepText(
        title=fields["title"].text(characters=MOST_TITLE_CHARACTERS),
        why=fields["why"].text(words=MOST_WHY_WORDS),
        practice=_opened(fields["practice"], PRACTICE_OPENINGS[language], words=MOST_PRACTICE_WORDS),
        question=_question(fields["question"]),
    )


def _question(node: Node) -> str:
    text = node.text(words=MOST_QUESTION_WORDS)
    if text and not text.endswith("?"):
        node.wrong("one question, ending in a question mark")
    return text


def _opened(node: Node, openings: tuple[str, ...], *, words: int, characters: int | None = None) -> str:
    text = node.text(words=words, characters=characters)
    if text and not text.startswith(openings):
        node.wrong(f"a text that starts with {' or '.join(map(repr, openings))}")
    return text


def _brief(node: Node, languages: Sequence[str], sources: Mapping[str, str]) -> Brief:
    fields = node.fields("minutes", "sources", *languages)
    texts = {code: _brief_text(fields[code]) for code in languages}
    if len({len(text.parts) for text in texts.values()}) > 1:
        node.wrong("the same number of parts in every language", "different numbers")
    return Brief(
        minutes=fields["minutes"].number(1, MOST_MINUTES),
        sources=tuple(source.choice(sources) for source in fields["sources"].items()),
        texts=MappingProxyType(texts),
    )


def _brief_text(node: Node) -> BriefText:
    fields = node.fields("title", "opening", "parts", "closing")
    text = BriefText(
        title=fields["title"].text(characters=MOST_TITLE_CHARACTERS),
        opening=fields["opening"].text(),
        parts=tuple(_brief_part(part) for part in fields["parts"].items()),
        closing=fields["closing"].text(),
    )
    words = len(" ".join(brief_lines(text)).split())
    if words > MOST_BRIEF_WORDS:
        node.wrong(f"one page of at most {MOST_BRIEF_WORDS} words", f"{words} words")
    return text


def _brief_part(node: Node) -> BriefPart:
    fields = node.fields("heading", "text")
    return BriefPart(heading=fields["heading"].text(), text=fields["text"].text())


def _starters(node: Node, languages: Sequence[str]) -> tuple[Starter, ...]:
    behaviours = node.fields(*BEHAVIOURS)
    return tuple(
        Starter(behaviour, situation.field.split(".")[-1], _starter_texts(situation, languages))
        for behaviour, group in behaviours.items()
        for situation in group.fields(*SITUATIONS).values()
    )


def _starter_texts(node: Node, languages: Sequence[str]) -> Mapping[str, StarterText]:
    fields = node.fields(*languages)
    return MappingProxyType({code: _starter_text(fields[code], code) for code in languages})


def _starter_text(node: Node, language: str) -> StarterText:
    fields = node.fields("cue", "response")
    return StarterText(
        language=language,
        cue=_half(fields["cue"], CUE_OPENING[language]),
        response=_half(fields["response"], RESPONSE_OPENING[language]),
    )


def _half(node: Node, opening: str) -> str:
    return _opened(node, (opening,), words=MOST_STARTER_WORDS, characters=MOST_STARTER_CHARACTERS)
