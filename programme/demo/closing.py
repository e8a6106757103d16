"""The printed report at the end of played days, requested and made like any other."""

from datetime import datetime

from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment, Organisation
from cohorts.tenancy.wall import within
from programme.models import Report
from programme.reports.actions import ask_report
from programme.reports.printing import make_report


def print_first_report(organisation: Organisation, *, now: datetime) -> Report | None:
    """Print the leader's copy for the first leader of a demo organisation; None if it has no leader."""
    with within(organisation):
        first = Enrolment.objects.active().select_related("leader__person").order_by("pk").first()
        if first is None:
            return None
        report = ask_report(
            enrolment=first,
            by=first.leader,
            copy=Report.Copy.OWN,
            language=first.leader.person.language,
            today=date_at(first, now),
            now=now,
        )
    make_report(organisation.pk, report.pk, now=now)
    with within(organisation):
        return Report.objects.select_related("enrolment__leader").get(pk=report.pk)
