"""Keep raters true to the member they are: their name, address and merges, in rounds that are not over."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Lower

from cohorts.models import Membership
from cohorts.web.refusals import NotNow
from feedback360.models import Rater, Relation, Request, RequestState, State
from feedback360.rounds.actions.nominations import decline

UNDER_WAY = (State.DRAFT, State.NOMINATING, State.COLLECTING)
MAX_CHARACTERS = Rater._meta.get_field("name").max_length


@transaction.atomic
def follow_member(*, member: Membership, now: datetime) -> None:
    """Mails of these rounds go to the new address from now on, and links sent to the old one are dead.

    Where somebody asked the new address in the same round, both stay: each is a list of its own. Idempotent.
    """
    mine = Rater.objects.select_for_update().filter(membership=member, erased_at=None, round__state__in=UNDER_WAY)
    email, name = member.person.email, member.name[:MAX_CHARACTERS]
    for rater in mine:
        others = Rater.objects.alias(address=Lower("email")).filter(round=rater.round_id, erased_at=None)
        if rater.email.lower() != email and not others.filter(address=email).exists():
            rater.email, rater.link_version = email, rater.link_version + 1
        rater.name = name
        rater.save(update_fields=["email", "name", "link_version"])


@transaction.atomic
def join_raters(*, kept: Membership, gone: Membership, now: datetime) -> bool:
    """Withdraw what a merge makes wrong: questions to somebody about themselves, or asked twice.

    What they answered already stays: nobody can find an answer. Returns whether there was any such question, answered,
    declined or neither: which of them it was is nobody's to know.
    """
    both = {kept.pk, gone.pk}
    theirs = Request.objects.filter(rater__membership__in=both, subject__round__state__in=UNDER_WAY)
    listed = theirs.exclude(state=RequestState.WITHDRAWN).exclude(relation=Relation.SELF)
    listed = listed.select_related("rater", "subject__enrolment")
    kept_by = set(listed.filter(rater__membership=kept).values_list("subject_id", flat=True))
    found = False
    for request in listed.order_by("pk"):
        is_about_self = request.subject.enrolment.leader_id in both
        is_second = request.rater.membership_id == gone.pk and request.subject_id in kept_by
        if not is_about_self and not is_second:
            continue
        found = True
        if request.state not in (RequestState.ANSWERED, RequestState.DECLINED):
            _take_back(request, now)
    return found


def _take_back(request: Request, now: datetime) -> None:
    if request.state == RequestState.ASKED:
        with suppress(NotNow):  # a manager's, or of a round that closes at this moment
            decline(request=request, now=now)
        return
    Request.objects.filter(pk=request.pk).update(state=RequestState.WITHDRAWN)
