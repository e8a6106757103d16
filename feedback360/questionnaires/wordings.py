"""The texts of a questionnaire in each language, and what they are held to."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.curriculum.wordings import Wording
from feedback360.questionnaires import content
from feedback360.questionnaires.content import NAME

NAMED = gettext_lazy("“{name}” becomes the leader's first name.")


@dataclass(frozen=True, slots=True)
class NamingWording(Wording):
    """A text that names the leader as {name}, or, in the leader's own form, nobody."""

    names_leader: bool = True

    # dataclass(slots=True) makes a new class, which `super()` without arguments does not know.
    def rules(self, language: str) -> Iterator[str]:
        if self.names_leader:
            yield _("Must contain {name}.")
        yield from Wording.rules(self, language)

    def wrong(self, text: str, language: str) -> Iterator[str]:
        if self.names_leader and NAME not in text:
            yield _("Must contain {name}.")
        if not self.names_leader and NAME in text:
            yield _("The leader reads this: write “I” or “you” instead of {name}.")
        if set(text.replace(NAME, "")) & set("{}"):
            yield _("No other braces than those of {name}.")
        yield from Wording.wrong(self, text, language)


ITEM_WORDINGS = (
    NamingWording(
        "team", gettext_lazy("As the team reads it"), words=content.MAX_ITEM_WORDS, about=NAMED, names_leader=True
    ),
    NamingWording(
        "self",
        gettext_lazy("As the leader reads it"),
        words=content.MAX_ITEM_WORDS,
        about=gettext_lazy("The same, about themselves: “I …”."),
        names_leader=False,
    ),
    NamingWording(
        "peer",
        gettext_lazy("As peers read it"),
        words=content.MAX_ITEM_WORDS,
        is_optional=True,
        about=gettext_lazy("Only if it differs from the team's."),
    ),
    NamingWording(
        "manager",
        gettext_lazy("As the manager reads it"),
        words=content.MAX_ITEM_WORDS,
        is_optional=True,
        about=gettext_lazy("Only if it differs from the team's."),
    ),
)
QUESTION_WORDINGS = (
    NamingWording(
        "others",
        gettext_lazy("As others read it"),
        words=content.MAX_QUESTION_WORDS,
        is_question=True,
        about=NAMED,
    ),
    NamingWording(
        "self",
        gettext_lazy("As the leader reads it"),
        words=content.MAX_QUESTION_WORDS,
        is_question=True,
        about=gettext_lazy("The same, to themselves: “you”."),
        names_leader=False,
    ),
)
TITLE_WORDING = Wording("title", gettext_lazy("Title"), characters=content.MAX_TITLE_CHARACTERS)
STEP_WORDINGS = tuple(
    Wording(f"step_{number}", label, characters=content.MAX_SCALE_CHARACTERS)
    for number, label in enumerate(
        (
            gettext_lazy("Least often"),
            gettext_lazy("Second step"),
            gettext_lazy("Middle step"),
            gettext_lazy("Fourth step"),
            gettext_lazy("Most often"),
        ),
        start=1,
    )
)
CANNOT_SAY_WORDINGS = (
    Wording("not_seen", gettext_lazy("For raters who cannot say"), characters=content.MAX_SCALE_CHARACTERS),
    Wording(
        "not_relevant",
        gettext_lazy("For a leader who cannot say"),
        characters=content.MAX_SCALE_CHARACTERS,
    ),
)
FRAME_WORDINGS = (TITLE_WORDING, *STEP_WORDINGS, *CANNOT_SAY_WORDINGS)
