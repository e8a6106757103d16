"""What every form of a draft does: texts in all languages, and two people at once."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from cohorts.curriculum.forms.wordings import LanguagePart, WordingField, language_name
from cohorts.curriculum.wordings import MAX_TEXT_CHARACTERS, Wording, one_line

Texts = dict[str, dict[str, str]]


class DraftForm(forms.Form):
    """Facts, and texts in every language of the draft. Two people may have it open at once.

    It carries fingerprints of what it was opened with. What only one of them changed is taken from that one. Where both
    did, the field keeps what was typed, an error says what is saved by now, and saving again means it.
    """

    WORDINGS: ClassVar[tuple[Wording, ...]] = ()
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        languages: Iterable[str],
        saved: Mapping[str, Any],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.language_codes = tuple(languages)
        self._saved = {name: one_line(value) for name, value in saved.items()}
        self._conflicts: list[str] = []
        self.took_over = False  # whether something is somebody else's, saved since the form was opened
        merged = None if data is None else self._merged(data)
        super().__init__(merged, initial={**(initial or {}), **saved, "opened": self._fingerprints()})
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
                [str(wording.label) for wording in self.WORDINGS if not words[wording.name]],
            )
            for language, words in self.typed().items()
        ]

    def typed(self) -> Texts:
        """The texts as they stand in the form, whatever is wrong with them."""
        return self._texts(lambda name: one_line(self[name].value())[:MAX_TEXT_CHARACTERS])

    def texts(self) -> Texts:
        """The texts, once the form is valid."""
        return self._texts(self.cleaned_data.__getitem__)

    def clean(self) -> None:
        for name in self._conflicts:
            self.add_error(name, self._conflict(name))

    def _texts(self, value_of: Any) -> Texts:
        return {
            language: {wording.name: value_of(f"{language}-{wording.name}") for wording in self.WORDINGS}
            for language in self.language_codes
        }

    def _fingerprints(self) -> str:
        return json.dumps({name: _fingerprint(value) for name, value in self._saved.items()})

    def _merged(self, data: QueryDict) -> QueryDict:
        """What was typed, and what somebody else has saved meanwhile in the fields that were left alone."""
        opened = _read_fingerprints(data.get("opened", ""))
        merged = data.copy()
        for name, theirs in self._saved.items():
            mine = one_line(data.get(name))
            if mine == theirs or _fingerprint(theirs) == opened.get(name):
                continue
            if _fingerprint(mine) == opened.get(name):
                merged[name] = theirs
                self.took_over = True
            else:
                self._conflicts.append(name)
        merged["opened"] = self._fingerprints()
        return merged

    def _conflict(self, name: str) -> str:
        choices = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        if theirs := choices.get(self._saved[name], self._saved[name]):
            sentence = _("Somebody else has changed this to “%(theirs)s”. Save again to keep your text.")
            return sentence % {"theirs": theirs}
        return _("Somebody else has emptied this field. Save again to keep your text.")


def by_field(texts: Texts, languages: Iterable[str], wordings: Iterable[Wording]) -> dict[str, str]:
    """Texts by the names of their fields."""
    return {
        f"{language}-{wording.name}": texts.get(language, {}).get(wording.name, "")
        for language in languages
        for wording in wordings
    }


def _fingerprint(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:16]


def _read_fingerprints(opened: str) -> dict[str, str]:
    try:
        read = json.loads(opened)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
