"""Who makes, sees and ends which key."""

from django.utils.translation import gettext as _

from cohorts.models import ApiKey, Membership
from cohorts.models.api_key import ApiKeyQuerySet
from cohorts.web.permissions import Permission, may
from cohorts.web.refusals import NotYours


def ensure_may_make(by: Membership, kind: str) -> None:
    """Owners make keys of the organisation; every member may have tokens of their own. A program makes neither."""
    if by.key_prefix or not by.is_active or (kind == ApiKey.Kind.ORGANISATION and not may(by, Permission.OWN)):
        raise NotYours(_("Only owners make keys."))


def ensure_may_end(by: Membership, key: ApiKey) -> None:
    """Owners end every key, also a token of somebody who is away; members their own."""
    if not (may(by, Permission.OWN) or (key.kind == ApiKey.Kind.PERSONAL and key.member_id == by.pk)):
        raise NotYours(_("Only owners revoke keys of the organisation."))


def ensure_may_rotate(by: Membership, key: ApiKey) -> None:
    """An owner who rotates a key answers for it from then on. A token is rotated by its member alone."""
    ensure_may_make(by, key.kind)
    if key.kind == ApiKey.Kind.PERSONAL and key.member_id != by.pk:
        raise NotYours(_("Only its member rotates a personal token."))


def keys_shown_to(member: Membership) -> ApiKeyQuerySet:
    """On the settings page: of owners and admins, those of the organisation."""
    found: ApiKeyQuerySet = ApiKey.objects.of_organisation()
    return found if may(member, Permission.RUN_COHORTS) else found.none()
