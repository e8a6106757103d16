"""Take an import of people back as a whole."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from cohorts.models import Enrolment, Invitation, Membership
from cohorts.people.actions.members import ROWS_PER_STATEMENT
from cohorts.web.refusals import NotNow


def take_back(made: Mapping[str, Any], *, today: date, now: datetime) -> None:
    """In sets, however long the list was. What the import changed in others stands again as before."""
    enrolments, members = made.get("enrolments", []), made.get("members", [])
    ensure_not_started(enrolments, members, today=today)
    try:
        Enrolment.objects.filter(pk__in=enrolments).delete()
    except ProtectedError as error:
        raise NotNow(started_sentence()) from error
    sponsors = dict(made.get("sponsors", []))
    moved = list(Enrolment.objects.filter(pk__in=sponsors).select_for_update(of=("self",)))
    for enrolment in moved:
        enrolment.sponsor_id = sponsors[enrolment.pk]
    Enrolment.objects.bulk_update(moved, ["sponsor"], batch_size=ROWS_PER_STATEMENT)
    roles, managers = dict(made.get("roles", [])), dict(made.get("managers", []))
    changed = list(Membership.objects.filter(pk__in={*roles, *managers}).select_for_update(of=("self",)))
    for member in changed:
        member.roles = roles.get(member.pk, member.roles)
        member.manager_id = managers.get(member.pk, member.manager_id)
    Membership.objects.bulk_update(changed, ["roles", "manager"], batch_size=ROWS_PER_STATEMENT)
    _send_off(members, now=now)


def _send_off(members: list[int], *, now: datetime) -> None:
    """End memberships that the import began; nobody of them has signed in, so there is no session to end."""
    open_ones = Invitation.objects.filter(membership__in=members, accepted_at=None, revoked_at=None)
    open_ones.update(revoked_at=now)
    Membership.objects.filter(manager__in=members).update(manager=None)
    gone = Membership.objects.filter(pk__in=members)
    gone.update(left_at=now, manager=None, link_version=F("link_version") + 1)


def ensure_not_started(enrolments: list[int], members: list[int], *, today: date) -> None:
    """Nobody's day 1 has come, nobody signed in, and nobody wrote or planned anything."""
    theirs = Enrolment.objects.filter(pk__in=enrolments)
    has_begun = theirs.filter(day1_on__lte=today).exists()
    has_come = Invitation.objects.filter(membership__in=members).exclude(accepted_at=None).exists()
    if has_begun or has_come or any(map(_is_in_use(enrolments), Enrolment._meta.related_objects)):
        raise NotNow(started_sentence())


def started_sentence() -> str:
    return _("Someone on this list has started or signed in. Remove people one by one instead.")


def _is_in_use(enrolments: list[int]) -> Any:
    def is_in_use(relation: Any) -> bool:
        if relation.name == "clocks":  # every enrolment has one from the start
            return False
        rows = relation.related_model.objects.filter(**{f"{relation.field.name}__in": enrolments})
        return bool(rows.exists())

    return is_in_use
