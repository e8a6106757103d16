"""Take an import of people back as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from django.db import connection
from django.db.models import F, ManyToOneRel, QuerySet
from django.utils.translation import gettext as _

from cohorts.models import Clock, Enrolment, Invitation, MemberNotice, Membership, Role
from cohorts.people.actions.progress import Progress
from cohorts.tenancy.sets import KeysOf, delete_rows, update_column
from cohorts.tenancy.wall import OrganisationOwned, current_organisation_id
from cohorts.web.refusals import NotNow

Keys = Sequence[int] | KeysOf
KEYS_A_STATEMENT = 5_000
# What an enrolment may have although nobody began: it goes with it. Everything else that refers to one is a beginning.
GO_ALONG: tuple[type[OrganisationOwned], ...] = (Clock, MemberNotice)
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


def take_back(made: Mapping[str, Any], *, today: date, now: datetime, say: Progress) -> None:
    """In sets, however long the list was. What the import changed in others stands again as before.

    What somebody else changed since stays: nobody gets a role back, or loses one, that the import did not give.
    """
    enrolments, members = made.get("enrolments", []), made.get("members", [])
    total = {"people": len(members), "total": len(enrolments) + len(members)}
    done = 0
    say(done, **total)
    _hold(enrolments, members)
    ensure_not_started(enrolments, members, today=today)
    for keys in _pieces(enrolments):
        _delete(keys)
        connection.check_constraints()  # the commit could not say how far it is
        done += len(keys)
        say(done, **total)
    _give_sponsors_back(made.get("sponsors", []))
    _ensure_nothing_more(members)
    _take_given(dict(made.get("given", [])), made.get("managers", []))
    for keys in _pieces(members):
        _send_off(keys, now=now)
        done += len(keys)
        say(done, **total)
    for keys in _pieces(members):
        Membership.objects.filter(manager__one_of=keys).update(manager=None)


def _pieces(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for first in range(0, len(keys), KEYS_A_STATEMENT):
        yield keys[first : first + KEYS_A_STATEMENT]


def _hold(enrolments: list[int], members: list[int]) -> None:
    """Who starts or signs in at this moment does so before or after, never in between."""
    for keys in _pieces(sorted(enrolments)):
        list(Enrolment.objects.filter(pk__one_of=keys).select_for_update().order_by("pk").values_list("pk"))
    for keys in _pieces(sorted(members)):
        invitations = Invitation.objects.filter(membership__one_of=keys)
        list(invitations.select_for_update().order_by("pk").values_list("pk"))


def _delete(enrolments: Sequence[int]) -> None:
    """In a statement for each table. `_begun` looked at all others; Django would read what each of them has."""
    for model in GO_ALONG:
        model.objects.filter(enrolment__one_of=enrolments).delete()
    delete_rows(Enrolment, enrolments)


def _give_sponsors_back(moved: list[tuple[int, int | None, int | None]]) -> None:
    """Where the one of the import still is; to nobody who is no sponsor any more."""
    if not moved:
        return
    able = set(Membership.objects.active().with_role(Role.SPONSOR).values_list("pk", flat=True))
    for piece in _pieces(moved):
        steps = {key: (before, now) for key, before, now in piece}
        held = Enrolment.objects.filter(pk__one_of=steps).select_for_update(of=("self",)).order_by("pk")
        same = [key for key, sponsor in held.values_list("pk", "sponsor") if sponsor == steps[key][1]]
        update_column(
            Enrolment, "sponsor", {key: before if (before := steps[key][0]) in able else None for key in same}
        )


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
    for keys in _pieces(sorted({*given, *steps})):
        held = Membership.objects.filter(pk__one_of=keys).select_for_update(of=("self",)).order_by("pk")
        back: dict[int, int | None] = {}
        left: dict[tuple[str, ...], list[int]] = {}
        for key, roles, manager in held.values_list("pk", "roles", "manager"):
            taken = {role for role in given.get(key, ()) if key not in needed.get(role, ())}
            if not taken.isdisjoint(roles):
                left.setdefault(tuple(role for role in roles if role not in taken), []).append(key)
            if key in steps and manager == steps[key][1]:
                back[key] = steps[key][0]
        for kept, those in left.items():
            Membership.objects.filter(pk__one_of=those).update(roles=list(kept))
        update_column(Membership, "manager", back)


def _send_off(members: Sequence[int], *, now: datetime) -> None:
    """End memberships that the import began; nobody of them has signed in, so there is no session to end."""
    open_ones = Invitation.objects.filter(membership__one_of=members, accepted_at=None, revoked_at=None)
    open_ones.update(revoked_at=now)
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
    for relation in Enrolment._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.related_model not in GO_ALONG:
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
