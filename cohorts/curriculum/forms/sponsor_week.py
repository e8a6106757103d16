"""A week of the sponsor in a draft."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from cohorts.curriculum import content
from cohorts.curriculum.forms.draft import DraftForm, Texts, by_field
from cohorts.curriculum.wordings import SPONSOR_WEEK_WORDINGS
from cohorts.models import CurriculumVersion, SponsorWeek


class SponsorWeekForm(DraftForm):
    """The theme of a week, and the sponsor's part in it."""

    WORDINGS = SPONSOR_WEEK_WORDINGS

    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=content.MAX_MINUTES)

    def __init__(
        self, data: QueryDict | None = None, *, version: CurriculumVersion, week: SponsorWeek, **kwargs: Any
    ) -> None:
        saved = {"minutes": week.minutes, **by_field(week.text, version.languages, self.WORDINGS)}
        saved |= {f"{language}-theme": week.theme.get(language, "") for language in version.languages}
        super().__init__(data, languages=version.languages, saved=saved, revision=week.revision, **kwargs)

    def theme_and_text(self) -> tuple[dict[str, str], Texts]:
        """The two apart, as the week keeps them; once the form is valid."""
        texts = self.texts()
        return {language: words.pop("theme") for language, words in texts.items()}, texts
