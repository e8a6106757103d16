"""The signed key in a download address: one report, one member, ten minutes."""

from datetime import timedelta

from django.core import signing

from cohorts.models import Membership
from programme.models import Report

GOOD_FOR = timedelta(minutes=10)
SALT = "programme.reports.links"


def download_key(report: Report, membership: Membership) -> str:
    return signing.dumps([report.organisation_id, report.pk, membership.pk], salt=SALT)


def opens(key: str, report: Report, membership: Membership) -> bool:
    """Whether this key belongs to this report and member and has not expired."""
    try:
        said = signing.loads(key, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return False
    return said == [report.organisation_id, report.pk, membership.pk]
