from django.db import models
from django.utils.translation import gettext_lazy as _

from coaching.models.session import Session
from cohorts.models import Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.wall import AuthoredManager, OrganisationOwned, OwnedForeignKey


class PrivateNote(Revised, OrganisationOwned):
    """What one of the two wrote for themselves. PostgreSQL shows a row only while its author is the open member.

    There is no way to share it: sharing copies chosen text into the shared note. Not exported from
    `coaching.models`; an import contract names who may read it. Audience: the author.
    """

    author_field = "author"

    session = OwnedForeignKey(Session, related_name="+")
    author = OwnedForeignKey(Membership, related_name="+", is_indexed=False)
    text = models.TextField(_("Your own note"), max_length=10000, blank=True)
    key = models.UUIDField(null=True, blank=True)
    edition = models.BigIntegerField(null=True, blank=True)
    saved_at = models.DateTimeField()

    objects = AuthoredManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "session", "author"], name="private_note_once"),
        ]
