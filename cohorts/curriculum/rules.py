"""What a draft's parts and a copy's names are held to. Asked by the forms, decided in the actions."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from cohorts.curriculum import content
from cohorts.curriculum.behaviours import Behaviour, Situation
from cohorts.curriculum.content import MAX_NAME_CHARACTERS, MAX_SLUG_CHARACTERS, is_weekend
from cohorts.curriculum.page_parts import Part
from cohorts.curriculum.sources import SourceFacts, source_of
from cohorts.curriculum.wordings import MAX_TEXT_CHARACTERS, PART_WORDINGS, Wording, one_line
from cohorts.models import Curriculum, CurriculumVersion, Milestone, Step
from cohorts.models.cohort import Cadence
from cohorts.web.bounds import ensure_choice, ensure_name, ensure_number, ensure_text, missing
from cohorts.web.file_names import slug_of
from cohorts.web.refusals import Invalid

DIALS = (Cadence.LIGHT, Cadence.STEADY, Cadence.STRETCH)  # the lowest one at which a step comes
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*").fullmatch
PART_KEY = re.compile(r"[a-z0-9]{1,12}").fullmatch

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


def page_parts(parts: Sequence[Part], languages: Collection[str]) -> list[Part]:
    """The parts of a brief or an agenda with their texts in single spaces. Raises Invalid for what no form lets by."""
    if len(parts) > content.MAX_PAGE_PARTS:
        raise Invalid("parts", _("At most %(most)d parts.") % {"most": content.MAX_PAGE_PARTS})
    if len({part.key for part in parts}) < len(parts) or not all(PART_KEY(part.key) for part in parts):
        raise Invalid("parts", _("Each part needs a key of its own."))
    return [replace(part, text=_part_text(part, languages)) for part in parts]


def _part_text(part: Part, languages: Collection[str]) -> dict[str, dict[str, str]]:
    try:
        return texts_of(part.text, languages, PART_WORDINGS)
    except Invalid as wrong:
        language, hyphen, name = wrong.field.partition("-")
        field = f"{language}-{part.key}-{name}" if hyphen else wrong.field
        raise Invalid(field, wrong.sentence) from wrong


def ensure_agenda_minutes(parts: Iterable[Part]) -> None:
    for part in parts:
        ensure_number(f"{part.key}-minutes", part.minutes, 1, content.CIRCLE_MINUTES)


def ensure_page_sources(version: CurriculumVersion, sources: Collection[str]) -> None:
    if len(sources) > content.MAX_PAGE_SOURCES:
        raise Invalid("sources", _("At most %(most)d sources.") % {"most": content.MAX_PAGE_SOURCES})
    for source in sources:
        ensure_choice("sources", source, version.sources)


def ensure_starter(behaviour: str, situation: str) -> None:
    ensure_choice("behaviour", behaviour, Behaviour.values)
    ensure_choice("situation", situation, Situation.values)


def ensure_theme_name(version: CurriculumVersion, text: Text, *, besides: str = "") -> None:
    """A name that no other theme has, in the first language at least: so a form sent twice adds one theme."""
    first = version.languages[0]
    if not text.get(first, {}).get("name"):
        raise missing(f"{first}-name")
    others = [names for key, names in version.themes.items() if key != besides]
    for language, words in text.items():
        taken = {names.get(language, "").casefold() for names in others}
        if words["name"] and words["name"].casefold() in taken:
            raise Invalid(f"{language}-name", _("Another theme has this name."))
    if len(others) >= content.MAX_THEMES:
        raise Invalid(f"{first}-name", _("At most %(most)d themes. Remove one first.") % {"most": content.MAX_THEMES})


def theme_key(version: CurriculumVersion, text: Text) -> str:
    """A key from the name that no theme of this curriculum has had: a new theme is not an old one."""
    name = text[version.languages[0]]["name"]
    taken = {key for themes in version.curriculum.versions.values_list("themes", flat=True) for key in themes}
    return first_free(slug_of(name, most=50, otherwise="theme").replace("-", "_"), taken, "_")


def cleaned_source(version: CurriculumVersion, facts: SourceFacts, *, besides: str = "") -> SourceFacts:
    """A source as it is stored. A title and a year stand once, so that a form sent twice adds one."""
    ensure_choice("kind", facts.kind, content.SOURCE_KINDS)
    ensure_choice("design", facts.design, content.SOURCE_DESIGNS)
    ensure_choice("read", facts.read, content.SOURCE_READ)
    if facts.year:
        ensure_number("year", facts.year, content.FIRST_SOURCE_YEAR, content.LAST_SOURCE_YEAR)
    for name in ("author", "title", "journal"):
        ensure_name(name, getattr(facts, name), most=content.MAX_CITED_CHARACTERS, is_required=name != "journal")
    ensure_name("size", facts.size, most=content.MAX_SIZE_CHARACTERS, is_required=False)
    facts = replace(
        facts,
        author=one_line(facts.author),
        title=one_line(facts.title),
        journal=one_line(facts.journal),
        size=one_line(facts.size),
    )
    others = [source_of(row) for key, row in version.sources.items() if key != besides]
    if (facts.title, facts.year) in {(other.title, other.year) for other in others}:
        raise Invalid("title", _("Another source has this title."))
    if len(others) >= content.MAX_SOURCES:
        raise Invalid("title", _("At most %(most)d sources. Remove one first.") % {"most": content.MAX_SOURCES})
    return facts


def source_key(version: CurriculumVersion, facts: SourceFacts) -> str:
    """Such as `hughes_2020`: one that no source of this curriculum has had."""
    first_word = next(iter(facts.author.replace(",", " ").split()), "")
    stem = slug_of(f"{first_word} {facts.year or ''}", most=50, otherwise="source").replace("-", "_")
    taken = {key for sources in version.curriculum.versions.values_list("sources", flat=True) for key in sources}
    return first_free(stem, taken | {content.NO_STUDY}, "_")


def first_free(stem: str, taken: Collection[str], separator: str = "-") -> str:
    """This name, or with the first number appended that makes it unused."""
    numbered = (f"{stem}{separator}{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (stem, *numbered) if name not in taken)
