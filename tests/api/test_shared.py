"""What all endpoints share: keys that end, repeats, invalid bodies, lists, limits."""

import io
import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from rest_framework.exceptions import ParseError

from cohorts.models import ApiKey, ApiReply, Enrolment, Membership, Pause
from cohorts.people.actions.access import end_membership
from cohorts.tenancy.wall import within
from cohorts.web.api import throttles
from cohorts.web.api.idempotency import forget_replies
from cohorts.web.api.json_parser import StrictJsonParser
from cohorts.web.refusals import NotNow
from programme.developers.description import in_repository
from programme.keys import rules
from programme.keys.actions import revoke_key, rotate_key
from tests.api.client import Program, key_of
from tests.architecture.routes import routes
from tests.cast import Cast
from tests.times import TODAY

DAYS = {"starts_on": "2027-01-04", "ends_on": "2027-01-08"}


@pytest.fixture
def key(cast: Cast, clock: object) -> str:
    return key_of(cast.olav)


@pytest.fixture
def program(key: str) -> Program:
    return Program(key)


def row_of(key: str) -> ApiKey:
    return ApiKey.objects.select_related("member").get(prefix=key[4:12])


def pauses(cast: Cast) -> str:
    return f"enrolments/{cast.enrolment(cast.ada).pk}/pauses/"


def test_a_key_ends_by_itself(program: Program, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(days=30))
    answer = program.get("cohorts/")

    assert (answer.status_code, answer.json()["type"]) == (401, "urn:embed90:problem:expired")


def test_a_revoked_key_opens_nothing(program: Program, key: str, cast: Cast) -> None:
    with within(cast.acme):
        revoke_key(key=row_of(key), by=cast.olav, now=timezone.now())

    assert program.get("cohorts/").json()["type"] == "urn:embed90:problem:revoked"


def test_a_rotated_key_works_for_its_overlap(
    program: Program, key: str, cast: Cast, clock: time_machine.Traveller
) -> None:
    with within(cast.acme):
        made = rotate_key(key=row_of(key), days=90, overlap=24, by=cast.olav, now=timezone.now())
    newer = Program(made.text)

    assert (program.get("cohorts/").status_code, newer.get("cohorts/").status_code) == (200, 200)
    clock.shift(timedelta(hours=24))
    assert (program.get("cohorts/").status_code, newer.get("cohorts/").status_code) == (401, 200)


def test_a_key_stops_when_its_owner_is_no_owner(program: Program, cast: Cast) -> None:
    with within(cast.acme):
        cast.olav.roles = ["admin"]
        cast.olav.save(update_fields=["roles"])

    assert program.get("cohorts/").json()["type"] == "urn:embed90:problem:nobody-answers"


def test_a_key_stops_when_its_owner_may_sign_in_no_more(program: Program, cast: Cast) -> None:
    cast.olav.person.is_active = False
    cast.olav.person.save(update_fields=["is_active"])

    assert program.get("cohorts/").json()["type"] == "urn:embed90:problem:nobody-answers"


def test_a_required_factor_closes_the_organisation_to_keys(program: Program, cast: Cast) -> None:
    cast.acme.factor_roles = ["owner"]
    cast.acme.save(update_fields=["factor_roles"])
    without = program.get("cohorts/")
    Authenticator.objects.create(user=cast.olav.person, type="totp", data={})

    assert (without.status_code, without.json()["type"]) == (403, "urn:embed90:problem:second-factor")
    assert program.get("cohorts/").status_code == 200


def test_a_key_opens_only_from_its_addresses(cast: Cast, clock: object) -> None:
    here, elsewhere = (
        Program(key_of(cast.olav, networks=[network])).get("cohorts/") for network in ("127.0.0.0/8", "192.0.2.0/24")
    )

    assert (here.status_code, elsewhere.status_code) == (200, 403)


def test_a_key_does_only_what_it_was_made_for(cast: Cast, clock: object) -> None:
    reader = Program(key_of(cast.olav, "enrolments:read"))

    assert reader.get(pauses(cast)).status_code == 200
    assert reader.post(pauses(cast), DAYS).json()["detail"] == "This key was not made for enrolments:write."
    assert reader.get("cohorts/").status_code == 403


def test_a_personal_token_opens_nothing_of_the_organisation(cast: Cast, clock: object) -> None:
    token = Program(key_of(cast.olav, is_personal=True))

    assert token.get("cohorts/").status_code == 403
    assert token.get("me/").json()["email"] == "olav@acme.test"


def test_a_token_ends_with_the_membership_and_no_invitation_brings_it_back(cast: Cast, clock: object) -> None:
    token = Program(key_of(cast.cleo, is_personal=True))
    assert token.get("me/").status_code == 200

    with within(cast.acme):
        end_membership(member=cast.cleo, by=cast.hana, now=timezone.now())
        Membership.objects.filter(pk=cast.cleo.pk).update(left_at=None)

    assert token.get("me/").json()["type"] == "urn:embed90:problem:revoked"


def test_last_use_is_written_once_a_day(
    program: Program, key: str, cast: Cast, count_queries: Callable[..., list[str]]
) -> None:
    written = [
        [each for each in count_queries(lambda: program.get("cohorts/")) if each.startswith("UPDATE")]
        for _time in range(2)
    ]

    assert [len(each) for each in written] == [1, 0]
    with within(cast.acme):
        assert row_of(key).last_used_on == TODAY


def test_a_refused_request_counts_as_use(program: Program, key: str, cast: Cast) -> None:
    assert program.post(pauses(cast), DAYS | {"ends_on": "2027-01-01"}).status_code == 422
    with within(cast.acme):
        assert row_of(key).last_used_on == TODAY
        assert not Pause.objects.filter(starts_on=DAYS["starts_on"]).exists()


def test_a_wrong_key_makes_no_other_program_slower(
    program: Program, key: str, count_queries: Callable[..., list[str]]
) -> None:
    program.get("cohorts/")
    warm = count_queries(lambda: program.get("cohorts/"))
    Program(key[:13] + key[13:][::-1]).get("cohorts/")

    assert count_queries(lambda: program.get("cohorts/")) == warm


def test_a_rotated_key_takes_a_place_while_both_work(
    key: str, cast: Cast, monkeypatch: pytest.MonkeyPatch, clock: object
) -> None:
    with within(cast.acme):
        there = ApiKey.objects.of_organisation().filter(revoked_at=None, expires_at__gt=timezone.now()).count()
        monkeypatch.setattr(rules, "MAX_KEYS", there)
        with pytest.raises(NotNow, match="Revoke one first"):
            rotate_key(key=row_of(key), days=90, overlap=24, by=cast.olav, now=timezone.now())
        rotate_key(key=row_of(key), days=90, overlap=0, by=cast.olav, now=timezone.now())

        assert ApiKey.objects.of_organisation().filter(revoked_at=None, expires_at__gt=timezone.now()).count() == there


def test_if_match_is_refused_where_there_is_nothing_to_compare(program: Program, cast: Cast) -> None:
    """Passed over in silence, it would overwrite what somebody else saved."""
    added = program.post(pauses(cast), DAYS).json()
    answer = program.delete(f"pauses/{added['id']}/", If_Match='"1-1"')

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "If-Match")
    assert program.delete(f"pauses/{added['id']}/", If_Match="*").status_code == 204


def test_a_member_changed_since_is_not_removed(program: Program, cast: Cast) -> None:
    where = f"members/{cast.pat.pk}/"
    read = program.get(where).headers["ETag"]
    program.patch(where, {"name": "Pat Novak"})

    assert program.delete(where, If_Match=read).status_code == 412
    with within(cast.acme):
        assert Membership.objects.get(pk=cast.pat.pk).left_at is None


def test_if_match_is_described_where_it_is_asked() -> None:
    described = {
        (path, method)
        for path, item in in_repository()["paths"].items()
        for method, operation in item.items()
        if any(each["name"] == "If-Match" for each in operation["parameters"])
    }
    asked = {
        ("/" + re.sub(r"<int:\w+>", "{id}", route.pattern), method)
        for route in routes(settings.API_URLCONF)
        if route.name != "api_nowhere"
        for method in ("post", "patch", "put", "delete")
        if route.view.cls.has_revision and hasattr(route.view.cls, method)  # type: ignore[attr-defined]
    }

    assert {(re.sub(r"\{\w+\}", "{id}", path), method) for path, method in described} == asked


def test_the_same_request_again_gets_the_first_answer(program: Program, cast: Cast) -> None:
    first, again = (program.post(pauses(cast), DAYS, Idempotency_Key="one") for _time in range(2))
    other = program.post(pauses(cast), DAYS | {"ends_on": "2027-01-09"}, Idempotency_Key="one")

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["Idempotent-Replay"] == "true"
    assert (other.status_code, other.json()["type"]) == (409, "urn:embed90:problem:sent-twice")
    with within(cast.acme):
        assert Pause.objects.filter(enrolment=cast.enrolment(cast.ada), starts_on="2027-01-04").count() == 1


def test_a_refused_request_may_be_sent_again_with_its_key(program: Program, cast: Cast) -> None:
    refused = program.post(pauses(cast), DAYS | {"ends_on": "2027-01-01"}, Idempotency_Key="two")
    done = program.post(pauses(cast), DAYS, Idempotency_Key="two")

    assert (refused.status_code, done.status_code) == (422, 201)


def test_after_a_day_a_repeat_is_a_new_request(program: Program, cast: Cast, clock: time_machine.Traveller) -> None:
    program.post(pauses(cast), DAYS, Idempotency_Key="three")
    clock.shift(timedelta(hours=24))
    again = program.post(pauses(cast), DAYS, Idempotency_Key="three")
    clock.shift(timedelta(hours=25))

    assert "Idempotent-Replay" not in again.headers
    with within(cast.acme):
        assert forget_replies(now=timezone.now()) >= 1
        assert not ApiReply.objects.filter(token="three").exists()


BODIES = {
    "no JSON": (b"{", 400),
    "a field twice": (b'{"starts_on": "2027-01-04", "starts_on": "2027-01-05", "ends_on": "2027-01-08"}', 400),
    "not a number": (b'{"starts_on": NaN, "ends_on": "2027-01-08"}', 400),
    "infinity": (b'{"starts_on": -Infinity}', 400),
    "a lone surrogate": (b'{"starts_on": "\\ud800", "ends_on": "2027-01-08"}', 422),
    "no UTF-8": (b'{"starts_on": "\xff"}', 400),
    "too deep": (b"[" * 100_000, 400),
    "a number without end": (b'{"starts_on": ' + b"9" * 10_000 + b"}", 400),
    "a list": (b"[]", 422),
    "nothing": (b"", 422),
    "ten megabytes": (b'{"starts_on": "' + b"x" * 10 * 1024 * 1024 + b'"}', 413),
    "null characters": (b'{"starts_on": "\\u0000", "ends_on": "2027-01-08"}', 422),
    "the year 1": (b'{"starts_on": "0001-01-01", "ends_on": "9999-12-31"}', 422),
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_nobody_means_is_refused_and_nothing_is_written(kind: str, program: Program, cast: Cast) -> None:
    body, status = BODIES[kind]
    with within(cast.acme):
        before = Pause.objects.count()
    answer = program.post(pauses(cast), body, Idempotency_Key="bad")

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status
    with within(cast.acme):
        assert Pause.objects.count() == before
        assert not ApiReply.objects.filter(token="bad").exists()


def test_ten_megabytes_are_refused_without_an_idempotency_key_too(program: Program, cast: Cast) -> None:
    answer = program.post(pauses(cast), BODIES["ten megabytes"][0])

    assert (answer.status_code, answer.json()["type"]) == (413, "urn:embed90:problem:too-large")


def test_a_body_no_form_could_have_is_a_problem_too(program: Program, cast: Cast) -> None:
    """Refused before it is read, far outside any endpoint."""
    answer = program.post(pauses(cast), b"{" + b" " * settings.MAX_REQUEST_BYTES + b"}")

    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "application/problem+json")
    assert answer.json()["type"] == "urn:embed90:problem:too-large"


@pytest.mark.timeout(30)
def test_a_field_twice_among_very_many_is_found_at_once() -> None:
    names = ",".join(f'"{number}": 0' for number in range(200_000))

    with pytest.raises(ParseError, match="“last” is there twice"):
        StrictJsonParser().parse(io.BytesIO(f'{{{names}, "last": 1, "last": 2}}'.encode()))


def test_unknown_fields_are_refused_by_their_names(program: Program, cast: Cast) -> None:
    answer = program.post(pauses(cast), DAYS | {"reason": "ill", "ends_on": "soon"})
    nested = program.post(
        f"cohorts/{cast.houses['acme'].cohort.pk}/enrolments/",
        {"people": [{"name": "A", "email": "a@acme.test"}, {"name": "B", "email": "b@acme.test", "boss": "C"}]},
    )

    assert {error["field"] for error in answer.json()["errors"]} == {"reason", "ends_on"}
    assert nested.json()["errors"] == [{"field": "people.1.boss", "detail": "There is no such field."}]


def test_a_hundred_wrong_things_are_said_at_most(program: Program, cast: Cast) -> None:
    where = f"cohorts/{cast.houses['acme'].cohort.pk}/enrolments/"
    rows = program.post(where, {"people": [0] * 5_000})
    fields = program.post(pauses(cast), {f"x{number}": 0 for number in range(5_000)})

    assert len(rows.json()["errors"]) == 100
    assert len(fields.json()["errors"]) == 102  # and the two that are missing


def test_the_length_of_a_list_is_asked_before_its_rows(program: Program, cast: Cast) -> None:
    answer = program.post(f"cohorts/{cast.houses['acme'].cohort.pk}/enrolments/", {"people": [0] * 10_001})

    assert [error["field"] for error in answer.json()["errors"]] == ["people"]


def test_more_than_ten_thousand_rows_are_refused(program: Program, cast: Cast) -> None:
    people = [{"name": f"Leader {number}", "email": f"{number}@acme.test"} for number in range(10_001)]
    with within(cast.acme):
        before = Enrolment.objects.count()
    answer = program.post(f"cohorts/{cast.houses['acme'].cohort.pk}/enrolments/", {"people": people})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "people")
    with within(cast.acme):
        assert Enrolment.objects.count() == before


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("fields=id,secret", "fields"),
        ("ordering=colour", "ordering"),
        ("cursor=abc", "cursor"),
        ("color=red", "color"),
    ],
)
def test_a_list_refuses_what_it_does_not_know(asked: str, field: str, program: Program) -> None:
    answer = program.get(f"cohorts/?{asked}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_search_is_no_longer_than_on_a_page(program: Program, cast: Cast) -> None:
    for where in ("members/", f"cohorts/{cast.houses['acme'].cohort.pk}/enrolments/"):
        assert program.get(f"{where}?q=Ada+Acme").json()["data"]
        assert program.get(f"{where}?q={'a+' * 60}").json()["errors"][0]["field"] == "q"


def test_a_cursor_of_another_order_is_refused(program: Program, cast: Cast) -> None:
    where = f"cohorts/{cast.houses['acme'].cohort.pk}/enrolments/?limit=1"
    following = program.get(f"{where}&ordering=name").json()["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0]

    assert program.get(f"{where}&ordering=-name&cursor={cursor}").status_code == 422


def test_an_unchanged_row_is_answered_with_304(program: Program, cast: Cast) -> None:
    where = f"cohorts/{cast.houses['acme'].cohort.pk}/"
    read = program.get(where)

    assert program.get(where, If_None_Match=read.headers["ETag"]).status_code == 304


def test_a_row_that_reads_otherwise_by_now_is_answered_in_full(
    cast: Cast, program: Program, clock: time_machine.Traveller
) -> None:
    where = f"enrolments/{cast.enrolment(cast.ada).pk}/"
    read = program.get(where)
    clock.shift(timedelta(days=1))
    tomorrow = program.get(where, If_None_Match=read.headers["ETag"])

    assert (tomorrow.status_code, tomorrow.json()["day"]) == (200, read.json()["day"] + 1)
    assert program.patch(where, {"nudge_hour": "10:00"}, If_Match=read.headers["ETag"]).status_code == 200


def test_too_many_requests_wait(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttles, "READS", "2/m")
    answers = [program.get("cohorts/") for _time in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit"].startswith("limit=2, remaining=1")
    assert 0 < int(answers[2].headers["Retry-After"]) <= 61


@pytest.mark.parametrize(("where", "status"), [("nudges/", 404), ("members/", 403)])
def test_what_is_refused_counts_too(
    where: str, status: int, cast: Cast, clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttles, "READS", "2/m")
    reader = Program(key_of(cast.olav, "cohorts:read"))

    assert [reader.get(where).status_code for _time in range(3)] == [status, status, 429]


def test_an_address_without_endpoint_is_a_problem_too(program: Program) -> None:
    for answer in (program.get("enrolments/first/"), program.post("enrolments/first/", {"name": "A"})):
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_known_prefix_with_another_secret_opens_nothing(program: Program, key: str) -> None:
    guessed = Program(key[:13] + key[13:][::-1])

    assert program.get("cohorts/").status_code == 200
    assert guessed.get("cohorts/").json()["type"] == "urn:embed90:problem:no-key"


def test_wrong_keys_are_counted(cast: Cast, clock: object) -> None:
    stranger = Program("e90_12345678_" + "x" * 43)
    statuses = [stranger.get("cohorts/").status_code for _time in range(32)]

    assert (statuses[0], statuses[-1]) == (401, 429)


def test_a_crash_is_a_problem_without_a_page(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_args: object, **_keys: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cohorts.enrolment.api.cohorts.page_of_query", crash)
    answer = program.get("cohorts/")

    assert answer.status_code == 500
    assert json.loads(answer.content)["type"] == "urn:embed90:problem:our-fault"
