"""Print a report in a worker: collect facts, lay out, store. Only workers import this, and WeasyPrint with it."""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from cohorts.logos.stored import printed_logo
from cohorts.models import Organisation
from cohorts.tenancy.wall import current_organisation_id, within
from programme.feedback.paper import result_page
from programme.feedback.reading import subject_for
from programme.models import Report
from programme.reports.actions import announce
from programme.reports.charter_page import charter_page
from programme.reports.facts import Facts, facts_of
from programme.reports.pdf import edition, print_on_one_page, print_page

logger = structlog.get_logger(__name__)

LEASE = timedelta(minutes=6)  # longer than a worker's hard time limit
MAX_PRINTINGS = 3
CLAIMED, GATHERED, LAID_OUT, DONE = 10, 35, 85, 100  # percent


def make_report(organisation_id: int, report_id: int, *, now: datetime) -> None:
    """Print one report, showing progress after each part. A second call meanwhile changes nothing."""
    with within(organisation_id):
        attempt = _claim(report_id, now)
    if attempt is None:
        return
    try:
        file, pages = _print(organisation_id, report_id, attempt)
    except Exception as problem:
        # Log neither message nor traceback: they could quote private text.
        kind = type(problem).__name__
        logger.error("report failed", organisation_id=organisation_id, report_id=report_id, kind=kind)  # noqa: TRY400
        _move(organisation_id, report_id, attempt, state=Report.State.FAILED, lease_until=None)
        return
    with within(organisation_id):
        mine = Report.objects.filter(pk=report_id, attempts=attempt, state=Report.State.WORKING)
        if mine.update(state=Report.State.READY, file=file, pages=pages, progress=DONE, lease_until=None):
            announce(report_id, now=now)


def _claim(report_id: int, now: datetime) -> int | None:
    """The number of this attempt; None if another worker has the report or it is finished."""
    free = Q(state=Report.State.WAITING) | Q(state=Report.State.WORKING, lease_until__lt=now)
    mine = Report.objects.filter(free, pk=report_id)
    if mine.filter(attempts__gte=MAX_PRINTINGS).update(state=Report.State.FAILED, lease_until=None):
        return None
    if not mine.update(
        state=Report.State.WORKING, attempts=F("attempts") + 1, lease_until=now + LEASE, progress=CLAIMED
    ):
        return None
    return Report.objects.values_list("attempts", flat=True).get(pk=report_id)


def _move(organisation_id: int, report_id: int, attempt: int, **fields: object) -> None:
    """Update a report in its own transaction, as long as this attempt still holds it."""
    with within(organisation_id):
        Report.objects.filter(pk=report_id, attempts=attempt, state=Report.State.WORKING).update(**fields)


def _print(organisation_id: int, report_id: int, attempt: int) -> tuple[str, int]:
    """The file and its number of pages; an existing file if its content is identical."""
    with within(organisation_id):
        report = Report.objects.select_related(
            "enrolment__leader", "enrolment__cohort__version", "asked_by", "team__leader"
        ).get(pk=report_id)
        organisation = Organisation.objects.get(pk=current_organisation_id())
        with translation.override(report.language):
            html = _html(report, organisation)
        logo = printed_logo(organisation)
        file = f"{organisation_id}/reports/{_name(html)}.pdf"
        pages = Report.objects.filter(file=file, state=Report.State.READY).values_list("pages", flat=True).first()
    if pages and default_storage.exists(file):
        return file, pages
    _move(organisation_id, report_id, attempt, progress=GATHERED)
    printed = print_on_one_page(html, logo) if report.team_id else print_page(html, logo)
    _move(organisation_id, report_id, attempt, progress=LAID_OUT)
    if printed.missing:
        codes = " ".join(sorted(f"U+{ord(letter):04X}" for letter in printed.missing))
        logger.warning("letters without a font", organisation_id=organisation_id, report_id=report_id, letters=codes)
        file = f"{organisation_id}/reports/{uuid4()}.pdf"  # printed anew next time, perhaps with the font
    default_storage.delete(file)  # left by a worker that died while writing
    return default_storage.save(file, ContentFile(printed.content)), printed.pages


def _html(report: Report, organisation: Organisation) -> str:
    if report.team is not None:
        return charter_page(report.team, organisation, report.language, on=report.on, with_names=report.with_names)
    if report.subject_id is None:
        return page_of(facts_of(report, organisation), report.language)
    return result_page(subject_for(report.asked_by, report.subject_id), organisation, report.language)


def page_of(facts: Facts, language: str) -> str:
    """The page as well-formed HTML in the active language."""
    context = {"facts": facts, "language": language, "readers": _readers(facts.copy)}
    return render_to_string("reports/progress.html", context)


def _readers(copy: Report.Copy) -> str:
    return {
        Report.Copy.OWN: _("The leader. It contains private reflections: pass it on only if you mean to."),
        Report.Copy.SPONSOR: _("The leader’s sponsor. It contains no private text."),
        Report.Copy.ADMIN: _("Programme admins. Numbers only."),
    }[copy]


def _name(html: str) -> UUID:
    """Named by content and edition, so that identical reports are printed once."""
    return UUID(bytes=sha256(f"{edition()}{html}".encode()).digest()[:16])
