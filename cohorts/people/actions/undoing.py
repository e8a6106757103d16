"""Take an import of people back as a whole."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F, ProtectedError, Q
from django.utils.translation import gettext as _

from cohorts.models import Enrolment, Invitation, Membership, Role
from cohorts.people.actions.members import ROWS_PER_STATEMENT
from cohorts.web.refusals import NotNow


def take_back(made: Mapping[str, Any], *, today: date, now: datetime) -> None:
    """In sets, however long the list was. What the import changed in others stands again as before.

    What somebody else changed since stays: nobody gets a role back, or loses one, that the import did not give.
    """
    enrolments, members = made.get("enrolments", []), made.get("members", [])
    _hold(enrolments, members)
    ensure_not_started(enrolments, members, today=today)
    try:
        Enrolment.objects.filter(pk__in=enrolments).delete()
    except ProtectedError as error:
        raise NotNow(started_sentence()) from error
    _give_sponsors_back(made.get("sponsors", []))
    _ensure_nothing_more(members)
    _take_given(dict(made.get("given", [])), made.get("managers", []))
    _send_off(members, now=now)


def _hold(enrolments: list[int], members: list[int]) -> None:
    """Who starts or signs in at this moment does so before or after, never in between."""
    list(Enrolment.objects.filter(pk__in=enrolments).select_for_update().order_by("pk").values_list("pk"))
    invitations = Invitation.objects.filter(membership__in=members)
    list(invitations.select_for_update().order_by("pk").values_list("pk"))


def _give_sponsors_back(moved: list[tuple[int, int | None, int | None]]) -> None:
    """Where the one of the import still is; to nobody who is no sponsor any more."""
    steps = {key: (before, now) for key, before, now in moved}
    able = set(Membership.objects.active().with_role(Role.SPONSOR).values_list("pk", flat=True))
    held = Enrolment.objects.filter(pk__in=steps).select_for_update(of=("self",))
    same = [each for each in held if each.sponsor_id == steps[each.pk][1]]
    for enrolment in same:
        before = steps[enrolment.pk][0]
        enrolment.sponsor_id = before if before in able else None
    Enrolment.objects.bulk_update(same, ["sponsor"], batch_size=ROWS_PER_STATEMENT)


def _ensure_nothing_more(members: list[int]) -> None:
    """The import's own people have become nothing else: no admin, nobody's sponsor, no leader elsewhere."""
    more = Membership.objects.filter(pk__in=members).exclude(roles__contained_by=[Role.LEADER, Role.SPONSOR])
    theirs = Enrolment.objects.active().filter(Q(leader__in=members) | Q(sponsor__in=members))
    if more.exists() or theirs.exists():
        raise NotNow(_("Someone on this list has other tasks by now. Remove people one by one instead."))


def _take_given(given: Mapping[int, list[str]], managers: list[list[int | None]]) -> None:
    """Roles that the import gave, but for those somebody needs by now; and managers that are still the import's."""
    steps = {key: (before, now) for key, before, now in managers}
    walking = set(Enrolment.objects.active().filter(leader__in=given).values_list("leader", flat=True))
    followed = set(Enrolment.objects.active().filter(sponsor__in=given).values_list("sponsor", flat=True))
    needed: dict[str, set[int | None]] = {Role.LEADER: walking, Role.SPONSOR: followed}
    changed = list(Membership.objects.filter(pk__in={*given, *steps}).select_for_update(of=("self",)))
    for member in changed:
        taken = {role for role in given.get(member.pk, ()) if member.pk not in needed.get(role, ())}
        member.roles = [role for role in member.roles if role not in taken]
        if member.pk in steps and member.manager_id == steps[member.pk][1]:
            member.manager_id = steps[member.pk][0]
    Membership.objects.bulk_update(changed, ["roles", "manager"], batch_size=ROWS_PER_STATEMENT)


def _send_off(members: list[int], *, now: datetime) -> None:
    """End memberships that the import began; nobody of them has signed in, so there is no session to end."""
    open_ones = Invitation.objects.filter(membership__in=members, accepted_at=None, revoked_at=None)
    open_ones.update(revoked_at=now)
    Membership.objects.filter(manager__in=members).update(manager=None)
    gone = Membership.objects.filter(pk__in=members, left_at=None)
    gone.update(left_at=now, suspended_at=None, manager=None, link_version=F("link_version") + 1)


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
