"""Short texts of a draft: its title, a theme, a ready-made plan."""

from django.http import QueryDict

from cohorts.curriculum.forms.draft import DraftForm, by_field
from cohorts.curriculum.wordings import STARTER_WORDINGS, THEME_WORDINGS, TITLE_WORDINGS
from cohorts.models import CurriculumVersion


class TitleForm(DraftForm):
    """What the curriculum is called."""

    WORDINGS = TITLE_WORDINGS

    def __init__(self, data: QueryDict | None = None, *, version: CurriculumVersion) -> None:
        saved = {f"{language}-title": title for language, title in version.title.items()}
        super().__init__(data, languages=version.languages, saved=saved, revision=version.revision)

    def titles(self) -> dict[str, str]:
        return {language: words["title"] for language, words in self.texts().items()}


class ThemeForm(DraftForm):
    """What a theme is called; without a `theme`, a new one."""

    WORDINGS = THEME_WORDINGS

    def __init__(self, data: QueryDict | None = None, *, version: CurriculumVersion, theme: str = "") -> None:
        saved = {f"{language}-name": name for language, name in version.themes.get(theme, {}).items()}
        revision = version.revision if theme else None
        super().__init__(data, languages=version.languages, saved=saved, revision=revision)


class StarterForm(DraftForm):
    """The plan for one behaviour in one situation."""

    WORDINGS = STARTER_WORDINGS

    def __init__(
        self, data: QueryDict | None = None, *, version: CurriculumVersion, behaviour: str, situation: str
    ) -> None:
        texts = version.starters.get(behaviour, {}).get(situation, {})
        saved = by_field(texts, version.languages, self.WORDINGS)
        super().__init__(data, languages=version.languages, saved=saved, revision=version.revision)
