"""Keys of the organisation on the settings pages, and personal tokens."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.access.fresh import fresh
from cohorts.models import ApiKey
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission, may
from programme.keys.actions import Made, make_key, revoke_key, rotate_key
from programme.keys.forms import KeyForm, RotateForm
from programme.keys.policies import ensure_may_make, ensure_may_rotate, keys_shown_to
from programme.keys.rows import rows_of
from programme.organisation.changes import lately
from programme.organisation.sections import sections_of

VERBS = ("made key", "rotated key", "revoked key")


@allow(Permission.RUN_COHORTS)
@require_safe
def settings_keys(request: MemberRequest) -> HttpResponse:
    """Every key of the organisation, those that are over last."""
    keys = keys_shown_to(request.membership).select_related("member__person")[:200]
    context = _context(request) | {
        "rows": rows_of(keys, request.now),
        "may_change": may(request.membership, Permission.OWN),
        "changes": lately(VERBS, zone=request.membership.zone),
    }
    return render(request, "programme/keys/keys.html", context)


@allow(Permission.OWN)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def settings_key_new(request: MemberRequest) -> HttpResponse:
    return _make(request, ApiKey.Kind.ORGANISATION)


@allow(Permission.OWN)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def settings_key_rotating(request: MemberRequest, key_pk: int) -> HttpResponse:
    key = get_object_or_404(keys_shown_to(request.membership), pk=key_pk)
    return _rotate(request, key)


@allow(Permission.OWN)
@require_POST
@fresh
def settings_key_revoking(request: MemberRequest, key_pk: int) -> HttpResponse:
    key = get_object_or_404(keys_shown_to(request.membership), pk=key_pk)
    return _revoke(request, key)


@allow(Permission.READ_PROGRAMME)
@require_safe
def tokens(request: MemberRequest) -> HttpResponse:
    """One's own tokens in this organisation."""
    keys = ApiKey.objects.personal(request.membership).select_related("member__person")[:200]
    return render(request, "programme/keys/tokens.html", {"rows": rows_of(keys, request.now), "may_change": True})


@allow(Permission.READ_PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def token_new(request: MemberRequest) -> HttpResponse:
    return _make(request, ApiKey.Kind.PERSONAL)


@allow(Permission.READ_PROGRAMME)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def token_rotating(request: MemberRequest, pk: int) -> HttpResponse:
    return _rotate(request, get_object_or_404(ApiKey.objects.personal(request.membership), pk=pk))


@allow(Permission.READ_PROGRAMME)
@require_POST
@fresh
def token_revoking(request: MemberRequest, pk: int) -> HttpResponse:
    return _revoke(request, get_object_or_404(ApiKey.objects.personal(request.membership), pk=pk))


def _make(request: MemberRequest, kind: str) -> HttpResponse:
    ensure_may_make(request.membership, kind)
    is_personal = kind == ApiKey.Kind.PERSONAL
    form = KeyForm(posted(request), is_personal=is_personal)

    def save() -> HttpResponse:
        return _shown_once(request, make_key(kind=kind, plan=form.plan(), by=request.membership, now=request.now))

    context = _frame(request, kind) | {"title": _("New token") if is_personal else _("New key")}
    return form_page(request, form, save, "programme/keys/new.html", context)


def _rotate(request: MemberRequest, key: ApiKey) -> HttpResponse:
    ensure_may_rotate(request.membership, key)
    form = RotateForm(posted(request))

    def save() -> HttpResponse:
        made = rotate_key(key=key, by=request.membership, now=request.now, **form.cleaned_data)
        return _shown_once(request, made)

    title = _("Rotate %(name)s") % {"name": key.name}
    return form_page(
        request, form, save, "programme/keys/rotate.html", _frame(request, key.kind) | {"key": key, "title": title}
    )


def _revoke(request: MemberRequest, key: ApiKey) -> HttpResponse:
    revoke_key(key=key, by=request.membership, now=request.now)
    messages.success(request, _("%(name)s is revoked. Nothing opens with it any more.") % {"name": key.name})
    return redirect(_list(key.kind))


def _shown_once(request: MemberRequest, made: Made) -> HttpResponse:
    """The answer to the form itself, and not a page behind it: what that one would have to find, would be stored."""
    context = _frame(request, made.key.kind) | {"made": made, "key": made.key}
    return render(request, "programme/keys/made.html", context)


def _frame(request: MemberRequest, kind: str) -> dict[str, Any]:
    return {"back": _list(kind), "is_personal": kind == ApiKey.Kind.PERSONAL}


def _list(kind: str) -> str:
    return "tokens" if kind == ApiKey.Kind.PERSONAL else "settings_keys"


def _context(request: MemberRequest) -> dict[str, Any]:
    sections = sections_of(request.organisation, "settings_keys")
    return {"sections": sections, "section": next(each for each in sections if each.is_current)}
