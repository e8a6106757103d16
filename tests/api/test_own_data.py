"""A leader's own data, by their personal token: their day, what they logged, reflections, focuses, goals."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cohorts.tenancy.wall import within
from goals.models import Goal, Practice, Reflection
from tests.api.client import Program, key_of
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import TODAY

Clients = Callable[..., OrganisationClient]
Said = dict[str, object]


@pytest.fixture
def ada(cast: Cast, clock: object) -> Program:
    return Program(key_of(cast.ada, is_personal=True))


def test_a_day_reads_as_today_does(ada: Program, cast: Cast, client_for: Clients) -> None:
    day = ada.get("today/").json()

    assert day["on"] == str(TODAY)
    page = client_for(cast.ada)
    assert day["step"]["title"] in page.get(page.url("today")).content.decode()
    assert ada.get(f"today/?on={TODAY + timedelta(days=1)}").json()["errors"][0]["field"] == "on"


def test_a_practice_is_logged_listed_and_undone(ada: Program, cast: Cast) -> None:
    logged = ada.post("practices/", {"on": str(TODAY), "did_it": True, "went": 4, "line": "Asked first."})

    assert logged.status_code == 201
    assert ada.get("today/").json()["practice"] == logged.json()["id"]
    assert [row["on"] for row in ada.get("practices/?ordering=-on&limit=1").json()["data"]] == [str(TODAY)]
    assert logged.json()["id"] not in [row["id"] for row in ada.get("practices/?show=not-today").json()["data"]]
    assert ada.post(f"practices/{logged.json()['id']}/undoing/").status_code == 204
    with within(cast.acme):
        assert not Practice.objects.filter(enrolment__leader=cast.ada, on=TODAY).exists()


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"on": str(TODAY), "did_it": True, "went": 6}, 422, "went"),
        ({"on": str(TODAY), "did_it": True, "line": "x" * 281}, 422, "line"),
        ({"on": str(TODAY), "did_it": True, "focus": 999999}, 422, "focus"),
        ({"on": str(TODAY), "did_it": True, "mood": 3}, 422, "mood"),
        ({"on": "yesterday", "did_it": True}, 422, "on"),
        ({"on": str(TODAY - timedelta(days=4)), "did_it": True}, 409, "on"),
        ({"on": str(TODAY + timedelta(days=1)), "did_it": True}, 409, "on"),
    ],
)
def test_a_practice_is_held_to_the_rules_of_its_page(ada: Program, body: Said, status: int, field: str) -> None:
    answer = ada.post("practices/", body)

    assert answer.status_code == status
    assert [each["field"] for each in answer.json().get("errors", [])] == [field]


def test_a_reflection_is_written_reworded_and_shared(ada: Program) -> None:
    written = ada.post("reflections/", {"tried": "I asked first."})
    one = f"reflections/{written.json()['id']}/"
    reworded = ada.patch(one, {"learned": "Silence works."}, If_Match=written["ETag"])
    again = ada.patch(one, {"learned": "Or not."}, If_Match=written["ETag"])
    shared = ada.post(f"{one}audience/", {"audience": "sponsor"})

    assert (written.status_code, written.json()["audience"]) == (201, "private")
    assert (reworded.json()["tried"], reworded.json()["learned"]) == ("I asked first.", "Silence works.")
    assert (again.status_code, again.json()["current"]["learned"]) == (412, "Silence works.")
    assert shared.json()["audience"] == "sponsor"
    assert [row["id"] for row in ada.get("reflections/?audience=sponsor").json()["data"]].count(written.json()["id"])


def test_reflections_of_others_have_no_endpoint(cast: Cast, clock: object) -> None:
    """A sponsor reads on a page what was shared with them; a program never does."""
    with within(cast.acme):
        cast.sol.roles = ["sponsor", "leader"]
        cast.sol.save(update_fields=["roles"])
        theirs = Reflection.objects.filter(enrolment__leader=cast.ada).values_list("pk", flat=True)[0]
    sponsor = Program(key_of(cast.sol, is_personal=True))
    owner = Program(key_of(cast.olav))

    assert sponsor.get("reflections/").json()["data"] == []
    assert sponsor.get(f"reflections/{theirs}/").status_code == 404
    assert owner.get(f"reflections/{theirs}/").status_code == 403


def test_a_focus_is_picked_reworded_dialled_and_archived(ada: Program) -> None:
    for focus in ada.get("focuses/?is_current=true").json()["data"]:
        ada.post(f"focuses/{focus['id']}/archiving/")
    picked = ada.post("focuses/", {"behaviour": "clear", "cue": "a chat ends", "response": "name one next step"})
    one = f"focuses/{picked.json()['id']}/"
    turned = ada.post(f"{one}dials/", {"level": 1})

    assert picked.status_code == 201
    assert ada.patch(one, {"cue": "a call ends"}).json()["response"] == "name one next step"
    assert turned.json()["ends_on"] is not None
    assert ada.get(one).json()["level"] == 1
    assert ada.post(f"focuses/dials/{turned.json()['id']}/undoing/").json()["level"] == 2
    assert ada.post(f"{one}dials/", {"level": 9}).json()["errors"][0]["field"] == "level"
    assert ada.post(f"{one}archiving/").json()["archived_on"] == str(TODAY)
    assert ada.post(f"{one}return/").json()["archived_on"] is None


def test_a_goal_is_read_and_checked_in_on(ada: Program, cast: Cast) -> None:
    with within(cast.acme):
        goal = Goal.objects.current().filter(enrolment__leader=cast.ada).exclude(direction="steps")[0]
    one = f"goals/{goal.pk}/"
    noted = ada.post(f"{one}check-ins/", {"on": str(TODAY), "value": "7"})

    assert ada.get(one).json()["outcome"] == goal.outcome
    assert goal.pk in [row["id"] for row in ada.get("goals/?state=agreed").json()["data"]]
    assert noted.status_code == 201
    assert noted.json()["id"] in [row["id"] for row in ada.get(f"{one}check-ins/").json()["data"]]
    assert ada.post(f"{one}check-ins/", {"on": str(TODAY), "value": "NaN"}).json()["errors"][0]["field"] == "value"
    assert ada.post(f"goals/check-ins/{noted.json()['id']}/undoing/").status_code == 204
    assert ada.post(f"{one}dials/", {"level": 1}).status_code == 201


def test_a_reflection_is_opened_to_the_sponsor_one_means_and_nobody_else(ada: Program, cast: Cast) -> None:
    sponsor = ada.get("today/").json()["sponsor"]
    written = ada.post("reflections/", {"tried": "I asked first.", "audience": "private"}).json()
    where = f"reflections/{written['id']}/audience/"
    another = ada.post(where, {"audience": "sponsor", "reader": cast.max.pk})
    at_once = ada.post("reflections/", {"tried": "I waited.", "audience": "sponsor", "reader": cast.max.pk})
    with within(cast.acme):
        untouched = Reflection.objects.get(pk=written["id"])
        shares = untouched.shares.count()
    meant = ada.post(where, {"audience": "sponsor", "reader": sponsor["id"]})

    assert sponsor == {"id": cast.sol.pk, "name": cast.sol.name}
    assert (another.status_code, at_once.status_code) == (409, 409)
    assert (untouched.audience, shares) == ("private", 0)
    assert (meant.status_code, meant.json()["audience"]) == (200, "sponsor")
    with within(cast.acme):
        assert [share.reader_id for share in untouched.shares.all()] == [cast.sol.pk]
