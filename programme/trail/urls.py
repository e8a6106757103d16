from django.urls import path

from programme.trail import views

urlpatterns = [
    path("trail/", views.trail, name="trail"),
    path("trail/download/", views.trail_download, name="trail_download"),
]
