"""Following a list with `updated_since` misses no change of what is shown, and tells nothing else."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, models
from django.urls import reverse

from coaching.hosting.forms.directory import DirectoryFilter
from coaching.models import Booking, BookingState, Session, Visit
from cohorts.enrolment.actions.enrolments import note_logs
from cohorts.enrolment.roster_filters import RosterFilters
from cohorts.models import Cohort, CurriculumVersion, Enrolment, Membership, Nudge, Pause
from cohorts.people.actions.invitations import accept_invitations
from cohorts.people.member_filters import MemberFilters
from cohorts.tenancy.tracking import ClockTimestamp
from cohorts.tenancy.wall import within
from feedback360.models import Round, Subject
from goals.habits.forms.history import PracticeFilter, ReflectionFilter
from goals.models import CheckIn, Focus, Goal, Kpi, Objective, Place, Practice, Reflection, Team
from goals.objectives.actions.taking_part import save_parts
from programme.developers.description import in_repository
from programme.settings import env
from tests import factories as make
from tests.api.client import Program, key_of
from tests.api.equality import Same
from tests.api.test_equality import ENDPOINTS, EVERY_SCOPE, noun_of, program, where
from tests.api.test_list_queries import LISTS, ROWS
from tests.architecture.routes import keys
from tests.cast import Cast, House
from tests.times import NOW, TODAY

FIXED = "never changes once the row is there"
COUNTED = "follows from other rows: `test_a_part_moves_the_whole`"
PASSES = "passes with the time of day, without anything being saved"
OWN_DOING = "its time would say when somebody practised, first signed in, or noted what no list shows"
OF_ANOTHER = "the time of that row would tell its reader more than the name they see"
NO_COLUMN = {FIXED, COUNTED, PASSES, OWN_DOING, OF_ANOTHER}
# Of each list: whose rows it has, and where a field is not the column of the same name, where it comes from.
SHOWN: dict[str, tuple[type[models.Model], dict[str, str]]] = {
    "api_cohorts": (Cohort, {"curriculum_version": "version", "leaders": COUNTED}),
    "api_enrolments": (
        Enrolment,
        {
            "leader.email": "leader.person.email",
            "last_practice_on": OWN_DOING,
            **dict.fromkeys(["day", "status.key", "status.words"], PASSES),
        },
    ),
    "api_pauses": (Pause, {}),
    "api_nudges": (Nudge, {"enrolment": FIXED, "on": FIXED, "day": FIXED, "channel": FIXED}),
    "api_members": (Membership, {"email": "person.email", "has_signed_in": OWN_DOING}),
    "api_curricula": (CurriculumVersion, {"curriculum": FIXED}),
    "api_practices": (Practice, {"on": FIXED}),
    "api_reflections": (Reflection, {"on": FIXED}),
    "api_focuses": (Focus, {"level": COUNTED}),
    "api_goals": (Goal, {"scale.score": "scale", "scale.words": "scale", "scale.bound": "scale"}),
    "api_check_ins": (CheckIn, {"on": FIXED}),
    "api_teams": (Team, {"members": COUNTED}),
    "api_kpis": (Kpi, {}),
    "api_objectives": (Objective, {"revision": OWN_DOING}),
    "api_rounds": (Round, {"cohort": FIXED, "key": FIXED}),
    "api_round_leaders": (
        Subject,
        {"leader": FIXED, "name": "enrolment.leader.name", "sentence": COUNTED, "status": COUNTED},
    ),
    "api_own_rounds": (
        Subject,
        {"cohort": FIXED, **{name: f"round.{name}" for name in ("state", "opens_at", "releases_at")}},
    ),
    "api_sessions": (
        Session,
        {"pairing": FIXED, "partner.id": FIXED, "partner_is": FIXED, "partner.name": OF_ANOTHER},
    ),
    "api_visits": (Visit, {}),
    "api_visit_counts": (
        Visit,
        {"host": "host.name", "booked": COUNTED, "offered": COUNTED, "waiting": COUNTED},
    ),
    "api_bookings": (Booking, {"visit": FIXED, "title": "visit.title", "starts_at": "visit.starts_at"}),
}
# What a page narrows its list by, besides its order and what is chosen on it.
FILTERS = {
    "api_enrolments": {*RosterFilters.__dataclass_fields__} - {"sort", "is_choosing"},
    "api_members": {*MemberFilters.__dataclass_fields__} - {"sort"},
    "api_practices": {*PracticeFilter.base_fields},
    "api_reflections": {*ReflectionFilter.base_fields},
    "api_objectives": {"place", "department"},
    "api_visits": {*DirectoryFilter.base_fields},
}


def operation_of(endpoint: str) -> dict[str, Any]:
    route = ENDPOINTS[endpoint]
    path = reverse(route.name, urlconf="programme.api", kwargs=dict.fromkeys(route.parameters, 0))
    pattern = re.compile("^" + re.sub(r"\{\w+\}", "0", path) + "$")
    paths = in_repository()["paths"]
    return next(item["get"] for name, item in paths.items() if pattern.match(re.sub(r"\{\w+\}", "0", name)))


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    for each in (schema, *schema.get("oneOf", ()), *schema.get("allOf", ())):
        if "$ref" in each:
            found: dict[str, Any] = in_repository()["components"]["schemas"][each["$ref"].rpartition("/")[2]]
            return found
    return schema


def leaves(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """The names of all that a row shows: `leader.name`."""
    schema = resolved(schema)
    if schema.get("type") == "array":
        schema = resolved(schema["items"])
    if "properties" not in schema:
        yield path.lstrip(".")
    for name, inner in schema.get("properties", {}).items():
        yield from leaves(inner, f"{path}.{name}")


def page_of(endpoint: str) -> dict[str, Any]:
    return resolved(operation_of(endpoint)["responses"]["200"]["content"]["application/json"]["schema"])


def sources(endpoint: str) -> dict[str, str]:
    """Of each field, the path of its column from the row: `leader.name`; an id is its relation."""
    _model, special = SHOWN[endpoint]
    shown = [leaf for leaf in leaves(page_of(endpoint)["properties"]["data"]) if leaf != "id"]
    assert special.keys() <= {*shown}, special.keys() - {*shown}
    return {leaf: special.get(leaf, leaf.removesuffix(".id")) for leaf in shown}


def columns(endpoint: str) -> Iterator[tuple[type[models.Model], str]]:
    for source in sources(endpoint).values():
        if source in NO_COLUMN:
            continue
        model, _special = SHOWN[endpoint]
        *way, last = source.split(".")
        for name in way:
            model = model._meta.get_field(name).related_model
        yield model, model._meta.get_field(last).column


def relations(endpoint: str) -> list[str]:
    """The other rows a row of this list shows something of; the row itself is the empty one."""
    ways = {source.rpartition(".")[0] for source in sources(endpoint).values() if source not in NO_COLUMN}
    return sorted({"", *ways} | ({"round"} if endpoint == "api_round_leaders" else set()))


def test_every_list_has_a_line() -> None:
    described = {
        item["get"]["operationId"]
        for item in in_repository()["paths"].values()
        if "get" in item and {"data", "next"} <= {*body_of(item["get"])}
    }

    assert {operation_of(endpoint)["operationId"] for endpoint in SHOWN} == described
    assert SHOWN.keys() == ROWS.keys()


def body_of(operation: dict[str, Any]) -> list[str]:
    content = operation["responses"]["200"].get("content", {}).get("application/json", {})
    return [*resolved(content.get("schema", {})).get("properties", {})]


@pytest.mark.parametrize("endpoint", SHOWN)
def test_a_list_has_what_every_list_has_and_the_filters_of_its_page(endpoint: str) -> None:
    asked = {each["name"] for each in operation_of(endpoint)["parameters"]}

    assert asked >= {"fields", "ordering", "updated_since", "limit", "cursor", *FILTERS.get(endpoint, ())}
    assert body_of(operation_of(endpoint)) == ["data", "next", "as_of"]


@pytest.mark.parametrize("endpoint", SHOWN)
def test_every_column_shown_is_watched(endpoint: str, db: object) -> None:
    missing = [(model.__name__, column) for model, column in columns(endpoint) if column not in watched(model)]

    assert missing == []


def watched(model: type[models.Model]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'date_change' AND tgrelid = %s::regclass",
            [model._meta.db_table],
        )
        (definition,) = cursor.fetchone()
    return set(re.findall(r"old\.(\w+)", definition))


class Followed:
    """One list as a program follows it."""

    def __init__(self, same: Same, cast: Cast, **kwargs: int) -> None:
        is_personal = noun_of(same).is_personal
        meanings = keys(cast.houses["acme"], same.page.partition("@")[2])
        self.client = program(cast.ada if is_personal else cast.olav, EVERY_SCOPE, is_personal=is_personal)
        self.address = where(ENDPOINTS[same.endpoint], meanings)
        if kwargs:
            self.address = f"/o/acme/api/v1{reverse(same.endpoint, urlconf='programme.api', kwargs=kwargs)}"

    def since(self, at: datetime) -> list[int]:
        answer = self.client.get(f"{self.address}?limit=200&updated_since={at.strftime('%Y-%m-%dT%H:%M:%S.%fZ')}")
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()["data"]]


def database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    found: datetime = at
    return found


BY_ENDPOINT = {same.endpoint: same for same in LISTS}


@pytest.mark.parametrize(("endpoint", "way"), [(each, way) for each in SHOWN for way in relations(each)])
def test_a_row_moves_with_every_row_it_shows(endpoint: str, way: str, cast: Cast, clock: object) -> None:
    followed = Followed(BY_ENDPOINT[endpoint], cast)
    with within(cast.acme):
        row: Any = ROWS[endpoint](cast.houses["acme"], 1)
        other = row
        for name in filter(None, way.split(".")):
            if getattr(other, name) is None:
                setattr(other, name, cast.mia)
                other.save(update_fields=[name])
            other = getattr(other, name)
    before = database_time()
    quiet = followed.since(before)
    with within(cast.acme):
        type(other).objects.filter(pk=other.pk).update(updated_at=ClockTimestamp())

    assert row.pk not in quiet
    assert row.pk in followed.since(before)


@pytest.mark.parametrize("endpoint", SHOWN)
def test_a_new_row_is_there(endpoint: str, cast: Cast, clock: object) -> None:
    followed, before = Followed(BY_ENDPOINT[endpoint], cast), database_time()
    with within(cast.acme):
        row: Any = ROWS[endpoint](cast.houses["acme"], 1)

    assert row.pk in followed.since(before)


# What counts of other rows; what stands before `yield` is there already.


def a_leader_joins(house: House, cohort: Any) -> Iterator[None]:
    yield
    make.EnrolmentFactory(cohort=cohort)


def an_import_is_undone(house: House, cohort: Any) -> Iterator[None]:
    leader = make.EnrolmentFactory(cohort=cohort)
    yield
    leader.delete()


def days_away_are_added(house: House, enrolment: Any) -> Iterator[None]:
    yield
    make.PauseFactory(cohort=house.cohort, enrolment=enrolment)


def days_away_are_deleted(house: House, enrolment: Any) -> Iterator[None]:
    pause = make.PauseFactory(cohort=house.cohort, enrolment=enrolment)
    yield
    pause.delete()


def days_away_of_all_are_added(house: House, enrolment: Any) -> Iterator[None]:
    yield
    make.PauseFactory(cohort=house.cohort, enrolment=None)


def days_away_of_all_are_deleted(house: House, enrolment: Any) -> Iterator[None]:
    pause = make.PauseFactory(cohort=house.cohort, enrolment=None)
    yield
    pause.delete()


def an_invitation_is_withdrawn(house: House, member: Any) -> Iterator[None]:
    invitation = make.InvitationFactory(membership=getattr(member, "leader", member))
    yield
    invitation.revoked_at = NOW
    invitation.save(update_fields=["revoked_at"])


def an_invitation_is_made(house: House, member: Any) -> Iterator[None]:
    yield
    make.InvitationFactory(membership=member)


def an_invitation_is_deleted(house: House, member: Any) -> Iterator[None]:
    invitation = make.InvitationFactory(membership=member)
    yield
    invitation.delete()


def a_dial_is_turned(house: House, focus: Any) -> Iterator[None]:
    yield
    make.DialFactory(focus=focus, starts_on=TODAY)


def somebody_joins_the_team(house: House, team: Any) -> Iterator[None]:
    yield
    make.TeamMemberFactory(team=team)


def somebody_leaves_the_team(house: House, team: Any) -> Iterator[None]:
    member = make.TeamMemberFactory(team=team)
    yield
    member.delete()


def a_place_is_booked(house: House, visit: Any) -> Iterator[None]:
    yield
    make.BookingFactory(visit=visit, guest=house.members["bo"])


def a_place_is_left(house: House, visit: Any) -> Iterator[None]:
    booking = make.BookingFactory(visit=visit, guest=house.members["bo"], state="waiting")
    yield
    Booking.objects.filter(pk=booking.pk).update(state="offered", offered_at=NOW, offer_until=NOW, seat=1, seats=4)


PARTS: list[tuple[str, Callable[[House, Any], Iterator[None]]]] = [
    ("api_cohorts", a_leader_joins),
    ("api_cohorts", an_import_is_undone),
    ("api_enrolments", days_away_are_added),
    ("api_enrolments", days_away_are_deleted),
    ("api_enrolments", days_away_of_all_are_added),
    ("api_enrolments", days_away_of_all_are_deleted),
    ("api_enrolments", an_invitation_is_withdrawn),
    ("api_members", an_invitation_is_withdrawn),
    ("api_members", an_invitation_is_made),
    ("api_members", an_invitation_is_deleted),
    ("api_focuses", a_dial_is_turned),
    ("api_teams", somebody_joins_the_team),
    ("api_teams", somebody_leaves_the_team),
    ("api_visit_counts", a_place_is_booked),
    ("api_visit_counts", a_place_is_left),
]


@pytest.mark.parametrize(("endpoint", "happens"), PARTS, ids=lambda each: getattr(each, "__name__", each))
def test_a_part_moves_the_whole(endpoint: str, happens: Any, cast: Cast, clock: object) -> None:
    followed, house = Followed(BY_ENDPOINT[endpoint], cast), cast.houses["acme"]
    with within(cast.acme):
        row: Any = ROWS[endpoint](house, 1)
        moves = happens(house, row)
        next(moves)
    before = database_time()
    quiet = followed.since(before)
    with within(cast.acme):
        next(moves, None)

    assert row.pk not in quiet
    assert row.pk in followed.since(before)


LIST_MOVES = {
    "suggested": (None, "proposed", True),
    "approved": ("proposed", "approved", True),
    "taken off": ("approved", "withdrawn", True),
    "answered": ("asked", "answered", False),
    "declined": ("asked", "declined", False),
}


@pytest.mark.parametrize("move", LIST_MOVES)
def test_a_leader_in_a_round_moves_with_their_list_and_with_no_answer(move: str, cast: Cast, clock: object) -> None:
    """Nothing dates an answer, or polling the list would tell when each one came."""
    was, becomes, is_seen = LIST_MOVES[move]
    with within(cast.acme):
        round_ = make.RoundFactory(cohort=cast.houses["acme"].cohort, key="round-9", state="nominating")
        subject = make.SubjectFactory(round=round_, enrolment=cast.enrolment(cast.ada))
        request = make.RequestFactory(subject=subject, rater__round=round_, state=was) if was else None
    followed, before = Followed(BY_ENDPOINT["api_round_leaders"], cast, pk=round_.pk), database_time()
    with within(cast.acme):
        if request is None:
            make.RequestFactory(subject=subject, rater__round=round_, state=becomes)
        else:
            request.state = becomes
            request.save(update_fields=["state"])

    assert followed.since(before) == ([subject.pk] if is_seen else [])


# Somebody's own doing, or shown by no list: if it moved a row, following the list would say when, to the second.


def a_leader_practises(house: House, enrolment: Any) -> Iterator[None]:
    yield
    note_logs(enrolment=enrolment, last_log_on=TODAY, last_practice_on=TODAY)


def somebody_signs_in_for_the_first_time(house: House, member: Any) -> Iterator[None]:
    member = getattr(member, "leader", member)
    make.InvitationFactory(membership=member)
    yield
    accept_invitations(person=member.person, now=NOW)


def parts_of_members_are_written(house: House, objective: Any) -> Iterator[None]:
    team = make.TeamFactory()
    objective.team, objective.place = team, Place.TEAM
    objective.save(update_fields=["team", "place"])
    member = make.TeamMemberFactory(team=team)
    yield
    save_parts(objective=objective, parts={member.pk: "Greets at once"}, by=team.leader, now=NOW)


def a_partner_is_suspended(house: House, session: Any) -> Iterator[None]:
    yield
    Membership.objects.filter(pk=session.pairing.partner_id).update(suspended_at=NOW, zone="Asia/Tokyo")


def a_host_notes_that_nobody_came(house: House, visit: Any) -> Iterator[None]:
    booking = make.BookingFactory(visit=visit, guest=house.members["bo"])
    yield
    booking.state = BookingState.NO_SHOW
    booking.save()


def a_host_takes_that_back(house: House, visit: Any) -> Iterator[None]:
    booking = make.BookingFactory(visit=visit, guest=house.members["bo"], state="no_show")
    yield
    booking.state = BookingState.BOOKED
    booking.save()


OWN_DOINGS: list[tuple[str, Callable[[House, Any], Iterator[None]]]] = [
    ("api_enrolments", a_leader_practises),
    ("api_enrolments", somebody_signs_in_for_the_first_time),
    ("api_members", somebody_signs_in_for_the_first_time),
    ("api_objectives", parts_of_members_are_written),
    ("api_sessions", a_partner_is_suspended),
    ("api_visit_counts", a_host_notes_that_nobody_came),
    ("api_visit_counts", a_host_takes_that_back),
]


@pytest.mark.parametrize(("endpoint", "happens"), OWN_DOINGS, ids=lambda each: getattr(each, "__name__", each))
def test_what_somebody_does_for_themselves_leaves_no_time(
    endpoint: str, happens: Any, cast: Cast, clock: object
) -> None:
    followed, house = Followed(BY_ENDPOINT[endpoint], cast), cast.houses["acme"]
    with within(cast.acme):
        row: Any = ROWS[endpoint](house, 1)
        moves = happens(house, row)
        next(moves)
    before = database_time()
    with within(cast.acme):
        next(moves, None)

    assert row.pk not in followed.since(before)


def test_what_is_not_shown_leaves_no_trace(cast: Cast, clock: object) -> None:
    with within(cast.acme):
        before = Enrolment.objects.select_related("leader").get(pk=cast.enrolment(cast.ada).pk)
        Enrolment.objects.filter(pk=before.pk).update(chosen_behaviours=["coaching"], last_log_on=TODAY)
        Membership.objects.filter(pk=cast.ada.pk).update(last_seen_on=TODAY)
        after = Enrolment.objects.select_related("leader").get(pk=before.pk)

    assert after.updated_at == before.updated_at
    assert after.leader.updated_at == before.leader.updated_at


def test_a_row_read_long_ago_dates_no_change_back(cast: Cast, clock: object) -> None:
    with within(cast.acme):
        old = Membership.objects.get(pk=cast.ada.pk)
        Membership.objects.filter(pk=cast.ada.pk).update(name="Ada Lovelace")
        dated = Membership.objects.get(pk=cast.ada.pk).updated_at
        old.name = "Ada Lovelace"
        old.save()

        assert Membership.objects.get(pk=cast.ada.pk).updated_at >= dated


def test_as_of_is_that_of_the_first_page(cast: Cast, clock: object) -> None:
    client = Program(key_of(cast.olav))
    without = client.get("members/?limit=1").json()
    first = client.get("members/?limit=1&updated_since=2001-01-01T00:00:00Z").json()
    second = client.get(first["next"].partition("/api/v1/")[2]).json()

    assert without["as_of"] is None
    assert first["as_of"] is not None
    assert second["as_of"] == first["as_of"]
    assert second["data"] != first["data"]


@pytest.fixture
def as_the_app(transactional_db: object) -> Iterator[None]:
    """Connected as in the product, as the app's own login: PostgreSQL shows a login its own sessions alone."""
    owner = dict(connection.settings_dict)
    app = env.dj_db_url("DATABASE_URL")
    options = {name: value for name, value in owner["OPTIONS"].items() if name != "assume_role"}
    connection.close()
    connection.settings_dict.update(USER=app["USER"], PASSWORD=app["PASSWORD"], OPTIONS=options)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(owner)


def test_a_row_that_is_committed_late_is_not_missed(cast: Cast, as_the_app: None) -> None:
    """A row dated before the request and committed after it: `as_of` is the start of the oldest open transaction."""
    client = Program(key_of(cast.olav))
    changed, asked = Event(), Event()

    def change_slowly() -> None:
        try:
            with within(cast.acme):
                Membership.objects.filter(pk=cast.ada.pk).update(name="Ada Lovelace")
                changed.set()
                assert asked.wait(20)
        finally:
            connection.close()

    other = Thread(target=change_slowly)
    other.start()
    assert changed.wait(20)
    first = client.get("members/?updated_since=2001-01-01T00:00:00Z&limit=200").json()
    asked.set()
    other.join()
    second = client.get(f"members/?updated_since={first['as_of'].replace('+', '%2B')}").json()

    assert "Ada Lovelace" not in [row["name"] for row in first["data"]]
    assert "Ada Lovelace" in [row["name"] for row in second["data"]]
