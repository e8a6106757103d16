"""Whether owners and admins must have a second factor."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from cohorts.audit import record
from cohorts.models import Membership, Organisation, Person
from cohorts.people.factor_policy import ensure_may_ask, ensure_roles_to_ask
from cohorts.people.recovery_rules import ensure_owner
from cohorts.tenancy.wall import current_organisation_id


@transaction.atomic
def ask_for_factors(*, roles: Collection[str], by: Membership, now: datetime) -> None:
    """Ask these roles, and no others, for a second factor from their next request on. Idempotent.

    The owner's person is locked as by the pages that remove a factor, so theirs cannot go at the same time.
    """
    ensure_owner(by)
    ensure_roles_to_ask(roles)
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=current_organisation_id())
    Person.objects.select_for_update(no_key=True).get(pk=by.person_id)
    ensure_may_ask(roles, by, asked_before=organisation.factor_roles)
    asked = sorted(set(roles))
    if asked != organisation.factor_roles:
        organisation.factor_roles = asked
        organisation.save(update_fields=["factor_roles"])
        record(by=by, verb="asked for second factors", thing=organisation, now=now, roles="/".join(asked))
