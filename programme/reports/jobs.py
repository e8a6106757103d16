"""What page and API share of a report: handing it to a worker, and its file."""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponse

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.file_names import as_download, file_name
from programme.celery import app
from programme.models import Report
from programme.reports.policies import ensure_may_print


def hand_out(report: Report) -> None:
    """Send the report to a worker after commit. Who waits for it notices a lost message."""
    arguments = [report.organisation_id, report.pk]
    transaction.on_commit(lambda: app.send_task("programme.tasks.make_report", arguments), robust=True)


def has_file(report: Report) -> bool:
    return bool(report.file) and default_storage.exists(report.file)


def download(report: Report, *, by: Membership, now: datetime) -> HttpResponse:
    """The file, while the copy is still allowed."""
    ensure_may_print(by, report.enrolment, report.copy, report.subject, report.team)
    record(by=by, verb="downloaded report", thing=report, now=now, copy=report.copy)
    kind = "360-" if report.subject_id else ""
    about = f"charter {report.team.name}" if report.team else f"{kind}{report.enrolment.leader.name}"
    with default_storage.open(report.file) as file:
        response = HttpResponse(file.read(), content_type="application/pdf")
    as_download(response, file_name(f"embed90 {about} {report.on:%Y-%m-%d}", "pdf"))
    response.headers["Cache-Control"] = "no-store, private"
    return response
