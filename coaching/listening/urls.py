"""Listening side by side, and calibrations, behind /o/<slug>/."""

from django.urls import path

from coaching.listening.views import calibrations, contacts

urlpatterns = [
    path("listening/", calibrations.calibrations, name="calibrations"),
    path("listening/new/", calibrations.calibration_new, name="calibration_new"),
    path("listening/<int:pk>/", calibrations.calibration, name="calibration"),
    path("listening/<int:pk>/agreed/", calibrations.calibration_agreed, name="calibration_agreed"),
    path("listening/<int:pk>/ratings.csv", calibrations.calibration_download, name="calibration_download"),
    path("listening/<int:pk>/cancelling/", calibrations.calibration_cancelling, name="calibration_cancelling"),
    path("listening/<int:pk>/restoring/", calibrations.calibration_restoring, name="calibration_restoring"),
    path("contacts-heard/<int:session_pk>/", contacts.contact_heard, name="contact_heard"),
]
