"""The form that copies a curriculum."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.curriculum.content import MAX_NAME_CHARACTERS, MAX_SLUG_CHARACTERS
from cohorts.curriculum.forms.wordings import language_name
from cohorts.curriculum.rules import ensure_slug, first_free
from cohorts.curriculum.wordings import one_line
from cohorts.models import Curriculum, CurriculumVersion
from cohorts.web.file_names import slug_of
from cohorts.web.inputs import TextField


class CopyForm(forms.Form):
    """The title of the copy in each language."""

    slug = TextField(
        label=gettext_lazy("Short name"),
        required=False,
        max_length=MAX_SLUG_CHARACTERS,
        help_text=gettext_lazy(
            "Small letters, digits and hyphens, used in file names. If left empty, it is made from the title."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, version: CurriculumVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._languages = list(version.languages)
        for language in self._languages:
            self.fields[f"{language}-title"] = TextField(
                label=format_html('{} <span class="quiet fw-normal">({})</span>', _("Title"), language_name(language)),
                max_length=MAX_NAME_CHARACTERS,
                widget=forms.TextInput(attrs={"lang": language}),
            )
        self.order_fields([f"{language}-title" for language in self._languages])

    def titles(self) -> dict[str, str]:
        """By language, once the form is valid."""
        return {language: one_line(self.cleaned_data[f"{language}-title"]) for language in self._languages}

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].strip().lower()
        if not slug:
            return self._suggested()
        ensure_slug(slug)
        return slug

    def _suggested(self) -> str:
        title = next((self.data.get(f"{language}-title", "") for language in self._languages), "")
        return first_free(slug_of(title, most=MAX_SLUG_CHARACTERS - 4, otherwise="curriculum"), _taken())


def _taken() -> set[str]:
    return set(Curriculum.objects.values_list("slug", flat=True))
