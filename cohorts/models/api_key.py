from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models.person import Membership
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class ApiKeyQuerySet(OwnedQuerySet):
    def of_organisation(self) -> "ApiKeyQuerySet":
        return self.filter(kind=ApiKey.Kind.ORGANISATION)

    def personal(self, member: Membership) -> "ApiKeyQuerySet":
        return self.filter(kind=ApiKey.Kind.PERSONAL, member=member)


class ApiKey(OrganisationOwned):
    """What a program acts with for a member, within its scopes. Only the hash of its secret is stored.

    A key of the organisation acts as an admin, while the owner who answers for it is one. A personal token reaches its
    member's own data. `last_used_on` is a day and nothing finer. Audience: owners; of a personal token, its member.
    """

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Key of the organisation")
        PERSONAL = "personal", _("Personal token")

    kind = models.CharField(max_length=12, choices=Kind)
    member = OwnedForeignKey(Membership, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=8)
    secret_hash = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=40))
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager.from_queryset(ApiKeyQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "prefix"], name="apikey_prefix_once")]
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name


class ApiReply(OrganisationOwned):
    """What was answered to a request with an `Idempotency-Key`, for a day: sent again, it gets the same answer.

    Written in the transaction of the change itself, sealed with the secret of the key, which is not stored. Audience:
    the program with the key.
    """

    api_key = OwnedForeignKey(ApiKey, related_name="+")
    token = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    sealed = models.BinaryField(default=b"")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "api_key", "token"], name="apireply_once")]
        indexes = [models.Index(fields=["organisation", "created_at"], name="apireply_age")]
