"""The audit trail only grows, is chained, and says nothing private."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

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
