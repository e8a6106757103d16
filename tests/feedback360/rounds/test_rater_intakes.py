"""Lists of raters: read by the reader of people, planned row by row, confirmed once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cohorts.imports.file import UnreadableFile
from cohorts.imports.uploads import PlanChanged, forget_old
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from feedback360.models import FeedbackSettings, Rater, RaterIntake, Request, Round, State, Subject
from feedback360.rounds.actions.nominations import nominate
from feedback360.rounds.actions.rater_intakes import (
    confirm_raters,
    plan_rater_upload,
    upload_raters,
)
from feedback360.rounds.rater_file import read_raters
from tests.feedback360.rounds.scenes import listed, new_round, subject_of
from tests.times import NOW

HEADER = "Leader;Rater;Rater's e-mail;Relation"


@pytest.fixture
def scene(cast, acme):
    """A round in which Ada and Bo choose raters."""
    with within(acme):
        round_ = new_round(cast)
        yield cast, round_, subject_of(cast, cast.ada, round_), subject_of(cast, cast.bo, round_)


def upload(scene, *lines, header=HEADER, name="raters.csv"):
    cast, round_, *_ = scene
    data = "\n".join([header, *lines]).encode()
    return upload_raters(round_=round_, data=data, file_name=name, by=cast.hana, now=NOW)


def look(scene, *lines, **more):
    plan = plan_rater_upload(upload(scene, *lines, **more))
    return [(str(each.happens), [sentence for _column, sentence in each.problems]) for each in plan.outcomes]


def confirm(scene, intake):
    return confirm_raters(intake=intake, fingerprint=plan_rater_upload(intake).fingerprint, by=scene[0].hana, now=NOW)


def rows_of(subject):
    rows = Request.objects.filter(subject=subject).order_by("name")
    return list(rows.values_list("name", "rater__email", "relation", "state"))


def test_a_list_puts_raters_on_leaders_lists_approved(scene):
    cast, _round, adas, bos = scene
    confirm(
        scene,
        upload(
            scene,
            "ada@acme.test;Kari Nordmann;Kari@firm.test;Team",
            f"{cast.bo.name};Nordmann, Kari;kari@firm.test;kollega",
            "Ada Acme;Ola;Ola <ola@firm.test>;PEER",
        ),
    )

    assert rows_of(adas) == [
        ("Kari Nordmann", "kari@firm.test", "team", "approved"),
        ("Ola", "ola@firm.test", "peer", "approved"),
    ]
    assert rows_of(bos) == [("Kari Nordmann", "kari@firm.test", "peer", "approved")]
    assert Rater.objects.filter(round=adas.round).count() == 2
    assert Subject.objects.get(pk=adas.pk).approved_at == NOW


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("nobody@acme.test;K;k@firm.test;team", "No leader in this round has this address."),
        ("Nobody;K;k@firm.test;team", "No leader in this round is called Nobody."),
        (";K;k@firm.test;team", "The leader is missing."),
        ("ada@acme.test;;k@firm.test;team", "Name is missing."),
        ("ada@acme.test;K;;team", "E-mail is missing."),
        ("ada@acme.test;K;k@firm;team", "“k@firm” is not an e-mail address."),
        ("ada@acme.test;K;kåre@firm.test;team", "An address cannot have the letter å."),
        ("ada@acme.test;K;k@firm.test;boss", "Write team or peer."),
        ("ada@acme.test;K;k@firm.test;", "Write team or peer."),
        ("ada@acme.test;K;ADA@acme.test;team", "This is the leader's own address."),
        ("ada@acme.test;K;ada+2@acme.test;team", "This is the leader's own address."),
        ("ada@acme.test;K;sol@acme.test;team", "The manager is asked anyway"),
        (f"ada@acme.test;{'K' * 121};k@firm.test;team", "The name is longer than 120 characters."),
    ],
)
def test_a_row_with_a_problem_is_left_out_with_a_sentence(scene, row, sentence):
    ((happens, problems),) = look(scene, row)

    assert happens == "left_out"
    assert len(problems) == 1
    assert problems[0].startswith(sentence)


def test_plus_signs_make_no_second_rater_of_one_person(scene):
    _cast, _round, adas, _bos = scene
    listed(adas, 1)
    email = Request.objects.get(subject=adas).rater.email

    rows = look(
        scene,
        f"ada@acme.test;K;{email.replace('@', '+2@')};team",
        "ada@acme.test;Ola;ola@firm.test;team",
        "ada@acme.test;Ola;ola+360@firm.test;team",
    )

    assert [happens for happens, _problems in rows] == ["left_out", "added", "merged"]
    assert rows[0][1] == ["This person is on the list already, with another spelling of the address."]


def test_two_leaders_of_one_name_are_told_apart_by_address(scene):
    cast, _round, *_ = scene
    cast.bo.name = "Ada Acme"
    cast.bo.save()

    assert look(scene, "Ada Acme;K;k@firm.test;team", "ada@acme.test;K;k@firm.test;team") == [
        ("left_out", ["Several leaders have this name. Give the leader's e-mail instead."]),
        ("added", []),
    ]


def test_equal_rows_are_merged_and_rows_that_differ_left_out(scene):
    found = look(
        scene,
        "ada@acme.test;K;k@firm.test;team",
        "ADA@acme.test;K;K@firm.test;teammedlem",
        "ada@acme.test;O;o@firm.test;team",
        "ada@acme.test;O;o@firm.test;peer",
    )

    assert [happens for happens, _problems in found] == ["added", "merged", "left_out", "left_out"]


def test_somebody_on_the_list_stays_as_they_are(scene):
    cast, _round, adas, _bos = scene
    nominate(subject=adas, name="Kari", email="kari@firm.test", relation="team", by=cast.ada, now=NOW)

    assert look(scene, "ada@acme.test;Other;kari@firm.test;team", "ada@acme.test;Other;kari@firm.test;peer") == [
        ("left_out", ["The same rater is in several rows with different relations."]),
        (
            "left_out",
            [
                "They are on this leader's list already, with another relation.",
                "The same rater is in several rows with different relations.",
            ],
        ),
    ]
    assert look(scene, "ada@acme.test;Other;kari@firm.test;team") == [("unchanged", [])]
    assert rows_of(adas) == [("Kari", "kari@firm.test", "team", "proposed")]


def test_a_list_keeps_to_the_monthly_cap_in_file_order(scene):
    FeedbackSettings.objects.update(monthly_requests=1)

    (first, _), (second, problems) = look(scene, "ada@acme.test;K;k@firm.test;team", "bo@acme.test;K;k@firm.test;team")

    assert (first, second) == ("added", "left_out")
    assert "in a month" in problems[0]


def test_a_list_keeps_to_thirty_raters_a_leader(scene):
    _cast, _round, adas, _bos = scene
    listed(adas, 29)

    found = look(scene, *[f"ada@acme.test;K;k{number}@firm.test;team" for number in range(3)])

    assert [happens for happens, _problems in found] == ["added", "left_out", "left_out"]


def test_confirming_twice_adds_once_and_keeps_no_rows(scene):
    _cast, _round, adas, _bos = scene
    intake = upload(scene, "ada@acme.test;K;k@firm.test;team")
    for _ in range(2):
        confirmed = confirm(scene, intake)

    assert len(rows_of(adas)) == 1
    assert (confirmed.state, confirmed.rows, confirmed.counts) == ("confirmed", [], {"rows": 1, "added": 1})


def test_a_list_that_would_do_something_else_by_now_is_shown_again(scene):
    cast, _round, adas, _bos = scene
    intake = upload(scene, "ada@acme.test;K;k@firm.test;team")
    fingerprint = plan_rater_upload(intake).fingerprint
    nominate(subject=adas, name="Kari", email="k@firm.test", relation="team", by=cast.ada, now=NOW)

    with pytest.raises(PlanChanged):
        confirm_raters(intake=intake, fingerprint=fingerprint, by=cast.hana, now=NOW)
    assert len(rows_of(adas)) == 1


def test_an_admin_who_leads_gets_no_approved_list_by_import(scene):
    cast, _round, adas, _bos = scene
    cast.ada.roles = ["leader", "admin"]
    cast.ada.save()
    intake = upload(scene, "ada@acme.test;K;k@firm.test;team")

    confirm_raters(intake=intake, fingerprint=plan_rater_upload(intake).fingerprint, by=cast.ada, now=NOW)

    assert rows_of(adas) == [("K", "k@firm.test", "team", "proposed")]
    assert Subject.objects.get(pk=adas.pk).approved_at is None


def test_somebody_taken_off_comes_back_by_a_list(scene):
    _cast, _round, adas, _bos = scene
    (request,) = listed(adas, 1, state="withdrawn")

    confirm(scene, upload(scene, f"ada@acme.test;Back;{request.rater.email};peer"))

    assert rows_of(adas) == [("Back", request.rater.email, "peer", "approved")]


@pytest.mark.parametrize("state", [State.COLLECTING, State.CLOSED, State.RELEASED])
def test_no_list_is_imported_once_raters_are_asked(scene, state):
    cast, round_, adas, _bos = scene
    intake = upload(scene, "ada@acme.test;K;k@firm.test;team")
    fingerprint = plan_rater_upload(intake).fingerprint
    Round.objects.filter(pk=round_.pk).update(state=state)

    with pytest.raises(NotNow, match="only while raters are chosen"):
        confirm_raters(intake=intake, fingerprint=fingerprint, by=cast.hana, now=NOW)
    round_.refresh_from_db()
    with pytest.raises(NotNow, match="only while raters are chosen"):
        upload(scene, "ada@acme.test;K;k@firm.test;team")
    assert rows_of(adas) == []


def test_an_unconfirmed_list_is_forgotten_after_a_week(scene):
    intake = upload(scene, "ada@acme.test;K;k@firm.test;team")
    RaterIntake.objects.filter(pk=intake.pk).update(created_at=NOW.replace(day=3))

    assert forget_old(RaterIntake, now=NOW) == 1
    intake.refresh_from_db()
    assert (intake.state, intake.rows) == ("discarded", [])


def test_statements_do_not_grow_with_the_rows(scene, count_queries):
    def statements(count, first):
        lines = [f"ada@acme.test;K;k{first + number}@firm.test;team" for number in range(count)]
        intake = upload(scene, *lines)
        return len(count_queries(lambda: confirm(scene, intake)))

    assert statements(2, 0) == statements(20, 100)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.csv", "This file is empty."),
        (b"Rater\nB\n", "a.csv", "No column for e-mail among: Rater."),
        (b"E-mail\nb@c.test\n", "a.csv", "No column for names."),
        (b"Leader;Rater;E-mail\n", "a.csv", "The headers are there, but no people under them."),
        (b"PK\x03\x04", "a.csv", "This file is called .csv, but it is an Excel workbook."),
    ],
)
def test_a_file_that_is_no_list_of_raters_is_refused(data, name, sentence):
    with pytest.raises(UnreadableFile, match=sentence.replace(".", r"\.")):
        read_raters(data, name)


@pytest.mark.parametrize(
    "text",
    [
        "Leder,Svarer,Svarers e-post,Relasjon\nAda,Kari,kari@firm.test,team\n",
        "\ufeffLeader\tFirst name\tLast name\tE-mail\tRelationship\nAda\tKari\t\tkari@firm.test\tteam\n",
        "Raters 2026\n\nLeader|Name|Work e-mail|Group|Site\nAda|Kari|kari@firm.test|team|Oslo\n",
    ],
)
def test_headers_in_two_languages_and_four_separators_are_read(text):
    (row,) = read_raters(text.encode(), "a.csv").rows

    assert (row.leader_name, row.name, row.email, row.relation) == ("Ada", "Kari", "kari@firm.test", "team")


def test_an_admin_imports_a_list_in_the_browser(scene, acme, client_for):
    cast, round_, adas, _bos = scene
    hana = client_for(cast.hana)
    lines = "\n".join([HEADER, "ada@acme.test;Kari;kari@firm.test;team", "nobody;Ola;ola@firm.test;team"])
    file = SimpleUploadedFile("raters.csv", lines.encode())

    page = hana.post(hana.url("rater_intake_new", round_.pk), {"file": file})
    page = hana.get(page["Location"].removesuffix("columns/"))
    text = page.content.decode()
    assert "No leader in this round is called nobody." in text
    assert "1 row has a problem and is left out." in text
    left_out = hana.get(hana.url("rater_intake_problems", page.context["intake"].pk)).content
    assert read_raters(left_out, "again.csv").rows[0].name == "Ola"

    done = hana.post(
        hana.url("rater_intake_confirmation", page.context["intake"].pk),
        {"fingerprint": page.context["fingerprint"]},
        follow=True,
    )

    assert "1 rater added." in done.content.decode()
    assert "kari@firm.test" in done.content.decode()
    with within(acme):
        assert len(rows_of(adas)) == 1
