"""Who did what, newest first; and the same as a file."""

import json
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts.access.fresh import fresh_file
from cohorts.audit import record
from cohorts.models import AuditEntry, Membership
from cohorts.people.member_header import tabs_of
from cohorts.web.csv_download import csv_response
from cohorts.web.http import MemberRequest, allow
from cohorts.web.inputs import key_from
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from programme.trail.entries import about, chips, entries, is_private, lines, within_days
from programme.trail.forms import TrailForm

PAGE = 50
MAX_ENTRIES_IN_FILE = 20_000  # the page says so


@allow(Permission.RUN_COHORTS)
@require_safe
def trail(request: MemberRequest) -> HttpResponse:
    form, zone = TrailForm(request.GET), request.membership.zone
    asked = form.asked()
    found = entries(asked, zone=zone)
    before = key_from(request.GET.get("before", ""))
    some = list((found.filter(number__lt=before) if before else found)[: PAGE + 1])
    context = {
        "form": form,
        "asked": asked,
        "chips": chips(asked, zone=zone),
        "lines": lines(some[:PAGE], zone=zone),
        "older": some[PAGE - 1].number if len(some) > PAGE else None,
        "is_older": bool(before),
        "head": AuditEntry.objects.order_by("-number").first(),
        "most": MAX_ENTRIES_IN_FILE,
        "readers": _(
            "Owners and admins read this. What people do in 1:1s, goals and feedback is recorded, too,"
            " and shown to nobody."
        ),
    }
    return render(request, "programme/trail.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def member_history(request: MemberRequest, pk: int) -> HttpResponse:
    """What was done about one member, former ones included."""
    member = get_object_or_404(Membership.objects.select_related("person"), pk=pk)
    context = {
        "member": member,
        "tabs": tabs_of(member, "member_history"),
        "lines": about(member, zone=request.membership.zone),
    }
    return render(request, "programme/member_history.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
@fresh_file
def trail_download(request: MemberRequest) -> HttpResponse:
    """By post, because it is itself an entry."""
    zone = request.membership.zone
    asked = TrailForm(request.POST).asked()
    whole = within_days(asked, zone=zone) if asked.is_whole else entries(asked, zone=zone)
    header = [_("Number"), _("Time"), _("Who"), _("Roles"), _("What"), _("About"), _("Kind"), _("Key"), _("Details")]
    rows = list(_rows(whole[:MAX_ENTRIES_IN_FILE], zone))
    record(by=request.membership, verb="downloaded audit trail", thing=request.organisation, now=request.now)
    name = _("audit trail %(organisation)s") % {"organisation": request.organisation.name}
    return csv_response(name, [*header, _("Hash")], rows, language=page_language())


def _rows(found: Iterable[AuditEntry], zone: ZoneInfo) -> Iterator[tuple[object, ...]]:
    """A row for each entry; of a private one the number, the day and the hash."""
    entries = list(found)
    told = {line.number: line for line in lines((each for each in entries if not is_private(each)), zone=zone)}
    for entry in entries:
        line = told.get(entry.number)
        if line is None:
            yield (entry.number, entry.at.astimezone(zone).date().isoformat(), *[""] * 7, entry.hash)
        else:
            details = json.dumps(entry.details, ensure_ascii=False)
            words = (line.who, line.roles, line.did, line.about)
            yield (entry.number, line.at.isoformat(), *words, entry.thing, entry.thing_id, details, entry.hash)
