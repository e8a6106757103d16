"""Several leaders chosen on the cohort's page: what happens to them, and its Undo."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.enrolment.actions.bulk import (
    Change,
    change_sponsors,
    end_pauses,
    move_hours,
    pause_all,
    resend_all,
    restore_hours,
    restore_sponsors,
    take_back_all,
)
from cohorts.enrolment.actions.sponsor_notes import take_back_notes, tell_sponsors, write_to_silent
from cohorts.enrolment.attention import Act, names_of
from cohorts.enrolment.forms.away import AwayForm
from cohorts.enrolment.forms.bulk import HourForm, SponsorOfManyForm
from cohorts.enrolment.roster import roster_of
from cohorts.enrolment.roster_filters import RosterFilters
from cohorts.enrolment.rules import ensure_at_once
from cohorts.enrolment.undo import Undo, undo_of, undo_token
from cohorts.models import Cohort, Enrolment
from cohorts.schedule.time_zones import local_date
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.inputs import key_from
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow

ASKS = {Act.PAUSE, Act.SPONSOR, Act.HOUR}
NOTES = {Act.TELL, Act.WRITE}


@allow(Permission.RUN_COHORTS)
@require_POST
def cohort_choices(request: MemberRequest, pk: int) -> HttpResponse:
    """Do at once what needs no question; lead to the page that asks for the rest."""
    cohort = get_object_or_404(Cohort, pk=pk)
    act = request.POST.get("act", "")
    if act in NOTES:
        return _write_notes(request, cohort, Act(act))
    chosen = _chosen(request, cohort, request.POST)
    if not chosen:
        messages.error(request, _("Choose at least one leader first."))
        return redirect("cohort", cohort.pk)
    if act in ASKS:
        return redirect(f"{reverse('cohort_choice', args=[cohort.pk, act])}?{_choice(request.POST, chosen)}")
    if act != Act.RESEND:
        raise Http404
    changes = resend_all(enrolments=chosen, by=request.membership, now=request.now)
    if not changes:
        raise NotNow(_("All of them have signed in. Nobody needs an invitation."))
    count = len(changes)
    sentence = ngettext(
        "%(count)d new invitation is on its way. The old link stops working.",
        "%(count)d new invitations are on their way. The old links stop working.",
        count,
    )
    return _done(request, cohort, act, changes, sentence % {"count": count})


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_choice(request: MemberRequest, pk: int, act: str) -> HttpResponse:
    """Ask for the days, the sponsor or the hour of the chosen leaders; posted, it is done for all of them."""
    cohort = get_object_or_404(Cohort, pk=pk)
    chosen = _chosen(request, cohort, posted(request) or request.GET)
    if act not in ASKS or not chosen:
        raise Http404
    ensure_at_once(chosen)
    form, save = _question(request, cohort, Act(act), chosen)
    context = {"cohort": cohort, "act": act, "chosen": chosen, "names": names_of([each.leader.name for each in chosen])}
    return form_page(request, form, save, "cohorts/cohort_choice.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def cohort_undo(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo what the address says was done, as far as nobody has changed it since."""
    cohort = get_object_or_404(Cohort, pk=pk)
    undo = undo_of(request.GET.get("what", ""), cohort=cohort, by=request.membership)
    if undo is None:
        raise NotNow(_("This can no longer be undone."))
    restored = _undo(request, undo)
    if not restored:
        raise NotNow(_("This can no longer be undone."))
    missed = len(undo.changes) - restored
    if missed:
        sentence = ngettext(
            "Undone, except for %(count)d that has changed since.",
            "Undone, except for %(count)d that have changed since.",
            missed,
        )
        messages.success(request, sentence % {"count": missed})
    else:
        messages.success(request, _("Undone. Everything is as it was."))
    return redirect("cohort", cohort.pk)


def _chosen(request: MemberRequest, cohort: Cohort, said: QueryDict) -> list[Enrolment]:
    """The leaders of this cohort that were ticked, or all of the list they were ticked in, by name."""
    keys = _numbers(said.getlist("chosen"))
    if "every" in said:
        lines = RosterFilters.from_address(said).apply(roster_of(cohort, request.organisation, request.now))
        keys = [line.enrolment_id for line in lines]
    found = Enrolment.objects.active().filter(cohort=cohort, pk__in=keys)
    return list(found.select_related("leader", "cohort", "sponsor").order_by("leader__name", "pk"))


def _choice(said: QueryDict, chosen: list[Enrolment]) -> str:
    """The same choice as an address: the filters of the list when all of it was chosen, else who was ticked."""
    if "every" in said:
        return urlencode([*RosterFilters.from_address(said).kept("sort", "choose"), ("every", 1)])
    return urlencode([("chosen", enrolment.pk) for enrolment in chosen])


def _numbers(keys: Sequence[str]) -> list[int]:
    return [number for key in keys if (number := key_from(key)) is not None]


def _write_notes(request: MemberRequest, cohort: Cohort, act: Act) -> HttpResponse:
    by, now, organisation = request.membership, request.now, request.organisation
    keys = _numbers(request.POST.getlist("chosen"))
    if act is Act.TELL:
        changes = tell_sponsors(cohort=cohort, enrolments=keys, by=by, organisation=organisation, now=now)
    else:
        changes = write_to_silent(cohort=cohort, sponsors=keys, by=by, organisation=organisation, now=now)
    sentence = ngettext(
        "%(count)d sponsor gets a mail in a minute.", "%(count)d sponsors get a mail in a minute.", len(changes)
    )
    return _done(request, cohort, act, changes, sentence % {"count": len(changes)})


def _question(
    request: MemberRequest, cohort: Cohort, act: Act, chosen: list[Enrolment]
) -> tuple[forms.Form, Callable[[], HttpResponse]]:
    by, now, organisation = request.membership, request.now, request.organisation
    if act is Act.PAUSE:
        away = AwayForm(posted(request), today=local_date(now, cohort.zone))

        def save_days() -> HttpResponse:
            changes = pause_all(cohort=cohort, enrolments=chosen, by=by, now=now, **away.cleaned_data)
            sentence = ngettext("%(count)d leader is paused.", "%(count)d leaders are paused.", len(changes))
            return _done(request, cohort, act, changes, sentence % {"count": len(changes)})

        return away, save_days
    if act is Act.SPONSOR:
        support = SponsorOfManyForm(posted(request))

        def save_sponsor() -> HttpResponse:
            changes = change_sponsors(enrolments=chosen, sponsor=support.cleaned_data["sponsor"], by=by, now=now)
            sentence = ngettext(
                "%(count)d leader has another sponsor.", "%(count)d leaders have another sponsor.", len(changes)
            )
            return _done(request, cohort, act, changes, sentence % {"count": len(changes)})

        return support, save_sponsor
    hour = HourForm(posted(request), organisation=organisation, initial={"nudge_hour": cohort.nudge_hour})

    def save_hour() -> HttpResponse:
        changes = move_hours(
            enrolments=chosen, nudge_hour=hour.cleaned_data["nudge_hour"], by=by, organisation=organisation, now=now
        )
        sentence = ngettext(
            "%(count)d leader gets nudges at another hour.",
            "%(count)d leaders get nudges at another hour.",
            len(changes),
        )
        return _done(request, cohort, act, changes, sentence % {"count": len(changes)})

    return hour, save_hour


def _undo(request: MemberRequest, undo: Undo) -> int:
    by, now = request.membership, request.now
    if undo.act == Act.RESEND:
        return take_back_all(changes=undo.changes, by=by, now=now)
    if undo.act in NOTES:
        return take_back_notes(changes=undo.changes, by=by, now=now)
    if undo.act == Act.PAUSE:
        return end_pauses(changes=undo.changes, by=by, now=now)
    if undo.act == Act.SPONSOR:
        return restore_sponsors(changes=undo.changes, by=by, now=now)
    return restore_hours(changes=undo.changes, by=by, now=now)


def _done(request: MemberRequest, cohort: Cohort, act: str, changes: list[Change], sentence: str) -> HttpResponse:
    if not changes:
        messages.success(request, _("Nothing had to change: all of them have that already."))
        return redirect("cohort", cohort.pk)
    what = urlencode({"what": undo_token(act, changes, cohort=cohort, by=request.membership)})
    messages.success(request, sentence, extra_tags=f"{reverse('cohort_undo', args=[cohort.pk])}?{what}")
    return redirect("cohort", cohort.pk)
