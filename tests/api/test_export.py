"""Practices as JSON lines: everything of one leader, streamed."""

import json
import tracemalloc

import pytest
from django.db import connection

from cohorts.tenancy.wall import within
from goals.models import Practice
from tests.api.client import Program, key_of
from tests.cast import Cast

MANY = """
INSERT INTO goals_practice (organisation_id, enrolment_id, "on", did_it, went, place, line, is_back_filled, key,
    earlier_keys, logged_at)
SELECT %(organisation)s, %(enrolment)s, date '2027-01-01' + number, true, 3, 'At the desk', repeat('word ', 50), false,
    gen_random_uuid(), '{}', now()
FROM generate_series(1, %(rows)s) AS number
"""


@pytest.fixture
def ada(cast: Cast, clock: object) -> Program:
    return Program(key_of(cast.ada, is_personal=True))


def add(cast: Cast, rows: int) -> None:
    with within(cast.acme), connection.cursor() as cursor:
        Practice.objects.filter(on__gte="2027-01-01").delete()
        values = {"organisation": cast.acme.pk, "enrolment": cast.enrolment(cast.ada).pk, "rows": rows}
        cursor.execute(MANY, values)


def test_an_export_has_each_line_of_its_leader_and_of_nobody_else(ada: Program, cast: Cast) -> None:
    add(cast, 1_200)
    answer = ada.get("practices/export/")
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/x-ndjson")
    with within(cast.acme):
        mine = list(Practice.objects.filter(enrolment__leader=cast.ada).order_by("pk").values_list("pk", flat=True))
    assert [line["id"] for line in lines] == mine
    assert lines[-1] == ada.get("practices/?ordering=-id&limit=1").json()["data"][0]


def test_an_export_takes_no_more_memory_for_more_rows(ada: Program, cast: Cast) -> None:
    def peak(rows: int) -> int:
        add(cast, rows)
        answer = ada.get("practices/export/")
        tracemalloc.start()
        count = sum(piece.count(b"\n") for piece in answer.streaming_content)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count >= rows
        return found

    peak(1)
    small, large = peak(1_000), peak(5_000)
    assert large < small * 1.2


def test_an_export_of_the_organisation_is_not_offered(cast: Cast, clock: object) -> None:
    assert Program(key_of(cast.olav)).get("practices/export/").status_code == 403
