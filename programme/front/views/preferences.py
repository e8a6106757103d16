"""Language and appearance, stored with the person, or in a cookie before sign-in. Redirects back to the same page."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cohorts.models import Person, Role
from cohorts.people.memberships import belongings_of, memberships_of
from cohorts.tenancy.addresses import front_door
from cohorts.web.language import remember_language
from cohorts.web.redirects import ours
from programme.front.help import parts_for


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("language", "")
    response = redirect(_back(request))
    if code not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        request.user.language = code
        request.user.save(update_fields=["language"])
    remember_language(response, code)
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    chosen = request.POST.get("theme", "")
    if chosen in Person.Theme.values and request.user.is_authenticated:
        request.user.theme = chosen
        request.user.save(update_fields=["theme"])
    return redirect(_back(request))


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Sign-in methods and devices: passkeys, codes, open sessions."""
    if not request.user.is_authenticated:
        return redirect(f"{front_door('account_login')}?next={request.path}")
    factors = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    codes = next((each for each in factors if each.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "passkeys": [each for each in factors if each.type == Authenticator.Type.WEBAUTHN],
        "app": next((each for each in factors if each.type == Authenticator.Type.TOTP), None),
        "recovery_codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "belongings": belongings_of(request.user),
    }
    return render(request, "front/account.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    own, others = parts_for(memberships_of(request.user) if request.user.is_authenticated else None)
    asks_admin = all(part.key != Role.ADMIN for part in own)
    return render(request, "front/help.html", {"own": own, "others": others, "asks_admin": asks_admin})


def _back(request: HttpRequest) -> str:
    """The page the form was sent from."""
    return ours(request, request.POST.get("next"), otherwise=front_door("home"))
