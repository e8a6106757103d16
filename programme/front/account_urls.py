"""The pages of allauth that are ours to offer: in by code or passkey, out, second step, devices.

The address is who somebody is: an admin wrote it, invitations and nudges go to it. So there is no page that changes it
or adds another, and none for passwords, which nobody has here.
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
