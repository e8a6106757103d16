import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.imports.rereading import about_of
from cohorts.models import Enrolment, Intake, Invitation, Membership, Person
from cohorts.people.actions.parts import rows_of
from cohorts.people.views.intakes import IMPORTS_ON_A_PAGE
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.people_files import read_people
from tests.times import NOW, TODAY

LIST = """Navn;E-post;Leder;Leders e-post;Avdeling
Berg, Åse;ase@firm.test;Liv Lie;liv@firm.test;Kø 3
=Kari Dahl;kari;;;
"""


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def cohort(cast, acme):
    return cast.house_of(acme).cohort


def upload(hana, cohort, text=LIST, name="people.csv"):
    file = SimpleUploadedFile(name, text.encode("cp1252") if isinstance(text, str) else text)
    return hana.post(hana.url("intake_new", cohort.pk), {"file": file})


@pytest.fixture
def intake(hana, cohort, acme):
    upload(hana, cohort)
    with within(acme):
        return Intake.objects.get(file_name="people.csv")


def test_an_upload_leads_to_its_columns(hana, cohort, acme):
    answer = upload(hana, cohort)

    with within(acme):
        key = Intake.objects.get(file_name="people.csv").pk
    assert answer["Location"] == hana.url("intake_columns", key)
    page = hana.get(answer["Location"])
    assert [(field.label, field.value(), str(field.help_text)) for field in page.context["form"].lines()] == [
        ("Navn", "name", "Berg, Åse · =Kari Dahl"),
        ("E-post", "email", "ase@firm.test · kari"),
        ("Leder", "manager_name", "Liv Lie"),
        ("Leders e-post", "manager_email", "liv@firm.test"),
        ("Avdeling", "", "Kø 3"),
    ]


def test_headers_and_cells_are_text_and_no_markup(hana, cohort, acme):
    answer = upload(hana, cohort, "Navn;E-post;<b>x</b>\n<i>Ada</i>;a@f.test;<u>y</u>\n", "markup.csv")

    page = hana.get(answer["Location"]).content.decode()

    assert "&lt;b&gt;x" in page
    assert "&lt;i&gt;Ada" in page
    assert not {"<b>x", "<i>Ada", "<u>y"} & set(re.findall(r"<[biu]>\w+", page))


def columns_of(*fields):
    return {f"column_{number}": field for number, field in enumerate(fields)}


def test_changed_columns_are_read_and_remembered_for_the_same_shape(hana, intake, cohort, acme):
    changed = columns_of("name", "email", "", "manager_email", "")

    answer = hana.post(hana.url("intake_columns", intake.pk), changed)

    assert answer["Location"] == hana.url("intake", intake.pk)
    with within(acme):
        assert [row.manager_name for row in rows_of(intake)] == ["", ""]
    confirm(hana, intake)
    answer = upload(hana, cohort, LIST.replace("Liv", "Bo"), "next.csv")
    with within(acme):
        following = Intake.objects.get(file_name="next.csv")
    assert answer["Location"] == hana.url("intake", following.pk)
    assert (following.choices["columns"], following.choices["is_remembered"]) == (
        {"0": "name", "1": "email", "3": "manager_email"},
        True,
    )
    answer = upload(hana, cohort, LIST.replace("Avdeling", "Team"), "other.csv")
    assert answer["Location"].endswith("/columns/")


def test_an_empty_column_makes_another_shape(hana, cohort, acme):
    upload(hana, cohort, "Navn;;Adr;Privat\nNina;;nina@firm.test;nina@home.test", "first.csv")
    with within(acme):
        first = Intake.objects.get(file_name="first.csv")
    hana.post(hana.url("intake_columns", first.pk), columns_of("name", "", "email", ""))
    confirm(hana, first)

    answer = upload(hana, cohort, "Navn;Adr;Privat\nBo;bo@firm.test;bo@home.test", "next.csv")

    assert answer["Location"].endswith("/columns/")  # else the third column would be taken for the address again


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        (["name", "", "", "", ""], {"__all__": ["Choose the column for: E-mail."]}),
        (
            ["", "email", "", "", ""],
            {"__all__": ["Choose the column for: Name or First name or Last name."]},
        ),
        (["name", "email", "email", "", ""], {"column_1": ["Two columns are taken for E-mail."]}),
    ],
)
def test_columns_a_list_cannot_do_without_are_asked_for(hana, intake, fields, errors):
    answer = hana.post(hana.url("intake_columns", intake.pk), columns_of(*fields))

    assert (answer.status_code, answer.context["form"].errors) == (422, errors)


def test_a_preview_without_an_address_leads_to_the_columns(hana, cohort, acme):
    answer = upload(hana, cohort, "Navn;Avdeling\nA;B\n", "thin.csv")

    with within(acme):
        key = Intake.objects.get(file_name="thin.csv").pk
    assert hana.get(hana.url("intake", key))["Location"] == answer["Location"] == hana.url("intake_columns", key)


def test_one_of_two_rows_with_the_same_name_can_be_left_out(hana, cohort, acme):
    upload(hana, cohort, "Navn;E-post\nKim Li;k@f.test\nKim Li;kim@f.test\n", "twins.csv")
    with within(acme):
        intake = Intake.objects.get(file_name="twins.csv")
    page = hana.get(hana.url("intake", intake.pk)).content.decode()
    assert page.count("Leave this row out") == 2

    hana.post(hana.url("intake_row", intake.pk), {"about": "3", "choice": "out"})

    page = hana.get(hana.url("intake", intake.pk)).content.decode()
    assert "Left out by you" in page
    assert "Use this row" in page
    confirm(hana, intake)
    with within(acme):
        assert [each.person.email for each in Membership.objects.filter(name="Kim Li")] == ["k@f.test"]


# Undo


def test_an_import_can_be_taken_back_as_a_whole_and_made_again(hana, acme, cast):
    with within(acme):
        ahead = make.CohortFactory(
            name="Autumn", version=cast.house_of(acme).version, day1_on=TODAY + timedelta(days=12)
        )
        before = state()
    upload(hana, ahead)
    with within(acme):
        first = Intake.objects.get(file_name="people.csv")
    confirm(hana, first)
    with within(acme):
        assert state() != before
    offered = hana.get(hana.url("imports", ahead.pk)).content.decode()
    assert "people.csv" in offered
    assert hana.url("intake_undoing", first.pk) in offered

    hana.post(hana.url("intake_undoing", first.pk))
    hana.post(hana.url("intake_undoing", first.pk))

    with within(acme):
        assert state() == before
        assert not ahead.enrolments.exists()
        assert not Invitation.objects.filter(membership__name="Åse Berg", revoked_at=None).exists()
    assert "Undone" in hana.get(hana.url("imports", ahead.pk)).content.decode()
    upload(hana, ahead, name="again.csv")
    with within(acme):
        again = Intake.objects.get(file_name="again.csv")
    assert "1 leader added. 1 sponsor added." in confirm(hana, again).content.decode()


def test_after_an_import_the_sheets_that_were_not_read_are_named(hana, acme, cohort):
    data = Path(__file__).with_name("real_files").joinpath("two-sheets.xlsx").read_bytes()
    upload(hana, cohort, data, "two.xlsx")
    with within(acme):
        intake = Intake.objects.get(file_name="two.xlsx")
    others = about_of(intake).others
    assert others

    assert f"People in other sheets were not imported: {others[0]}." in confirm(hana, intake).content.decode()


def test_an_import_stays_once_somebody_has_started(hana, intake, acme, cohort):
    confirm(hana, intake)
    with within(acme):
        leader = Membership.objects.get(name="Åse Berg")
        Invitation.objects.filter(membership=leader).update(accepted_at=NOW)

    answer = hana.post(hana.url("intake_undoing", intake.pk))

    assert answer.status_code == 409
    assert "Someone on this list has started or signed in." in answer.content.decode()
    listed = hana.get(hana.url("imports", cohort.pk)).content.decode()
    assert "Someone on this list has started or signed in." in listed
    assert hana.url("intake_undoing", intake.pk) not in listed
    with within(acme):
        assert cohort.enrolments.filter(leader=leader).exists()


def test_the_list_of_imports_leaves_their_keys_in_the_database(hana, intake, acme, cohort):
    confirm(hana, intake)
    with within(acme):
        invited = Invitation.objects.filter(membership__name="Åse Berg")
        done = Intake.objects.bulk_create(
            Intake(
                cohort=cohort,
                uploaded_by=intake.uploaded_by,
                file_name=f"{number}.csv",
                state="confirmed",
                confirmed_at=NOW,
                created_at=NOW,
                made={"enrolments": list(range(10**9, 10**9 + 20_000)) if number < 8 else [], "members": [-number - 1]},
            )
            for number in range(IMPORTS_ON_A_PAGE - 1)
        )
        invited.update(accepted_at=NOW)

    with CaptureQueriesContext(connection) as asked:
        answer = hana.get(hana.url("imports", cohort.pk))

    listed = answer.content.decode()
    assert hana.url("intake_undoing", done[-1].pk) in listed
    assert hana.url("intake_undoing", intake.pk) not in listed
    assert intake.file_name in listed
    naming = [each["sql"] for each in asked if '"made"' in each["sql"] or "made_" in each["sql"]]
    assert len(naming) == 3
    assert len(asked) < IMPORTS_ON_A_PAGE, "a query for each import"
    assert max(len(each["sql"]) for each in asked) < 20_000, "keys go back and forth"
    assert not any('"cohorts_intake"."made"' in sql for sql in naming)
    with within(acme):
        make.IntakeFactory(cohort=cohort, uploaded_by=intake.uploaded_by, state="confirmed")
    assert len(hana.get(hana.url("imports", cohort.pk)).context["lines"]) == IMPORTS_ON_A_PAGE


def test_undo_gives_no_role_back_that_was_taken_since(hana, acme, cast):
    cleo = cast.cleo
    with within(acme):
        ahead = make.CohortFactory(
            name="Autumn", version=cast.house_of(acme).version, day1_on=TODAY + timedelta(days=12)
        )
        Membership.objects.filter(pk=cleo.pk).update(roles=["coach", "owner"])
    upload(hana, ahead, f"Navn;E-post;Leders e-post\nBerg, Åse;ase@firm.test;{cleo.person.email}\n")
    with within(acme):
        first = Intake.objects.get(file_name="people.csv")
    confirm(hana, first)
    with within(acme):
        assert Membership.objects.get(pk=cleo.pk).roles == ["coach", "owner", "sponsor"]
        Membership.objects.filter(pk=cleo.pk).update(roles=["coach", "host", "sponsor"])

    hana.post(hana.url("intake_undoing", first.pk))

    with within(acme):
        assert Membership.objects.get(pk=cleo.pk).roles == ["coach", "host"]


@pytest.mark.parametrize("what", ["owner", "sponsor elsewhere"])
def test_undo_sends_nobody_off_who_has_other_tasks_by_now(what, hana, acme, cast):
    with within(acme):
        ahead = make.CohortFactory(
            name="Autumn", version=cast.house_of(acme).version, day1_on=TODAY + timedelta(days=12)
        )
    upload(hana, ahead)
    with within(acme):
        first = Intake.objects.get(file_name="people.csv")
    confirm(hana, first)
    with within(acme):
        liv = Membership.objects.get(name="Liv Lie")
        if what == "owner":
            Membership.objects.filter(pk=liv.pk).update(roles=["owner", "sponsor"])
        else:
            Enrolment.objects.filter(pk=cast.enrolment(cast.ada).pk).update(sponsor=liv)

    answer = hana.post(hana.url("intake_undoing", first.pk))

    assert answer.status_code == 409
    assert "other tasks by now" in answer.content.decode()
    assert "other tasks by now" in hana.get(hana.url("imports", ahead.pk)).content.decode()
    with within(acme):
        assert Membership.objects.get(pk=liv.pk).is_active
        assert ahead.enrolments.exists()


def test_undo_leaves_a_sponsor_alone_who_was_chosen_since(hana, acme, cast, cohort):
    ada = cast.enrolment(cast.ada)
    upload(hana, cohort, "Navn;E-post;Sponsors e-post\nAda Acme;ada@acme.test;max@acme.test\n")
    with within(acme):
        first = Intake.objects.get(file_name="people.csv")
    confirm(hana, first)
    with within(acme):
        assert Enrolment.objects.get(pk=ada.pk).sponsor_id == cast.max.pk
        Enrolment.objects.filter(pk=ada.pk).update(sponsor=None)

    hana.post(hana.url("intake_undoing", first.pk))

    with within(acme):
        assert Enrolment.objects.get(pk=ada.pk).sponsor_id is None
        assert Intake.objects.get(pk=first.pk).undone_at is not None


def state():
    return {
        each.person.email: (each.roles, each.manager_id)
        for each in Membership.objects.filter(left_at=None).select_related("person")
    }


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        ("", "a.csv", "This file is empty."),
        ("Navn\nA\n", "a.csv", "No column for e-mail among: Navn. Call one of them E-mail."),
        (b"\x89PNG\x00", "a.csv", "This file is not text. Export the list as .csv or .xlsx."),
    ],
)
def test_an_unreadable_file_is_a_field_error(hana, cohort, text, name, sentence):
    answer = upload(hana, cohort, text, name)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"file": [sentence]}


def test_a_missing_file_is_a_field_error(hana, cohort):
    answer = hana.post(hana.url("intake_new", cohort.pk))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]


def test_the_preview_shows_outcome_and_problems_per_row(hana, intake):
    page = hana.get(hana.url("intake", intake.pk)).content.decode()

    assert "New leader" in page
    assert "Åse Berg" in page
    assert "<strong>E-post:</strong> “kari” is not an e-mail address." in page
    assert "Liv Lie" in page
    assert "Found in a column for managers or sponsors." in page
    assert "Not used: Avdeling" in page
    assert "1 row has a problem and is left out" in page
    assert "Confirm 2 people" in page


def test_only_problems_can_be_shown(hana, intake):
    page = hana.get(hana.url("intake", intake.pk), {"show": "problems"}).content.decode()

    assert "=Kari Dahl" in page
    assert "Åse Berg" not in page


def test_looking_writes_nothing(hana, intake, acme):
    with within(acme):
        before = Membership.objects.count(), Person.objects.count(), Enrolment.objects.count()

    hana.get(hana.url("intake", intake.pk))
    hana.get(hana.url("intake_problems", intake.pk))

    with within(acme):
        assert before == (Membership.objects.count(), Person.objects.count(), Enrolment.objects.count())


def confirm(hana, intake):
    fingerprint = hana.get(hana.url("intake", intake.pk)).context["fingerprint"]
    return hana.post(hana.url("intake_confirmation", intake.pk), {"fingerprint": fingerprint}, follow=True)


def test_confirming_reports_added_and_left_out_counts(hana, intake, acme):
    page = confirm(hana, intake).content.decode()

    assert "1 leader added. 1 sponsor added." in page
    assert "1 row was left out." in page
    with within(acme):
        assert Enrolment.objects.get(leader__name="Åse Berg").sponsor.name == "Liv Lie"


def test_confirming_twice_lets_everybody_in_once(hana, intake, acme):
    fingerprint = hana.get(hana.url("intake", intake.pk)).context["fingerprint"]
    for _ in range(2):
        answer = hana.post(hana.url("intake_confirmation", intake.pk), {"fingerprint": fingerprint})
        assert answer.status_code == 302

    with within(acme):
        assert Enrolment.objects.filter(leader__name="Åse Berg").count() == 1


def test_a_changed_plan_is_shown_again(hana, intake, acme):
    answer = hana.post(hana.url("intake_confirmation", intake.pk), {"fingerprint": "old"}, follow=True)

    assert answer.redirect_chain[0][0] == hana.url("intake", intake.pk)
    assert "Something changed since you looked at this list." in answer.content.decode()
    with within(acme):
        assert not Enrolment.objects.filter(leader__name="Åse Berg").exists()


def test_a_confirmed_list_leads_back_to_the_cohort(hana, intake, cohort):
    confirm(hana, intake)

    assert hana.get(hana.url("intake", intake.pk))["Location"] == hana.url("cohort", cohort.pk)
    assert hana.get(hana.url("intake_problems", intake.pk)).status_code == 404


def test_a_list_can_be_discarded(hana, intake, acme):
    hana.post(hana.url("intake_discard", intake.pk))

    with within(acme):
        assert not intake.parts.exists()
        assert not intake.pieces.exists()
        assert not Membership.objects.filter(name="Åse Berg").exists()


def test_rows_left_out_can_be_downloaded_and_uploaded(hana, intake):
    answer = hana.get(hana.url("intake_problems", intake.pk))

    text = answer.content.decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text))
    assert header == [
        "Row",
        "Name",
        "E-mail",
        "Time zone",
        "Language",
        "Role",
        "Manager",
        "Manager's e-mail",
        "Sponsor",
        "Sponsor's e-mail",
        "Employee number",
        "Manager's employee number",
        "Problem",
    ]
    assert row == ["3", "'=Kari Dahl", "kari", *[""] * 9, "E-post: “kari” is not an e-mail address."]
    again = read_people(answer.content, "again.csv")
    assert again.unused == ("Row", "Problem")
    assert [each.name for each in again.rows] == ["=Kari Dahl"]
    book, packed = openpyxl.Workbook(), io.BytesIO()
    for line in (header, row):
        book.active.append(line)
    book.save(packed)
    from_excel = read_people(packed.getvalue(), "again.xlsx")
    assert [(each.name, each.email) for each in from_excel.rows] == [("=Kari Dahl", "kari")]


def test_preview_queries_do_not_grow_with_rows(hana, cohort, acme, count_queries):
    def queries(rows):
        upload(hana, cohort, "Navn;E-post\n" + "".join(f"A {n};a{n}@firm.test\n" for n in range(rows)), f"{rows}.csv")
        with within(acme):
            url = hana.url("intake", Intake.objects.get(file_name=f"{rows}.csv").pk)
        hana.get(url)
        return len(count_queries(lambda: hana.get(url)))

    assert queries(1) == queries(30) <= 12


def test_one_leader_is_added_by_hand(hana, cohort, acme):
    said = {
        "name": "Kari Dahl",
        "email": "Kari@firm.test",
        "manager_email": "sol@acme.test",
        "language": "nb",
        "zone": "Europe/London",
    }
    answer = hana.post(hana.url("person_new", cohort.pk), said, follow=True)

    assert "Kari Dahl: New leader." in answer.content.decode()
    with within(acme):
        enrolment = Enrolment.objects.select_related("leader__person", "sponsor").get(leader__name="Kari Dahl")
    assert (str(enrolment.zone), enrolment.sponsor.name, enrolment.leader.person.language) == (
        "Europe/London",
        "Sol Acme",
        "nb",
    )


def test_a_problem_with_one_person_is_a_field_error(hana, cohort):
    said = {
        "name": "Kari",
        "email": "kåre@firm.test",
        "manager_name": "Nobody",
        "language": "nb",
        "zone": "Europe/Oslo",
    }
    answer = hana.post(hana.url("person_new", cohort.pk), said)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email", "manager_name"]


@pytest.mark.parametrize("name", ["intake", "intake_problems"])
def test_another_organisations_list_is_missing(hana, cast, zenith, name):
    with within(zenith):
        foreign = Intake.objects.get()

    assert hana.get(hana.url(name, foreign.pk)).status_code == 404
    assert hana.post(hana.url("intake_confirmation", foreign.pk)).status_code == 404


def test_an_address_of_its_own_letters_is_stored_plain_and_shown_as_written(hana, cohort, acme):
    upload(hana, cohort, "Navn;E-post\nKari Sø;kari@bø-kommune.test\n", "idn.csv")
    with within(acme):
        intake = Intake.objects.get(file_name="idn.csv")
    confirm(hana, intake)

    with within(acme):
        member = Membership.objects.select_related("person").get(name="Kari Sø")
    assert member.person.email == "kari@xn--b-kommune-l8a.test"
    assert "kari@bø-kommune.test" in hana.get(hana.url("member", member.pk)).content.decode()


LARGE = {"data", "rows", "outcomes", "sponsors"}


@pytest.mark.parametrize(
    ("route", "said", "read"),
    [
        ("intake_columns", None, set()),
        ("intake_row", {"about": "3", "choice": "out"}, {"rows"}),
        ("intake", None, {"rows", "outcomes", "sponsors"}),
        ("intake_problems", None, {"rows", "outcomes"}),
        ("intake_discard", {}, set()),
    ],
)
def test_a_page_reads_no_more_of_a_long_list_than_it_needs(route, said, read, hana, intake):
    address = hana.url(route, intake.pk)
    with CaptureQueriesContext(connection) as asked:
        answer = hana.get(address) if said is None else hana.post(address, said)

    selected = [each["sql"] for each in asked if each["sql"].startswith("SELECT")]
    large = {name for sql in selected for name in LARGE if f'"{name}"' in sql}
    assert (answer.status_code in (200, 302), large) == (True, read)
