"""Request a printed report, follow its progress, download it."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.access.fresh import fresh_when
from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.models import Enrolment
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow, respond
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow
from goals.models import Team
from programme.feedback.reading import subject_for
from programme.models import Report
from programme.reports.actions import ask_again, ask_report, is_lost
from programme.reports.forms import AskForm, CharterPrintForm
from programme.reports.jobs import download, hand_out, has_file
from programme.reports.links import download_key, opens
from programme.reports.policies import copies_for


def _is_about_somebody_else(_request: HttpRequest, *, pk: int, **_keys: object) -> bool:
    return Report.objects.filter(pk=pk).exclude(copy=Report.Copy.OWN).exists()


@allow(Permission.READ_PROGRESS)
@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Show what a copy contains, and request it."""
    visible = Enrolment.objects.visible_to(request.membership).select_related("leader")
    enrolment = get_object_or_404(visible, pk=pk)
    copies = copies_for(request.membership, enrolment)
    form = AskForm(posted(request), copies=copies, initial={"language": get_language()})

    def save() -> HttpResponse:
        report = ask_report(
            enrolment=enrolment,
            by=request.membership,
            today=date_at(enrolment, request.now),
            now=request.now,
            **form.cleaned_data,
        )
        hand_out(report)
        return redirect("report", report.pk)

    mine = _mine(request).filter(enrolment=enrolment, subject=None, team=None)[:5]
    context = {"enrolment": enrolment, "copies": copies, "reports": mine, **_way_back(copies, enrolment)}
    return form_page(request, form, save, "reports/ask.html", context)


@allow(Permission.READ_PROGRESS)
@require_POST
def result_report(request: MemberRequest, pk: int) -> HttpResponse:
    """Request the released report of a 360 round, in the language of the page."""
    subject = subject_for(request.membership, pk)
    copy = Report.Copy.OWN if subject.enrolment.leader_id == request.membership.pk else Report.Copy.SPONSOR
    report = ask_report(
        enrolment=subject.enrolment,
        subject=subject,
        by=request.membership,
        copy=copy,
        language=page_language(),
        today=date_at(subject.enrolment, request.now),
        now=request.now,
    )
    hand_out(report)
    return redirect("report", report.pk)


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def charter_report(request: MemberRequest) -> HttpResponse:
    """Request the charter of the leader's own team, on one page."""
    team = get_object_or_404(Team.objects.visible_to(request.membership))
    enrolment = ensure_enrolment(request.membership)
    form = CharterPrintForm(posted(request), initial={"language": get_language()})

    def save() -> HttpResponse:
        report = ask_report(
            enrolment=enrolment,
            team=team,
            by=request.membership,
            copy=Report.Copy.OWN,
            today=date_at(enrolment, request.now),
            now=request.now,
            **form.cleaned_data,
        )
        hand_out(report)
        return redirect("report", report.pk)

    return form_page(request, form, save, "reports/ask_charter.html", {"team": team})


@allow(Permission.READ_PROGRESS)
@require_safe
def report(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the progress; polled every two seconds while it runs."""
    found = get_object_or_404(_mine(request), pk=pk)
    if is_lost(found, request.now):
        hand_out(found)
    template = "reports/_job.html" if request.htmx else "reports/job.html"
    return render(request, template, _job(found, request))


@allow(Permission.READ_PROGRESS)
@require_POST
def report_attempts(request: MemberRequest, pk: int) -> HttpResponse:
    """Retry a failed report."""
    found = get_object_or_404(_mine(request), pk=pk)
    ask_again(report=found, by=request.membership, now=request.now)
    hand_out(found)
    return respond(request, "reports/_job.html", _job(found, request), back_to="report", pk=found.pk)


@allow(Permission.READ_PROGRESS)
@require_safe
@fresh_when(_is_about_somebody_else, is_file=True)
def report_file(request: MemberRequest, pk: int, key: str) -> HttpResponse:
    """Download the file, for the member who requested it, while the key is valid and the copy still allowed."""
    found = get_object_or_404(_mine(request), pk=pk, state=Report.State.READY)
    if not (has_file(found) and opens(key, found, request.membership)):
        raise NotNow(_("This link has expired. Reload the report's page for a new one."))
    return download(found, by=request.membership, now=request.now)


def _mine(request: MemberRequest) -> QuerySet[Report]:
    """The member's own report; 404 for others and after a week."""
    mine = Report.objects.filter(asked_by=request.membership, expires_at__gt=request.now)
    return mine.select_related("enrolment__leader", "subject__round", "subject__enrolment", "team")


def _way_back(copies: list[Report.Copy], enrolment: Enrolment) -> dict[str, str]:
    """The page of this leader that the reader came from."""
    if Report.Copy.OWN in copies:
        return {"back_url": reverse("path"), "back_label": _("Path")}
    name = "leader" if Report.Copy.SPONSOR in copies else "enrolment"
    return {"back_url": reverse(name, args=[enrolment.pk]), "back_label": enrolment.leader.name}


def _job(report: Report, request: MemberRequest) -> dict[str, object]:
    is_ready = report.state == Report.State.READY
    return {
        "report": report,
        "is_running": report.state in (Report.State.WAITING, Report.State.WORKING),
        "key": download_key(report, request.membership) if is_ready else "",
    }
