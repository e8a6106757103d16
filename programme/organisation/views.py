"""The settings: a list with present values, and a page for each section that ends with its own last changes."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.access.fresh import fresh
from cohorts.mail.server import sender
from cohorts.models import Cohort, Membership, Role
from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock
from programme.organisation.actions import (
    change_times,
    leaders_in_quiet,
    offer_languages,
    put_logo_back,
    remove_logo,
    rename,
    switch_all_sending,
    times_of,
    upload_logo,
)
from programme.organisation.changes import lately
from programme.organisation.forms import LanguagesForm, LogoForm, OrganisationNameForm, TimesForm
from programme.organisation.keeping import kept
from programme.organisation.policies import ensure_may, may_change
from programme.organisation.quiet_bar import quiet_bar
from programme.organisation.sections import languages_words, sections_of

PAGES = "programme/organisation"
UNDO_SECONDS = 24 * 3600
NAME = ("changed name of organisation",)
LOGO = ("changed logo", "removed logo", "returned logo")
TIMES = ("changed quiet hours", "changed hour of new cohorts", "changed time zone")
LANGUAGES = ("changed languages",)
SIGNING_IN = ("asked for second factors",)
SENDING = ("switched sending on", "switched sending off")


@allow(Permission.RUN_COHORTS)
@require_safe
def organisation_settings(request: MemberRequest) -> HttpResponse:
    """Every section with its present value, and the newest change of all."""
    changes = lately([*NAME, *LOGO, *TIMES, *LANGUAGES, *SIGNING_IN, *SENDING], zone=request.membership.zone)
    context = {"sections": sections_of(request.organisation), "newest": changes[0] if changes else None}
    return render(request, f"{PAGES}/settings.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_name(request: MemberRequest) -> HttpResponse:
    house = _locked(request, Permission.OWN)
    form = OrganisationNameForm(posted(request), organisation=house)

    def save() -> HttpResponse:
        name = form.cleaned_data["name"]
        rename(organisation=house, name=name, by=request.membership, now=request.now, expected_revision=form.revision)
        return _saved(request, form.took_over, "settings_name")

    context = _context(request, "settings_name", NAME) | {"may_change": _may(request, Permission.OWN)}
    return form_page(request, form, save, f"{PAGES}/name.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_logo(request: MemberRequest) -> HttpResponse:
    """The logo on both kinds of page; an owner uploads another."""
    if request.method == "POST":
        ensure_may(request.membership, request.organisation, Permission.OWN)
    form = LogoForm(posted(request), request.FILES if request.method == "POST" else None)

    def save() -> HttpResponse:
        file = form.cleaned_data["logo"]
        before = upload_logo(
            organisation=request.organisation, file=file, file_name=file.name, by=request.membership, now=request.now
        )
        return _logo_saved(request, _("This is the logo from now on."), before)

    context = _context(request, "settings_logo", LOGO) | {"may_change": _may(request, Permission.OWN)}
    return form_page(request, form, save, f"{PAGES}/logo.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def settings_logo_removing(request: MemberRequest) -> HttpResponse:
    before = remove_logo(organisation=request.organisation, by=request.membership, now=request.now)
    return _logo_saved(request, _("The logo is gone. The name is shown instead."), before)


@allow(Permission.RUN_COHORTS)
@require_POST
def settings_logo_undoing(request: MemberRequest) -> HttpResponse:
    """Show what was shown before: another logo, or none."""
    try:
        sha = signing.loads(request.GET.get("logo", ""), salt=_salt(request.membership, "logo"), max_age=UNDO_SECONDS)
    except signing.BadSignature:
        raise NotNow(_("This can no longer be undone.")) from None
    put_logo_back(organisation=request.organisation, sha=sha, by=request.membership, now=request.now)
    messages.success(request, _("Undone."))
    return redirect("settings_logo")


def _logo_saved(request: MemberRequest, sentence: str, before: str) -> HttpResponse:
    """Says so, with Undo if anything changed."""
    shown = request.organisation.shown_logo.get("sha", "")
    token = signing.dumps(before, salt=_salt(request.membership, "logo"))
    undo = f"{reverse('settings_logo_undoing')}?{urlencode({'logo': token})}"
    messages.success(request, sentence, extra_tags=undo if before != shown else "")
    return redirect("settings_logo")


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_times(request: MemberRequest) -> HttpResponse:
    house = _locked(request, Permission.RUN_COHORTS)
    form = TimesForm(posted(request), organisation=house)

    def save() -> HttpResponse:
        quiet = change_times(
            organisation=house,
            times=form.times(),
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
        )
        if quiet:
            messages.info(request, _in_quiet_words(quiet))
        return _saved(request, form.took_over, "settings_times")

    context = _context(request, "settings_times", TIMES) | {
        "bar": quiet_bar(house),
        "in_quiet": _in_quiet_words(len(leaders_in_quiet(times_of(house)))),
    }
    return form_page(request, form, save, f"{PAGES}/times.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_languages(request: MemberRequest) -> HttpResponse:
    house = _locked(request, Permission.OWN)
    form = LanguagesForm(posted(request), organisation=house)

    def save() -> HttpResponse:
        offer_languages(
            organisation=house,
            by=request.membership,
            now=request.now,
            expected_revision=form.revision,
            **form.cleaned_data,
        )
        return _saved(request, form.took_over, "settings_languages")

    context = _context(request, "settings_languages", LANGUAGES) | {
        "may_change": _may(request, Permission.OWN),
        "value": languages_words(house),
    }
    return form_page(request, form, save, f"{PAGES}/languages.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def settings_signing_in(request: MemberRequest) -> HttpResponse:
    """How people sign in; who must have a second step is a page of its own."""
    names = dict(Role.choices)
    context = _context(request, "settings_signing_in", SIGNING_IN) | {
        "asked": [names[role] for role in request.organisation.factor_roles],
        "may_change": _may(request, Permission.OWN),
    }
    return render(request, f"{PAGES}/signing_in.html", context)


@allow(Permission.RUN_COHORTS)
@require_safe
def settings_sending(request: MemberRequest) -> HttpResponse:
    """Which cohorts send, and one act that stops all of them."""
    cohorts = list(Cohort.objects.order_by("-day1_on", "name"))
    context = _context(request, "settings_sending", SENDING) | {
        "cohorts": cohorts,
        "sends": any(cohort.is_sending for cohort in cohorts),
        "address": sender().address,
    }
    return render(request, f"{PAGES}/sending.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
@fresh
def settings_sending_off(request: MemberRequest) -> HttpResponse:
    """Switch off every cohort; Undo switches on those that it switched off."""
    keys = switch_all_sending(organisation=request.organisation, is_on=False, by=request.membership, now=request.now)
    token = signing.dumps(keys, salt=_salt(request.membership, "sending"), compress=True)
    messages.success(
        request,
        _("Sending is off. Nothing is sent, and nothing is lost."),
        extra_tags=f"{reverse('settings_sending_undoing')}?{urlencode({'changes': token})}" if keys else "",
    )
    return redirect("settings_sending")


@allow(Permission.RUN_COHORTS)
@require_POST
@fresh
def settings_sending_undoing(request: MemberRequest) -> HttpResponse:
    try:
        keys = signing.loads(
            request.GET.get("changes", ""), salt=_salt(request.membership, "sending"), max_age=UNDO_SECONDS
        )
    except signing.BadSignature:
        raise NotNow(_("This can no longer be undone.")) from None
    switch_all_sending(
        organisation=request.organisation, is_on=True, by=request.membership, now=request.now, cohorts=keys
    )
    messages.success(request, _("Sending is on. Held steps come next, one a day."))
    return redirect("settings_sending")


@allow(Permission.RUN_COHORTS)
@require_safe
def settings_keeping(request: MemberRequest) -> HttpResponse:
    return render(request, f"{PAGES}/keeping.html", _context(request, "settings_keeping") | {"kept": kept()})


def _locked(request: MemberRequest, permission: Permission) -> Any:
    """The organisation; a POST refuses at once who may not, and holds the row."""
    if request.method == "POST":
        ensure_may(request.membership, request.organisation, permission)
        lock(request.organisation)
    return request.organisation


def _may(request: MemberRequest, permission: Permission) -> bool:
    return may_change(request.membership, request.organisation, permission)


def _context(request: MemberRequest, name: str, verbs: Collection[str] = ()) -> dict[str, Any]:
    sections = sections_of(request.organisation, name)
    return {
        "sections": sections,
        "section": next(each for each in sections if each.is_current),
        "changes": lately(verbs, zone=request.membership.zone) if verbs else [],
    }


def _saved(request: MemberRequest, took_over: bool, name: str) -> HttpResponse:
    messages.success(request, SAVED_TOGETHER if took_over else _("Saved."))
    return redirect(name)


def _in_quiet_words(count: int) -> str:
    if not count:
        return _("Nobody’s own hour falls in the quiet hours.")
    words = ngettext(
        "%(count)d leader chose an hour in the quiet: their nudge comes when it ends.",
        "%(count)d leaders chose an hour in the quiet: their nudges come when it ends.",
        count,
    )
    return words % {"count": count}


def _salt(membership: Membership, what: str) -> str:
    return f"{what}:{membership.organisation_id}:{membership.pk}"
