import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cohorts.models import Enrolment, Intake, Membership, Person
from cohorts.people.imports.file import read_people
from cohorts.tenancy.wall import within

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


def test_an_upload_leads_to_its_preview(hana, cohort, acme):
    answer = upload(hana, cohort)

    with within(acme):
        assert answer["Location"] == hana.url("intake", Intake.objects.get(file_name="people.csv").pk)


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        ("", "a.csv", "This file is empty."),
        ("Navn;Avdeling\nA;B\n", "a.csv", "No column for e-mail among: Navn, Avdeling. Call one of them E-mail."),
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
        assert Intake.objects.get(pk=intake.pk).rows == []
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
        "Problem",
    ]
    assert row == ["3", "'=Kari Dahl", "kari", *[""] * 7, "E-post: “kari” is not an e-mail address."]
    assert read_people(answer.content, "again.csv").unused == ("Row", "Problem")


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
