"""The audit trail only grows, is chained, and says nothing private."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from structlog.testing import capture_logs

from cohorts.audit import GENESIS, chained, first_break, record
from cohorts.enrolment.actions.enrolments import change_schedule, confirm_enrolment, leave, pause
from cohorts.models import AuditEntry
from cohorts.tenancy.wall import NoOrganisation, within
from goals.habits.actions.reflection import change_audience
from goals.models import Reflection
from tests.cast import Cast
from tests.database import as_owner
from tests.times import NOW, TODAY

LENGTH = 8


@pytest.fixture
def trail(cast: Cast) -> Iterator[list[AuditEntry]]:
    """Acme's whole trail, in rising order."""
    with within(cast.acme):
        for number in range(LENGTH - AuditEntry.objects.count()):
            record(by=cast.hana, verb="tried", thing=cast.house_of(cast.acme).cohort, now=NOW, number=number)
        yield list(AuditEntry.objects.order_by("number"))


def test_a_whole_trail_has_no_break(trail: list[AuditEntry]) -> None:
    assert [entry.number for entry in trail] == list(range(1, LENGTH + 1))
    assert trail[0].previous_hash == GENESIS
    assert first_break(trail) is None


@pytest.mark.parametrize("zone", ["UTC", "Europe/Oslo", "Asia/Kolkata", "America/New_York"])
def test_a_trail_is_whole_in_whatever_zone_its_instants_came(zone: str, cast: Cast) -> None:
    """They come back from PostgreSQL as UTC."""
    with within(cast.acme):
        entry = record(by=cast.hana, verb="tried", thing=cast.acme, now=NOW.astimezone(ZoneInfo(zone)))

        assert first_break(AuditEntry.objects.order_by("number")) is None
        assert AuditEntry.objects.get(number=entry.number).hash == chained(entry)


def written_in(zone: str, cast: Cast, *, lie: bool = False) -> None:
    """An entry as versions before 0.3 sealed it: its instant as the writer's zone said it."""
    with within(cast.acme):
        entry = record(by=cast.hana, verb="tried", thing=cast.acme, now=NOW)
        said = [entry.previous_hash, entry.organisation_id, entry.number, NOW.astimezone(ZoneInfo(zone)).isoformat()]
        said += [
            entry.by_id,
            entry.by_label,
            "looked" if lie else entry.verb,
            entry.thing,
            entry.thing_id,
            entry.details,
        ]
        sealed = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        with as_owner():
            AuditEntry.objects.filter(pk=entry.pk).update(hash=sealed)


def sealed_anew(cast: Cast) -> AuditEntry:
    migration = import_module("cohorts.migrations.0018_reseal_audit_trails")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(migration.LIFT)
        migration.reseal_all(None, connection.schema_editor())
        cursor.execute(migration.FORCE)
    with within(cast.acme):
        return AuditEntry.objects.latest("number")


def test_trails_sealed_in_other_zones_are_sealed_anew_with_the_reason(cast: Cast) -> None:
    for zone in ("UTC", "Europe/Oslo", "Asia/Kathmandu", "America/New_York"):
        written_in(zone, cast)
    with within(cast.acme):
        old_head = AuditEntry.objects.latest("number").hash

    last = sealed_anew(cast)

    assert (last.verb, last.by_label) == ("sealed trail anew", "system")
    assert last.details["old_head"] == old_head
    assert (last.details["explained"], last.details["unexplained"]) == (3, 0)
    with within(cast.acme):
        assert first_break(AuditEntry.objects.order_by("number")) is None
    with within(cast.zenith):
        assert not AuditEntry.objects.filter(verb="sealed trail anew").exists()


def test_sealing_anew_names_entries_that_no_zone_explains(cast: Cast) -> None:
    written_in("Europe/Oslo", cast)
    written_in("Europe/Oslo", cast, lie=True)
    with within(cast.acme):
        changed = AuditEntry.objects.latest("number").number

    last = sealed_anew(cast)

    assert last.details["unexplained"] == 1
    assert last.details["first_unexplained"] == changed


def test_a_trail_that_was_only_tampered_with_is_not_sealed_anew(cast: Cast) -> None:
    written_in("Europe/Oslo", cast, lie=True)

    assert sealed_anew(cast).verb == "tried"
    with pytest.raises(CommandError, match="breaks at entry"):
        call_command("check_audit")


def test_the_head_is_logged_so_that_a_cut_tail_is_seen(
    cast: Cast, tmp_path: Path, django_capture_on_commit_callbacks: Callable
) -> None:
    with capture_logs() as lines, django_capture_on_commit_callbacks(execute=True), within(cast.acme):
        entries = [record(by=cast.hana, verb="tried", thing=cast.acme, now=NOW) for _ in range(2)]
    log = tmp_path / "web.log"
    log.write_text("\n".join(" ".join(f"{name}={value}" for name, value in line.items()) for line in lines))
    call_command("check_audit", anchors=[log])

    with as_owner(), within(cast.acme):
        AuditEntry.objects.get(pk=entries[1].pk).delete()

    call_command("check_audit")  # what is left is a whole chain
    with pytest.raises(CommandError, match=rf"^acme: entry {entries[1].number} was there once .*\.$"):
        call_command("check_audit", anchors=[log])


def rehashed(entry: AuditEntry) -> None:
    """What a careful forger would do to a single entry."""
    entry.hash = chained(entry)


TAMPERINGS: dict[str, Callable[[list[AuditEntry]], None]] = {
    "who": lambda trail: setattr(trail[3], "by_id", 1234),
    "as what": lambda trail: setattr(trail[3], "by_label", "system"),
    "verb": lambda trail: setattr(trail[3], "verb", "looked"),
    "thing": lambda trail: setattr(trail[3], "thing_id", 1234),
    "when": lambda trail: setattr(trail[3], "at", NOW + timedelta(seconds=1)),
    "details": lambda trail: trail[3].details.update(number=99),
    "organisation": lambda trail: setattr(trail[3], "organisation_id", 1234),
    "rehashed": lambda trail: (setattr(trail[3], "verb", "looked"), rehashed(trail[3]))[0],
    "removed": lambda trail: trail.pop(3) and None,
    "first removed": lambda trail: trail.pop(0) and None,
    "doubled": lambda trail: trail.insert(3, trail[3]),
    "swapped": lambda trail: trail.insert(3, trail.pop(4)),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_every_kind_of_tampering_is_found_where_it_happened(tampering: str, trail: list[AuditEntry]) -> None:
    TAMPERINGS[tampering](trail)

    found = first_break(trail)

    assert found is not None
    assert found in (1, 4, 5)  # a rehashed entry is betrayed by the one after it, a missing first by being first


def test_check_audit_names_organisation_and_entry(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_audit")
    assert [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()] == ["acme", "zenith"]

    with as_owner(), within(cast.zenith), connection.cursor() as cursor:
        cursor.execute("UPDATE cohorts_auditentry SET verb = 'looked' WHERE number = 2")

    with pytest.raises(CommandError, match=r"^zenith: the trail breaks at entry 2\.$"):
        call_command("check_audit")


def test_each_organisation_counts_for_itself(cast: Cast) -> None:
    with within(cast.acme):
        record(by=cast.hana, verb="tried", thing=cast.acme, now=NOW)
    with within(cast.zenith):
        before = AuditEntry.objects.count()
        entry = record(by=None, verb="tried", thing=cast.zenith, now=NOW)

        assert entry.number == before + 1
        assert entry.by_label == "system"
        assert first_break(AuditEntry.objects.order_by("number")) is None


def test_nothing_is_recorded_outside_an_organisation(cast: Cast) -> None:
    with pytest.raises(NoOrganisation):
        record(by=None, verb="tried", thing=cast.acme, now=NOW)


@pytest.mark.parametrize("statement", ["UPDATE cohorts_auditentry SET verb = ''", "DELETE FROM cohorts_auditentry"])
def test_the_app_cannot_rewrite_it(statement: str, cast: Cast) -> None:
    with within(cast.acme), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


def test_a_number_is_given_once_however_many_write_at_once(cast: Cast, transactional_db: None) -> None:
    together = threading.Barrier(4)

    def write(_: int) -> None:
        together.wait()
        for _ in range(10):
            with within(cast.acme):
                record(by=cast.hana, verb="tried", thing=cast.acme, now=NOW)
        connection.close()

    with ThreadPoolExecutor(4) as executor:
        list(executor.map(write, range(4)))

    with within(cast.acme):
        trail = list(AuditEntry.objects.order_by("number"))
    assert len(trail) >= 40
    assert first_break(trail) is None


def test_what_people_wrote_is_not_repeated(cast: Cast) -> None:
    """Actions on rows full of bait leave keys and labels."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        confirm_enrolment(enrolment=enrolment, by=cast.ada, now=NOW)
        change_schedule(
            enrolment=enrolment,
            zone=enrolment.zone,
            nudge_hour=enrolment.nudge_hour,
            working_days=[1, 2],
            by=cast.ada,
            now=NOW,
        )
        starts_on = TODAY + timedelta(days=70)
        pause(
            cohort=enrolment.cohort,
            enrolment=enrolment,
            starts_on=starts_on,
            ends_on=starts_on,
            today=TODAY,
            by=cast.hana,
            now=NOW,
        )
        private = Reflection.objects.get(enrolment=enrolment, audience="private")
        change_audience(reflection=private, audience="sponsor", by=cast.ada, now=NOW)
        leave(enrolment=enrolment, on=TODAY, by=cast.hana, now=NOW)
        said = [f"{entry.verb} {entry.by_label} {entry.thing} {entry.details}" for entry in AuditEntry.objects.all()]

    assert len(said) >= 5
    assert not [line for line in said if "bait" in line or "@" in line or "Ada" in line]
