from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from cohorts.models.revised import Revised
from cohorts.tenancy.addresses import front_door

WORDMARK_TIMES_AS_WIDE = 2.2


@dataclass(frozen=True, slots=True)
class Logo:
    """How a logo is drawn: its address, its size in pixels and what it is drawn in (`Ink`)."""

    url: str
    sha: str
    width: int
    height: int
    ink: str

    @property
    def is_wordmark(self) -> bool:
        """So wide that it says the name itself; a page then leaves the name to the text in place of the picture."""
        return self.width > WORDMARK_TIMES_AS_WIDE * self.height


class Organisation(Revised):
    """A tenant. A global table. Audience: its members."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    languages = ArrayField(
        models.CharField(max_length=5, choices=settings.LANGUAGES),
        verbose_name=_("languages"),
        default=list,
        help_text="Those people are invited in; empty for all there are.",
    )
    zone = TimeZoneField(_("time zone"), default="Europe/Oslo")
    nudge_hour = models.TimeField(_("hour of new cohorts"), default=time(9))
    quiet_from = models.TimeField(_("quiet from"), default=time(21))
    quiet_until = models.TimeField(_("quiet until"), default=time(6))
    factor_roles = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, help_text="Roles that must have a second factor."
    )
    shown_logo = models.JSONField(
        default=dict, blank=True, help_text="Hash, size and ink of its logo, so that no page asks for its row."
    )
    is_demo = models.BooleanField(default=False)
    clock_offset = models.DurationField(
        default=timedelta(0), help_text="How far a demo organisation lives from the real time."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_real_time_unless_demo",
                condition=models.Q(is_demo=True) | models.Q(clock_offset=timedelta(0)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def logo(self) -> Logo | None:
        if not self.shown_logo:
            return None
        return Logo(url=front_door("logo", self.slug, self.shown_logo["sha"]), **self.shown_logo)

    @property
    def offered(self) -> list[str]:
        """The languages that people are invited in."""
        return self.languages or [code for code, _name in settings.LANGUAGES]

    def now(self, now: datetime) -> datetime:
        """`now`, shifted for demo organisations, which have their own clock."""
        return now + self.clock_offset
