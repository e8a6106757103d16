"""Texts in several languages: their rules, and the form field that applies them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.curriculum.located_yaml import single_spaced
from cohorts.web.inputs import TextField

MAX_TEXT_CHARACTERS = 2_000  # characters per text, far above every limit in words


def one_line(value: object) -> str:
    """A text with single spaces, as files store it."""
    return "" if value is None else single_spaced(str(value))


def language_name(code: str) -> str:
    """The name of a language in that language."""
    return dict(settings.LANGUAGES).get(code, code)


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in several languages and its rules. `openings` are the allowed beginnings."""

    name: str
    label: str | Promise
    words: int = 0
    characters: int = 0
    openings: Mapping[str, tuple[str, ...]] | None = None
    is_question: bool = False
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
        one, other = (opening.strip() for opening in (self.openings or {})[language])
        return _("Must begin with “%(one)s” or “%(other)s”.") % {"one": one, "other": other}

    def wrong(self, text: str, language: str) -> Iterator[str]:
        """Every rule this text breaks."""
        if self.openings and not text.startswith(self.openings[language]):
            yield self.opening_rule(language)
        if self.is_question and not text.endswith("?"):
            yield _("Must end in a question mark.")
        if self.characters and (count := len(text)) > self.characters:
            yield _("At most %(most)d characters; these are %(count)d.") % {"most": self.characters, "count": count}
        if self.words and (count := len(text.split())) > self.words:
            yield _("At most %(most)d words; these are %(count)d.") % {"most": self.words, "count": count}


class WordingField(TextField):
    """A text in one language, with a live counter."""

    def __init__(self, wording: Wording, language: str) -> None:
        self.wording, self.language = wording, language
        unit, most = ("characters", wording.characters) if wording.characters else ("words", wording.words)
        super().__init__(
            required=False,
            max_length=MAX_TEXT_CHARACTERS,
            widget=forms.Textarea(attrs={"rows": 2, "lang": language, "data-count": unit, "data-most": most}),
            label=format_html('{} <span class="quiet fw-normal">({})</span>', wording.label, language_name(language)),
            help_text=" ".join(filter(None, [str(wording.about), *wording.rules(language)])),
        )

    def clean(self, value: Any) -> str:
        return cast(str, super().clean(one_line(value)))

    def validate(self, value: str) -> None:
        if value and (wrong := list(self.wording.wrong(value, self.language))):
            raise ValidationError([ValidationError(sentence) for sentence in wrong])


@dataclass(frozen=True, slots=True)
class LanguagePart:
    """The fields of one language, shown beside another; `missing` are labels of empty texts."""

    code: str
    name: str
    fields: list[forms.BoundField]
    missing: list[str]

    @property
    def is_empty(self) -> bool:
        return len(self.missing) == len(self.fields)
