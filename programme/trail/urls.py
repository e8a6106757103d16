from django.urls import path

from programme.trail import views

urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("members/<int:pk>/history/", views.member_history, name="member_history"),
    path("trail/download/", views.trail_download, name="trail_download"),
]
