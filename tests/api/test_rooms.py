"""Rounds, results, reports, 1:1s and visits by API: the acts of the pages, and nothing that pages keep closed."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from coaching.models import Booking, Session, SessionText
from cohorts.models import ApiKey
from cohorts.tenancy.wall import within
from feedback360.engine import turn
from feedback360.models import Request, Round, Subject
from feedback360.results.actions.release import release_round
from feedback360.rounds import round_rules
from feedback360.rounds.timetable import INSTANTS
from programme.keys.rows import reach_words
from programme.models import Report
from programme.reports import actions
from tests import factories as make
from tests.api.client import Program, key_of
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.feedback360 import answered
from tests.times import NOW, TODAY

Clients = Callable[..., OrganisationClient]


@pytest.fixture
def program(cast: Cast, clock: object) -> Program:
    return Program(key_of(cast.olav))


@pytest.fixture
def ada(cast: Cast, clock: object) -> Program:
    return Program(key_of(cast.ada, is_personal=True))


@pytest.fixture
def released(cast: Cast) -> Subject:
    with within(cast.acme):
        round_ = answered.closed_round(cast.enrolment(cast.ada).cohort)
        subject = answered.subject_of(round_, cast.enrolment(cast.ada))
        answered.answer(subject, "team", answered.anybody("team", 9), asked=11)
        answered.answer(subject, "peers", answered.anybody("peers", 4), asked=6)
        answered.answer(subject, "self", answered.anybody("self", 1))
    release_round(round_, now=NOW)
    return subject


def test_a_leader_reads_their_own_released_result_and_nobody_else_does(
    ada: Program, program: Program, cast: Cast, released: Subject
) -> None:
    result = ada.get(f"results/{released.pk}/")
    sponsor = Program(key_of(cast.sol, is_personal=True))

    groups = {group["group"]: (group["shown"], group["answered"]) for group in result.json()["groups"]}
    assert groups["team"] == (True, 9)
    assert groups["peers"] == (False, None)
    assert not [cell for cell in result.json()["cells"] if cell["group"] == "peers" and cell["value"] is not None]
    assert released.pk in [row["id"] for row in ada.get("results/").json()["data"]]
    assert {other.get(f"results/{released.pk}/").status_code for other in (program, sponsor)} == {403}


def test_a_result_waits_for_its_release(ada: Program, cast: Cast) -> None:
    with within(cast.acme):
        waiting = Subject.objects.exclude(round__state="released").get(enrolment__leader=cast.ada)

    assert ada.get(f"results/{waiting.pk}/").status_code == 409


def test_a_round_is_read_and_gets_dates_and_raters(program: Program, cast: Cast) -> None:
    with within(cast.acme):
        round_ = Round.objects.get()
        subject = Subject.objects.get(enrolment__leader=cast.ada)
        rater = Request.objects.filter(subject=subject).select_related("rater")[0].rater
    one = f"rounds/{round_.pk}/"
    read = program.get(one)
    last = date.fromisoformat(read.json()["closes_at"][:10]) + timedelta(days=1)

    moved = program.patch(one, {"closes_on": str(last)}, If_Match=read["ETag"])
    again = program.patch(one, {"closes_on": str(last)}, If_Match=read["ETag"])
    listed = program.get(f"{one}leaders/")
    twice = program.post(f"feedback/{subject.pk}/raters/", {"name": "Kim", "email": rater.email, "relation": "team"})

    assert (moved.status_code, again.status_code) == (200, 412), moved.content
    assert moved.json()["closes_at"].startswith(str(last))
    assert {row["id"] for row in listed.json()["data"]} >= {subject.pk}
    assert rater.name not in listed.content.decode()
    assert twice.status_code in (409, 422)


def test_a_round_is_planned_as_on_its_page(program: Program, cast: Cast, client_for: Clients) -> None:
    cohort = cast.houses["acme"].cohort
    where, opens_on = f"cohorts/{cohort.pk}/rounds/", TODAY + timedelta(days=200)
    planned = program.post(where, {"opens_on": str(opens_on)}, Idempotency_Key="round")
    again = program.post(where, {"opens_on": str(opens_on)}, Idempotency_Key="round")
    meanwhile = program.post(where, {"opens_on": str(opens_on + timedelta(days=9))})
    with within(cast.acme):
        round_ = Round.objects.get(pk=planned.json()["id"])
        stored = [getattr(round_, name) for name in INSTANTS]
    turn(cast.acme, now=NOW)
    turn(cast.acme, now=round_.nominates_at)
    page = client_for(cast.hana)
    form = page.post(page.url("round_new", cohort.pk), {"opens_on": str(opens_on + timedelta(days=60))})

    assert (planned.status_code, planned.json()["has_own_dates"], planned.json()["state"]) == (201, True, "draft")
    assert planned.json() == again.json()
    assert (meanwhile.status_code, meanwhile.json()["errors"][0]["field"]) == (422, "opens_on")
    with within(cast.acme):
        round_.refresh_from_db()
        leaders = set(round_.subjects.values_list("enrolment__leader", flat=True))
        beside = Round.objects.get(key="own-2")
    assert ([getattr(round_, name) for name in INSTANTS], round_.state) == (stored, "nominating")
    assert leaders >= {cast.ada.pk, cast.bo.pk}
    assert form.headers["Location"].endswith(page.url("round", beside.pk))


def test_a_cohort_has_few_rounds_of_its_own(program: Program, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(round_rules, "MAX_OWN_ROUNDS", 1)
    where = f"cohorts/{cast.houses['acme'].cohort.pk}/rounds/"
    days = (200, 260)
    statuses = [program.post(where, {"opens_on": str(TODAY + timedelta(days=each))}).status_code for each in days]

    assert statuses == [201, 409]


def test_a_report_is_asked_for_polled_and_fetched(program: Program, cast: Cast) -> None:
    asked = program.post(f"enrolments/{cast.enrolment(cast.ada).pk}/reports/", {"language": "nb"})
    one = f"reports/{asked.json()['id']}/"
    early = program.get(f"{one}file/")
    with within(cast.acme):
        file = default_storage.save("reports/api.pdf", ContentFile(b"%PDF-1.7"))
        Report.objects.filter(pk=asked.json()["id"]).update(state="ready", file=file)
    fetched = program.get(f"{one}file/", Accept="application/pdf")

    assert (asked.status_code, early.status_code) == (201, 409)
    assert program.get(one).json()["state"] == "ready"
    assert (fetched.headers["Content-Type"], fetched.content) == ("application/pdf", b"%PDF-1.7")
    default_storage.delete(file)


def test_a_token_made_for_prints_asks_for_its_leaders_report(cast: Cast, clock: object) -> None:
    """The scope has been called `own_reports` since; version 1 keeps what was made before."""
    token = key_of(cast.ada, "own_reports:write", is_personal=True)
    with within(cast.acme):
        key = ApiKey.objects.get(scopes=["own_reports:write"])
        key.scopes = ["prints:write"]
        key.save()
        words = reach_words(key)
    older = Program(token)
    asked = older.post("reports/own/", {"language": "nb"})

    assert asked.status_code == 201
    assert older.get(f"reports/own/{asked.json()['id']}/").status_code == 200
    assert older.get("practices/").status_code == 403
    assert words == ["Reads and changes: Your own report as a PDF"]


def test_a_leaders_token_prints_their_own_report_and_no_other(ada: Program, cast: Cast) -> None:
    asked = ada.post("reports/own/", {"language": "nb"})
    again = ada.post("reports/own/", {"language": "nb"})
    one = f"reports/own/{asked.json()['id']}/"
    early = ada.get(f"{one}file/")
    with within(cast.acme):
        file = default_storage.save("reports/own.pdf", ContentFile(b"%PDF-1.7"))
        Report.objects.filter(pk=asked.json()["id"]).update(state="ready", file=file)
        stored = Report.objects.select_related("enrolment").get(pk=asked.json()["id"])
        about_bo = make.ReportFactory(enrolment=cast.enrolment(cast.bo), asked_by=cast.ada, copy="sponsor")
    fetched = ada.get(f"{one}file/", Accept="application/pdf")

    assert (asked.status_code, early.status_code) == (201, 409)
    assert again.json()["id"] == asked.json()["id"]
    assert (stored.copy, stored.asked_by_id, stored.enrolment.leader_id) == ("own", cast.ada.pk, cast.ada.pk)
    assert (ada.get(one).json()["state"], fetched.content) == ("ready", b"%PDF-1.7")
    assert ada.get(f"reports/own/{about_bo.pk}/").status_code == 404
    for other in (cast.bo, cast.sol, cast.hana):
        token = Program(key_of(other, is_personal=True))
        assert [token.get(where).status_code for where in (one, f"{one}file/")] == [404, 404]
    default_storage.delete(file)


def test_one_person_has_few_reports_waiting(ada: Program, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_WAITING", 2)
    with within(cast.acme):
        Report.objects.filter(asked_by=cast.ada).delete()
    statuses = [ada.post("reports/own/", {"language": language}).status_code for language in ("en", "nb")]
    with within(cast.acme):
        Report.objects.filter(asked_by=cast.ada, language="en").update(on=TODAY - timedelta(days=1))
    too_many = ada.post("reports/own/", {"language": "en"})
    with within(cast.acme):
        Report.objects.filter(asked_by=cast.ada, language="nb").update(state="ready")

    assert statuses == [201, 201]
    assert (too_many.status_code, too_many.json()["type"]) == (409, "urn:embed90:problem:not-now")
    assert ada.post("reports/own/", {"language": "en"}).status_code == 201


def test_an_owners_own_report_is_not_their_programs(program: Program, cast: Cast) -> None:
    """A key acts for its owner, and sees nothing that is personal to them."""
    with within(cast.acme):
        own = Report.objects.get(enrolment__leader=cast.ada)
        Report.objects.filter(pk=own.pk).update(asked_by=cast.olav, copy="own")

    assert program.get(f"reports/{own.pk}/").status_code == 404


def test_a_talk_has_no_text_but_what_its_reader_wrote_alone(ada: Program, cast: Cast) -> None:
    with within(cast.acme):
        session = Session.objects.filter(pairing__leader=cast.ada).earliest("pk")
        for part, author, text in (
            ("mine", cast.ada, "What I see"),
            ("theirs", cast.sol, "bait"),
            ("both", None, "bait"),
        ):
            SessionText.objects.create(session=session, part=part, author=author, text=text, saved_at=NOW)
    one = ada.get(f"sessions/{session.pk}/")

    assert "What I see" in [each["text"] for each in one.json()["own_words"]]
    assert "bait" not in one.content.decode() + ada.get("sessions/").content.decode()
    assert session.pk in [row["id"] for row in ada.get(f"sessions/?state={session.state}").json()["data"]]


def test_a_visit_is_left_and_taken_up_again(ada: Program, cast: Cast) -> None:
    with within(cast.acme):
        booking = Booking.objects.get(guest=cast.ada)
    one = f"bookings/{booking.pk}/"

    left = ada.post(f"{one}leaving/", Idempotency_Key=str(uuid4()))
    back = ada.post(f"{one}return/")

    assert left.json()["state"] in ("cancelled", "declined")
    assert back.json()["state"] == booking.state
    assert booking.pk in [row["id"] for row in ada.get("bookings/").json()["data"]]
