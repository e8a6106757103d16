"""The allauth pages we offer: sign-in by code or passkey, sign-out, second factor, devices.

An e-mail address identifies a person: an admin enters it, and invitations and nudges go to it. So there is no page to
change or add one, and none for passwords, which do not exist here.
"""

from allauth.account import views
from django.urls import include, path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
