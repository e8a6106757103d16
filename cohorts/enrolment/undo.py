"""What a bulk action changed, signed into the address of its Undo: for one member, one cohort and one day."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from django.core import signing

from cohorts.enrolment.actions.bulk import Change
from cohorts.models import Cohort, Membership

GOOD_FOR_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Undo:
    """One act, and what it changed."""

    act: str
    changes: tuple[Change, ...]


def undo_token(act: str, changes: Sequence[Change], *, cohort: Cohort, by: Membership) -> str:
    """Signed, not encrypted: it holds keys and hours, nothing private."""
    said = [act, [astuple(change) for change in changes]]
    return signing.dumps(said, salt=_salt(cohort, by), compress=True)


def undo_of(token: str, *, cohort: Cohort, by: Membership) -> Undo | None:
    """What a token says; None when it is another member's, another cohort's, damaged or too old."""
    try:
        act, changes = signing.loads(token, salt=_salt(cohort, by), max_age=GOOD_FOR_SECONDS)
    except signing.BadSignature:
        return None
    return Undo(act, tuple(Change(*change) for change in changes))


def _salt(cohort: Cohort, by: Membership) -> str:
    return f"bulk:{cohort.organisation_id}:{cohort.pk}:{by.pk}"
