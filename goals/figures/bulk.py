"""Many figures at once, in PostgreSQL: one statement for all rows, as arrays. Equal figures are not written again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from cohorts.tenancy.wall import current_organisation_id
from goals.models import Entry

WRITE = """
WITH written AS (
    INSERT INTO goals_figure AS figure
        (organisation_id, team_id, kpi_id, "on", numerator, denominator, asked, entry, at)
    SELECT %(organisation)s, row.*, %(entry)s, %(now)s FROM unnest(%(team)s::bigint[], %(kpi)s::bigint[],
        %(on)s::date[], %(numerator)s::numeric[], %(denominator)s::numeric[], %(asked)s::numeric[]) AS row
    ON CONFLICT (organisation_id, team_id, kpi_id, "on") DO UPDATE SET numerator = excluded.numerator,
        denominator = excluded.denominator, asked = coalesce(excluded.asked, figure.asked), entry = excluded.entry,
        at = excluded.at
    WHERE (figure.numerator, figure.denominator, figure.asked) IS DISTINCT FROM
        (excluded.numerator, excluded.denominator, coalesce(excluded.asked, figure.asked))
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""


class FigureLine(NamedTuple):
    """What was counted of one KPI of one team on one day. Without a denominator: a number a day."""

    team: int
    kpi: int
    on: date
    numerator: Decimal
    denominator: Decimal | None = None
    asked: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """How many figures are new, how many replaced another one, and how many stood there already."""

    added: int
    replaced: int
    unchanged: int


def write_lines(lines: Sequence[FigureLine], *, now: datetime) -> Written:
    """Store lines of teams that are locked; each team, KPI and day is there once."""
    arrays = {name: _array(column) for name, column in zip(FigureLine._fields, zip(*lines, strict=True), strict=True)}
    values: dict[str, Any] = {"organisation": current_organisation_id(), "entry": Entry.API, "now": now, **arrays}
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
        added, replaced = cursor.fetchone()
    return Written(added, replaced, len(lines) - added - replaced)


def _array(values: Iterable[object]) -> str:
    """As PostgreSQL writes arrays: adapting every value by itself takes longer than reading it."""
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"
