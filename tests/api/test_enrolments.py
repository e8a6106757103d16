"""Leaders in a cohort by API: the same actions, rules and trail as on the pages."""

from collections.abc import Callable

import pytest

from cohorts.models import AuditEntry, Enrolment, Membership, Pause
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.api.client import Program, key_of
from tests.cast import Cast
from tests.times import TODAY


@pytest.fixture
def program(cast: Cast, clock: object) -> Program:
    return Program(key_of(cast.olav))


def place(cast: Cast, name: str = "ada") -> int:
    return cast.enrolment(getattr(cast, name)).pk


def test_filters_are_those_of_the_page(program: Program, cast: Cast) -> None:
    where = f"cohorts/{cast.houses['acme'].cohort.pk}/enrolments/"

    by_sponsor = program.get(f"{where}?sponsor={cast.sol.pk}&fields=id,leader").json()["data"]
    by_name = program.get(f"{where}?q=max&ordering=-name").json()["data"]

    assert by_sponsor == [
        {"id": place(cast), "leader": {"id": cast.ada.pk, "name": "Ada Acme", "email": "ada@acme.test"}}
    ]
    assert [line["leader"]["name"] for line in by_name] == ["Åse-Kristin Bjørnstjerne-Ødegård", "Max Acme"]


def test_pages_of_a_list_hold_everybody_once(program: Program, cast: Cast) -> None:
    where = f"/o/acme/api/v1/cohorts/{cast.houses['acme'].cohort.pk}/enrolments/?limit=3&ordering=-practice"
    seen, pages = [], 0
    while where:
        answer = program.get(where[where.index("/o/") :]).json()
        seen += [line["id"] for line in answer["data"]]
        where, pages = answer["next"], pages + 1

    assert (sorted(seen), pages) == (sorted(place(cast, name) for name in ("ada", "bo", "max", "pat")), 2)


def test_a_sponsor_changes_as_on_the_page_and_the_trail_names_the_key(program: Program, cast: Cast) -> None:
    answer = program.patch(f"enrolments/{place(cast)}/", {"sponsor": cast.max.pk, "nudge_hour": "10:15"})

    assert answer.status_code == 200
    assert answer.json()["sponsor"] == {"id": cast.max.pk, "name": "Max Acme"}
    assert answer.json()["nudge_hour"] == "10:15"
    with within(cast.acme):
        entry = AuditEntry.objects.get(verb="changed sponsor")
    assert (entry.by_id, entry.by_label) == (cast.olav.pk, "admin")
    assert len(entry.details["api_key"]) == 8


def test_bounds_of_the_action_come_back_beside_their_field(cast: Cast, clock: object) -> None:
    where, key = f"enrolments/{place(cast)}/", key_of(cast.olav)
    in_english = Program(key).patch(where, {"nudge_hour": "23:00"})
    in_norwegian = Program(key, language="nb").patch(where, {"nudge_hour": "23:00"})

    assert in_english.status_code == 422
    assert in_english.json()["errors"][0]["field"] == "nudge_hour"
    assert "quiet hours" in in_english.json()["errors"][0]["detail"]
    assert "stille" in in_norwegian.json()["detail"].lower()
    assert in_norwegian.headers["Content-Language"] == "nb"


def test_the_second_of_two_edits_gets_412_with_what_changed(program: Program, cast: Cast) -> None:
    where = f"enrolments/{place(cast)}/"
    read = program.get(where).headers["ETag"]

    first = program.patch(where, {"nudge_hour": "10:00"}, If_Match=read)
    second = program.patch(where, {"nudge_hour": "11:00", "mail_on": False}, If_Match=read)

    assert first.status_code == 200
    assert first.headers["ETag"] != read
    assert second.status_code == 412
    assert second.json()["current"]["nudge_hour"] == "10:00:00"
    with within(cast.acme):
        kept = Enrolment.objects.get(pk=place(cast))
    assert (str(kept.nudge_hour), kept.channels) == ("10:00:00", ["app", "mail"])


def test_nothing_of_a_change_is_kept_when_a_part_is_refused(program: Program, cast: Cast) -> None:
    answer = program.patch(f"enrolments/{place(cast)}/", {"sponsor": cast.max.pk, "nudge_hour": "23:30"})

    assert answer.status_code == 422
    with within(cast.acme):
        assert Enrolment.objects.get(pk=place(cast)).sponsor_id == cast.sol.pk


@pytest.mark.parametrize("sponsor", ["zac", "hana", "ada"])
def test_a_sponsor_who_cannot_be_one_is_refused(sponsor: str, program: Program, cast: Cast) -> None:
    answer = program.patch(f"enrolments/{place(cast)}/", {"sponsor": getattr(cast, sponsor).pk})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "sponsor"


def test_days_away_are_added_and_ended(program: Program, cast: Cast) -> None:
    where = f"enrolments/{place(cast)}/pauses/"
    days = {"starts_on": "2027-01-04", "ends_on": "2027-01-08"}

    added = program.post(where, days)
    listed = program.get(where).json()["data"]
    ended = program.delete(f"pauses/{added.json()['id']}/")
    wrong = program.post(where, {"starts_on": "2027-01-08", "ends_on": "2027-01-04"})

    assert (added.status_code, ended.status_code, wrong.status_code) == (201, 204, 422)
    assert added.json() in listed
    assert wrong.json()["errors"] == [{"field": "ends_on", "detail": "The last day is before the first."}]
    with within(cast.acme):
        assert not Pause.objects.filter(pk=added.json()["id"]).exists()


def test_a_dry_run_says_what_would_happen_and_changes_nothing(program: Program, cast: Cast) -> None:
    where = f"cohorts/{cast.houses['acme'].cohort.pk}/enrolments/"
    people = [
        {"name": "Ny Leder", "email": "ny@acme.test", "manager_email": "sol@acme.test"},
        {"name": "Uten Adresse", "email": "nowhere"},
    ]

    tried = program.post(where, {"people": people, "dry_run": True})
    with within(cast.acme):
        members = Membership.objects.count()
    done = program.post(where, {"people": people})

    assert tried.json() | {"dry_run": False} == done.json()
    assert [row["happens"] for row in done.json()["rows"]] == ["new_leader", "left_out"]
    assert done.json()["rows"][1]["problems"][0]["field"] == "email"
    with within(cast.acme):
        assert Membership.objects.count() == members + 1
        assert Enrolment.objects.get(leader__person__email="ny@acme.test").sponsor_id == cast.sol.pk


def test_a_leader_is_removed_once(program: Program, cast: Cast) -> None:
    where = f"enrolments/{place(cast, 'bo')}/"

    assert [program.delete(where).status_code for _time in range(2)] == [204, 204]
    assert program.get(where).json()["left_on"] == TODAY.isoformat()
    with within(cast.acme):
        assert AuditEntry.objects.filter(verb="left").count() == 1


def test_as_many_queries_with_thirty_leaders_as_with_one(
    program: Program, cast: Cast, same_queries_at_1_and_30: Callable[..., int]
) -> None:
    cohort = cast.houses["acme"].cohort

    def another(number: int) -> None:
        with within(cast.acme):
            make.EnrolmentFactory(cohort=cohort, leader=make.MembershipFactory(name=f"Leader {number}"))

    assert same_queries_at_1_and_30(lambda: program.get(f"cohorts/{cohort.pk}/enrolments/"), another) <= 6
