"""The name of a copy."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

from cohorts.curriculum.forms.wordings import language_name
from cohorts.curriculum.wordings import one_line
from cohorts.web.inputs import TextField
from feedback360.models import Questionnaire
from feedback360.questionnaires.content import MAX_TITLE_CHARACTERS


class QuestionnaireCopyForm(forms.Form):
    """The title of the copy in each language."""

    def __init__(self, *args: Any, questionnaire: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._languages = list(questionnaire.languages)
        for language in self._languages:
            self.fields[f"{language}-title"] = TextField(
                label=format_html('{} <span class="quiet fw-normal">({})</span>', _("Title"), language_name(language)),
                max_length=MAX_TITLE_CHARACTERS,
                widget=forms.TextInput(attrs={"lang": language}),
            )

    def titles(self) -> dict[str, str]:
        """By language, once the form is valid."""
        return {language: one_line(self.cleaned_data[f"{language}-title"]) for language in self._languages}
