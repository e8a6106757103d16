"""The allauth pages we offer: sign-in by code or passkey, sign-out, second factor, devices.

An e-mail address identifies a person: an admin enters it, and invitations and nudges go to it. So there is no page to
change or add one, and none for passwords, which do not exist here. allauth's own pages that ask for proof are left out:
they ask nothing of people without a second factor (`cohorts.access.fresh`).
"""

from collections.abc import Callable

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app_codes
from allauth.mfa.webauthn import views as passkeys
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from cohorts.access.fresh import fresh, fresh_file
from cohorts.access.sessions import noting_device_kind
from cohorts.access.views import ask_for_code, devices, type_code
from cohorts.people.factors import keeps_the_last, tells_of_factors
from programme.front.views.proof import proof


def changing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that changes factors: only after fresh proof, and their owner gets a mail."""
    return fresh(tells_of_factors(view))


def removing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same, and an organisation may ask that one stays."""
    return changing(keeps_the_last(view))


urlpatterns = [
    path("login/", require_safe(views.login), name="account_login"),
    path("login/code/", ask_for_code, name="account_request_login_code"),
    path("login/code/confirm/", type_code, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("proof/", proof, name="proof"),
    path("2fa/", factors.index, name="mfa_index"),
    path("2fa/authenticate/", factors.authenticate, name="mfa_authenticate"),
    path("2fa/totp/activate/", changing(app_codes.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", removing(app_codes.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", fresh(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        changing(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        fresh_file(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("2fa/webauthn/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", changing(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", removing(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", fresh(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("2fa/webauthn/login/", noting_device_kind(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sessions/", fresh(devices), name="usersessions_list"),
]
