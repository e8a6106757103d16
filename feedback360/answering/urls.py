"""A rater's pages, at the front door: the link is all they have."""

from django.urls import path, re_path

from feedback360.answering.views import choices, lost_link, pages

urlpatterns = [
    path("again/", lost_link.again, name="rater_again"),
    path("<str:token>/", pages.leaders, name="rater"),
    path("<str:token>/language/", choices.language, name="rater_language"),
    path("<str:token>/<int:pk>/", pages.start, name="rater_start"),
    path("<str:token>/<int:pk>/item/<slug:key>/", pages.item, name="rater_item"),
    path("<str:token>/<int:pk>/words/", pages.words, name="rater_words"),
    path("<str:token>/<int:pk>/review/", pages.review, name="rater_review"),
    path("<str:token>/<int:pk>/decline/", choices.decline, name="rater_decline"),
    re_path(r"^(?:.*/)?$", lost_link.damaged, name="rater_damaged"),
]
