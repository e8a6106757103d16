"""When the leaders of a cohort practised, last week and this: dates alone, in one query for everybody."""

from datetime import date, timedelta

from django.contrib.postgres.aggregates import ArrayAgg

from cohorts.models import Cohort
from goals.models import Practice

Practised = dict[int, frozenset[date]]


def practised_lately(cohort: Cohort, today: date) -> Practised:
    """By enrolment, the dates on which somebody practised since Monday of last week; a day to spare for other zones."""
    done = Practice.objects.filter(enrolment__cohort=cohort, did_it=True)
    lately = done.filter(on__range=(monday(today) - timedelta(days=8), today + timedelta(days=1)))
    dates = lately.order_by().values("enrolment_id").annotate(dates=ArrayAgg("on"))
    return {enrolment_id: frozenset(found) for enrolment_id, found in dates.values_list("enrolment_id", "dates")}


def monday(on: date) -> date:
    return on - timedelta(days=on.weekday())
