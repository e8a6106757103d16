"""A curriculum as frozen dataclasses, and the limits its files must keep.

The same shape comes out of a folder or a zip of files (curriculum/files.py), goes into one (curriculum/writer.py), and
stands for a version in the database, half-written drafts included (curriculum/rows.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

DAYS_OF_PROGRAMME = 90
WEEKS = 13
CORE, EXTRA = "core", "extra"
KINDS = (CORE, EXTRA)
DIALS = ("light", "steady", "stretch")
BEHAVIOURS = (
    "goal_minded",
    "enthusiastic",
    "clear",
    "quality_minded",
    "encouraging",
    "understanding",
    "initiative",
)
SITUATIONS = (
    "queue",
    "complaint",
    "new_starter",
    "end_of_shift",
    "one_to_one",
    "absence",
    "board",
    "remote",
    "written",
)

MILESTONE_KINDS = (
    "kick_off",
    "three_way_talk",
    "circle",
    "role_model_talk",
    "site_visit",
    "round",
    "halfway_review",
    "closing",
    "other",
)
CIRCLE = "circle"

NO_STUDY = "no_study"  # the source of a step that rests on practice, not on research
SOURCE_KINDS = ("study", "review", "opinion", "provider")
SOURCE_DESIGNS = ("trial", "comparison", "link", "account")
SOURCE_READ = ("full_text", "abstract", "second_hand")

FIRST_MILESTONE_DAY, LAST_MILESTONE_DAY = -14, 104
MIN_MILESTONE_MINUTES, MAX_MILESTONE_MINUTES = 5, 240
CIRCLE_MINUTES = 45
MAX_MINUTES = 10
MAX_NAME_CHARACTERS = 120  # of a curriculum and of the theme of a week
MAX_TITLE_CHARACTERS = 45
MAX_WHY_WORDS = 40
MAX_PRACTICE_WORDS = 50
MAX_QUESTION_WORDS = 25
MAX_SPONSOR_WORDS = 40
MAX_STARTER_WORDS = 20
MAX_STARTER_CHARACTERS = 160  # as long as the two fields of a focus may be
MAX_WHAT_WORDS = 40
MAX_PREPARE_WORDS = 30
MAX_BRIEF_WORDS = 350
MAX_CITED_CHARACTERS = 200  # the author, title or journal of a source
MAX_SIZE_CHARACTERS = 40  # of a source: "k 642" findings, "n 237" people
MAX_OUTCOME_WORDS = 40
MAX_LIMIT_WORDS = 40
MAX_HEADING_CHARACTERS = 80  # of a part of the brief or of an agenda
MAX_PASSAGE_WORDS = 150  # of such a part, an opening or a closing
MAX_PAGE_PARTS = 12
MAX_PAGE_SOURCES = 12
MAX_THEMES = 40
MAX_SOURCES = 150
FIRST_SOURCE_YEAR, LAST_SOURCE_YEAR = 1900, 2100
MAX_KEY_CHARACTERS = 60
MAX_SLUG_CHARACTERS = 80

PRACTICE_OPENINGS = {"en": ("When ", "If "), "nb": ("Når ", "Hvis ")}
CUE_OPENING = {"en": "When ", "nb": "Når "}
RESPONSE_OPENING = {"en": "I will ", "nb": "skal jeg "}


@dataclass(frozen=True)
class SourceText:
    """What a source found, and what it cannot say."""

    outcome: str
    limit: str


@dataclass(frozen=True)
class Source:
    """What a text leans on. Without a kind it is a citation of the old shape: `title` holds all of it.

    `year` is 0 and `journal` and `size` are empty where a source has none.
    """

    title: str
    kind: str = ""
    author: str = ""
    year: int = 0
    journal: str = ""
    design: str = ""
    size: str = ""
    read: str = ""
    texts: Mapping[str, SourceText] = field(default_factory=dict)

    @property
    def citation(self) -> str:
        """The source in one line, as a list of references has it."""
        dated = f"{self.author} ({self.year})" if self.year else self.author
        return ", ".join(filter(None, (dated, self.title, self.journal)))


@dataclass(frozen=True)
class StepText:
    title: str
    why: str
    practice: str
    question: str


@dataclass(frozen=True)
class Step:
    """One day's content. `dial` is the lowest dial that still receives it; for core steps it is light."""

    day: int
    key: str
    kind: str
    minutes: int
    theme: str
    behaviour: str
    source: str
    dial: str
    texts: Mapping[str, StepText]

    @property
    def is_core(self) -> bool:
        return self.kind == CORE


@dataclass(frozen=True)
class SponsorText:
    works_on: str
    ask: str
    watch_for: str
    say: str


@dataclass(frozen=True)
class SponsorWeek:
    minutes: int
    texts: Mapping[str, SponsorText]


@dataclass(frozen=True)
class Week:
    number: int
    theme: Mapping[str, str]
    sponsor: SponsorWeek
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class BriefPart:
    heading: str
    text: str


@dataclass(frozen=True)
class BriefText:
    title: str
    opening: str
    parts: tuple[BriefPart, ...]
    closing: str


@dataclass(frozen=True)
class Brief:
    """One page for the sponsor before day 1."""

    minutes: int
    sources: tuple[str, ...]
    texts: Mapping[str, BriefText]


@dataclass(frozen=True)
class MilestoneText:
    title: str
    what: str
    prepare: str


@dataclass(frozen=True)
class Milestone:
    """A live event. Its day counts from day 1 as a step's does, and may lie before it or after day 90."""

    key: str
    kind: str
    day: int
    minutes: int
    texts: Mapping[str, MilestoneText]


@dataclass(frozen=True)
class AgendaPart:
    minutes: int
    heading: str
    text: str


@dataclass(frozen=True)
class CircleText:
    title: str
    opening: str
    parts: tuple[AgendaPart, ...]
    closing: str


@dataclass(frozen=True)
class CircleMeeting:
    """The agenda of one month's circle meeting; `milestone` is the key of the event it belongs to."""

    month: int
    milestone: str
    sources: tuple[str, ...]
    texts: Mapping[str, CircleText]


@dataclass(frozen=True)
class StarterText:
    """A ready if-then plan, with both halves in full: "When …" and "I will …"."""

    language: str
    cue: str
    response: str

    @property
    def sentence(self) -> str:
        return f"{self.cue}, {self.response}."

    @property
    def cue_field(self) -> str:
        """The cue without its opening word, for forms that print "When"."""
        return self.cue.removeprefix(CUE_OPENING[self.language])

    @property
    def response_field(self) -> str:
        """The response without "I will", for forms that print it."""
        return self.response.removeprefix(RESPONSE_OPENING[self.language])


@dataclass(frozen=True)
class Starter:
    """One for each behaviour in each situation; the two together are its key."""

    behaviour: str
    situation: str
    texts: Mapping[str, StarterText]

    @property
    def key(self) -> str:
        return f"{self.behaviour}.{self.situation}"


@dataclass(frozen=True)
class Curriculum:
    slug: str
    version: int
    languages: tuple[str, ...]
    titles: Mapping[str, str]
    themes: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Source]
    weeks: tuple[Week, ...]
    brief: Brief
    starters: tuple[Starter, ...]
    milestones: tuple[Milestone, ...]
    circle: tuple[CircleMeeting, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step in the order of its day; a day without content has none."""
        return tuple(step for week in self.weeks for step in week.steps)

    def missing(self, language: str) -> tuple[str, ...]:
        """The places without text in this language, in reading order."""
        return tuple(dict.fromkeys(place for place, texts in self._places() if not texts.get(language)))

    def _places(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        yield "title", self.titles
        yield from ((f"theme {key}", names) for key, names in self.themes.items())
        yield from ((f"source {key}", source.texts) for key, source in self.sources.items() if source.kind)
        yield "brief", self.brief.texts
        for week in self.weeks:
            yield f"week {week.number}", week.theme
            yield f"week {week.number}", week.sponsor.texts
            yield from ((f"day {step.day}", step.texts) for step in week.steps)
        yield from ((f"milestone {milestone.key}", milestone.texts) for milestone in self.milestones)
        yield from ((f"circle {meeting.month}", meeting.texts) for meeting in self.circle)
        yield from ((f"starter {starter.key}", starter.texts) for starter in self.starters)


def week_of(day: int) -> int:
    return (day - 1) // 7 + 1


def is_weekend(day: int) -> bool:
    """Whether the day falls on a weekend when day 1 is a Monday."""
    return (day - 1) % 7 >= 5


def brief_lines(text: BriefText) -> tuple[str, ...]:
    """The lines of the page, top to bottom."""
    parts = (line for part in text.parts for line in (part.heading, part.text))
    return (text.title, text.opening, *parts, text.closing)
