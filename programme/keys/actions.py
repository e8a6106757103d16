"""Make, rotate and revoke a key. The secret is returned once and stored nowhere."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import ApiKey, Membership
from cohorts.models.api_key import ApiKeyQuerySet
from cohorts.web.api.key_text import new_key
from cohorts.web.api.scopes import in_present_words
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import NotNow
from programme.keys.policies import ensure_may_end, ensure_may_make, ensure_may_rotate
from programme.keys.rules import (
    ensure_days,
    ensure_key_name,
    ensure_networks,
    ensure_overlap,
    ensure_place,
    ensure_scopes,
)


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """What a key is made for."""

    name: str
    scopes: Collection[str]
    days: int
    networks: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """A new key, and its text, which nobody can read again."""

    key: ApiKey
    text: str


@transaction.atomic
def make_key(*, kind: str, plan: KeyPlan, by: Membership, now: datetime) -> Made:
    """Make a key of the organisation, or a personal token of `by`."""
    ensure_choice("kind", kind, ApiKey.Kind.values)
    ensure_may_make(by, kind)
    is_personal = kind == ApiKey.Kind.PERSONAL
    ensure_key_name(plan.name)
    ensure_scopes(plan.scopes, is_personal=is_personal)
    ensure_days(plan.days)
    networks = ensure_networks(plan.networks)
    ensure_place(kind, there=_valid_keys(kind, by, now).count())
    made = _store(
        kind=kind,
        member=by,
        name=" ".join(plan.name.split()),
        scopes=sorted(set(plan.scopes)),
        networks=networks,
        now=now,
        expires_at=now + timedelta(days=plan.days),
    )
    said = {"name": made.key.name, "prefix": made.key.prefix, "scopes": " ".join(made.key.scopes)}
    record(by=by, verb="made token" if is_personal else "made key", thing=made.key, now=now, **said)
    return made


@transaction.atomic
def rotate_key(*, key: ApiKey, days: int, overlap: int, by: Membership, now: datetime) -> Made:
    """Make a new secret for the same. The old one works `overlap` hours longer, so that programs can change over,
    and takes a place of its own meanwhile.

    The owner who rotates a key of the organisation becomes the one it acts for.
    """
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    ensure_may_rotate(by, key)
    ensure_days(days)
    ensure_overlap(overlap)
    if key.revoked_at is not None or key.rotated_at is not None:
        raise NotNow(_("This key was revoked or rotated already."))
    there = _valid_keys(key.kind, by, now)
    ensure_place(key.kind, there=(there if overlap else there.exclude(pk=key.pk)).count())
    made = _store(
        kind=key.kind,
        member=by,
        name=key.name,
        scopes=in_present_words(key.scopes),
        networks=key.networks,
        now=now,
        expires_at=now + timedelta(days=days),
    )
    key.rotated_at, key.expires_at = now, min(key.expires_at, now + timedelta(hours=overlap))
    key.save(update_fields=["rotated_at", "expires_at"])
    said = {"name": key.name, "prefix": key.prefix, "new_prefix": made.key.prefix}
    record(by=by, verb="rotated token" if _is_personal(key) else "rotated key", thing=key, now=now, **said)
    return made


@transaction.atomic
def revoke_key(*, key: ApiKey, by: Membership, now: datetime) -> None:
    """End a key at once. Idempotent."""
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    ensure_may_end(by, key)
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        said = {"name": key.name, "prefix": key.prefix}
        record(by=by, verb="revoked token" if _is_personal(key) else "revoked key", thing=key, now=now, **said)


def _valid_keys(kind: str, by: Membership, now: datetime) -> ApiKeyQuerySet:
    """Keys neither revoked nor expired: of the organisation, or of this member."""
    kept = ApiKey.objects.personal(by) if kind == ApiKey.Kind.PERSONAL else ApiKey.objects.of_organisation()
    return kept.filter(revoked_at=None, expires_at__gt=now)


def _is_personal(key: ApiKey) -> bool:
    return bool(key.kind == ApiKey.Kind.PERSONAL)


def _store(*, now: datetime, **fields: object) -> Made:
    text = new_key()
    key = ApiKey.objects.create(prefix=text.prefix, secret_hash=text.hash, created_at=now, **fields)
    return Made(key, str(text))
