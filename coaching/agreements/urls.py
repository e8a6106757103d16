"""Three-way agreements, behind /o/<slug>/."""

from django.urls import path

from coaching.agreements.views import pages, summary

urlpatterns = [
    path("agreements/", pages.agreements, name="agreements"),
    path("agreements/new/<int:pairing_pk>/", pages.agreement_new, name="agreement_new"),
    path("agreements/<int:pk>/", pages.agreement, name="agreement"),
    path("agreements/<int:pk>/wording/", pages.agreement_change, name="agreement_change"),
    path("agreements/<int:pk>/versions/<int:number>/signing/", pages.agreement_signing, name="agreement_signing"),
    path("agreements/<int:pk>/versions/<int:number>/unsigning/", pages.agreement_unsigning, name="agreement_unsigning"),
    path("agreements/<int:pk>/stopping/", pages.agreement_stopping, name="agreement_stopping"),
    path("agreements/<int:pk>/resuming/", pages.agreement_resuming, name="agreement_resuming"),
    path("agreements/<int:pk>/summary/", summary.agreement_summary, name="agreement_summary"),
]
