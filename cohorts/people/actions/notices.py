"""Mails that tell people what changed around them: a leader's sponsor, an organisation's owners and admins.

A mail about a sponsor waits a minute, in which Undo takes it back and another change replaces it: what is sent is the
difference between what the leader knew and what is true.
"""

from collections.abc import Iterable
from datetime import datetime

from cohorts.models import Enrolment, MemberNotice, Membership, Role
from cohorts.models.mail import MailState
from cohorts.people.actions.invitations import HELD_FOR
from cohorts.people.policies import POWERFUL


def tell_of_sponsor(enrolment: Enrolment, *, before: int | None, by: Membership, now: datetime) -> None:
    """Tell a leader that their sponsor is another one now. Needs the enrolment locked, and saved with its sponsor."""
    tell_of_sponsors([(enrolment, before)], by=by, now=now)


def tell_of_sponsors(changed: Iterable[tuple[Enrolment, int | None]], *, by: Membership, now: datetime) -> None:
    """The same for several, each with the key of the sponsor until now; in a constant number of statements."""
    before = {enrolment.pk: (enrolment, was) for enrolment, was in changed if enrolment.sponsor_id != was}
    waiting = MemberNotice.objects.select_for_update().filter(
        kind=MemberNotice.Kind.SPONSOR, enrolment__in=before, state=MailState.DUE, attempts=0
    )
    unsent = {notice.enrolment_id: notice for notice in waiting}
    known = {key: unsent[key].before_id if key in unsent else was for key, (_enrolment, was) in before.items()}
    MemberNotice.objects.filter(pk__in=[notice.pk for notice in unsent.values()]).delete()
    MemberNotice.objects.bulk_create(
        MemberNotice(
            kind=MemberNotice.Kind.SPONSOR,
            recipient_id=enrolment.leader_id,
            enrolment=enrolment,
            about_id=enrolment.sponsor_id,
            before_id=known[key],
            by=by,
            created_at=now,
            not_before=now + HELD_FOR,
        )
        for key, (enrolment, _was) in before.items()
        if enrolment.sponsor_id != known[key]
    )


def tell_owners(member: Membership, roles: Iterable[str], *, by: Membership | None, now: datetime) -> None:
    """Tell every owner that somebody was made owner or admin; who did it knows, and so does the member."""
    known = {member.pk, by.pk if by else None}
    owners = [each for each in Membership.objects.active().with_role(Role.OWNER) if each.pk not in known]
    MemberNotice.objects.bulk_create(
        MemberNotice(
            kind=MemberNotice.Kind.ROLE,
            recipient=owner,
            about=member,
            by=by,
            role=role,
            created_at=now,
            not_before=now + HELD_FOR,
        )
        for role in roles
        if role in POWERFUL
        for owner in owners
    )
