from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet
from goals.models.sponsor import sponsored_by


class TeamQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "TeamQuerySet":
        """The team's leader. Others see its objectives and figures by the rules of those."""
        return self.filter(leader=membership)


class Team(Revised, Tracked, OrganisationOwned):
    """The people a leader leads. Audience: its name, colleagues.

    `names_until` is the last day on which names of members are kept: they go some weeks after the leader's programme,
    unless the leader says that they still work with them.
    """

    leader = OwnedForeignKey(Membership, models.PROTECT, related_name="teams")
    name = models.CharField(_("Name of the team"), max_length=80)
    names_until = models.DateField(null=True, blank=True)

    objects = OwnedManager.from_queryset(TeamQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "leader"], name="team_once_a_leader"),
            models.UniqueConstraint(fields=["organisation", "name"], name="team_name_once"),
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TeamMember(Tracked, OrganisationOwned):
    """A name or initials, and nothing else: no account, no address. Audience: the leader, and the team by its link."""

    team = OwnedForeignKey(Team, related_name="members")
    name = models.CharField(_("Name or initials"), max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "team", "name"], name="team_member_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CharterQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "CharterQuerySet":
        """The team's leader, and the sponsor they have now. The same rule as `may_read_charter`."""
        return self.filter(models.Q(team__leader=membership) | sponsored_by(membership, "team__leader"))


class Charter(Revised, OrganisationOwned):
    """What a team is for and how it works together, on one page. Audience: the leader, their sponsor, the team."""

    team = OwnedForeignKey(Team, related_name="charters")
    purpose = models.CharField(_("What we are here for"), max_length=280)
    promise = models.CharField(_("What customers can count on"), max_length=400, blank=True)
    working = models.TextField(_("How we work together"), max_length=800, blank=True)
    deciding = models.CharField(_("How we decide"), max_length=400, blank=True)
    differing = models.CharField(_("When we disagree"), max_length=400, blank=True)
    review_on = models.DateField(_("When we look at it again"), null=True, blank=True)
    made_with = models.PositiveSmallIntegerField(_("How many of us made it"), null=True, blank=True)
    saved_at = models.DateTimeField()

    objects = OwnedManager.from_queryset(CharterQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "team"], name="charter_once")]

    @property
    def is_begun(self) -> bool:
        """Whether it says anything yet."""
        return any((self.purpose, self.promise, self.working, self.deciding, self.differing))


class TeamLink(OrganisationOwned):
    """A link that shows a team its objectives and charter until a date. Signed; the row says until when it opens.

    Audience: the leader, who hands it out.
    """

    team = OwnedForeignKey(Team, related_name="links")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
