from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coaching.models.pairing import Pairing, PairingState
from cohorts.models import Enrolment, Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class AgreementQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "AgreementQuerySet":
        """The two of the pairing, and the sponsor whom the newest version or the one in force names."""
        named = AgreementVersion.objects.filter(
            Q(number=OuterRef("newest")) | Q(number=OuterRef("in_force")), agreement=OuterRef("pk"), sponsor=membership
        )
        two = Q(pairing__leader=membership) | Q(pairing__partner=membership)
        return self.filter(two | Exists(named))

    def under_way(self) -> "AgreementQuerySet":
        """Begun, and not yet signed by all three in any version."""
        return self.filter(in_force=None, stopped_at=None)


class Agreement(Revised, OrganisationOwned):
    """What a leader, their coach or mentor and their sponsor agree about the talks of the two. Words are in `versions`.

    `newest` is the number of the newest version, `in_force` of the newest that all three signed. Audience: the three.
    """

    pairing = OwnedForeignKey(Pairing, models.PROTECT, related_name="agreements")
    newest = models.PositiveSmallIntegerField(default=1)
    in_force = models.PositiveSmallIntegerField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager.from_queryset(AgreementQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "pairing"], name="agreement_once"),
            models.CheckConstraint(
                name="agreement_in_force_is_a_version", condition=Q(in_force=None) | Q(in_force__lte=F("newest"))
            ),
        ]


class AgreementVersionQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "AgreementVersionQuerySet":
        """The two of the pairing; a sponsor reads the versions that name them, none of an earlier sponsor's."""
        two = Q(agreement__pairing__leader=membership) | Q(agreement__pairing__partner=membership)
        return self.filter(two | Q(sponsor=membership))


class AgreementVersion(OrganisationOwned):
    """One wording. It never changes: a change is the next number. Audience: the two, and the sponsor it names.

    `tells_…` is the whole list of what can go to the sponsor.
    """

    agreement = OwnedForeignKey(Agreement, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    sponsor = OwnedForeignKey(Membership, models.PROTECT, related_name="agreements_as_sponsor")
    purpose = models.TextField(_("What the talks are for"), max_length=1000)
    tells_dates = models.BooleanField(_("The dates of the talks held"), default=False)
    tells_themes = models.BooleanField(_("The themes the leader chooses"), default=False)
    tells_goals = models.BooleanField(_("The leader’s plans under Focus"), default=False)
    limits = models.TextField(_("What stays between two, and the limits"), max_length=1000)
    stopping = models.TextField(_("How each of us can stop"), max_length=600)
    review_on = models.DateField(_("When we look at it again"))
    written_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    written_at = models.DateTimeField()

    objects = OwnedManager.from_queryset(AgreementVersionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "agreement", "number"], name="agreement_version_once"),
        ]
        ordering = ["number"]


class AgreementSignature(OrganisationOwned):
    """That one of the three signed one version. Audience: as the version."""

    version = OwnedForeignKey(AgreementVersion, related_name="signatures")
    signer = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "version", "signer"], name="agreement_signed_once"),
        ]
        ordering = ["at", "id"]


class LineKind(models.TextChoices):
    """What can go to the sponsor, and nothing else."""

    DATE = "date", _("Talks held")
    THEME = "theme", _("Themes")
    GOAL = "goal", _("Plans")


class AgreementLineQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "AgreementLineQuerySet":
        """The leader; and the sponsor it was told, while they are the leader's sponsor and the agreement holds.

        Only what is not struck, and of a kind that the version in force and the newest both tick: a tick that is being
        taken away closes at once.
        """
        mine = Q(agreement__pairing__leader=membership)
        told = Q(
            is_struck=False,
            sponsor=membership,
            agreement__stopped_at=None,
            agreement__pairing__state=PairingState.ACTIVE,
        )
        still_sponsor = Enrolment.objects.active().filter(
            leader=OuterRef("agreement__pairing__leader"), sponsor=membership
        )
        kinds = Q()
        for kind, field in TICKS.items():
            ticked = Q(kind=kind)
            for number in ("in_force", "newest"):
                ticked &= Q(
                    Exists(
                        AgreementVersion.objects.filter(
                            agreement=OuterRef("agreement"),
                            number=OuterRef(f"agreement__{number}"),
                            sponsor=membership,
                            **{field: True},
                        )
                    )
                )
            kinds |= ticked
        return self.filter(mine | Q(told, Exists(still_sponsor), kinds))


class AgreementLine(OrganisationOwned):
    """One line of what the leader looked through before it went to a sponsor: shown, or struck.

    `words` are those the leader saw: the date of a talk, the key of a behaviour, a plan in the leader's words. What the
    leader has not looked at yet has no line, and nobody sees it. Audience: the leader; if not struck, that sponsor.
    """

    agreement = OwnedForeignKey(Agreement, related_name="lines")
    sponsor = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=LineKind)
    about = models.CharField(max_length=40)
    words = models.CharField(max_length=400)
    is_struck = models.BooleanField(default=False)
    decided_at = models.DateTimeField()

    objects = OwnedManager.from_queryset(AgreementLineQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "agreement", "sponsor", "kind", "about"], name="agreement_line_once"
            ),
        ]
        ordering = ["kind", "words", "id"]


TICKS = {LineKind.DATE: "tells_dates", LineKind.THEME: "tells_themes", LineKind.GOAL: "tells_goals"}
