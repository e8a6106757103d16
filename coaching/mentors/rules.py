"""What a profile, a search and a sentence are held to. Forms and actions ask the same functions."""

from collections.abc import Collection
from datetime import time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from coaching.models import (
    MAX_ABOUT_CHARACTERS,
    MAX_PLACES,
    MAX_SITE_CHARACTERS,
    MAX_WORDS_CHARACTERS,
    Cadence,
    MentorKind,
    Skill,
    SpokenLanguage,
)
from cohorts.curriculum.behaviours import Behaviour
from cohorts.schedule.time_zones import offered_zones
from cohorts.web.bounds import ensure_choice, ensure_choices, ensure_name, ensure_number, ensure_text
from cohorts.web.refusals import Invalid

MAX_HANDOVER_CHARACTERS = 2000
MAX_SENTENCE_CHARACTERS = 600
MAX_CONFLICTS_CHARACTERS = 2000


def ensure_hours(starts: time, ends: time) -> None:
    if ends <= starts:
        raise Invalid("hours_to", _("The end must be after the beginning."))


def ensure_behaviours(behaviours: Collection[str]) -> None:
    ensure_choices(
        "behaviours", behaviours, Behaviour.values, none=_("Choose at least one, or no leader can find you.")
    )


def ensure_languages(languages: Collection[str]) -> None:
    ensure_choices("languages", languages, SpokenLanguage.values, none=_("Choose at least one language."))


def ensure_skills(skills: Collection[str]) -> None:
    for skill in skills:
        ensure_choice("skills", skill, Skill.values)


def ensure_zone(zone: ZoneInfo) -> None:
    ensure_choice("zone", str(zone), offered_zones())


def ensure_site(site: str) -> None:
    ensure_name("site", site, most=MAX_SITE_CHARACTERS, is_required=False)


def ensure_words(field: str, words: str) -> None:
    ensure_text(field, words, most=MAX_WORDS_CHARACTERS, is_required=False)


def ensure_profile(
    *,
    kind: str,
    about: str,
    behaviours: Collection[str],
    skills: Collection[str],
    languages: Collection[str],
    hours_from: time,
    hours_to: time,
    zone: ZoneInfo,
    site: str,
    places: int,
    cadence_days: int,
) -> None:
    ensure_choice("kind", kind, MentorKind.values)
    ensure_text("about", about, most=MAX_ABOUT_CHARACTERS, is_required=False)
    ensure_behaviours(behaviours)
    ensure_skills(skills)
    ensure_languages(languages)
    ensure_hours(hours_from, hours_to)
    ensure_zone(zone)
    ensure_site(site)
    ensure_number("places", places, 0, MAX_PLACES)
    ensure_choice("cadence_days", cadence_days, Cadence.values)


def ensure_handover_sentence(sentence: str) -> None:
    ensure_text("sentence", sentence, most=MAX_SENTENCE_CHARACTERS, is_required=False)
