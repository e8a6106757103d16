"""The texts of a draft in each language, and what they are held to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cohorts.curriculum import content
from cohorts.curriculum.located_yaml import single_spaced
from cohorts.web.bounds import wrong_with_name

MAX_TEXT_CHARACTERS = 2_000  # characters per text, far above every limit in words


def one_line(value: object) -> str:
    """A text with single spaces, as files store it."""
    return "" if value is None else single_spaced(str(value))


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in several languages and its rules. `openings` are the allowed beginnings."""

    name: str
    label: str | Promise
    words: int = 0
    characters: int = 0
    openings: Mapping[str, tuple[str, ...]] | None = None
    is_question: bool = False
    is_optional: bool = False
    about: str | Promise = ""

    def rules(self, language: str) -> Iterator[str]:
        """The rules as help text."""
        if self.openings:
            yield self.opening_rule(language)
        if self.is_question:
            yield _("Must end in a question mark.")
        if self.characters:
            yield ngettext("At most %d character.", "At most %d characters.", self.characters) % self.characters
        if self.words:
            yield ngettext("At most %d word.", "At most %d words.", self.words) % self.words

    def opening_rule(self, language: str) -> str:
        one, *others = (opening.strip() for opening in (self.openings or {})[language])
        if not others:
            return _("Must begin with “%(one)s”.") % {"one": one}
        return _("Must begin with “%(one)s” or “%(other)s”.") % {"one": one, "other": others[0]}

    def wrong(self, text: str, language: str) -> Iterator[str]:
        """Every rule this text breaks."""
        if wrong := wrong_with_name(text):
            yield wrong
        if self.openings and not text.startswith(self.openings[language]):
            yield self.opening_rule(language)
        if self.is_question and not text.endswith("?"):
            yield _("Must end in a question mark.")
        if self.characters and (count := len(text)) > self.characters:
            yield _("At most %(most)d characters; these are %(count)d.") % {"most": self.characters, "count": count}
        if self.words and (count := len(text.split())) > self.words:
            yield _("At most %(most)d words; these are %(count)d.") % {"most": self.words, "count": count}


STEP_WORDINGS = (
    Wording(
        "title",
        gettext_lazy("Title"),
        characters=content.MAX_TITLE_CHARACTERS,
        about=gettext_lazy("Also the subject of the mail."),
    ),
    Wording(
        "why",
        gettext_lazy("Why it matters"),
        words=content.MAX_WHY_WORDS,
        about=gettext_lazy("With the evidence, and no stronger than the source."),
    ),
    Wording(
        "practice",
        gettext_lazy("Practice"),
        words=content.MAX_PRACTICE_WORDS,
        openings=content.PRACTICE_OPENINGS,
        about=gettext_lazy("One thing to try, in a normal shift."),
    ),
    Wording("question", gettext_lazy("Question"), words=content.MAX_QUESTION_WORDS, is_question=True),
)
MILESTONE_WORDINGS = (
    Wording("title", gettext_lazy("Title"), characters=content.MAX_TITLE_CHARACTERS),
    Wording("what", gettext_lazy("What happens"), words=content.MAX_WHAT_WORDS),
    Wording("prepare", gettext_lazy("What to bring or prepare"), words=content.MAX_PREPARE_WORDS),
)
SPONSOR_WEEK_WORDINGS = (
    Wording("theme", gettext_lazy("Theme of the week"), characters=content.MAX_NAME_CHARACTERS),
    Wording("works_on", gettext_lazy("What the leader works on"), words=content.MAX_SPONSOR_WORDS),
    Wording("ask", gettext_lazy("One thing to ask"), words=content.MAX_SPONSOR_WORDS),
    Wording("watch_for", gettext_lazy("One thing to watch for"), words=content.MAX_SPONSOR_WORDS),
    Wording("say", gettext_lazy("One thing to say"), words=content.MAX_SPONSOR_WORDS),
)
TITLE_WORDINGS = (Wording("title", gettext_lazy("Title"), characters=content.MAX_NAME_CHARACTERS),)
THEME_WORDINGS = (Wording("name", gettext_lazy("Name"), characters=content.MAX_NAME_CHARACTERS),)
PAGE_WORDINGS = (
    Wording("title", gettext_lazy("Title"), characters=content.MAX_TITLE_CHARACTERS),
    Wording("opening", gettext_lazy("Opening"), words=content.MAX_PASSAGE_WORDS),
    Wording("closing", gettext_lazy("Closing"), words=content.MAX_PASSAGE_WORDS),
)
PART_WORDINGS = (
    Wording("heading", gettext_lazy("Heading"), characters=content.MAX_HEADING_CHARACTERS),
    Wording("text", gettext_lazy("Text"), words=content.MAX_PASSAGE_WORDS),
)
SOURCE_WORDINGS = (
    Wording("outcome", gettext_lazy("What it found"), words=content.MAX_OUTCOME_WORDS),
    Wording("limit", gettext_lazy("What it cannot say"), words=content.MAX_LIMIT_WORDS),
)
STARTER_WORDINGS = (
    Wording(
        "cue",
        gettext_lazy("The moment"),
        words=content.MAX_STARTER_WORDS,
        characters=content.MAX_STARTER_CHARACTERS,
        openings={language: (opening,) for language, opening in content.CUE_OPENING.items()},
    ),
    Wording(
        "response",
        gettext_lazy("What the leader does"),
        words=content.MAX_STARTER_WORDS,
        characters=content.MAX_STARTER_CHARACTERS,
        openings={language: (opening,) for language, opening in content.RESPONSE_OPENING.items()},
    ),
)
