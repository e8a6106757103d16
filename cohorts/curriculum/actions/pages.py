"""Edit what a draft holds beside its days: title, sponsor brief, agendas of the circles, starters,
themes, sources.

Each is a part of the version's own row, so all of them share its revision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.curriculum.content import MAX_MINUTES
from cohorts.curriculum.draft_lock import locked_draft
from cohorts.curriculum.page_parts import Part, by_month, stored
from cohorts.curriculum.rules import (
    Text,
    cleaned_source,
    ensure_agenda_minutes,
    ensure_page_sources,
    ensure_starter,
    ensure_theme_name,
    page_parts,
    source_key,
    texts_of,
    theme_key,
    titles_of,
)
from cohorts.curriculum.sources import SourceFacts, used_sources
from cohorts.curriculum.wordings import PAGE_WORDINGS, SOURCE_WORDINGS, STARTER_WORDINGS, THEME_WORDINGS
from cohorts.models import CurriculumVersion, Membership, Milestone, Step
from cohorts.web.bounds import ensure_choice, ensure_number
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision


def change_title(
    *,
    version: CurriculumVersion,
    titles: Mapping[str, str],
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Rename the curriculum from this version on. Raises Stale when the draft is not the expected revision."""
    with locked_draft(version.pk, now) as draft:
        lock_revision(draft, expected_revision, "title")
        save_revision(draft, title=titles_of(titles, draft))
        record(by=by, verb="changed title", thing=draft, now=now)


def change_brief(
    *,
    version: CurriculumVersion,
    minutes: int,
    sources: Sequence[str],
    text: Text,
    parts: Sequence[Part],
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Write the page a sponsor reads before day 1, with its parts in this order."""
    with locked_draft(version.pk, now) as draft:
        ensure_number("minutes", minutes, 1, MAX_MINUTES)
        ensure_page_sources(draft, sources)
        text, parts = texts_of(text, draft.languages, PAGE_WORDINGS), page_parts(parts, draft.languages)
        lock_revision(draft, expected_revision, "brief", "brief_minutes", "brief_sources")
        brief = stored(text, parts, draft.languages, timed=False)
        save_revision(draft, brief=brief, brief_minutes=minutes, brief_sources=list(sources))
        record(by=by, verb="changed brief", thing=draft, now=now)


def add_agenda(*, version: CurriculumVersion, milestone: Milestone, by: Membership, now: datetime) -> None:
    """Begin the agenda of a circle meeting, before those of later meetings. One that is there stays as it is."""
    with locked_draft(version.pk, now) as draft:
        days = dict(draft.milestones.filter(kind=Milestone.Kind.CIRCLE).values_list("key", "day"))
        if milestone.key not in days:
            raise NotNow(_("Only circle meetings have an agenda."))
        if any(meeting["milestone"] == milestone.key for meeting in draft.circle):
            return
        earlier = [each for each in draft.circle if days.get(each["milestone"], 0) <= milestone.day]
        later = [each for each in draft.circle if each not in earlier]
        begun = {"month": 0, "milestone": milestone.key, "sources": [], "texts": {}}
        lock_revision(draft, None)
        save_revision(draft, circle=by_month([*earlier, begun, *later]))
        record(by=by, verb="added agenda", thing=draft, now=now, key=milestone.key)


def change_agenda(
    *,
    version: CurriculumVersion,
    milestone: str,
    sources: Sequence[str],
    text: Text,
    parts: Sequence[Part],
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Write the agenda of a circle meeting, with its parts in this order."""
    with locked_draft(version.pk, now) as draft:
        _ensure_agenda(draft, milestone)
        ensure_page_sources(draft, sources)
        text, parts = texts_of(text, draft.languages, PAGE_WORDINGS), page_parts(parts, draft.languages)
        ensure_agenda_minutes(parts)
        lock_revision(draft, expected_revision, "circle")
        written = {"sources": list(sources), "texts": stored(text, parts, draft.languages, timed=True)}
        circle = [{**each, **written} if each["milestone"] == milestone else each for each in draft.circle]
        save_revision(draft, circle=circle)
        record(by=by, verb="changed agenda", thing=draft, now=now, key=milestone)


def remove_agenda(*, version: CurriculumVersion, milestone: str, by: Membership, now: datetime) -> None:
    with locked_draft(version.pk, now) as draft:
        _ensure_agenda(draft, milestone)
        lock_revision(draft, None)
        save_revision(draft, circle=by_month(each for each in draft.circle if each["milestone"] != milestone))
        record(by=by, verb="removed agenda", thing=draft, now=now, key=milestone)


def change_starter(
    *,
    version: CurriculumVersion,
    behaviour: str,
    situation: str,
    text: Text,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Write the plan for one behaviour in one situation; without any words, there is none."""
    with locked_draft(version.pk, now) as draft:
        ensure_starter(behaviour, situation)
        text = texts_of(text, draft.languages, STARTER_WORDINGS)
        lock_revision(draft, expected_revision, "starters")
        group = {**draft.starters.get(behaviour, {}), situation: _begun(text)}
        written = {name: texts for name, texts in group.items() if texts}
        save_revision(draft, starters={**draft.starters, behaviour: written})
        record(by=by, verb="changed starter", thing=draft, now=now, key=f"{behaviour}.{situation}")


def add_theme(*, version: CurriculumVersion, text: Text, by: Membership, now: datetime) -> str:
    """Add a theme that steps can take up. Returns its key, which it keeps in every version."""
    with locked_draft(version.pk, now) as draft:
        text = texts_of(text, draft.languages, THEME_WORDINGS)
        ensure_theme_name(draft, text)
        key = theme_key(draft, text)
        lock_revision(draft, None)
        save_revision(draft, themes={**draft.themes, key: _names(text)})
        record(by=by, verb="added theme", thing=draft, now=now, key=key)
        return key


def change_theme(
    *,
    version: CurriculumVersion,
    theme: str,
    text: Text,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Rename a theme. Its steps go on with it."""
    with locked_draft(version.pk, now) as draft:
        ensure_choice("theme", theme, draft.themes)
        text = texts_of(text, draft.languages, THEME_WORDINGS)
        ensure_theme_name(draft, text, besides=theme)
        lock_revision(draft, expected_revision, "themes")
        save_revision(draft, themes={**draft.themes, theme: _names(text)})
        record(by=by, verb="changed theme", thing=draft, now=now, key=theme)


def remove_theme(*, version: CurriculumVersion, theme: str, by: Membership, now: datetime) -> None:
    """Remove a theme that no step takes up. Raises NotNow for one in use."""
    with locked_draft(version.pk, now) as draft:
        ensure_choice("theme", theme, draft.themes)
        if Step.objects.filter(version=draft, theme=theme).exists():
            raise NotNow(_("Steps take up this theme. Give them another one first."))
        lock_revision(draft, None)
        save_revision(draft, themes={key: names for key, names in draft.themes.items() if key != theme})
        record(by=by, verb="removed theme", thing=draft, now=now, key=theme)


def add_source(*, version: CurriculumVersion, facts: SourceFacts, text: Text, by: Membership, now: datetime) -> str:
    """Add a source that texts can rest on. Returns its key."""
    with locked_draft(version.pk, now) as draft:
        facts, text = cleaned_source(draft, facts), texts_of(text, draft.languages, SOURCE_WORDINGS)
        key = source_key(draft, facts)
        lock_revision(draft, None)
        save_revision(draft, sources={**draft.sources, key: asdict(facts) | {"texts": _begun(text)}})
        record(by=by, verb="added source", thing=draft, now=now, key=key)
        return key


def change_source(
    *,
    version: CurriculumVersion,
    source: str,
    facts: SourceFacts,
    text: Text,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Write a source anew, also one that was a bare citation."""
    with locked_draft(version.pk, now) as draft:
        ensure_choice("source", source, draft.sources)
        facts = cleaned_source(draft, facts, besides=source)
        text = texts_of(text, draft.languages, SOURCE_WORDINGS)
        lock_revision(draft, expected_revision, "sources")
        save_revision(draft, sources={**draft.sources, source: asdict(facts) | {"texts": _begun(text)}})
        record(by=by, verb="changed source", thing=draft, now=now, key=source)


def remove_source(*, version: CurriculumVersion, source: str, by: Membership, now: datetime) -> None:
    """Remove a source that nothing rests on. Raises NotNow for one in use."""
    with locked_draft(version.pk, now) as draft:
        ensure_choice("source", source, draft.sources)
        if source in used_sources(draft):
            raise NotNow(_("Texts rest on this source. Give them another one first."))
        lock_revision(draft, None)
        save_revision(draft, sources={key: row for key, row in draft.sources.items() if key != source})
        record(by=by, verb="removed source", thing=draft, now=now, key=source)


def _begun(text: Text) -> dict[str, dict[str, str]]:
    return {language: dict(words) for language, words in text.items() if any(words.values())}


def _names(text: Text) -> dict[str, str]:
    return {language: words["name"] for language, words in text.items() if words.get("name")}


def _ensure_agenda(draft: CurriculumVersion, milestone: str) -> None:
    ensure_choice("milestone", milestone, [meeting["milestone"] for meeting in draft.circle])
