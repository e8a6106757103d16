from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey

T = TypeVar("T")


def first_available(texts: Mapping[str, T], language: str) -> tuple[T | None, str]:
    """The text in `language`, or in the first language with a text, with the language used."""
    used = language if texts.get(language) else next((code for code, text in texts.items() if text), language)
    return texts.get(used), used


def in_language(texts: dict[str, dict[str, str]], language: str) -> tuple[dict[str, str], str]:
    """The texts in `language`, or in the first available one, with the language used."""
    text, used = first_available(texts, language)
    return text or {}, used


@dataclass(frozen=True, slots=True)
class StepText:
    """One step's texts in one language."""

    title: str
    why: str
    practice: str
    question: str
    language: str


class Curriculum(OrganisationOwned):
    """A ninety-day plan, by name. Audience: the organisation."""

    slug = models.SlugField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="curriculum_once")]


class CurriculumVersion(Revised, Tracked, OrganisationOwned):
    """One version of a curriculum: a draft until it is published, then never changed; a cohort pins a published one.

    PostgreSQL refuses to rewrite what is published (migration 0003). `changed_at`: the last edit of a draft, steps and
    events included; empty for what was loaded published. Audience: the organisation; drafts, admins.
    """

    curriculum = OwnedForeignKey(Curriculum, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    title = models.JSONField()
    languages = models.JSONField(default=list)
    themes = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    brief = models.JSONField(default=dict)
    brief_minutes = models.PositiveSmallIntegerField(default=3)
    brief_sources = models.JSONField(default=list)
    starters = models.JSONField(default=dict)
    circle = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "curriculum", "number"], name="curriculum_version_once"),
            models.UniqueConstraint(
                fields=["organisation", "curriculum"],
                condition=models.Q(published_at=None),
                name="curriculum_one_draft",
            ),
        ]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def title_in(self, language: str) -> str:
        return first_available(self.title, language)[0] or ""

    def theme_in(self, theme: str, language: str) -> str:
        return first_available(self.themes.get(theme, {}), language)[0] or theme


class Step(Revised, OrganisationOwned):
    """One day's content: theme, title, why, one practice, one question. Audience: the cohort.

    `key` identifies the step in every version, on any day.
    """

    class Kind(models.TextChoices):
        CORE = "core", _("Core")
        EXTRA = "extra", _("Extra")

    version = OwnedForeignKey(CurriculumVersion, related_name="steps")
    key = models.SlugField(max_length=60, db_index=False)
    day = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=5, choices=Kind)
    minutes = models.PositiveSmallIntegerField()
    theme = models.CharField(max_length=60)
    behaviour = models.CharField(max_length=40)
    source = models.CharField(max_length=60, blank=True)
    cadence = models.PositiveSmallIntegerField(default=1)
    text = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version", "day", "kind"],
                name="step_once",
                deferrable=models.Deferrable.DEFERRED,  # deferred so that two steps of a draft can swap days
            ),
            models.UniqueConstraint(fields=["organisation", "version", "key"], name="step_key_once"),
            models.CheckConstraint(name="step_day", condition=models.Q(day__range=(1, 90))),
        ]
        ordering = ["day", "kind"]

    def in_language(self, language: str) -> StepText:
        text, used = in_language(self.text, language)
        fields = {name: text.get(name, "") for name in ("title", "why", "practice", "question")}
        return StepText(**fields, language=used)


@dataclass(frozen=True, slots=True)
class SponsorText:
    """The sponsor's part of one week, in one language."""

    works_on: str
    ask: str
    watch_for: str
    say: str
    language: str


class SponsorWeek(Revised, OrganisationOwned):
    """What a sponsor does in one week of the ninety days. Audience: sponsors."""

    version = OwnedForeignKey(CurriculumVersion, related_name="sponsor_weeks")
    week = models.PositiveSmallIntegerField()
    theme = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField(default=2)
    text = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "version", "week"], name="sponsor_week_once"),
            models.CheckConstraint(name="sponsor_week_range", condition=models.Q(week__range=(1, 13))),
        ]
        ordering = ["week"]

    def in_language(self, language: str) -> SponsorText:
        text, used = in_language(self.text, language)
        fields = {name: text.get(name, "") for name in ("works_on", "ask", "watch_for", "say")}
        return SponsorText(**fields, language=used)


@dataclass(frozen=True, slots=True)
class MilestoneText:
    """One live event's texts in one language."""

    title: str
    what: str
    prepare: str
    language: str


class Milestone(Revised, OrganisationOwned):
    """A live event in the ninety days, on a day relative to day 1; day 0 is the day before. Audience: the cohort."""

    class Kind(models.TextChoices):
        KICK_OFF = "kick_off", _("Kick-off with the sponsor")
        THREE_WAY_TALK = "three_way_talk", _("Three-way talk")
        CIRCLE = "circle", _("Circle meeting")
        ROLE_MODEL_TALK = "role_model_talk", _("Role-model talk")
        SITE_VISIT = "site_visit", _("Site visit")
        ROUND = "round", _("360 round")
        HALFWAY_REVIEW = "halfway_review", _("Half-way review")
        CLOSING = "closing", _("Closing")
        OTHER = "other", _("Something else")

    version = OwnedForeignKey(CurriculumVersion, related_name="milestones")
    key = models.SlugField(max_length=60, db_index=False)
    kind = models.CharField(max_length=16, choices=Kind)
    day = models.SmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    text = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "version", "key"], name="milestone_once"),
            models.CheckConstraint(name="milestone_day", condition=models.Q(day__range=(-14, 104))),
        ]
        ordering = ["day", "key"]

    def in_language(self, language: str) -> MilestoneText:
        text, used = in_language(self.text, language)
        fields = {name: text.get(name, "") for name in ("title", "what", "prepare")}
        return MilestoneText(**fields, language=used)
