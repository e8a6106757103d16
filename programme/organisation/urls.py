from django.urls import path

from programme.organisation import views

urlpatterns = [
    path("settings/", views.organisation_settings, name="settings"),
    path("settings/name/", views.settings_name, name="settings_name"),
    path("settings/times/", views.settings_times, name="settings_times"),
    path("settings/languages/", views.settings_languages, name="settings_languages"),
    path("settings/signing-in/", views.settings_signing_in, name="settings_signing_in"),
    path("settings/sending/", views.settings_sending, name="settings_sending"),
    path("settings/sending/off/", views.settings_sending_off, name="settings_sending_off"),
    path("settings/sending/undoing/", views.settings_sending_undoing, name="settings_sending_undoing"),
    path("settings/keeping/", views.settings_keeping, name="settings_keeping"),
]
