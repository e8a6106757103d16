"""What a rater's link opens: the leaders they are asked about in one round, and nothing else."""

from django.db.models import QuerySet

from cohorts.models import Membership
from feedback360.models import Request, RequestState
from feedback360.rounds.rater_links import RaterLink
from feedback360.rounds.rater_rules import ANSWERING

LISTED = (*ANSWERING, RequestState.DECLINED)


def requests_of(link: RaterLink) -> list[Request]:
    """All this rater is asked about, by the leader's name; none if the link was revoked. One query."""
    asked = _asked(link).filter(state__in=LISTED)
    return list(asked.order_by("subject__enrolment__leader__name", "pk"))


def request_of(link: RaterLink, request_id: int) -> Request | None:
    """One of them, with all that its pages show. One query."""
    return _asked(link).filter(pk=request_id).first()


def _asked(link: RaterLink) -> QuerySet[Request]:
    opened = Request.objects.filter(
        rater=link.rater_id, rater__link_version=link.version, rater__erased_at=None
    ).exclude(rater__membership__in=Membership.objects.shut_out())
    return opened.select_related(
        "organisation",
        "rater",
        "subject__round__questionnaire",
        "subject__round__cohort",
        "subject__enrolment__leader",
        "subject__enrolment__sponsor",
    )
