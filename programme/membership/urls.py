"""One member, and the end of a membership, behind /o/<slug>/."""

from django.urls import path

from programme.membership import correction_views, merge_views, views

urlpatterns = [
    path("members/<int:pk>/", views.member, name="member"),
    path("members/<int:pk>/correction/", correction_views.member_correction, name="member_correction"),
    path(
        "members/<int:pk>/correction/stopping/",
        correction_views.member_correction_stopping,
        name="member_correction_stopping",
    ),
    path("members/<int:pk>/merge/", merge_views.member_merge, name="member_merge"),
    path("members/<int:pk>/suspension/", views.member_suspension, name="member_suspension"),
    path("members/<int:pk>/letting-in/", views.member_letting_in, name="member_letting_in"),
    path("members/<int:pk>/removal/", views.member_removal, name="member_removal"),
    path("members/<int:pk>/return/", views.member_return, name="member_return"),
    path("leaving/", views.leaving, name="leaving"),
]
