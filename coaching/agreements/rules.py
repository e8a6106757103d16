"""What the words of an agreement are held to. Actions and forms ask the same functions."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from cohorts.web.bounds import ensure_date, ensure_text
from cohorts.web.refusals import Invalid

MAX_PURPOSE_CHARACTERS = 1000
MAX_LIMITS_CHARACTERS = 1000
MAX_STOPPING_CHARACTERS = 600
MAX_DAYS_TO_REVIEW = 366


def ensure_words(*, purpose: str, limits: str, stopping: str) -> None:
    ensure_text("purpose", purpose, most=MAX_PURPOSE_CHARACTERS)
    ensure_text("limits", limits, most=MAX_LIMITS_CHARACTERS)
    ensure_text("stopping", stopping, most=MAX_STOPPING_CHARACTERS)


def ensure_review(review_on: date, *, today: date) -> None:
    ensure_date("review_on", review_on)
    if not today < review_on <= today + timedelta(days=MAX_DAYS_TO_REVIEW):
        raise Invalid("review_on", _("Choose a day after today and within a year."))
