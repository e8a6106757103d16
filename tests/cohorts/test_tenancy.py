"""What `within` promises: one organisation at a time, gone afterwards however the block ends, on any connection."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

import programme.settings
from cohorts.models import Cohort, Membership, Organisation, Pause
from cohorts.tenancy.wall import (
    Across,
    ForeignRow,
    NoOrganisation,
    across_organisations,
    current_organisation_id,
    within,
)
from tests.cast import Cast
from tests.factories import CohortFactory


class Interruption(Exception):
    """Something a view might raise."""


def settings_left_behind() -> str:
    """What the connection still says about organisations; empty when nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat(current_setting('app.organisation', true), current_setting('app.across', true),"
            " current_setting('app.person', true))"
        )
        return cursor.fetchone()[0]


def nothing_is_open() -> bool:
    try:
        current_organisation_id()
    except NoOrganisation:
        return settings_left_behind() == ""
    return False


def test_a_block_opens_one_organisation_and_closes_it(cast: Cast) -> None:
    with within(cast.acme):
        assert current_organisation_id() == cast.acme.pk
        assert settings_left_behind() == str(cast.acme.pk)
        assert Cohort.objects.get().name == "Acme spring"

    assert nothing_is_open()


def test_a_nested_block_restores_the_outer_organisation(cast: Cast) -> None:
    with within(cast.acme):
        with within(cast.zenith.pk):
            assert Cohort.objects.get().name == "Zenith spring"
            with within(cast.acme):
                assert Cohort.objects.get().name == "Acme spring"
            assert Cohort.objects.get().name == "Zenith spring"
        assert Cohort.objects.get().name == "Acme spring"

    assert nothing_is_open()


def test_an_exception_closes_what_it_leaves(cast: Cast) -> None:
    with within(cast.acme):
        with pytest.raises(Interruption), within(cast.zenith):
            raise Interruption
        assert Cohort.objects.get().name == "Acme spring"
    with pytest.raises(Interruption), within(cast.acme), within(cast.zenith):
        raise Interruption

    assert nothing_is_open()


def test_a_refusal_of_the_database_closes_it_too(cast: Cast) -> None:
    with within(cast.acme):
        with pytest.raises(IntegrityError), within(cast.zenith):
            CohortFactory(name="Zenith spring", version=cast.houses["zenith"].version)
        assert Cohort.objects.get().name == "Acme spring"

    assert nothing_is_open()


def test_a_savepoint_rolled_back_keeps_the_organisation(cast: Cast) -> None:
    with within(cast.acme):
        with transaction.atomic():
            Pause.objects.all().delete()
            transaction.set_rollback(True)
        assert Pause.objects.exists()
        assert settings_left_behind() == str(cast.acme.pk)

    assert nothing_is_open()


def test_a_block_marked_for_rollback_closes_without_asking_more(cast: Cast) -> None:
    with within(cast.acme):
        Pause.objects.all().delete()
        transaction.set_rollback(True)

    assert nothing_is_open()
    with within(cast.acme):
        assert Pause.objects.exists()


def settings_set(block: Callable[[], None]) -> int:
    """How many statements set something while this runs."""
    with CaptureQueriesContext(connection) as captured:
        block()
    return sum("set_config" in query["sql"] for query in captured)


@pytest.mark.django_db(transaction=True)
def test_opening_an_organisation_takes_one_statement(cast: Cast) -> None:
    def open_one() -> None:
        with within(cast.acme):
            pass

    def open_another_inside() -> None:
        with within(cast.acme), within(cast.zenith):
            pass

    assert settings_set(open_one) == 1
    assert settings_set(open_another_inside) == 3  # one each, and one that gives back the outer one
    assert nothing_is_open()


def test_the_other_door_closes_the_first_one_meanwhile(cast: Cast) -> None:
    with within(cast.acme):
        with across_organisations(Across.PERSON, person_id=cast.pat.person_id):
            assert Membership.objects.count() == 2
            with pytest.raises(NoOrganisation):
                current_organisation_id()
            with within(cast.zenith):
                assert Membership.objects.count() == 5
        assert Membership.objects.count() == 10

    assert nothing_is_open()


def test_an_organisation_opened_by_the_planner_is_the_only_one_in_view(cast: Cast) -> None:
    with across_organisations(Across.PLANNER), within(cast.acme), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT organisation_id FROM cohorts_nudge")
        assert cursor.fetchall() == [(cast.acme.pk,)]


def test_an_outer_person_setting_does_not_apply_inside(cast: Cast) -> None:
    with across_organisations(Across.PERSON, person_id=cast.pat.person_id):
        with across_organisations(Across.PERSON, person_id=cast.ada.person_id):
            assert [row.pk for row in Membership.objects.all()] == [cast.ada.pk]
        assert Membership.objects.count() == 2


def test_a_new_row_takes_the_open_organisation(cast: Cast) -> None:
    with within(cast.acme):
        made = CohortFactory(name="Autumn", version=cast.houses["acme"].version)

    assert made.organisation_id == cast.acme.pk


def test_a_row_of_another_organisation_is_not_saved(cast: Cast) -> None:
    stray = cast.houses["zenith"].cohort
    with within(cast.acme), pytest.raises(ForeignRow):
        stray.save(update_fields=["name"])
    with pytest.raises(NoOrganisation):
        stray.save(update_fields=["name"])


@pytest.fixture
def pool_of_one(transactional_db: None) -> Iterator[None]:
    """Everybody shares one connection of the app's own login, as in a web process with a very small pool."""
    connection.close()
    before = dict(connection.settings_dict)
    app = programme.settings.DATABASES["default"]
    pool = {"min_size": 1, "max_size": 1, "timeout": 30}
    connection.settings_dict |= {"USER": app["USER"], "PASSWORD": app["PASSWORD"], "OPTIONS": {"pool": pool}}
    yield
    connection.close()
    connection.close_pool()
    connection.settings_dict |= before


def organisations() -> dict[int, str]:
    return {row.pk: f"{row.name} spring" for row in Organisation.objects.all()}


def _look(key: int, names: dict[int, str], _: int) -> None:
    with within(key):
        assert Cohort.objects.get().name == names[key]


def _look_twice(key: int, names: dict[int, str], other: int) -> None:
    with within(key):
        with within(other):
            assert Cohort.objects.get().name == names[other]
        assert Cohort.objects.get().name == names[key]


def _raise(key: int, names: dict[int, str], other: int) -> None:
    with suppress(Interruption), within(key), within(other):
        assert Cohort.objects.get().name == names[other]
        raise Interruption


def _roll_back(key: int, names: dict[int, str], _: int) -> None:
    with within(key), transaction.atomic():
        Cohort.objects.update(name="gone")
        transaction.set_rollback(True)
    _look(key, names, 0)


def _be_refused(key: int, names: dict[int, str], _: int) -> None:
    with pytest.raises(DatabaseError), within(key), connection.cursor() as cursor:
        cursor.execute("TRUNCATE cohorts_cohort")


def _be_cancelled(key: int, names: dict[int, str], _: int) -> None:
    with pytest.raises(DatabaseError), within(key), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")


def _plan(key: int, names: dict[int, str], _: int) -> None:
    with across_organisations(Across.PLANNER):
        assert list(Cohort.objects.all()) == []


VISITS: list[Callable[[int, dict[int, str], int], None]] = [
    _look, _look, _look, _look_twice, _raise, _roll_back, _be_refused, _be_cancelled, _plan,
]  # fmt: skip


def test_a_shared_connection_never_remembers_the_last_organisation(cast: Cast, pool_of_one: None) -> None:
    names, switches, threads = organisations(), 2000, 4
    backends: set[int] = set()
    guard = threading.Lock()
    connection.close()

    def visitor(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(switches // threads):
            key, other = chance.choice([*names]), chance.choice([*names])
            try:
                assert nothing_is_open()
                chance.choice(VISITS)(key, names, other)
                assert nothing_is_open()
                with guard:
                    backends.add(connection.connection.info.backend_pid)
            finally:
                connection.close()  # the end of a request: back to the pool

    with ThreadPoolExecutor(threads) as executor:
        for done in [executor.submit(visitor, seed) for seed in range(threads)]:
            done.result()

    assert len(backends) == 1


def test_an_organisation_opened_in_one_thread_is_not_open_in_another(transactional_db: None, cast: Cast) -> None:
    seen: list[bool] = []

    def look() -> None:
        seen.append(nothing_is_open())
        connections.close_all()

    with within(cast.acme):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert seen == [True]
