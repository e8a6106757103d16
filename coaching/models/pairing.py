from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class PairingKind(models.TextChoices):
    """Who the partner is to the leader."""

    SPONSOR = "sponsor", _("Sponsor")
    COACH = "coach", _("Coach")
    MENTOR = "mentor", _("Mentor")


class PairingState(models.TextChoices):
    """`requested` waits for the mentor's answer and takes a place; only `active` ones hold sessions."""

    REQUESTED = "requested", _("Asked")
    ACTIVE = "active", _("Active")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Not answered")
    WITHDRAWN = "withdrawn", _("Taken back")
    ENDED = "ended", _("Ended")


class Cadence(models.IntegerChoices):
    """Days between two talks."""

    WEEKLY = 7, _("Every week")
    FORTNIGHTLY = 14, _("Every other week")
    MONTHLY = 28, _("Every four weeks")


class PairingQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "PairingQuerySet":
        """The two of them, and nobody else: no admin, and no manager of either."""
        return self.filter(models.Q(leader=membership) | models.Q(partner=membership))

    def active(self) -> "PairingQuerySet":
        return self.filter(state=PairingState.ACTIVE)


class Pairing(Revised, OrganisationOwned):
    """A leader and their sponsor, coach or mentor, who hold 1:1s. Audience: the two; that it exists, admins.

    `handover` is what the leader chose to tell a new partner of earlier talks. `last_held_on` and `due_on` follow from
    held sessions (`coaching.meetings.cadence`); they are stored so that a list can be sorted by them.
    """

    kind = models.CharField(max_length=7, choices=PairingKind)
    leader = OwnedForeignKey(Membership, models.PROTECT, related_name="pairings_as_leader")
    partner = OwnedForeignKey(Membership, models.PROTECT, related_name="pairings_as_partner")
    state = models.CharField(max_length=9, choices=PairingState, default=PairingState.ACTIVE)
    cadence_days = models.PositiveSmallIntegerField(_("how often"), choices=Cadence, default=Cadence.FORTNIGHTLY)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    handover = models.TextField(_("handover note"), max_length=2000, blank=True)
    last_held_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)

    objects = OwnedManager.from_queryset(PairingQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(name="pairing_of_two", condition=~models.Q(leader=models.F("partner"))),
            models.UniqueConstraint(
                fields=["organisation", "leader", "partner", "kind"],
                condition=models.Q(state__in=["requested", "active"]),
                name="pairing_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "leader"],
                condition=models.Q(kind="sponsor", state="active"),
                name="pairing_one_sponsor",
            ),
            models.UniqueConstraint(
                fields=["organisation", "leader", "kind"],
                condition=models.Q(kind__in=["coach", "mentor"], state="active"),
                name="pairing_one_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["organisation", "leader"],
                condition=models.Q(state="requested"),
                name="pairing_one_request",
            ),
            models.CheckConstraint(
                name="pairing_ends_after_start",
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(name="pairing_cadence", condition=models.Q(cadence_days__in=[7, 14, 28])),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "partner", "due_on"],
                condition=models.Q(state="active"),
                name="pairing_by_due",
            ),
        ]
