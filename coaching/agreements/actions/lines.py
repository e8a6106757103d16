"""The leader looks through the summary and lets lines through to the sponsor, or strikes them."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.agreements.actions.agreements import newest_version, sponsor_of_now
from coaching.agreements.policies import ensure_may_choose_lines
from coaching.agreements.summary import candidates
from coaching.models import Agreement, AgreementLine
from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock


@transaction.atomic
def choose_lines(
    *, agreement: Agreement, seen: Collection[str], shown: Collection[str], by: Membership, now: datetime
) -> int:
    """Let the ticked lines through and strike the others that were seen; how many go. Lines not seen stay undecided."""
    ensure_may_choose_lines(by, agreement)
    lock(agreement)
    if agreement.stopped_at is not None or agreement.in_force is None:
        raise NotNow(_("The agreement is not signed by all three, so nothing goes to the sponsor."))
    version = newest_version(agreement)
    sponsor = sponsor_of_now(agreement.pairing)
    if sponsor is None or sponsor.pk != version.sponsor_id:
        raise NotNow(
            _("%(name)s is not your sponsor any more. Write a new version with the current sponsor.")
            % {"name": version.sponsor.name}
        )
    lines = [line for line in candidates(agreement, version).lines if line.key in seen]
    for line in lines:
        AgreementLine.objects.update_or_create(
            agreement=agreement,
            sponsor=sponsor,
            kind=line.kind,
            about=line.about,
            defaults={"words": line.words, "is_struck": line.key not in shown, "decided_at": now},
        )
    record(by=by, verb="chose lines for sponsor", thing=agreement, now=now)
    return sum(line.key in shown for line in lines)
