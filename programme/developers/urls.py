from django.urls import path

from programme.developers import views

urlpatterns = [
    path("api/", views.api_page, name="api_page"),
    path("api/openapi.json", views.api_description, name="api_description"),
    path("api/browser/", views.api_browser, name="api_browser"),
]
