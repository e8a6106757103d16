"""Texts in several languages: their rules, and the form field that applies them."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from cohorts.curriculum.wordings import MAX_TEXT_CHARACTERS, Wording, one_line
from cohorts.web.inputs import TextField


def language_name(code: str) -> str:
    """The name of a language in that language."""
    return dict(settings.LANGUAGES).get(code, code)


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

    def to_python(self, value: Any) -> Any:
        return super().to_python(one_line(value))

    def validate(self, value: str) -> None:
        if value and (wrong := list(self.wording.wrong(value, self.language))):
            raise ValidationError([ValidationError(sentence) for sentence in wrong])


@dataclass(frozen=True, slots=True)
class LanguagePart:
    """The fields of one language, shown beside another; `missing` are labels of needed texts that are empty."""

    code: str
    name: str
    fields: list[forms.BoundField]
    missing: list[str]

    @property
    def is_empty(self) -> bool:
        return not any(one_line(field.value()) for field in self.fields)
