import csv
import io
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from cohorts.audit import first_break
from cohorts.imports.file import UnreadableFile
from cohorts.imports.uploads import PlanChanged, discard, forget_old
from cohorts.models import AuditEntry, Clock, DigestClock, Enrolment, Intake, Invitation, Membership, Person
from cohorts.people.actions import intakes
from cohorts.people.actions.intakes import (
    MAX_MANAGER_LEVELS,
    ImportContext,
    NoMoreAdmin,
    add_people,
    add_person,
    confirm_intake,
    levels_of,
    plan_upload,
    upload_intake,
)
from cohorts.people.actions.parts import rows_of
from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.plan import Happens
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from tests import factories as make
from tests.times import DAY_1, NOW, TODAY
from tests.work import work

LIST = """Navn;E-post;Leder;Leders e-post;Tidssone
Berg, Åse;ase@firm.test;Sol Acme;sol@acme.test;
Kari Dahl;kari@firm.test;Åse Berg;ase@firm.test;London
Ola Bø;ola@firm.test;Liv Lie;liv@firm.test;
Ada Acme;ada@acme.test;Sol Acme;sol@acme.test;
10023;per@firm.test;;;
""".encode()
ROWS = [Person, Membership, Enrolment, Clock, Invitation, DigestClock]


@pytest.fixture
def ahead(cast, acme):
    """A cohort whose day 1 is still ahead."""
    with within(acme):
        return make.CohortFactory(
            name="Autumn", version=cast.house_of(acme).version, day1_on=TODAY + timedelta(days=12)
        )


@pytest.fixture
def at(cast, acme, ahead):
    return ImportContext(organisation=acme, cohort=ahead, by=cast.hana, today=TODAY, now=NOW)


def upload(at, data=LIST, name="people.csv"):
    return upload_intake(cohort=at.cohort, file=BytesIO(data), file_name=name, by=at.by, now=at.now)


def is_empty(intake):
    return not (intake.parts.exists() or intake.pieces.exists())


def look(intake, at):
    return plan_upload(intake, organisation=at.organisation)


def confirm(intake, at):
    return confirm_intake(intake=intake, fingerprint=look(intake, at).fingerprint, at=at)


def everything():
    return {model: model.objects.count() for model in ROWS}


def members_by_email():
    return {member.person.email: member for member in Membership.objects.select_related("person")}


def test_nothing_is_written_before_it_is_confirmed(at, acme):
    with within(acme):
        before = everything()

        intake = upload(at)
        look(intake, at)

        assert everything() == before
        assert next(rows_of(intake)).name == "Åse Berg"


def test_a_file_refused_after_many_rows_leaves_what_was_uploaded_before(at, acme):
    """Its rows are stored as they are read."""
    with within(acme):
        before = upload(at)
        with pytest.raises(UnreadableFile, match="more than 200 columns"):
            upload(at, b"Name;E-mail\n" + b"Ada;a@f.test\n" * 5_000 + b";x" * 300)

        assert at.cohort.intakes.get() == before
        assert [row.name for row in rows_of(before)][:2] == ["Åse Berg", "Kari Dahl"]
        assert confirm(before, at).confirmed_at == NOW


def test_an_earlier_upload_waits_until_the_next_one_is_stored(at, acme, monkeypatch):
    """Discarding locks it, and a workbook may take half a minute to read."""
    states = []
    storing = intakes.storing_rows

    def look(*arguments):
        yield from storing(*arguments)
        states.append(at.cohort.intakes.get(pk=before.pk).state)

    with within(acme):
        before = upload(at)
        monkeypatch.setattr(intakes, "storing_rows", look)
        after = upload(at)

        assert states == ["previewed"]
        assert [*at.cohort.intakes.waiting()] == [after]


def test_confirming_adds_everybody_without_a_problem(at, acme, cast):
    finish = {"leader": {"ase@firm.test", "kari@firm.test", "ola@firm.test"}}
    with within(acme):
        before = everything()

        confirm(upload(at), at)

        members = members_by_email()
        leaders = {e.leader.person.email for e in at.cohort.enrolments.select_related("leader__person")}
        assert leaders == finish["leader"]
        assert {model: count - before[model] for model, count in everything().items()} == {
            Person: 4,
            Membership: 4,
            Enrolment: 3,
            Clock: 3,
            Invitation: 4,
            DigestClock: 2,
        }
        assert members["ase@firm.test"].roles == ["leader", "sponsor"]
        assert members["liv@firm.test"].roles == ["sponsor"]
        assert members["liv@firm.test"].name == "Liv Lie"


def test_each_enrolment_has_its_sponsor_zone_and_day_1(at, acme):
    with within(acme):
        confirm(upload(at), at)

        said = {
            enrolment.leader.person.email: (enrolment.sponsor.person.email, str(enrolment.zone), enrolment.day1_on)
            for enrolment in at.cohort.enrolments.select_related("leader__person", "sponsor__person")
        }
    assert said == {
        "ase@firm.test": ("sol@acme.test", "Europe/Oslo", at.cohort.day1_on),
        "kari@firm.test": ("ase@firm.test", "Europe/London", at.cohort.day1_on),
        "ola@firm.test": ("liv@firm.test", "Europe/Oslo", at.cohort.day1_on),
    }


def test_clocks_are_set_for_day_1_and_held_where_sending_is_off(at, acme):
    with within(acme):
        at.cohort.is_sending = False
        at.cohort.save(update_fields=["is_sending"])

        confirm(upload(at), at)

        clocks = Clock.objects.filter(enrolment__cohort=at.cohort)
        assert set(clocks.values_list("is_held", "is_simulated", "next_on")) == {(True, False, at.cohort.day1_on)}


def test_clocks_of_a_demo_organisation_are_simulated(at, acme):
    acme.is_demo = True
    acme.save(update_fields=["is_demo"])
    with within(acme):
        confirm(upload(at), at)

        assert set(Clock.objects.filter(enrolment__cohort=at.cohort).values_list("is_simulated", flat=True)) == {True}


def test_personal_data_leaves_the_upload_when_it_is_confirmed(at, acme):
    with within(acme):
        intake = confirm(upload(at), at)

        assert (intake.state, is_empty(intake)) == ("confirmed", True)
        assert intake.counts == {"rows": 5, "new_leader": 3, "left_out": 2, "new_sponsor": 1}


def test_confirming_twice_is_confirming_once(at, acme):
    with within(acme):
        intake = upload(at)
        fingerprint = look(intake, at).fingerprint
        confirm_intake(intake=intake, fingerprint=fingerprint, at=at)
        after = everything()

        confirm_intake(intake=intake, fingerprint=fingerprint, at=at)

        assert everything() == after


def test_the_same_list_again_changes_nothing(at, acme):
    with within(acme):
        confirm(upload(at), at)
        after = everything()

        again = upload(at)

        assert look(again, at).counts == {"unchanged": 3, "left_out": 2}
        confirm(again, at)
        assert everything() == after


def test_a_plan_outdated_by_another_change_is_refused(at, acme):
    with within(acme):
        intake = upload(at)
        fingerprint = look(intake, at).fingerprint
        add_person(row=PersonRow(name="Kari Dahl", email="kari@firm.test"), at=at)
        before = everything()

        with pytest.raises(PlanChanged, match="Something changed since you looked"):
            confirm_intake(intake=intake, fingerprint=fingerprint, at=at)

        assert everything() == before


def test_a_discarded_list_cannot_be_confirmed(at, acme):
    with within(acme):
        intake = upload(at)
        discard(intake)

        with pytest.raises(NotNow, match="discarded"):
            confirm_intake(intake=intake, fingerprint="", at=at)
        assert is_empty(intake)


def test_a_new_upload_drops_the_one_before(at, acme):
    with within(acme):
        first = upload(at)
        upload(at)

        first.refresh_from_db()
        assert (first.state, is_empty(first)) == ("discarded", True)


def test_unconfirmed_uploads_are_deleted_after_a_week(at, acme):
    with within(acme):
        intake = upload(at)
        assert forget_old(Intake, now=NOW + timedelta(days=6)) == 0

        forget_old(Intake, now=NOW + timedelta(days=8))

        intake.refresh_from_db()
        assert (intake.state, is_empty(intake)) == ("discarded", True)


def test_a_file_that_cannot_be_read_leaves_nothing(at, acme):
    with within(acme):
        before = Intake.objects.count()

        with pytest.raises(UnreadableFile):
            upload(at, b"\x89PNG\x00", "people.csv")

        assert Intake.objects.count() == before


def test_a_named_manager_replaces_the_current_sponsor(cast, acme):
    house = cast.house_of(acme)
    at = ImportContext(organisation=acme, cohort=house.cohort, by=cast.hana, today=TODAY, now=NOW)
    data = b"Navn;E-post;Leders e-post\nAda Acme;ada@acme.test;max@acme.test\nBo;bo@acme.test;\n"
    with within(acme):
        intake = upload(at, data)
        assert look(intake, at).counts == {"sponsor_changes": 1, "unchanged": 1}

        confirm(intake, at)

        enrolment = Enrolment.objects.get(pk=cast.enrolment(cast.ada).pk)
        assert enrolment.sponsor_id == cast.max.pk
        assert Enrolment.objects.get(pk=cast.enrolment(cast.bo).pk).sponsor_id == cast.max.pk


def test_a_list_says_who_everybody_reports_to(cast, acme):
    house = cast.house_of(acme)
    at = ImportContext(organisation=acme, cohort=house.cohort, by=cast.hana, today=TODAY, now=NOW)
    data = (
        b"Navn;E-post;Rolle;Leders e-post;Sponsors e-post\n"
        b"Ada Acme;ada@acme.test;;max@acme.test;sol@acme.test\n"
        b"Sol Acme;sol@acme.test;sponsor;topp@acme.test;\n"
    )
    with within(acme):
        intake = upload(at, data)
        assert look(intake, at).counts == {"manager_changes": 2, "new_sponsor": 1}

        confirm(intake, at)

        assert Enrolment.objects.get(pk=cast.enrolment(cast.ada).pk).sponsor_id == cast.sol.pk
        managers = dict(Membership.objects.values_list("person__email", "manager__person__email"))
        assert managers["ada@acme.test"] == "max@acme.test"
        assert managers["sol@acme.test"] == "topp@acme.test"
        assert look(upload(at, data), at).counts == {"unchanged": 2}


def test_joining_a_second_cohort_is_refused(at, acme, cast):
    with within(acme):
        outcome = add_person(row=PersonRow(name="Ada", email="ada@acme.test"), at=at)

    assert outcome.problems[0].sentence == "They are already on their way in the cohort Acme spring."


def test_joining_after_day_1_starts_tomorrow(cast, acme):
    house = cast.house_of(acme)
    at = ImportContext(organisation=acme, cohort=house.cohort, by=cast.hana, today=TODAY, now=NOW)
    with within(acme):
        add_person(row=PersonRow(name="Late Lie", email="late@firm.test"), at=at)

        assert Enrolment.objects.get(leader__name="Late Lie").day1_on == TODAY + timedelta(days=1)
        assert house.cohort.day1_on == DAY_1


# Two organisations


def test_a_person_from_another_organisation_is_added_unchanged(at, acme, zenith, cast):
    zac = Person.objects.get(email="zac@zenith.test")
    with within(acme):
        outcome = add_person(
            row=PersonRow(name="Zac Elsewhere", email="ZAC@zenith.test", language="nb", manager_email="sol@acme.test"),
            at=at,
        )

        assert outcome.happens == Happens.NEW_LEADER
        member = Membership.objects.get(name="Zac Elsewhere")
        assert member.person_id == zac.pk
        assert Invitation.objects.filter(membership=member, sent_at=None).exists()
    zac.refresh_from_db()
    assert zac.language == "en"
    with within(zenith):
        assert Membership.objects.get(person=zac).name == "Zac Zenith"


def test_names_and_cohorts_of_another_organisation_are_not_seen(at, acme):
    with within(acme):
        by_name = add_person(row=PersonRow(name="A", email="a@firm.test", manager_name="Zac Zenith"), at=at)
        busy_there = add_person(row=PersonRow(name="Zoe", email="zoe@zenith.test"), at=at)

    assert by_name.problems[0].sentence.startswith("Nobody in the file or the organisation is called Zac Zenith")
    assert busy_there.happens == Happens.NEW_LEADER


# One by one, and very many


def test_a_person_added_by_hand_with_a_problem_changes_nothing(at, acme):
    with within(acme):
        before = everything()

        outcome = add_person(row=PersonRow(name="Kari", email="kari"), at=at)

        assert [problem.field for problem in outcome.problems] == ["email"]
        assert everything() == before


def test_an_import_is_one_line_in_the_trail_without_names(at, acme):
    with within(acme):
        confirm(upload(at), at)

        entry = AuditEntry.objects.first()
        assert (entry.verb, entry.details) == ("imported people", {"new_leader": 3, "left_out": 2, "new_sponsor": 1})
        assert first_break(AuditEntry.objects.order_by("number")) is None


def many_people(count):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["Navn", "E-post", "Leder", "Leders e-post"])
    for n in range(count):
        manager = n % (count // 16)
        writer.writerow([f"Ødegård, Åse {n}", f"ase.{n}@big.test", f"Sjef {manager}", f"sjef.{manager}@big.test"])
    return text.getvalue().encode("cp1252")


def test_a_preview_grows_with_its_rows_alone(at, acme):
    def preview(count):
        data = many_people(count)
        return work(lambda: look(upload(at, data), at))

    with within(acme):
        few, many = preview(250), preview(1_000)

    assert many < 4.2 * few


def test_a_thousand_rows_are_imported_in_sets(at, acme, count_queries):
    with within(acme):
        intake = upload(at, many_people(1_000))
        fingerprint = look(intake, at).fingerprint

        queries = count_queries(lambda: confirm_intake(intake=intake, fingerprint=fingerprint, at=at))

        assert len(queries) < 60
        assert at.cohort.enrolments.count() == 1_000
        assert Clock.objects.filter(enrolment__cohort=at.cohort, next_on=at.cohort.day1_on).count() == 1_000
        assert not at.cohort.enrolments.filter(sponsor=F("leader")).exists()


def test_who_may_no_longer_import_when_their_turn_comes_adds_nobody(at, acme):
    """The request was let in while they were an admin; another import held the organisation meanwhile."""
    person = PersonRow(name="Kari Dahl", email="kari@firm.test")
    with within(acme):
        intake = upload(at)
        shown = look(intake, at).fingerprint
        before = {each: each.objects.count() for each in ROWS}
        Membership.objects.filter(pk=at.by.pk).update(roles=["leader"])

        for add in (
            lambda: confirm_intake(intake=intake, fingerprint=shown, at=at),
            lambda: add_person(row=person, at=at),
            lambda: add_people(rows=[person], at=at, is_trial=False),
        ):
            with pytest.raises(NoMoreAdmin, match="no longer allowed"):
                add()

        assert {each: each.objects.count() for each in ROWS} == before


@pytest.mark.parametrize(
    ("boss", "written_again"),
    [({"kari": "ola", "ola": "per", "per": "siv"}, 0), ({"a": "b", "b": "a"}, 1)],
    ids=["a line", "a circle"],
)
def test_everybody_is_added_with_their_manager(at, acme, boss, written_again):
    """Managers are added before their reports, so that nobody is written twice, except in a reporting loop."""
    rows = [f"N. {who};{who}@f.test;{up}@f.test" for who, up in boss.items()]
    with within(acme):
        intake = upload(at, "\n".join(["Name;E-mail;Manager's e-mail", *rows]).encode())
        with CaptureQueriesContext(connection) as asked:
            confirm(intake, at)

        managers = Membership.objects.filter(person__email__endswith="@f.test").exclude(manager=None)
        found = managers.values_list("person__email", "manager__person__email")
        assert dict(found) == {f"{who}@f.test": f"{up}@f.test" for who, up in boss.items()}
    updates = [each["sql"] for each in asked if each["sql"].lstrip().startswith('UPDATE "cohorts_membership"')]
    assert len(updates) == written_again


def test_managers_come_first_however_deep():
    above = {"c": "b", "b": "a", "x": "y", "y": "x"} | {f"{number}": f"{number + 1}" for number in range(40)}

    levels = levels_of(above)

    assert (levels["b"], levels["c"], levels.get("a")) == (1, 2, None)
    assert levels.keys() == above.keys()
    assert max(levels.values()) == MAX_MANAGER_LEVELS


def test_clocks_of_a_list_queue_behind_each_other_from_batch_to_batch(acme, at, monkeypatch):
    monkeypatch.setattr("cohorts.people.actions.intakes.ROWS_A_BATCH", 2)
    monkeypatch.setattr("cohorts.nudges.planner.LEADERS_IN_A_TURN", 2)
    lines = [f"Leader {chr(65 + number)};leader{number}@firm.test" for number in range(5)]
    with within(acme):
        before = Clock.objects.count()
        intake = upload(at, "\n".join(["Name;E-mail", *lines]).encode())
        confirm_intake(intake=intake, fingerprint=plan_upload(intake, organisation=acme).fingerprint, at=at)

        turns = Clock.objects.order_by("pk").values_list("turn", flat=True)[before:]
        assert list(turns) == [number // 2 for number in range(before, before + 5)]
