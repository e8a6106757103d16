"""A host opens, changes and cancels dates."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coaching.hosting.actions.dates import cancel_date, change_date, open_dates
from coaching.hosting.forms.dates import DAYS, CancelDateForm, DateForm, NewDatesForm
from coaching.hosting.rules import ensure_can_be_shown, ensure_open, overlapping
from coaching.hosting.views.reach import date_run_by, host_run_by
from coaching.models import Host, Visit
from cohorts.schedule.date_words import fill, moment_words
from cohorts.schedule.time_zones import local_date
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock


@allow(Permission.HOST)
@require_http_methods(["GET", "HEAD", "POST"])
def date_new(request: MemberRequest, pk: int) -> HttpResponse:
    """One form, up to six dates."""
    host = host_run_by(request.membership, pk)
    ensure_can_be_shown(host)
    form = NewDatesForm(posted(request), host=host)

    def save() -> HttpResponse:
        opened = open_dates(
            host=host,
            facts=form.facts(),
            days=form.days(),
            at=form.cleaned_data["at"],
            key=form.cleaned_data["key"],
            by=request.membership,
            now=request.now,
        )
        sentence = ngettext("%(count)d date is open.", "%(count)d dates are open.", len(opened))
        messages.success(request, sentence % {"count": len(opened)})
        _warn_of_overlaps(request, host, opened)
        return redirect("hosting_host", host.pk)

    context = {"host": host, "days": [form[name] for name in DAYS], "today": local_date(request.now, host.zone)}
    return form_page(request, form, save, "coaching/hosting/date_new.html", context)


@allow(Permission.HOST)
@require_http_methods(["GET", "HEAD", "POST"])
def date_change(request: MemberRequest, pk: int, date_pk: int) -> HttpResponse:
    """Change or move one date."""
    visit = date_run_by(request.membership, pk, date_pk)
    ensure_open(visit, request.now)
    if request.method == "POST":
        lock(visit)
    form = DateForm(posted(request), visit=visit)

    def save() -> HttpResponse:
        is_moved = change_date(
            visit=visit,
            facts=form.facts(),
            day=form.cleaned_data["day"],
            at=form.cleaned_data["at"],
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        if form.took_over:
            messages.success(request, SAVED_TOGETHER)
        elif is_moved:
            messages.success(request, _("Moved. Guests get the change in their calendars."))
        else:
            messages.success(request, _("Saved."))
        _warn_of_overlaps(request, visit.host, [visit])
        return redirect("hosting_host", visit.host_id)

    with timezone.override(visit.host.zone):
        return form_page(request, form, save, "coaching/hosting/date_change.html", {"host": visit.host, "visit": visit})


@allow(Permission.HOST)
@require_http_methods(["GET", "HEAD", "POST"])
def date_cancellation(request: MemberRequest, pk: int, date_pk: int) -> HttpResponse:
    """Cancel one date and say why."""
    visit = date_run_by(request.membership, pk, date_pk)
    ensure_open(visit, request.now)
    form = CancelDateForm(posted(request))

    def save() -> HttpResponse:
        cancel_date(visit=visit, by=request.membership, now=request.now, **form.cleaned_data)
        messages.success(request, _("Cancelled. Everybody with a place or in the line gets a mail."))
        return redirect("hosting_host", visit.host_id)

    with timezone.override(visit.host.zone):
        context = {"host": visit.host, "visit": visit}
        return form_page(request, form, save, "coaching/hosting/date_cancellation.html", context)


def _warn_of_overlaps(request: MemberRequest, host: Host, visits: Sequence[Visit]) -> None:
    with timezone.override(host.zone):
        for other in overlapping(host, visits):
            when = moment_words(timezone.localtime(other.starts_at))
            sentence = _("At the same time as “%(title)s”, %(when)s. Both stay.")
            messages.warning(request, fill(sentence, {"title": other.title, "when": when}))
