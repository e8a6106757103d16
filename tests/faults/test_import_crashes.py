"""A long list imported by a worker that is killed, doubled or cancelled: whole or not at all, and nothing twice."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from types import ModuleType
from unittest.mock import patch

import pytest
from django.db import connection
from django.utils import timezone

from cohorts.models import Clock, Cohort, Enrolment, ImportRun, Intake, Invitation, Membership, Organisation, Person
from cohorts.people.actions import import_runs, intakes, plans
from cohorts.people.actions.import_runs import begin_import, begin_undo, cancel_import, carry_out, lost_imports
from cohorts.people.actions.intakes import plan_upload, undo_import, upload_intake
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from tests import factories as make
from tests.cast import Cast
from tests.times import TODAY
from tests.workers import ROOT, worker_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.timeout(240)]

LEADERS = 40
ROWS_A_BATCH = 10
TABLES = (Person, Membership, Invitation, Enrolment, Clock)
# A worker that imports the list, or undoes it, in small batches, and dies for real after so many of them.
DOOMED = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from cohorts.models import Organisation
from cohorts.people.actions import import_runs, intakes, undoing

organisation_id, run_id, batches, left = map(int, sys.argv[1:5])
intakes.ROWS_A_BATCH = undoing.KEYS_A_STATEMENT = batches
module, name = {"import": (intakes, "start_clocks"), "undo": (undoing, "_send_off")}[sys.argv[5]]
batch = getattr(module, name)

def doomed(*arguments, **named):
    global left
    batch(*arguments, **named)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

setattr(module, name, doomed)
import_runs.carry_out(Organisation.objects.get(pk=organisation_id), run_id, now=timezone.now)
"""


@dataclass(frozen=True)
class Scene:
    organisation: Organisation
    admin: Membership
    intake: Intake
    run: ImportRun
    before: dict[type, int]

    def counts(self) -> dict[type, int]:
        with within(self.organisation):
            return {table: table.objects.count() for table in TABLES}

    def whole(self) -> dict[type, int]:
        more = {Person: LEADERS + 1, Membership: LEADERS + 1, Invitation: LEADERS + 1}
        return {table: count + more.get(table, LEADERS) for table, count in self.before.items()}

    def now(self) -> ImportRun:
        with within(self.organisation):
            return ImportRun.objects.get(pk=self.run.pk)

    def stored(self) -> Intake:
        with within(self.organisation):
            return Intake.objects.get(pk=self.intake.pk)

    def carry_out(self, *, later: timedelta = timedelta(0)) -> None:
        carry_out(self.organisation, self.run.pk, now=lambda: timezone.now() + later)

    def killed_worker(self, doing: str = "import") -> None:
        arguments = map(str, (self.organisation.pk, self.run.pk, ROWS_A_BATCH, 2, doing))
        command = [sys.executable, "-c", DOOMED, *arguments]
        died = subprocess.run(command, cwd=ROOT, env=worker_environment(25), check=False)
        assert died.returncode == -signal.SIGKILL

    def undo(self) -> "Scene":
        """The same with an undo that waits for a worker."""
        with within(self.organisation):
            run = begin_undo(intake=self.stored(), by=self.admin, now=timezone.now(), today=TODAY)
        assert run is not None
        return replace(self, run=run, before=self.counts())

    def of_the_list(self) -> tuple[int, int]:
        """Enrolments, and members who have not left."""
        with within(self.organisation):
            mine = {"person__email__endswith": "@long.test"}
            leaders = Enrolment.objects.filter(leader__in=Membership.objects.filter(**mine)).count()
            return leaders, Membership.objects.active().filter(**mine).count()

    def begin_again(self) -> ImportRun:
        with within(self.organisation):
            intake = Intake.objects.select_related("cohort").get(pk=self.intake.pk)
            shown = plan_upload(intake, organisation=self.organisation).fingerprint
            return begin_import(intake=intake, fingerprint=shown, by=self.admin, now=timezone.now())


@pytest.fixture
def scene(cast: Cast) -> Iterator[Scene]:
    acme = cast.acme
    rows = ["Name;E-mail;Manager;Manager's e-mail"]
    rows += [f"Leader {number};leader{number}@long.test;Liv Lie;liv@long.test" for number in range(LEADERS)]
    with within(acme):
        cohort: Cohort = make.CohortFactory(
            name="Autumn", version=cast.house_of(acme).version, day1_on=TODAY + timedelta(days=900)
        )
        data = "\n".join(rows).encode()
        upload = upload_intake(
            cohort=cohort, file=BytesIO(data), file_name="long.csv", by=cast.hana, now=timezone.now()
        )
        intake = Intake.objects.select_related("cohort").get(pk=upload.pk)
        shown = plan_upload(intake, organisation=acme).fingerprint
        run = begin_import(intake=intake, fingerprint=shown, by=cast.hana, now=timezone.now())
        before = {table: table.objects.count() for table in TABLES}
    with patch.object(intakes, "ROWS_A_BATCH", ROWS_A_BATCH):
        yield Scene(acme, cast.hana, intake, run, before)


def test_a_worker_killed_midway_leaves_nothing_and_another_does_all_of_it(scene: Scene) -> None:
    scene.killed_worker()

    assert scene.counts() == scene.before
    half = scene.now()
    assert half.state == "working"
    assert 0 < half.done < half.total == LEADERS * 2 + 1
    assert lost_imports(now=timezone.now()) == []
    scene.carry_out()
    assert scene.now().attempts == 1, "It is still its worker's."

    later = import_runs.LEASE + timedelta(seconds=30)
    assert lost_imports(now=timezone.now() + later) == [(scene.organisation.pk, scene.run.pk)]
    scene.carry_out(later=later)

    assert (scene.now().state, scene.now().attempts) == ("done", 2)
    assert scene.counts() == scene.whole()
    scene.carry_out(later=later * 2)
    assert scene.counts() == scene.whole()
    assert lost_imports(now=timezone.now() + later * 3) == []


def test_what_a_killed_worker_read_and_planned_is_not_done_again(scene: Scene) -> None:
    """It has to plan, because somebody joined meanwhile; the next worker finds its plan and goes on from there."""
    with within(scene.organisation):
        make.MembershipFactory()
    stale = scene.stored().plan
    scene.killed_worker()
    planned = scene.stored().plan
    assert stale["key"] != planned["key"]
    assert stale["fingerprint"] == planned["fingerprint"]

    later = import_runs.LEASE + timedelta(seconds=30)
    again = AssertionError("done again")
    with patch.object(plans, "Planner", side_effect=again), patch.object(intakes, "open_people", side_effect=again):
        scene.carry_out(later=later)

    assert scene.now().state == "done"


def test_a_list_that_kills_every_worker_is_given_up_with_a_sentence(scene: Scene) -> None:
    for _attempt in range(import_runs.MAX_ATTEMPTS):
        with patch.object(intakes, "start_clocks", side_effect=RuntimeError("a name")):
            scene.carry_out()
    assert scene.stored().is_running

    scene.carry_out()

    assert scene.now().state == "failed"
    assert not scene.stored().is_running
    assert scene.counts() == scene.before


def test_nobody_sees_half_of_it_and_how_far_it_is_is_seen(scene: Scene) -> None:
    seen = []
    start_clocks = intakes.start_clocks

    def look(*arguments: object, **named: object) -> None:
        start_clocks(*arguments, **named)
        seen.append(_asked_by_another(scene))

    with patch.object(intakes, "start_clocks", look):
        scene.carry_out()

    assert [people for people, _done in seen] == [0] * (LEADERS // ROWS_A_BATCH)
    assert [done for _people, done in seen] == [LEADERS + 1 + before for before in range(0, LEADERS, ROWS_A_BATCH)]
    assert scene.counts() == scene.whole()


@pytest.mark.parametrize(("module", "place"), [(intakes, "start_clocks"), (import_runs, "ensure_may_import")])
def test_cancelling_on_the_way_leaves_nothing_and_the_list_waits(scene: Scene, module: ModuleType, place: str) -> None:
    """In the first batch, of which there are four; or when all is written but not committed."""
    original, called = getattr(module, place), []

    def cancel(*arguments: object, **named: object) -> None:
        original(*arguments, **named)
        called.append(place)
        _by_another(
            "WITH gone AS (UPDATE cohorts_importrun SET state = 'cancelled' WHERE id = %s) "
            "UPDATE cohorts_intake SET is_running = false WHERE id = %s",
            scene,
            [scene.run.pk, scene.intake.pk],
        )

    with patch.object(module, place, cancel):
        scene.carry_out()

    assert called == [place]
    assert scene.counts() == scene.before
    assert scene.now().state == "cancelled"
    scene.begin_again()
    assert scene.stored().is_running


def test_a_second_worker_that_took_over_is_the_only_one(scene: Scene) -> None:
    """The first one comes back to life after its lease: what it wrote is not kept."""
    start_clocks = intakes.start_clocks

    def taken(*arguments: object, **named: object) -> None:
        start_clocks(*arguments, **named)
        _by_another("UPDATE cohorts_importrun SET attempts = 2 WHERE id = %s", scene, [scene.run.pk])

    with patch.object(intakes, "start_clocks", taken):
        scene.carry_out()

    assert scene.counts() == scene.before


def test_cancelling_what_is_whole_says_so(scene: Scene) -> None:
    scene.carry_out()

    with within(scene.organisation), pytest.raises(NotNow, match="already been imported"):
        cancel_import(run=scene.now())

    assert scene.counts() == scene.whole()


def test_cancelling_before_a_worker_has_it_means_that_none_takes_it(scene: Scene) -> None:
    with within(scene.organisation):
        cancel_import(run=scene.now())

    scene.carry_out()

    assert scene.counts() == scene.before
    assert not scene.stored().is_running


def test_a_list_whose_plan_changed_is_not_imported(scene: Scene) -> None:
    with within(scene.organisation):
        person = make.PersonFactory(email="leader3@long.test")
        make.MembershipFactory(person=person, roles=["leader"])
    before = scene.counts()

    scene.carry_out()

    assert scene.now().state == "changed"
    assert scene.counts() == before


def test_an_admin_who_is_none_any_more_imports_nothing(scene: Scene) -> None:
    with within(scene.organisation):
        Membership.objects.filter(pk=scene.admin.pk).update(roles=["leader"])

    scene.carry_out()

    assert scene.now().state == "no_admin"
    assert scene.counts() == scene.before


def test_the_list_cannot_be_changed_while_it_is_imported(scene: Scene) -> None:
    with within(scene.organisation):
        with pytest.raises(NotNow, match="being imported"):
            intakes.decide(intake=scene.intake, about="2", choice="out")
        with pytest.raises(NotNow, match="being imported"):
            import_runs.ensure_waiting(scene.stored())
        Intake.objects.discard()
        assert scene.stored().parts.exists()


def test_the_whole_of_it_can_be_taken_back(scene: Scene) -> None:
    scene.carry_out()

    with within(scene.organisation):
        undo_import(intake=scene.stored(), by=scene.admin, now=timezone.now(), today=TODAY)

    gone = scene.counts()
    assert gone[Enrolment] == scene.before[Enrolment]
    with within(scene.organisation):
        assert not Membership.objects.active().filter(person__email__endswith="@long.test").exists()


def test_a_worker_killed_during_an_undo_takes_nobody_out(scene: Scene) -> None:
    """Killed when all enrolments are deleted, and the first members sent off. The next worker does all of it."""
    scene.carry_out()
    undo = scene.undo()
    undo.killed_worker("undo")

    assert undo.of_the_list() == (LEADERS, LEADERS + 1)
    half = undo.now()
    assert half.state == "working"
    assert LEADERS < half.done < half.total == LEADERS * 2 + 1
    undo.carry_out()
    assert undo.now().attempts == 1, "It is still its worker's."

    later = import_runs.LEASE + timedelta(seconds=30)
    assert lost_imports(now=timezone.now() + later) == [(undo.organisation.pk, undo.run.pk)]
    undo.carry_out(later=later)

    assert (undo.now().state, undo.now().attempts) == ("done", 2)
    assert undo.of_the_list() == (0, 0)
    assert undo.stored().undone_at is not None
    assert not undo.stored().is_running


def _by_another(statement: str, scene: Scene, values: list[object]) -> list[tuple]:
    """Asked over another connection, as another process would; committed at once."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT set_config('app.organisation', %s, false)", [str(scene.organisation.pk)])
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        other.close()


def _asked_by_another(scene: Scene) -> tuple[int, int]:
    (people,) = _by_another("SELECT count(*) FROM cohorts_person WHERE email LIKE '%%@long.test'", scene, [])
    (done,) = _by_another("SELECT done FROM cohorts_importrun WHERE id = %s", scene, [scene.run.pk])
    return people[0], done[0]
