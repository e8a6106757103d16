"""What a draft's parts and a copy's names are held to. Asked by the forms, decided in the actions."""

import re
from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from cohorts.curriculum import content
from cohorts.curriculum.behaviours import Behaviour
from cohorts.curriculum.content import MAX_NAME_CHARACTERS, MAX_SLUG_CHARACTERS, is_weekend
from cohorts.curriculum.wordings import MAX_TEXT_CHARACTERS, Wording, one_line
from cohorts.models import Curriculum, CurriculumVersion, Milestone, Step
from cohorts.models.cohort import Cadence
from cohorts.web.bounds import ensure_choice, ensure_name, ensure_number, ensure_text
from cohorts.web.refusals import Invalid

DIALS = (Cadence.LIGHT, Cadence.STEADY, Cadence.STRETCH)  # the lowest one at which a step comes
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*").fullmatch

Text = Mapping[str, Mapping[str, str]]  # language → field → words


def texts_of(text: Text, languages: Collection[str], wordings: Iterable[Wording]) -> dict[str, dict[str, str]]:
    """The texts in single spaces, as they are stored. Raises Invalid, with the name of the form's field."""
    names = {wording.name: wording for wording in wordings}
    for language, words in text.items():
        ensure_choice("language", language, languages)
        for name, words_of_name in words.items():
            ensure_choice("text", name, names)
            _ensure_wording(f"{language}-{name}", one_line(words_of_name), language, names[name])
    return {language: {name: one_line(words) for name, words in of.items()} for language, of in text.items()}


def _ensure_wording(field: str, text: str, language: str, wording: Wording) -> None:
    ensure_text(field, text, most=MAX_TEXT_CHARACTERS, is_required=False)
    if text and (wrong := next(iter(wording.wrong(text, language)), "")):
        raise Invalid(field, wrong)


def ensure_step(
    version: CurriculumVersion,
    *,
    day: int,
    kind: str,
    minutes: int,
    theme: str,
    behaviour: str,
    source: str,
    cadence: int,
) -> None:
    ensure_number("day", day, 1, content.DAYS_OF_PROGRAMME)
    ensure_choice("kind", kind, Step.Kind.values)
    ensure_number("minutes", minutes, 1, content.MAX_MINUTES)
    ensure_choice("theme", theme, version.themes)
    ensure_choice("behaviour", behaviour, Behaviour.values)
    ensure_choice("source", source, {"", content.NO_STUDY, *version.sources})
    ensure_choice("cadence", cadence, DIALS)


def may_stand(kind: str, day: int) -> bool:
    """Only an extra on the weekend of a Monday start."""
    return kind != Step.Kind.CORE or not is_weekend(day)


def ensure_milestone(*, kind: str, day: int, minutes: int) -> None:
    ensure_choice("kind", kind, Milestone.Kind.values)
    ensure_number("day", day, content.FIRST_MILESTONE_DAY, content.LAST_MILESTONE_DAY)
    ensure_number("minutes", minutes, content.MIN_MILESTONE_MINUTES, content.MAX_MILESTONE_MINUTES)


def ensure_slug(slug: str) -> None:
    ensure_text("slug", slug, most=MAX_SLUG_CHARACTERS)
    if not SLUG(slug):
        raise Invalid("slug", _("Only small letters from a to z, digits, and single hyphens between them."))
    if Curriculum.objects.filter(slug=slug).exists():
        raise Invalid("slug", _("Another curriculum has this short name."))


def titles_of(titles: Mapping[str, str], version: CurriculumVersion) -> dict[str, str]:
    """A title in every language of the version, in single spaces."""
    named = {language: one_line(titles.get(language, "")) for language in version.languages}
    for language, title in named.items():
        ensure_name(f"{language}-title", title, most=MAX_NAME_CHARACTERS)
    return named
