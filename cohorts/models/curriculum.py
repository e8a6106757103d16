from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.tenancy import OrganisationOwned, OwnedForeignKey


def in_language(texts: dict[str, dict[str, str]], language: str) -> tuple[dict[str, str], str]:
    """The texts in `language`, or in the first language there is; with the language really used."""
    used = language if language in texts else next(iter(texts), language)
    return texts.get(used, {}), used


@dataclass(frozen=True, slots=True)
class StepText:
    """What one step says in one language."""

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


class CurriculumVersion(OrganisationOwned):
    """One version of a curriculum, as published. Never changes; a cohort pins one. Audience: the organisation."""

    curriculum = OwnedForeignKey(Curriculum, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.JSONField()
    languages = models.JSONField(default=list)
    themes = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    brief = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "curriculum", "number"], name="curriculum_version_once")
        ]

    def title_in(self, language: str) -> str:
        return self.title.get(language) or next(iter(self.title.values()), "")

    def theme_in(self, theme: str, language: str) -> str:
        names = self.themes.get(theme, {})
        return names.get(language) or next(iter(names.values()), theme)


class Step(OrganisationOwned):
    """One day's content: theme, title, why, one practice, one question. Audience: the cohort."""

    class Kind(models.TextChoices):
        CORE = "core", _("Core")
        EXTRA = "extra", _("Extra")

    version = OwnedForeignKey(CurriculumVersion, related_name="steps")
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
            models.UniqueConstraint(fields=["organisation", "version", "day", "kind"], name="step_once"),
            models.CheckConstraint(name="step_day", condition=models.Q(day__range=(1, 90))),
        ]
        ordering = ["day", "kind"]

    def in_language(self, language: str) -> StepText:
        text, used = in_language(self.text, language)
        fields = {name: text.get(name, "") for name in ("title", "why", "practice", "question")}
        return StepText(**fields, language=used)


@dataclass(frozen=True, slots=True)
class SponsorText:
    """The sponsor's two minutes for one week, in one language."""

    works_on: str
    ask: str
    watch_for: str
    say: str
    language: str


class SponsorWeek(OrganisationOwned):
    """What a sponsor does in one week of the ninety days. Audience: sponsors."""

    version = OwnedForeignKey(CurriculumVersion, related_name="sponsor_weeks")
    week = models.PositiveSmallIntegerField()
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
