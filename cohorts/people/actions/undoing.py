"""Take an import of people back as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from django.db import connection
from django.db.models import F, ProtectedError, QuerySet
from django.utils.translation import gettext as _

from cohorts.models import Enrolment, Invitation, Membership, Role
from cohorts.people.actions.members import ROWS_PER_STATEMENT
from cohorts.tenancy.sets import KeysOf
from cohorts.tenancy.wall import OrganisationOwned, current_organisation_id
from cohorts.web.refusals import NotNow

Keys = Sequence[int] | KeysOf
# What imports made, by import and key. A long list has megabytes of keys, which never leave PostgreSQL.
MADE = """
made_{name} AS MATERIALIZED (
    SELECT intake.id AS intake, key::bigint AS id
    FROM cohorts_intake AS intake, jsonb_array_elements_text(intake.made -> '{name}') AS key
    WHERE intake.organisation_id = %s AND intake.id = ANY(%s)
)
"""
WITH_MADE = f"WITH {MADE.format(name='enrolments')}, {MADE.format(name='members')}"
MADE_ENROLMENTS, MADE_MEMBERS = KeysOf("made_enrolments"), KeysOf("made_members")


def take_back(made: Mapping[str, Any], *, today: date, now: datetime) -> None:
    """In sets, however long the list was. What the import changed in others stands again as before.

    What somebody else changed since stays: nobody gets a role back, or loses one, that the import did not give.
    """
    enrolments, members = made.get("enrolments", []), made.get("members", [])
    _hold(enrolments, members)
    ensure_not_started(enrolments, members, today=today)
    try:
        for first in range(0, len(enrolments), ROWS_PER_STATEMENT):
            Enrolment.objects.filter(pk__one_of=enrolments[first : first + ROWS_PER_STATEMENT]).delete()
    except ProtectedError as error:
        raise NotNow(started_sentence()) from error
    _give_sponsors_back(made.get("sponsors", []))
    _ensure_nothing_more(members)
    _take_given(dict(made.get("given", [])), made.get("managers", []))
    _send_off(members, now=now)


def _hold(enrolments: list[int], members: list[int]) -> None:
    """Who starts or signs in at this moment does so before or after, never in between."""
    list(Enrolment.objects.filter(pk__one_of=enrolments).select_for_update().order_by("pk").values_list("pk"))
    invitations = Invitation.objects.filter(membership__one_of=members)
    list(invitations.select_for_update().order_by("pk").values_list("pk"))


def _give_sponsors_back(moved: list[tuple[int, int | None, int | None]]) -> None:
    """Where the one of the import still is; to nobody who is no sponsor any more."""
    steps = {key: (before, now) for key, before, now in moved}
    able = set(Membership.objects.active().with_role(Role.SPONSOR).values_list("pk", flat=True))
    held = Enrolment.objects.filter(pk__one_of=steps).select_for_update(of=("self",))
    same = [each for each in held if each.sponsor_id == steps[each.pk][1]]
    for enrolment in same:
        before = steps[enrolment.pk][0]
        enrolment.sponsor_id = before if before in able else None
    Enrolment.objects.bulk_update(same, ["sponsor"], batch_size=ROWS_PER_STATEMENT)


def _ensure_nothing_more(members: list[int]) -> None:
    """The import's own people have become nothing else: no admin, nobody's sponsor, no leader elsewhere."""
    if _together(_more_than_imported(members)).exists():
        raise NotNow(taken_on_sentence())


def _take_given(given: Mapping[int, list[str]], managers: list[list[int | None]]) -> None:
    """Roles that the import gave, but for those somebody needs by now; and managers that are still the import's."""
    steps = {key: (before, now) for key, before, now in managers}
    walking = set(Enrolment.objects.active().filter(leader__one_of=given).values_list("leader", flat=True))
    followed = set(Enrolment.objects.active().filter(sponsor__one_of=given).values_list("sponsor", flat=True))
    needed: dict[str, set[int | None]] = {Role.LEADER: walking, Role.SPONSOR: followed}
    changed = list(Membership.objects.filter(pk__one_of={*given, *steps}).select_for_update(of=("self",)))
    for member in changed:
        taken = {role for role in given.get(member.pk, ()) if member.pk not in needed.get(role, ())}
        member.roles = [role for role in member.roles if role not in taken]
        if member.pk in steps and member.manager_id == steps[member.pk][1]:
            member.manager_id = steps[member.pk][0]
    Membership.objects.bulk_update(changed, ["roles", "manager"], batch_size=ROWS_PER_STATEMENT)


def _send_off(members: list[int], *, now: datetime) -> None:
    """End memberships that the import began; nobody of them has signed in, so there is no session to end."""
    open_ones = Invitation.objects.filter(membership__one_of=members, accepted_at=None, revoked_at=None)
    open_ones.update(revoked_at=now)
    Membership.objects.filter(manager__one_of=members).update(manager=None)
    gone = Membership.objects.filter(pk__one_of=members, left_at=None)
    gone.update(left_at=now, suspended_at=None, manager=None, link_version=F("link_version") + 1)


def ensure_not_started(enrolments: list[int], members: list[int], *, today: date) -> None:
    """Nobody's day 1 has come, nobody signed in, and nobody wrote or planned anything."""
    if _together(_begun(enrolments, today=today)).exists() or _arrived(members).exists():
        raise NotNow(started_sentence())


def started_sentence() -> str:
    return _("Someone on this list has started or signed in. Remove people one by one instead.")


def taken_on_sentence() -> str:
    return _("Someone on this list has other tasks by now. Remove people one by one instead.")


def why_not_undone(imports: Sequence[int], *, today: date) -> dict[int, str]:
    """By key of an import that cannot be undone now, the reason as a sentence. Three queries, however many imports."""
    if not imports:
        return {}
    more = _together(_more_than_imported(MADE_MEMBERS, but=MADE_ENROLMENTS))
    begun = _together(_begun(MADE_ENROLMENTS, today=today))
    return {
        **dict.fromkeys(_imports_with("members", more, imports), taken_on_sentence()),
        **dict.fromkeys(_imports_with("enrolments", begun, imports), started_sentence()),
        **dict.fromkeys(_imports_with("members", _arrived(MADE_MEMBERS), imports), started_sentence()),
    }


def _imports_with(made: str, keys: QuerySet, imports: Sequence[int]) -> list[int]:
    """Those of the imports that made one of these enrolments or members; `made` is which of the two."""
    those, parameters = keys.query.sql_with_params()
    asked = (current_organisation_id(), list(imports)) * 2
    with connection.cursor() as cursor:
        statement = f"{WITH_MADE} SELECT DISTINCT intake FROM made_{made} WHERE id IN ({those})"  # noqa: S608 - ours
        cursor.execute(statement, [*asked, *parameters])
        return [key for (key,) in cursor.fetchall()]


def _together(keys: Iterator[QuerySet]) -> QuerySet:
    """One query that gives each key once."""
    first, *others = keys
    return first.union(*others)


def _begun(enrolments: Keys, *, today: date) -> Iterator[QuerySet]:
    """Keys of those enrolments whose day 1 has come, or that somebody used."""
    yield Enrolment.objects.filter(pk__one_of=enrolments, day1_on__lte=today).order_by().values_list("pk", flat=True)
    for relation in Enrolment._meta.related_objects:
        if relation.name != "clocks":  # every enrolment has one from the start
            name, model = relation.field.name, cast(type[OrganisationOwned], relation.related_model)
            rows = model.objects.filter(**{f"{name}__one_of": enrolments})
            yield rows.order_by().values_list(name, flat=True)


def _arrived(members: Keys) -> QuerySet:
    """Keys of those members who signed in."""
    accepted = Invitation.objects.filter(membership__one_of=members).exclude(accepted_at=None)
    return accepted.order_by().values_list("membership", flat=True).distinct()


def _more_than_imported(members: Keys, *, but: Keys = ()) -> Iterator[QuerySet]:
    """Keys of those members who are more by now: admins, somebody's sponsors, leaders elsewhere than in `but`."""
    more = Membership.objects.filter(pk__one_of=members).exclude(roles__contained_by=[Role.LEADER, Role.SPONSOR])
    yield more.order_by().values_list("pk", flat=True)
    theirs = Enrolment.objects.active().exclude(pk__one_of=but).order_by()
    for name in ("leader", "sponsor"):
        yield theirs.filter(**{f"{name}__one_of": members}).values_list(name, flat=True)
