"""The page that asks somebody to confirm who they are: by passkey, by app or recovery code, or by a code in their mail.

A form that was sent too late for its proof waits in the page as hidden fields and goes on from there: nothing is kept
on the server, and nothing typed is lost.
"""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from cohorts.access.forms import FactorAgainForm
from cohorts.access.proof_codes import is_code_out

PREFIX = "proof"  # the page's own fields are `proof-…`; every other field belongs to the form that waits
Kept = list[tuple[str, str]]


def kept_fields(request: HttpRequest) -> Kept:
    """The fields of the form that waits: what was sent, without the token and without this page's own fields."""
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{PREFIX}-")
        for value in values
    ]


def factor_forms(person: Any, data: QueryDict | None = None) -> dict[str, BaseForm]:
    """A form for each kind of factor the person has, by the name of its template variable. Nothing for nobody's."""
    types = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    forms: dict[str, BaseForm] = {}
    if Authenticator.Type.WEBAUTHN in types:
        forms["passkey_form"] = ReauthenticateWebAuthnForm(data, user=person, prefix=PREFIX)
    if types - {Authenticator.Type.WEBAUTHN}:
        forms["app_form"] = FactorAgainForm(data, user=person, prefix=PREFIX)
    return forms


@dataclass(frozen=True)
class Aim:
    """What the proof is for: the page `to`, a file there asked for on the page `back`, or a form with these fields."""

    to: str
    back: str = ""
    kept: Kept | None = None


def proof_page(
    request: HttpRequest, aim: Aim, *, status: int = 200, error: str = "", is_sent: bool = False
) -> HttpResponse:
    forms = factor_forms(request.user)
    context = {
        **forms,
        "aim": aim,
        "is_form": aim.kept is not None,
        "error": error,
        "by_mail": not forms,
        "is_sent": is_sent or (not forms and is_code_out(request)),
    }
    if "passkey_form" in forms:
        context["passkey_options"] = {"request_options": begin_authentication(request.user)}
    return render(request, "account/proof.html", context, status=status)
