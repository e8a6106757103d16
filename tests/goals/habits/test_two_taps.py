"""Two taps at the same moment, on two connections: one row, whatever the keys say."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import connection

from cohorts.models import Enrolment
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from goals.habits.actions.focus import pick_focus
from goals.habits.actions.practice import log_practice
from goals.habits.actions.reflection import write_reflection
from goals.models import Focus, Practice, Reflection
from tests.cast import Cast
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(cast: Cast, *calls: object) -> list[object]:
    """Run each call on a connection of its own, all starting together."""
    together = Barrier(len(calls))

    def run(call: object) -> object:
        try:
            with within(cast.acme):
                together.wait(10)
                return call()  # type: ignore[operator]
        except NotNow as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def log(enrolment: Enrolment, key: UUID, went: int) -> Practice:
    words = {"place": "", "line": "", "focus": None, "step": None, "today": TODAY, "by": enrolment.leader, "now": NOW}
    return log_practice(enrolment=enrolment, on=TODAY, did_it=True, went=went, key=key, **words)


@pytest.mark.parametrize("is_same_key", [True, False])
def test_two_logs_of_a_day_are_one_practice(cast: Cast, *, is_same_key: bool) -> None:
    ada = cast.enrolment(cast.ada)
    one = uuid4()
    other = one if is_same_key else uuid4()

    at_once(cast, lambda: log(ada, one, 4), lambda: log(ada, other, 4))

    with within(cast.acme):
        assert Practice.objects.filter(enrolment=ada, on=TODAY).count() == 1


def test_a_reflection_sent_twice_is_stored_once(cast: Cast) -> None:
    ada, key = cast.enrolment(cast.ada), uuid4()

    def write() -> Reflection:
        words = {"tried": "once"}
        return write_reflection(
            enrolment=ada, step=None, words=words, audience="private", key=key, today=TODAY, by=cast.ada, now=NOW
        )

    first, second = at_once(cast, write, write)

    assert first == second


def test_two_taps_never_make_a_third_focus(cast: Cast) -> None:
    ada = cast.enrolment(cast.ada)
    with within(cast.acme):
        Focus.objects.filter(pk=Focus.objects.filter(enrolment=ada).first().pk).update(archived_on=TODAY)

    def pick(cue: str) -> Focus:
        return pick_focus(
            enrolment=ada, behaviour="clear", cue=cue, response="wait", language="en", today=TODAY, by=cast.ada, now=NOW
        )

    results = at_once(cast, lambda: pick("it rings"), lambda: pick("it stops"))

    with within(cast.acme):
        assert Focus.objects.filter(enrolment=ada).current().count() == 2
    assert sum(isinstance(result, NotNow) for result in results) == 1
