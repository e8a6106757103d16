"""People, curricula and the state of nudges by API, within what a program may."""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from cohorts.curriculum.rows import read
from cohorts.curriculum.writer import write_files
from cohorts.curriculum.zips import files_of_zip, zip_of
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.api.client import Program, key_of
from tests.cast import Cast
from tests.times import NOW, TODAY


@pytest.fixture
def program(cast: Cast, clock: object) -> Program:
    return Program(key_of(cast.olav))


def test_a_member_is_invited_corrected_and_removed(program: Program, cast: Cast) -> None:
    newcomer = {"name": "Nina Ny", "email": "nina@acme.test", "roles": ["sponsor"]}
    invited = program.post("members/", newcomer)
    where = f"members/{invited.json()['id']}/"

    corrected = program.patch(where, {"manager": cast.mia.pk, "roles": ["coach", "sponsor"]})
    suspended = program.patch(where, {"is_suspended": True})
    removed = [program.delete(where).status_code for _time in range(2)]

    assert (invited.status_code, invited.json()["has_signed_in"]) == (201, False)
    assert corrected.json()["manager"] == {"id": cast.mia.pk, "name": "Mia Acme"}
    assert corrected.json()["roles"] == ["coach", "sponsor"]
    assert suspended.json()["suspended_at"] is not None
    assert removed == [204, 204]
    assert [row["id"] for row in program.get("members/?show=former").json()["data"]] == [invited.json()["id"]]


EDITS = {
    "name": {"name": "Sol Acme-Berg"},
    "email": {"email": "sol.new@acme.test"},
    "manager": {"manager": None},
    "roles": {"roles": ["coach", "sponsor"]},
    "suspended_at": {"is_suspended": True},
}


@pytest.mark.parametrize("field", EDITS)
def test_an_edit_of_a_member_after_another_one_is_told_what_changed(field: str, program: Program, cast: Cast) -> None:
    where = f"members/{cast.sol.pk}/"
    with within(cast.acme):  # so that another address takes effect at once
        make.InvitationFactory(membership=make.MembershipFactory(person__email="new@acme.test", roles=["sponsor"]))
        fresh = Membership.objects.get(person__email="new@acme.test")
        Membership.objects.filter(pk=fresh.pk).update(manager=cast.mia)
    if field == "email":
        where = f"members/{fresh.pk}/"
    read = program.get(where).headers["ETag"]
    first = program.patch(where, EDITS[field])
    late = [program.patch(where, edit, If_Match=read) for edit in EDITS.values()]
    removed = program.delete(where, If_Match=read)
    again = program.patch(where, EDITS[field], If_Match=first.headers["ETag"])

    assert first.status_code == 200, first.content
    assert [each.status_code for each in (*late, removed)] == [412] * 6
    assert {tuple(each.json()["current"]) for each in (*late, removed)} == {(field,)}
    assert again.status_code == 200


@pytest.mark.parametrize("body", [{"is_suspended": True}, None])
def test_an_edit_takes_turns_with_imports_before_it_holds_the_member(
    body: dict[str, Any] | None, program: Program, cast: Cast
) -> None:
    """An import holds the organisation first and its members after it: the other way round, both would wait forever."""
    where = f"members/{cast.bo.pk}/"
    read = program.get(where).headers["ETag"]
    with CaptureQueriesContext(connection) as asked:
        answer = program.patch(where, body, If_Match=read) if body else program.delete(where, If_Match=read)

    locks = [each["sql"] for each in asked if "FOR NO KEY UPDATE" in each["sql"] or "FOR UPDATE" in each["sql"]]
    assert answer.status_code < 300, answer.content
    assert 'FROM "cohorts_organisation"' in locks[0], locks[0]


def test_what_is_no_edit_of_a_member_stops_none(program: Program, cast: Cast) -> None:
    where = f"members/{cast.sol.pk}/"
    read = program.get(where).headers["ETag"]
    with within(cast.acme):
        Membership.objects.filter(pk=cast.mia.pk).update(name="Mia Married")  # their manager
        make.InvitationFactory(membership=cast.sol)
    edited = program.patch(where, {"name": "Sol"}, If_Match=read)

    assert (edited.status_code, edited.json()["has_signed_in"]) == (200, False)


def test_who_left_is_brought_back_with_the_roles_they_had(program: Program, cast: Cast) -> None:
    where = f"members/{cast.ada.pk}/"
    program.delete(where)

    back = program.post(f"{where}return/")
    again = program.post(f"{where}return/")

    assert (back.status_code, back.json()["left_at"], back.json()["roles"]) == (200, None, ["leader"])
    assert again.status_code == 409
    with within(cast.acme):
        assert cast.ada.enrolments.get().left_on is not None


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_a_program_gives_and_takes_no_role_with_power(role: str, program: Program, cast: Cast) -> None:
    given = program.post("members/", {"name": "Eve", "email": "eve@acme.test", "roles": [role]})
    raised = program.patch(f"members/{cast.sol.pk}/", {"roles": ["sponsor", role]})
    taken = program.patch(f"members/{cast.hana.pk}/", {"roles": ["coach"]})

    assert [answer.status_code for answer in (given, raised, taken)] == [403, 403, 403]
    with within(cast.acme):
        assert not Membership.objects.filter(person__email="eve@acme.test").exists()
        assert Membership.objects.get(pk=cast.hana.pk).roles == ["admin"]


def test_a_program_removes_no_owner_and_not_the_one_it_acts_for(program: Program, cast: Cast) -> None:
    with within(cast.acme):
        other = make.MembershipFactory(roles=["owner"])

    assert [program.delete(f"members/{pk}/").status_code for pk in (cast.olav.pk, other.pk)] == [403, 403]
    with within(cast.acme):
        assert Membership.objects.get(pk=cast.olav.pk).is_active


def test_a_sponsor_with_leaders_is_handed_over_first(program: Program, cast: Cast) -> None:
    assert program.delete(f"members/{cast.sol.pk}/").status_code == 409


def test_a_curriculum_comes_in_and_leaves_as_the_same_files(program: Program) -> None:
    files = zip_of(write_files(read()))

    def send(where: str, body: bytes) -> HttpResponse:
        where = f"/o/acme/api/v1/curricula/imports/{where}"
        return program.client.post(where, body, content_type="application/zip", headers=program.headers)

    brought, again, replaced, garbled = (
        send("", files),
        send("", files),
        send("?replaces=true", files),
        send("", b"no zip"),
    )
    left = program.get(f"curricula/{replaced.json()['id']}/files/")

    assert [answer.status_code for answer in (brought, again, replaced, garbled)] == [201, 409, 201, 422]
    assert replaced.json()["published_at"] is None
    assert garbled.json()["errors"][0]["field"] == "zip:1"
    assert files_of_zip(left.content) == files_of_zip(files)


def test_nudges_tell_their_state_and_never_their_words(program: Program, cast: Cast) -> None:
    with within(cast.acme):
        sent = make.NudgeFactory(enrolment=cast.enrolment(cast.ada), on=TODAY, state="sent", sent_at=NOW)
    where = f"cohorts/{cast.houses['acme'].cohort.pk}/nudges/?on={TODAY}&enrolment={sent.enrolment_id}&state=sent"

    (row,) = (row for row in program.get(where).json()["data"] if row["id"] == sent.pk)

    assert row["state"] == "sent"
    assert set(row) == {"id", "enrolment", "on", "day", "channel", "state", "reason", "due_at", "sent_at"}
