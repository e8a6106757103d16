"""Members of an organisation: how they come in, what they are, what they get."""

from datetime import datetime

from django.db import transaction

from cohorts.audit import record
from cohorts.models import Membership


@transaction.atomic
def set_digest(*, membership: Membership, is_on: bool, now: datetime) -> None:
    """Switch a sponsor's weekly digest on or off."""
    membership.digest_on = is_on
    membership.save(update_fields=["digest_on"])
    record(by=None, verb="switched digest on" if is_on else "switched digest off", thing=membership, now=now)
