"""A source of a draft: what its texts rest on."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.curriculum import content
from cohorts.curriculum.forms.draft import DraftForm, by_field
from cohorts.curriculum.sources import SourceFacts, design_labels, kind_labels, read_labels, source_of
from cohorts.curriculum.wordings import SOURCE_WORDINGS
from cohorts.models import CurriculumVersion
from cohorts.web.inputs import NameField


class SourceForm(DraftForm):
    """Who wrote what, how, and how much of it was read; without a `source`, a new one."""

    WORDINGS = SOURCE_WORDINGS

    kind = forms.ChoiceField(label=gettext_lazy("What kind of source"))
    author = NameField(label=gettext_lazy("Author"), max_length=content.MAX_CITED_CHARACTERS)
    year = forms.IntegerField(
        label=gettext_lazy("Year"),
        required=False,
        min_value=content.FIRST_SOURCE_YEAR,
        max_value=content.LAST_SOURCE_YEAR,
    )
    title = NameField(label=gettext_lazy("Title"), max_length=content.MAX_CITED_CHARACTERS)
    journal = NameField(
        label=gettext_lazy("Journal or publisher"), required=False, max_length=content.MAX_CITED_CHARACTERS
    )
    design = forms.ChoiceField(label=gettext_lazy("What it can show"))
    size = NameField(
        label=gettext_lazy("How large"),
        required=False,
        max_length=content.MAX_SIZE_CHARACTERS,
        help_text=gettext_lazy("k findings or n people, such as “n 237”."),
    )
    read = forms.ChoiceField(label=gettext_lazy("How much of it was read"))

    def __init__(self, data: QueryDict | None = None, *, version: CurriculumVersion, source: str = "") -> None:
        saved: dict[str, Any] = {}
        if source:
            row = source_of(version.sources[source])
            texts = {language: vars(text) for language, text in row.texts.items()}
            saved = {name: getattr(row, name) for name in SourceFacts.__slots__}
            saved |= {"year": row.year or None, **by_field(texts, version.languages, self.WORDINGS)}
        revision = version.revision if source else None
        super().__init__(data, languages=version.languages, saved=saved, revision=revision)
        for name, labels in (("kind", kind_labels()), ("design", design_labels()), ("read", read_labels())):
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("Choose…")), *labels.items()]

    def source_facts(self) -> SourceFacts:
        """The fields beside the texts, once the form is valid."""
        said = {name: self.cleaned_data[name] for name in SourceFacts.__slots__}
        return SourceFacts(**said | {"year": said["year"] or 0})
