"""Talks and actions in numbers, for the report."""

from datetime import timedelta

import pytest

from coaching.meetings.figures import TalkFigures, talks_of
from coaching.models import Pairing
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.times import NOW, TODAY

LONG_AGO = TODAY - timedelta(days=60)

pytestmark = pytest.mark.django_db


def talk(pairing, *, ago, state="held"):
    at = NOW - timedelta(days=ago)
    return make.SessionFactory(pairing=pairing, starts_at=at, state=state, held_at=at if state == "held" else None)


def action(session, *, due, done=None, state="done"):
    closed = NOW - timedelta(days=done) if done is not None else None
    return make.ActionFactory(
        session=session,
        due_on=TODAY - timedelta(days=due),
        state=state,
        closed_at=closed,
        reason="No longer needed" if state == "let_go" else "",
    )


@pytest.fixture
def pairs(cast):
    with within(cast.acme):
        yield {pair.kind: pair for pair in Pairing.objects.filter(leader=cast.ada)}


def test_talks_count_when_their_time_has_come(pairs, cast):
    for state in ("held", "missed", "cancelled", "planned"):
        talk(pairs["sponsor"], ago=2, state=state)

    mine = talks_of(cast.ada, since=LONG_AGO, on=TODAY, partner=cast.sol)
    everybody = talks_of(cast.ada, since=LONG_AGO, on=TODAY)

    assert (mine.held, mine.planned) == (2, 4)  # with the held one of the cast; the cancelled one is in neither
    assert (everybody.held, everybody.planned) == (3, 5)


def test_actions_count_by_their_date(pairs, cast):
    held = talk(pairs["sponsor"], ago=9)
    action(held, due=3, done=3)
    action(held, due=3, done=2)
    action(held, due=3, state="open")
    action(held, due=3, done=4, state="let_go")
    action(held, due=-3, state="open")

    figures = talks_of(cast.ada, since=LONG_AGO, on=TODAY, partner=cast.sol)

    assert (figures.done_in_time, figures.due) == (1, 3)


def test_before_anything_there_is_nothing_to_count(cast):
    with within(cast.acme):
        assert talks_of(cast.pat_at_acme, since=LONG_AGO, on=TODAY) == TalkFigures(0, 0, 0, 0)


def test_figures_read_no_column_with_text(pairs, cast, django_assert_num_queries):
    with django_assert_num_queries(2) as queries:
        talks_of(cast.ada, since=LONG_AGO, on=TODAY)

    for query in queries:
        assert '"text"' not in query["sql"]
        assert "place" not in query["sql"]
        assert "sessiontext" not in query["sql"]
