from django.db import models

from cohorts.tenancy.wall import OrganisationOwned


class Ink(models.TextChoices):
    """What a logo is drawn in, hence on which page it is lost without a plate behind it."""

    DARK = "dark"
    LIGHT = "light"
    ANY = "any"


class OrganisationLogo(OrganisationOwned):
    """A logo as pages and reports show it, and as mails do: two PNGs that we wrote ourselves.

    `sha` is the hash of `image` and stands in its address, so that browsers keep it for long. One that is not shown
    any more stays a day, for Undo. Audience: everybody who has its address, which pages and mails give.
    """

    sha = models.CharField(max_length=64)
    image = models.BinaryField(max_length=65_536)
    mail_image = models.BinaryField(max_length=8_192)
    ink = models.CharField(max_length=5, choices=Ink)
    put_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "sha"], name="logo_once")]
