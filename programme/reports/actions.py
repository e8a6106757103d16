"""Request a report, retry it, and delete it after a week. `printing` makes it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Enrolment, Membership
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import NotNow
from feedback360.models import Subject
from goals.models import Team
from programme.models import Report, ReportMail
from programme.reports.policies import ensure_may_print

KEPT = timedelta(days=7)
LOST_AFTER = timedelta(minutes=1)
MAX_WAITING = 25  # reports of one person, and of a key that acts for them
UNDER_WAY = (Report.State.WAITING, Report.State.WORKING)


@transaction.atomic
def ask_report(
    *,
    enrolment: Enrolment,
    by: Membership,
    copy: str,
    language: str,
    today: date,
    now: datetime,
    by_mail: bool = False,
    subject: Subject | None = None,
    team: Team | None = None,
    with_names: bool = False,
) -> Report:
    """Queue a report, of the 360 round if `subject` names one, the charter of a `team`.

    Returns the queued one if it was requested just now.
    """
    ensure_may_print(by, enrolment, copy, subject, team)
    ensure_choice("language", language, dict(settings.LANGUAGES))
    same = Report.objects.filter(
        enrolment=enrolment,
        subject=subject,
        team=team,
        with_names=with_names,
        asked_by=by,
        copy=copy,
        language=language,
        on=today,
    )
    under_way = same.filter(state__in=UNDER_WAY, expires_at__gt=now).first()
    if under_way is not None:
        if by_mail:
            same.filter(pk=under_way.pk).update(by_mail=True)
        return under_way
    _ensure_few_waiting(by, now)
    report = Report.objects.create(
        enrolment=enrolment,
        asked_by=by,
        subject=subject,
        team=team,
        with_names=with_names,
        copy=copy,
        language=language,
        by_mail=by_mail,
        on=today,
        asked_at=now,
        expires_at=now + KEPT,
    )
    record(by=by, verb="asked for report", thing=report, now=now, copy=copy)
    return report


def _ensure_few_waiting(by: Membership, now: datetime) -> None:
    """Reports are printed in turn, so a person with very many in line would keep everybody else waiting."""
    Membership.objects.select_for_update(no_key=True).get(pk=by.pk)  # of two at once, the second one counts the first
    if Report.objects.filter(asked_by=by, state__in=UNDER_WAY, expires_at__gt=now).count() >= MAX_WAITING:
        sentence = _("%(count)d reports you asked for are not ready yet. Ask again when some of them are.")
        raise NotNow(sentence % {"count": MAX_WAITING})


@transaction.atomic
def ask_again(*, report: Report, by: Membership, now: datetime) -> Report:
    """Queue a failed report again. Raises NotNow if it has not failed."""
    ensure_may_print(by, report.enrolment, report.copy, report.subject, report.team)
    _ensure_few_waiting(by, now)
    failed = Report.objects.filter(pk=report.pk, state=Report.State.FAILED)
    if not failed.update(state=Report.State.WAITING, attempts=0, progress=0, lease_until=None):
        raise NotNow(_("This report is already in progress or finished."))
    report.refresh_from_db()
    return report


def announce(report_id: int, *, now: datetime) -> None:
    """Put the mail that says it is ready into the outbox, for those who asked for one. Idempotent."""
    asked = Report.objects.filter(pk=report_id, by_mail=True)
    mails = [ReportMail(report=report, due_at=now, not_before=now) for report in asked]
    ReportMail.objects.bulk_create(mails, ignore_conflicts=True)


def is_lost(report: Report, now: datetime) -> bool:
    """Whether no worker has it any more: its message was lost, or its worker died."""
    if report.state == Report.State.WAITING:
        return now - report.asked_at > LOST_AFTER
    return report.state == Report.State.WORKING and report.lease_until is not None and report.lease_until < now


def forget_expired(*, now: datetime) -> int:
    """Delete expired reports of the open organisation, and files that no other report uses."""
    expired = Report.objects.filter(expires_at__lte=now)
    files = set(expired.exclude(file="").values_list("file", flat=True))
    still_used = Report.objects.filter(expires_at__gt=now, file__in=files).values_list("file", flat=True)
    unused = files.difference(still_used)
    count = expired.delete()[0]
    transaction.on_commit(partial(_delete_files, unused))
    return count


def _delete_files(files: Iterable[str]) -> None:
    for file in files:
        default_storage.delete(file)
