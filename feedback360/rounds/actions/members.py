"""A member has another name or another address: so have the raters they are, in rounds that are not over."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Lower

from cohorts.models import Membership
from feedback360.models import Rater, State

UNDER_WAY = (State.DRAFT, State.NOMINATING, State.COLLECTING)
MAX_CHARACTERS = Rater._meta.get_field("name").max_length


@transaction.atomic
def follow_member(*, member: Membership, now: datetime) -> None:
    """Mails of these rounds go to the new address from now on, and links sent to the old one are dead.

    Where somebody asked the new address in the same round, both stay: each is a list of its own. Idempotent.
    """
    mine = Rater.objects.select_for_update().filter(membership=member, erased_at=None, round__state__in=UNDER_WAY)
    email, name = member.person.email, member.name[:MAX_CHARACTERS]
    for rater in mine:
        others = Rater.objects.alias(address=Lower("email")).filter(round=rater.round_id, erased_at=None)
        if rater.email.lower() != email and not others.filter(address=email).exists():
            rater.email, rater.link_version = email, rater.link_version + 1
        rater.name = name
        rater.save(update_fields=["email", "name", "link_version"])
