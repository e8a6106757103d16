from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cohorts.models import Membership
from cohorts.tenancy.wall import Across, OrganisationOwned, OwnedForeignKey
from feedback360.models.round import Round, Subject


class Rater(OrganisationOwned):
    """Somebody asked in a round: one link and one mail for all the leaders they are asked about.

    Raters need no account; `membership` is set for those who have one. Raising `link_version` revokes their link;
    `mails_on` is off once they wanted no more mails of this round. Erased raters keep the row without name and address.
    Somebody who lost their link is found by their address in any organisation. Audience: who nominated or approved
    them, admins.
    """

    across = {Across.RATER: ["SELECT"]}

    round = OwnedForeignKey(Round, related_name="raters")
    membership = OwnedForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    link_version = models.PositiveSmallIntegerField(default=1)
    mails_on = models.BooleanField(default=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation", "round", Lower("email"), condition=models.Q(erased_at=None), name="rater_once"
            ),
        ]
        indexes = [models.Index(Lower("email"), condition=models.Q(erased_at=None), name="rater_address")]


class Relation(models.TextChoices):
    """How a rater knows the leader."""

    TEAM = "team", _("Team member")
    PEER = "peer", _("Peer")
    MANAGER = "manager", _("Manager")
    SELF = "self", _("The leader")


class RequestState(models.TextChoices):
    """`answered` says that an answer was sent, never when, and is never shown by name."""

    PROPOSED = "proposed", _("Suggested")
    APPROVED = "approved", _("Approved")
    ASKED = "asked", _("Asked")
    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", pgettext_lazy("a rater", "Declined")
    WITHDRAWN = "withdrawn", _("Taken off the list")


class Request(OrganisationOwned):
    """One rater asked about one leader. Holds no answer, and no answer points here. Audience: see `policies`.

    `name` is the rater's, as the person who nominated them wrote it: a list in somebody else's spelling would tell that
    another leader chose them, too. `key` belongs to the form that nominated them.
    """

    State = RequestState

    subject = OwnedForeignKey(Subject, related_name="requests")
    rater = OwnedForeignKey(Rater, related_name="requests")
    name = models.CharField(_("name"), max_length=120, blank=True, default="")
    key = models.UUIDField(null=True, blank=True)
    relation = models.CharField(max_length=7, choices=Relation)
    group = models.CharField(max_length=10, blank=True, default="")
    state = models.CharField(max_length=9, choices=RequestState, default=RequestState.PROPOSED)
    asked_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "subject", "rater"], name="request_once"),
        ]
