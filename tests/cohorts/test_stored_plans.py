"""What a preview planned is stored and carried out, as long as nothing it depends on has changed."""

import ast
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils.translation import override

from cohorts.imports.chosen import Chosen
from cohorts.imports.rereading import keep_draft
from cohorts.imports.uploads import PlanChanged
from cohorts.models import Clock, Cohort, Enrolment, Intake, Membership, Organisation, Person
from cohorts.people.actions import intakes, parts, plans
from cohorts.people.actions.intakes import (
    ImportContext,
    apply_decisions,
    choose_columns,
    confirm_intake,
    decide,
    upload_intake,
)
from cohorts.people.actions.parts import rows_of
from cohorts.people.actions.plans import plan_rows, plan_upload
from cohorts.people.imports.file import PEOPLE
from cohorts.people.imports.plan import Planner
from cohorts.people.imports.planning_code import APP, SOURCES, planning_code
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.times import NOW, TODAY

LIST = b"""Name;E-mail;Manager;Language
Ada Acme;new@firm.test;Sol Acme;xx
Kari Dahl;kari@firm.test;Ny Lie <ny@firm.test>;nb
Ola Dahl;ola@firm.test;Nobody Known;
Ola Lie;ola@firm.test;;
Per;per;;
"""


@pytest.fixture
def at(cast, acme):
    with within(acme):
        cohort = make.CohortFactory(version=cast.house_of(acme).version, day1_on=TODAY + timedelta(days=12))
    return ImportContext(organisation=acme, cohort=cohort, by=cast.hana, today=TODAY, now=NOW)


@pytest.fixture
def intake(at):
    with within(at.organisation):
        key = upload_intake(cohort=at.cohort, file=BytesIO(LIST), file_name="a.csv", by=at.by, now=NOW).pk
        return Intake.objects.select_related("cohort").get(pk=key)


def again(intake: Intake) -> Intake:
    """As the next page gets it."""
    return Intake.objects.select_related("cohort").get(pk=intake.pk)


@pytest.fixture
def planned(monkeypatch):
    """Every plan that was made."""
    made = []

    class Counted(Planner):
        def __init__(self, *arguments, **named):
            made.append(self)
            super().__init__(*arguments, **named)

    monkeypatch.setattr(plans, "Planner", Counted)
    return made


def test_a_list_is_planned_once_when_it_comes(at, acme, intake, planned):
    with within(acme):
        first = plan_upload(intake, organisation=acme)
        second = plan_upload(again(intake), organisation=acme)

        assert [*second.outcomes, *second.sponsors] == [*first.outcomes, *first.sponsors]
        assert second.fingerprint == first.fingerprint
        assert first.counts == {"new_leader": 2, "left_out": 3, "new_sponsor": 1}
        confirmed = confirm_intake(intake=intake, fingerprint=first.fingerprint, at=at)
        assert planned == []
        assert confirmed.plan == Intake.objects.get(pk=intake.pk).plan == {}
        assert not confirmed.parts.exists()
        assert not confirmed.pieces.exists()
        assert at.cohort.enrolments.count() == 2


CHANGES = {
    "a name": lambda cast: Membership.objects.filter(pk=cast.sol.pk).update(name="Sol Berg"),
    "roles": lambda cast: Membership.objects.filter(pk=cast.sol.pk).update(roles=["leader"]),
    "a manager": lambda cast: Membership.objects.filter(pk=cast.ada.pk).update(manager=cast.max),
    "who is suspended": lambda cast: Membership.objects.filter(pk=cast.sol.pk).update(suspended_at=NOW),
    "who left": lambda cast: Membership.objects.filter(pk=cast.sol.pk).update(left_at=NOW),
    "an address": lambda cast: Person.objects.filter(pk=cast.sol.person_id).update(email="sol@other.test"),
    "who is new": lambda cast: make.MembershipFactory(),
    "a sponsor": lambda cast: Enrolment.objects.filter(leader=cast.ada).update(sponsor=cast.max),
    "who left a cohort": lambda cast: Enrolment.objects.filter(leader=cast.ada).update(left_on=TODAY),
    "a cohort's name": lambda cast: Cohort.objects.filter(enrolments__leader=cast.ada).update(name="Other"),
    "who has finished": lambda cast: Clock.objects.filter(enrolment__leader=cast.ada).update(is_finished=True),
}


def test_it_is_planned_again_once_when_something_changed(cast, acme, intake, planned):
    with within(acme):
        for what, change in CHANGES.items():
            change(cast)
            for _page in range(2):
                plan_upload(again(intake), organisation=acme)
                assert len(planned) == 1, what
            planned.clear()


def test_a_change_during_planning_makes_the_plan_stale(cast, at, acme, planned, monkeypatch):
    """It takes seconds to read and plan a long one."""
    known_members = plans._known_members

    def read_just_before_a_change(cohort):
        members = [*known_members(cohort)]
        CHANGES["a name"](cast)
        return members

    with within(acme):
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(plans, "_known_members", read_just_before_a_change)
            intake = upload_intake(cohort=at.cohort, file=BytesIO(LIST), file_name="a.csv", by=at.by, now=NOW)
        planned.clear()

        plan_upload(again(intake), organisation=acme)

    assert len(planned) == 1


def test_a_draft_of_other_columns_changes_no_plan(acme, intake, planned):
    with within(acme):
        keep_draft(upload=intake, chosen=Chosen(columns={"0": "email"}), kind=PEOPLE)

        plan_upload(again(intake), organisation=acme)

    assert planned == []


def test_it_is_planned_again_for_other_rows_defaults_and_words(at, acme, intake, planned):
    def look() -> int:
        plan_upload(again(intake), organisation=acme)
        return len(planned)

    with within(acme):
        assert (look(), look()) == (0, 0)
        with override("nb"):
            assert (look(), look()) == (1, 1)
            said = [
                problem.sentence
                for each in plan_upload(again(intake), organisation=acme).left_out
                for problem in each.problems
            ]
            assert said[-1] == "«per» er ingen e-postadresse."
        assert (look(), look()) == (2, 2)
        decide(intake=intake, about="5", choice="in")
        assert (len(planned), look()) == (3, 3)
        Cohort.objects.filter(pk=at.cohort.pk).update(zone="Europe/Helsinki")
        assert look() == 4
        Organisation.objects.filter(pk=acme.pk).update(language="nb")
        acme.refresh_from_db()
        assert look() == 5
        choose_columns(intake=intake, chosen=Chosen(columns={"0": "name", "1": "email", "2": "sponsor_name"}))
        assert (len(planned), look()) == (6, 6), "a file that was read again is planned again"


def test_who_carries_it_out_needs_no_sentences_of_their_own(acme, intake, planned):
    with within(acme), override("nb"):
        shown = plan_upload(again(intake), organisation=acme, in_any_language=True).fingerprint
        assert planned == []
        assert plan_upload(again(intake), organisation=acme).fingerprint == shown
        assert len(planned) == 1


def test_lines_are_read_from_the_parts_they_stand_in(at, acme, monkeypatch):
    monkeypatch.setattr(parts, "ROWS_A_PART", 2)
    rows = [f"Name {number};{number if number % 3 else 'x'}@firm.test" for number in range(7)]
    data = "\n".join(["Name;E-mail;Manager's e-mail", *(f"{row};boss{len(row)}@firm.test" for row in rows), "Per;per;"])
    with within(acme):
        intake = upload_intake(cohort=at.cohort, file=BytesIO(data.encode()), file_name="a.csv", by=at.by, now=NOW)
        plan = plan_upload(again(intake), organisation=acme)
        whole = plan_rows([*rows_of(intake)], at.cohort, organisation=acme, columns=intake.counts["columns"])

        assert (len(plan.outcomes), len(plan.left_out), len(plan.sponsors)) == (8, 4, 1)
        assert (plan.counts, plan.fingerprint) == (whole.counts, whole.fingerprint)
        assert tuple(plan.outcomes) == whole.outcomes
        assert tuple(plan.left_out) == tuple(whole.left_out)
        assert tuple(plan.sponsors) == whole.sponsors
        for first in range(9):
            for last in range(first, 10):
                assert plan.outcomes[first:last] == list(whole.outcomes[first:last])
                assert plan.left_out[first:last] == list(whole.left_out[first:last])
        monkeypatch.setattr(plans, "CACHED_PARTS", 0)
        read, read_part = [], plans.read_part
        monkeypatch.setattr(plans, "read_part", lambda *asked: (read.append(asked[1]), read_part(*asked))[1])
        plan_upload(again(intake), organisation=acme).outcomes[3:5]
        assert read == [1, 2]


def test_a_list_without_addresses_waits_for_its_columns(at, acme, planned):
    with within(acme):
        intake = upload_intake(
            cohort=at.cohort, file=BytesIO(b"Who;What\nAda;1\n"), file_name="a.csv", by=at.by, now=NOW
        )

    assert (intake.plan, planned) == ({}, [])


def test_a_page_that_was_being_made_does_not_bring_back_what_was_chosen_before(at, acme):
    """Both columns are called the same, so only their numbers tell them apart."""
    data = b"Name;E-mail;E-mail\nKari Dahl;kari@firm.test;kari@home.test\n"
    with within(acme):
        uploaded = upload_intake(cohort=at.cohort, file=BytesIO(data), file_name="a.csv", by=at.by, now=NOW)
        being_shown = Intake.objects.select_related("cohort").get(pk=uploaded.pk)
        choose_columns(intake=uploaded, chosen=Chosen(columns={"0": "name", "2": "email"}))
        plan_upload(being_shown, organisation=acme)

        shown = plan_upload(Intake.objects.select_related("cohort").get(pk=uploaded.pk), organisation=acme)
        assert [outcome.email for outcome in shown.outcomes] == ["kari@home.test"]


def test_other_names_are_another_plan(at, acme):
    data = b"Name;Called;E-mail\nKari Dahl;Ola Lie;kari@firm.test\n"
    with within(acme):
        uploaded = upload_intake(cohort=at.cohort, file=BytesIO(data), file_name="a.csv", by=at.by, now=NOW)
        shown = plan_upload(uploaded, organisation=acme)
        choose_columns(intake=uploaded, chosen=Chosen(columns={"1": "name", "2": "email"}))

        with pytest.raises(PlanChanged):
            confirm_intake(intake=uploaded, fingerprint=shown.fingerprint, at=at)


def test_it_is_planned_again_by_other_code(acme, intake, planned, monkeypatch, tmp_path):
    shutil.copy(APP / "people" / "imports" / "plan.py", tmp_path)
    with within(acme):
        monkeypatch.setattr(plans, "planning_code", lambda: planning_code.__wrapped__(tmp_path))
        for _edit in range(2):
            for _page in range(2):
                plan_upload(again(intake), organisation=acme)
                assert len(planned) == 1
            planned.clear()
            with (tmp_path / "plan.py").open("a") as rule:
                rule.write("\n")


def test_no_code_that_plans_stands_elsewhere():
    """Every module of ours that planning imports, however indirectly, is part of the hash."""
    root, left, found = APP.parent, [Path(plans.__file__)], set()
    while left:
        found.add(path := left.pop())
        left += {*imported(path, root)} - found

    assert len(found) > 40
    assert {path for path in found if APP not in path.parents or path.suffix not in SOURCES} == set()


def imported(path: Path, root: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Import(names):
                modules = [each.name for each in names]
            case ast.ImportFrom(str(module), names, 0):
                modules = [module, *(f"{module}.{each.name}" for each in names)]
            case _:
                continue
        for module in modules:
            where = root.joinpath(*module.split("."))
            yield from (each for each in (where.with_suffix(".py"), where / "__init__.py") if each.exists())


@pytest.fixture
def long_list(monkeypatch):
    """Every list counts as long."""
    monkeypatch.setattr(intakes, "PLANNED_AT_ONCE_ROWS", 0)


def test_decisions_about_a_long_list_are_planned_together(at, acme, intake, planned, long_list):
    with within(acme):
        before = plan_upload(intake, organisation=acme)
        decide(intake=intake, about="4", choice="in")
        decide(intake=again(intake), about="3", choice="out")

        assert plan_upload(again(intake), organisation=acme).fingerprint == before.fingerprint
        assert planned == []
        with pytest.raises(PlanChanged, match="decided about rows"):
            confirm_intake(intake=intake, fingerprint=before.fingerprint, at=at)

        assert apply_decisions(intake=intake)
        assert not apply_decisions(intake=intake)

        assert len(planned) == 1
        after = plan_upload(again(intake), organisation=acme)
        assert len(planned) == 1
        whole = plan_rows(
            [*rows_of(intake)],
            at.cohort,
            organisation=acme,
            columns=intake.counts["columns"],
            decided={"3": "out", "4": "in"},
        )
        assert after.fingerprint == whole.fingerprint != before.fingerprint
        assert [*after.outcomes] == [*whole.outcomes]
        confirm_intake(intake=intake, fingerprint=after.fingerprint, at=at)


def test_the_last_of_several_decisions_about_a_row_counts(acme, intake, long_list):
    with within(acme):
        decide(intake=intake, about="3", choice="out")
        apply_decisions(intake=intake)
        decide(intake=intake, about="3", choice="out")
        decide(intake=intake, about="3", choice="in")
        apply_decisions(intake=intake)

        assert again(intake).choices["decided"] == {"3": "in"}
        assert "pending" not in again(intake).choices


def test_a_page_of_a_long_list_counts_decisions_and_applies_them_before_it_confirms(
    client_for, cast, acme, intake, long_list
):
    hana = client_for(cast.hana)
    hana.post(hana.url("intake_row", intake.pk), {"about": "3", "choice": "out"})

    shown = hana.get(hana.url("intake", intake.pk))
    soup = shown.content.decode()
    assert "Apply 1 decision" in soup
    assert "You decided: Leave this row out. Not applied yet." in soup
    assert "Confirm 2 people" not in soup
    row = next(line for line in shown.context["page"] if line.about == "3")
    assert [value for value, _words in row.choices] == ["in"]
    answer = hana.post(
        hana.url("intake_confirmation", intake.pk), {"fingerprint": shown.context["fingerprint"]}, follow=True
    )

    soup = answer.content.decode()
    assert "Your decisions are applied." in soup
    assert "Left out by you" in soup
    assert "Confirm 1 person" in soup
    with within(acme):
        assert again(intake).state == "previewed"
