"""The brief and the agendas of a draft: a page in parts, in all languages."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.curriculum import content
from cohorts.curriculum.forms.draft import DraftForm, Texts, by_field
from cohorts.curriculum.forms.wordings import LanguagePart, WordingField, language_name
from cohorts.curriculum.page_parts import Part, parts_of
from cohorts.curriculum.sources import citations_of
from cohorts.curriculum.wordings import PAGE_WORDINGS, PART_WORDINGS
from cohorts.models import CurriculumVersion

SENT_PART = re.compile(r"[a-z]{2}-([a-z0-9]{1,12})-heading")


@dataclass(frozen=True, slots=True)
class PartFields:
    """The fields of one part: what is the same in every language, then a column for each."""

    key: str
    number: int
    facts: list[forms.BoundField]
    languages: list[LanguagePart]
    gone: forms.BoundField
    is_first: bool
    is_last: bool


class PageForm(DraftForm):
    """Title, opening and closing, and parts between them. A part has fields by its own key, wherever it stands."""

    WORDINGS = PAGE_WORDINGS
    HAS_MINUTES: ClassVar[bool] = False

    sources = forms.MultipleChoiceField(
        label=gettext_lazy("Sources"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        version: CurriculumVersion,
        text: Mapping[str, Mapping[str, Any]],
        sources: Iterable[str],
        saved: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self._sources = list(sources)
        self._saved_parts = {part.key: part for part in parts_of(text)}
        values = {"sources": self._sources, **by_field(_plain(text), version.languages, self.WORDINGS), **(saved or {})}
        for part in self._saved_parts.values():
            values |= _by_part(part, version.languages)
        super().__init__(data, languages=version.languages, saved=values, revision=version.revision, **kwargs)
        self._keys = [*self._saved_parts, *self._sent_besides(data)]
        for number, key in enumerate(self._keys, start=1):
            self._add_part(number, key)
        cited = [(key, Truncator(citation).chars(90)) for key, citation in citations_of(version).items()]
        choices = sorted(cited, key=lambda source: source[1].casefold())
        cast(forms.MultipleChoiceField, self.fields["sources"]).choices = choices

    @property
    def facts(self) -> list[forms.BoundField]:
        """Sources have a place of their own on the page."""
        return [field for field in super().facts if field.name != "sources"]

    @property
    def opening(self) -> list[LanguagePart]:
        return [self._column(language, ["title", "opening"]) for language in self.language_codes]

    @property
    def closing(self) -> list[LanguagePart]:
        return [self._column(language, ["closing"]) for language in self.language_codes]

    @property
    def parts(self) -> list[PartFields]:
        names = [wording.name for wording in PART_WORDINGS]
        return [
            PartFields(
                key,
                number,
                [self[f"{key}-{fact}"] for fact in (["minutes"] if self.HAS_MINUTES else [])],
                [self._column(language, [f"{key}-{name}" for name in names]) for language in self.language_codes],
                self[f"{key}-gone"],
                number == 1,
                number == len(self._keys),
            )
            for number, key in enumerate(self._keys, start=1)
        ]

    @property
    def has_room(self) -> bool:
        return len(self._keys) < content.MAX_PAGE_PARTS

    def written_parts(self) -> list[Part]:
        """The parts that stay, in their order, once the form is valid."""
        kept = [self._part(key) for key in self._keys if not self.cleaned_data[f"{key}-gone"]]
        return [part for part in kept if part.key in self._saved_parts or not part.is_empty]

    def chosen_sources(self) -> list[str]:
        """In the order they stood, new ones last: the files keep it."""
        chosen = self.cleaned_data["sources"]
        return [*filter(chosen.__contains__, self._sources), *(each for each in chosen if each not in self._sources)]

    def _part(self, key: str) -> Part:
        text = {
            language: {wording.name: self.cleaned_data[f"{language}-{key}-{wording.name}"] for wording in PART_WORDINGS}
            for language in self.language_codes
        }
        return Part(key, text, self.cleaned_data[f"{key}-minutes"] if self.HAS_MINUTES else 0)

    def _column(self, language: str, names: Iterable[str]) -> LanguagePart:
        return LanguagePart(language, language_name(language), [self[f"{language}-{name}"] for name in names], [])

    def _add_part(self, number: int, key: str) -> None:
        for wording in PART_WORDINGS:
            label = _("Part %(number)d, %(field)s") % {"number": number, "field": str(wording.label).lower()}
            for language in self.language_codes:
                name = f"{language}-{key}-{wording.name}"
                self.fields[name] = WordingField(replace(wording, label=label), language)
        if self.HAS_MINUTES:
            label = _("Part %(number)d, minutes") % {"number": number}
            self.fields[f"{key}-minutes"] = forms.IntegerField(
                label=label, min_value=1, max_value=content.CIRCLE_MINUTES
            )
        label = _("Remove part %(number)d when I save") % {"number": number}
        self.fields[f"{key}-gone"] = forms.BooleanField(label=label, required=False)

    def _sent_besides(self, data: QueryDict | None) -> list[str]:
        """Parts that somebody else removed while they stood on this page: what was written in them is not lost."""
        sent = dict.fromkeys(found[1] for name in data or () if (found := SENT_PART.fullmatch(name)))
        return [key for key in sent if key not in self._saved_parts][: content.MAX_PAGE_PARTS]


class SponsorBriefForm(PageForm):
    """The page a sponsor reads before day 1."""

    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=content.MAX_MINUTES)

    def __init__(self, data: QueryDict | None = None, *, version: CurriculumVersion) -> None:
        saved = {"minutes": version.brief_minutes}
        super().__init__(data, version=version, text=version.brief, sources=version.brief_sources, saved=saved)


class CircleAgendaForm(PageForm):
    """What one circle meeting goes through, minute by minute."""

    HAS_MINUTES = True

    def __init__(
        self, data: QueryDict | None = None, *, version: CurriculumVersion, meeting: Mapping[str, Any]
    ) -> None:
        super().__init__(data, version=version, text=meeting["texts"], sources=meeting["sources"])


def _plain(text: Mapping[str, Mapping[str, Any]]) -> Texts:
    return {language: {name: words for name, words in of.items() if name != "parts"} for language, of in text.items()}


def _by_part(part: Part, languages: Iterable[str]) -> dict[str, Any]:
    values: dict[str, Any] = {f"{part.key}-minutes": part.minutes}
    for language in languages:
        for wording in PART_WORDINGS:
            values[f"{language}-{part.key}-{wording.name}"] = part.text.get(language, {}).get(wording.name, "")
    return values
