from django.urls import path

from programme.organisation import views

urlpatterns = [
    path("settings/", views.organisation_settings, name="settings"),
    path("settings/name/", views.settings_name, name="settings_name"),
    path("settings/logo/", views.settings_logo, name="settings_logo"),
    path("settings/logo/removing/", views.settings_logo_removing, name="settings_logo_removing"),
    path("settings/logo/undoing/", views.settings_logo_undoing, name="settings_logo_undoing"),
    path("settings/times/", views.settings_times, name="settings_times"),
    path("settings/languages/", views.settings_languages, name="settings_languages"),
    path("settings/signing-in/", views.settings_signing_in, name="settings_signing_in"),
    path("settings/sending/", views.settings_sending, name="settings_sending"),
    path("settings/sending/off/", views.settings_sending_off, name="settings_sending_off"),
    path("settings/sending/undoing/", views.settings_sending_undoing, name="settings_sending_undoing"),
    path("settings/keeping/", views.settings_keeping, name="settings_keeping"),
]
