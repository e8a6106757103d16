"""What every form of a draft does: texts in all languages, and two people at once."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from cohorts.curriculum.forms.wordings import LanguagePart, WordingField, language_name
from cohorts.curriculum.wordings import MAX_TEXT_CHARACTERS, Wording, one_line
from cohorts.web.edit_form import EditForm

Texts = dict[str, dict[str, str]]


class DraftForm(EditForm):
    """Facts, and texts in every language of the draft. Two people may have it open at once."""

    WORDINGS: ClassVar[tuple[Wording, ...]] = ()

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        languages: Iterable[str],
        saved: Mapping[str, Any],
        revision: int | None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.language_codes = tuple(languages)
        super().__init__(data, initial={**(initial or {}), **saved}, revision=revision)
        for language in self.language_codes:
            for wording in self.WORDINGS:
                self.fields[f"{language}-{wording.name}"] = WordingField(wording, language)

    @property
    def facts(self) -> list[forms.BoundField]:
        """What is the same in every language."""
        return [self[name] for name in self.base_fields if name != "opened"]

    @property
    def languages(self) -> list[LanguagePart]:
        """What is said in each."""
        return [
            LanguagePart(
                language,
                language_name(language),
                [self[f"{language}-{wording.name}"] for wording in self.WORDINGS],
                [str(wording.label) for wording in self.WORDINGS if not (words[wording.name] or wording.is_optional)],
            )
            for language, words in self.typed().items()
        ]

    def typed(self) -> Texts:
        """The texts as they stand in the form, whatever is wrong with them."""
        return self._texts(lambda name: one_line(self[name].value())[:MAX_TEXT_CHARACTERS])

    def texts(self) -> Texts:
        """The texts, once the form is valid."""
        return self._texts(self.cleaned_data.__getitem__)

    def _texts(self, value_of: Any) -> Texts:
        return {
            language: {wording.name: value_of(f"{language}-{wording.name}") for wording in self.WORDINGS}
            for language in self.language_codes
        }


def by_field(texts: Texts, languages: Iterable[str], wordings: Iterable[Wording]) -> dict[str, str]:
    """Texts by the names of their fields."""
    return {
        f"{language}-{wording.name}": texts.get(language, {}).get(wording.name, "")
        for language in languages
        for wording in wordings
    }
