"""PostgreSQL is killed and comes back while people read and save: nobody sees an error page, and no save is lost."""

import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from urllib.parse import urlencode
from uuid import UUID, uuid4

import psycopg
import pytest
from django.utils import timezone

from cohorts.models import Enrolment, Organisation
from cohorts.tenancy.wall import within
from goals.models import Practice
from programme.local.postgres import Postgres
from programme.local.processes import wait_for
from tests.crowd import crowd
from tests.faults.scoreboard import Score
from tests.website import Website, own_postgres, point_django_at, signed_in, website

pytestmark = [pytest.mark.fault, pytest.mark.timeout(600)]

SPARE_FILES = 50  # of 16 MB each: more than the small disk has room for
PEOPLE = 12
SECONDS_AWAY = 2.0
SECONDS_TO_RECOVER, SECONDS_TO_STOP = 60, 30
DAYS_OPEN = 3
KEYS_REMEMBERED = 20  # by one practice
HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: object) -> Iterator[Postgres]:
    with django_db_blocker.unblock(), own_postgres(tmp_path_factory.mktemp("postgres")) as server:
        crowd(PEOPLE)
        yield server


@dataclass
class Visitor:
    """Somebody who reads Today and saves practices, one after the other; a save that fails is sent again."""

    site: Website
    enrolment: Enrolment
    session: str
    statuses: Counter = field(default_factory=Counter)
    saved: list[tuple[date, UUID]] = field(default_factory=list)
    key: UUID = field(default_factory=uuid4)

    def go_on_until(self, stop: Event) -> None:
        while not stop.is_set():
            self.save()
            self.statuses[self.site.get("/o/crowd/today/", self.session).status] += 1
            time.sleep(0.1)

    def save(self) -> bool:
        """Whether it was acknowledged; if not, the next try has the same key."""
        on = timezone.localdate(timezone=self.enrolment.zone) - timedelta(days=len(self.saved) % (DAYS_OPEN + 1))
        words = {"did_it": "yes", "went": "4", "line": f"line {len(self.saved)}", "key": str(self.key)}
        answer = self.site.post(f"/o/crowd/practices/new/?on={on}", self.session, urlencode(words), **HTMX)
        self.statuses[answer.status] += 1
        if answer.status != 200:
            return False
        self.saved.append((on, self.key))
        self.key = uuid4()
        return True


@pytest.fixture
def site(postgres: Postgres, tmp_path: Path) -> Iterator[Website]:
    point_django_at(postgres)
    with website(postgres.url("embed90_app"), tmp_path / "web") as site:
        yield site


@pytest.fixture
def visitors(site: Website) -> list[Visitor]:
    return visitors_of(site)


def visitors_of(site: Website) -> list[Visitor]:
    with within(Organisation.objects.get(slug="crowd")):
        leaders = Enrolment.objects.select_related("leader__person")
        return [Visitor(site, each, signed_in(each.leader.person)) for each in leaders]


def test_nobody_sees_an_error_while_postgresql_is_away(
    postgres: Postgres, site: Website, visitors: list[Visitor]
) -> None:
    stop = Event()
    with ThreadPoolExecutor(PEOPLE) as pool:
        running = [pool.submit(visitor.go_on_until, stop) for visitor in visitors]
        try:
            _wait_until_each_has_saved_again(visitors)
            for seconds_away in (SECONDS_AWAY, 0):
                postgres.kill()
                time.sleep(seconds_away)
                postgres.start()
                _wait_until_each_has_saved_again(visitors)
        finally:
            stop.set()
        for each in running:
            each.result()
    lines = site.log.read_text().splitlines()

    point_django_at(postgres)
    statuses = sum((visitor.statuses for visitor in visitors), Counter())
    assert set(statuses) <= {200, 302, 503}
    assert all(" event=outage " in line for line in lines)
    assert _missing(visitors) == []


def _wait_until_each_has_saved_again(visitors: list[Visitor]) -> None:
    before = [len(visitor.saved) for visitor in visitors]
    counted = list(zip(visitors, before, strict=True))
    assert wait_for(lambda: all(len(visitor.saved) > saved for visitor, saved in counted), SECONDS_TO_RECOVER)


def test_a_restart_between_two_visits_is_not_noticed(
    postgres: Postgres, site: Website, visitors: list[Visitor]
) -> None:
    def visit() -> None:
        with ThreadPoolExecutor(PEOPLE) as pool:
            assert all(pool.map(lambda visitor: visitor.save(), visitors))

    visit()
    postgres.kill()
    postgres.start()
    began = time.monotonic()
    for visitor in visitors:
        assert visitor.save()

    assert site.log.read_text() == ""  # no connection was found dead by a request
    assert time.monotonic() - began < PEOPLE  # nor waited for, one after the other


def test_a_full_disk_is_answered_503_and_loses_no_save(
    small_disk: Path, tmp_path: Path, django_db_blocker: object, score: Score
) -> None:
    """The next file of the log of changes cannot be written: PostgreSQL stops, and is started once there is room.

    It does not restart by itself, so that everybody who saves meanwhile is refused.
    """
    settings = {"restart_after_crash": "off"}
    with django_db_blocker.unblock(), own_postgres(small_disk / "data", settings) as postgres:
        crowd(PEOPLE)
        point_django_at(postgres)
        with website(postgres.url("embed90_app"), tmp_path / "web") as site:
            visitors = visitors_of(site)
            assert all(visitor.save() for visitor in visitors)
            filler = small_disk / "filler"
            _stop_by_filling(filler, postgres)
            stopped = wait_for(lambda: not postgres.is_running(), SECONDS_TO_STOP)
            assert stopped, postgres.data.log("postgres").read_text()[-4000:]
            assert not any(visitor.save() for visitor in visitors)
            filler.unlink()
            postgres.start()
            back_at = time.monotonic()
            for visitor in visitors:
                assert wait_for(visitor.save, 20)

            point_django_at(postgres)
            statuses = sum((visitor.statuses for visitor in visitors), Counter())
            assert set(statuses) == {200, 503}
            assert _missing(visitors) == []
            assert all(" event=outage " in line for line in site.log.read_text().splitlines())
    score("F18 disk full under PostgreSQL", nudges=PEOPLE, seconds=time.monotonic() - back_at)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that takes 400 MB: a container that may not mount one cannot try this."""
    place = tmp_path / "disk"
    place.mkdir(mode=0o755)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m,mode=0755", "disk", str(place)], check=False)
    if mounted.returncode:
        pytest.skip("only root, where it may mount, has a disk to fill")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def _stop_by_filling(filler: Path, postgres: Postgres) -> None:
    """Fill the disk, then the files of the log that are there already; the disk again, if a checkpoint freed some.

    The connection is older than that: without room for a file of its own, PostgreSQL refuses a new one and goes on.
    """
    with suppress(psycopg.Error), psycopg.connect(postgres.url("postgres", "postgres"), autocommit=True) as use:
        for _file in range(SPARE_FILES):
            _fill(filler)
            use.execute("SELECT pg_logical_emit_message(true, 'fill', 'one more file'), pg_switch_wal()")


def _fill(filler: Path) -> None:
    with suppress(OSError), filler.open("ab", buffering=0) as file:
        while file.write(bytes(64 * 1024)):
            pass


def _missing(visitors: list[Visitor]) -> list[tuple[int, UUID]]:
    """Acknowledged saves that no row remembers; a practice knows the last keys that spoke about its day."""
    with within(visitors[0].enrolment.organisation_id):
        rows = {(each.enrolment_id, each.on): each for each in Practice.objects.all()}
    missing = []
    for visitor in visitors:
        for on in {day for day, _key in visitor.saved}:
            practice = rows.get((visitor.enrolment.pk, on))
            known = {practice.key, *map(UUID, practice.earlier_keys)} if practice else set()
            acknowledged = [key for day, key in visitor.saved if day == on][-KEYS_REMEMBERED:]
            missing += [(visitor.enrolment.pk, key) for key in acknowledged if key not in known]
    return missing
