"""Rows of an upload in PostgreSQL: stored, compared with what is there, carried out and taken back. Set-based.

COPY into a table with row-level security is refused, and the app role may make no temporary tables: rows come in as
arrays, thousands in a statement.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db import connection

from cohorts.tenancy.wall import current_organisation_id
from goals.figures.imports.file import FigureRow
from goals.models import Entry, FigureIntake

ROWS_A_PIECE = 2_000
VALUES = ("on", "team", "kpi", "numerator", "denominator", "asked")


class Happens(StrEnum):
    """What will happen to a row."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"


ACTING = (Happens.ADDED, Happens.REPLACED)
Staged = tuple[int, FigureRow, Mapping[str, str] | None]  # row number, values, and what it says if they are missing

STAGE = """
INSERT INTO goals_stagedfigure (organisation_id, intake_id, number, "on", team_number, kpi_number, numerator,
    denominator, asked, said, old_entry)
SELECT %(organisation)s, %(intake)s, row.*, '' FROM unnest(%(number)s::integer[], %(on)s::date[], %(team)s::bigint[],
    %(kpi)s::bigint[], %(numerator)s::numeric[], %(denominator)s::numeric[], %(asked)s::numeric[],
    %(said)s::jsonb[]) AS row
"""
TWINS = """
UPDATE goals_stagedfigure AS staged SET twin = same.twin FROM (
    SELECT id, coalesce(lead(number) OVER each, nullif(first_value(number) OVER each, number)) AS twin
    FROM goals_stagedfigure
    WHERE organisation_id = %(organisation)s AND intake_id = %(intake)s AND said IS NULL
    WINDOW each AS (PARTITION BY team_number, kpi_number, "on" ORDER BY number)
) AS same
WHERE staged.organisation_id = %(organisation)s AND staged.id = same.id AND same.twin IS NOT NULL
"""
# Who leads a team and which KPIs are in use may change after the upload.
OUTCOMES = """
SELECT staged.*, team.name AS team_name, kpi.name AS kpi_name, figure.id AS figure,
    figure.numerator AS was_numerator, figure.denominator AS was_denominator, figure.asked AS was_asked,
    figure.entry AS was_entry, figure.at AS was_at,
    CASE WHEN staged.said IS NOT NULL OR staged.twin IS NOT NULL OR team.id IS NULL OR kpi.id IS NULL THEN 'left_out'
        WHEN figure.id IS NULL THEN 'added'
        WHEN figure.numerator = staged.numerator AND figure.denominator = staged.denominator
            AND (staged.asked IS NULL OR figure.asked IS NOT DISTINCT FROM staged.asked) THEN 'unchanged'
        ELSE 'replaced' END AS happens
FROM goals_stagedfigure AS staged
    LEFT JOIN goals_team AS team ON team.organisation_id = %(organisation)s AND team.id = staged.team_number
        AND (%(leader)s::bigint IS NULL OR team.leader_id = %(leader)s)
    LEFT JOIN goals_kpi AS kpi ON kpi.organisation_id = %(organisation)s AND kpi.id = staged.kpi_number
        AND kpi.archived_on IS NULL
    LEFT JOIN goals_figure AS figure ON figure.organisation_id = %(organisation)s
        AND figure.team_id = staged.team_number AND figure.kpi_id = staged.kpi_number AND figure."on" = staged."on"
WHERE staged.organisation_id = %(organisation)s AND staged.intake_id = %(intake)s
"""
SUMMARY = """
SELECT happens, count(*), count(*) FILTER (WHERE denominator = 0), sum(CASE WHEN figure IS NULL
    THEN hashint8extended(number, 0)
    ELSE hashtextextended(ROW(number, figure, was_numerator, was_denominator, was_asked)::text, 0) END::numeric)::text
FROM (OUTCOMES) AS outcome GROUP BY happens ORDER BY happens
""".replace("OUTCOMES", OUTCOMES)
ROWS = """
SELECT * FROM (OUTCOMES) AS outcome WHERE %(all)s OR happens = 'left_out'
ORDER BY number OFFSET %(first)s LIMIT %(most)s
""".replace("OUTCOMES", OUTCOMES)
NOT_FOLLOWED = """
SELECT team.id, kpi.id FROM (
    SELECT DISTINCT team_number, kpi_number FROM goals_stagedfigure
    WHERE organisation_id = %(organisation)s AND intake_id = %(intake)s AND said IS NULL AND twin IS NULL
) AS pair
    JOIN goals_team AS team ON team.organisation_id = %(organisation)s AND team.id = team_number
        AND (%(leader)s::bigint IS NULL OR team.leader_id = %(leader)s)
    JOIN goals_kpi AS kpi ON kpi.organisation_id = %(organisation)s AND kpi.id = kpi_number AND kpi.archived_on IS NULL
WHERE NOT EXISTS (
    SELECT FROM goals_followed AS followed
    WHERE followed.organisation_id = %(organisation)s AND followed.team_id = team.id AND followed.kpi_id = kpi.id)
"""
REMEMBER = """
UPDATE goals_stagedfigure AS staged SET old_numerator = was_numerator, old_denominator = was_denominator,
    old_asked = was_asked, old_entry = was_entry, old_at = was_at
FROM (OUTCOMES) AS outcome
WHERE staged.organisation_id = %(organisation)s AND staged.id = outcome.id AND happens = 'replaced'
""".replace("OUTCOMES", OUTCOMES)
DROP = """
DELETE FROM goals_stagedfigure AS staged USING (OUTCOMES) AS outcome
WHERE staged.organisation_id = %(organisation)s AND staged.id = outcome.id AND happens IN ('unchanged', 'left_out')
""".replace("OUTCOMES", OUTCOMES)
WRITE = """
INSERT INTO goals_figure AS figure (organisation_id, kpi_id, team_id, "on", numerator, denominator, asked, entry, at)
SELECT organisation_id, kpi_number, team_number, "on", numerator, denominator, asked, %(entry)s, %(now)s
FROM goals_stagedfigure WHERE organisation_id = %(organisation)s AND intake_id = %(intake)s
ON CONFLICT (organisation_id, team_id, kpi_id, "on") DO UPDATE SET numerator = excluded.numerator,
    denominator = excluded.denominator, asked = coalesce(excluded.asked, figure.asked), entry = excluded.entry,
    at = excluded.at
"""
WRITTEN = """
figure.organisation_id = %(organisation)s AND staged.organisation_id = %(organisation)s
    AND staged.intake_id = %(intake)s AND figure.team_id = staged.team_number AND figure.kpi_id = staged.kpi_number
    AND figure."on" = staged."on" AND figure.at = %(confirmed_at)s
"""
TAKE_AWAY = """
DELETE FROM goals_figure AS figure USING goals_stagedfigure AS staged WHERE WRITTEN AND old_entry = ''
""".replace("WRITTEN", WRITTEN)
PUT_BACK = """
UPDATE goals_figure AS figure SET numerator = old_numerator, denominator = old_denominator, asked = old_asked,
    entry = old_entry, at = old_at
FROM goals_stagedfigure AS staged WHERE WRITTEN AND old_entry <> ''
""".replace("WRITTEN", WRITTEN)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many rows do what, how many of them have no value, and a hash that is equal only if the same would happen."""

    counts: dict[str, int]
    without_value: int
    fingerprint: str

    @property
    def acting(self) -> int:
        return sum(self.counts.get(happens, 0) for happens in ACTING)

    @property
    def left_out(self) -> int:
        return self.counts.get(Happens.LEFT_OUT, 0)


def stage(intake: FigureIntake, rows: Iterable[Staged]) -> None:
    """Store rows, a piece at a time. Rows for the same day, team and KPI learn of each other."""
    rows = iter(rows)
    with connection.cursor() as cursor:
        while piece := list(islice(rows, ROWS_A_PIECE)):
            cursor.execute(STAGE, {**_key(intake), **_arrays(piece)})
        cursor.execute(TWINS, _key(intake))


def summary(intake: FigureIntake, *, leader: int | None) -> Summary:
    """What the upload would do now. `leader`: only to the team of this member."""
    with connection.cursor() as cursor:
        cursor.execute(SUMMARY, {**_key(intake), "leader": leader})
        rows = cursor.fetchall()
    return Summary(
        counts={happens: count for happens, count, _without, _hash in rows},
        without_value=sum(without for happens, _count, without, _hash in rows if happens in ACTING),
        fingerprint=hashlib.sha256(json.dumps([intake.pk, rows]).encode()).hexdigest(),
    )


def outcomes(
    intake: FigureIntake, *, leader: int | None, first: int = 0, most: int | None = None, only_left_out: bool = False
) -> list[dict[str, Any]]:
    """Rows of the upload in file order, with what would happen to each."""
    values = {"leader": leader, "first": first, "most": most, "all": not only_left_out}
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {**_key(intake), **values})
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for outcome in found:
        outcome["said"] = outcome["said"] and json.loads(outcome["said"])
    return found


def not_followed(intake: FigureIntake, *, leader: int | None) -> list[tuple[int, int]]:
    """Teams and KPIs of the upload that a team does not follow and never did."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_FOLLOWED, {**_key(intake), "leader": leader})
        return cursor.fetchall()


def carry_out(intake: FigureIntake, plan: Summary, *, leader: int | None, now: datetime) -> None:
    """Write the rows that act, remember what they replace, and drop the others."""
    values = {**_key(intake), "leader": leader, "now": now, "entry": Entry.FILE}
    with connection.cursor() as cursor:
        if plan.counts.get(Happens.REPLACED):
            cursor.execute(REMEMBER, values)
        if plan.left_out or plan.counts.get(Happens.UNCHANGED):
            cursor.execute(DROP, values)
        cursor.execute(WRITE, values)


def take_back(intake: FigureIntake) -> int:
    """Undo what was carried out, where nothing newer came. Returns how many figures."""
    values = {**_key(intake), "confirmed_at": intake.confirmed_at}
    with connection.cursor() as cursor:
        gone = 0
        for statement in (TAKE_AWAY, PUT_BACK):
            cursor.execute(statement, values)
            gone += cursor.rowcount
    return gone


def _key(intake: FigureIntake) -> dict[str, Any]:
    return {"organisation": current_organisation_id(), "intake": intake.pk}


def _arrays(piece: Sequence[Staged]) -> dict[str, str]:
    """A column each, as PostgreSQL writes arrays: adapting every value by itself would take longer than reading it."""
    values = [row for _number, row, _said in piece]
    return {
        "number": _array(number for number, _row, _said in piece),
        **{name: _array(getattr(row, name) for row in values) for name in VALUES},
        "said": _array(None if said is None else _quoted(json.dumps(said)) for _number, _row, said in piece),
    }


def _array(values: Iterable[object]) -> str:
    return "{" + ",".join("NULL" if value is None else str(value) for value in values) + "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
