"""Migrations run on databases with rows; those of tests are empty when they migrate."""

from collections.abc import Iterator

import pytest
from django.db.migrations import CreateModel, Migration, RunSQL
from django.db.migrations.loader import MigrationLoader

OURS = {"cohorts", "coaching", "feedback360", "goals", "programme"}
MIGRATIONS = [each for (app, _name), each in MigrationLoader(None).disk_migrations.items() if app in OURS]


def statements(migration: Migration) -> Iterator[str]:
    for operation in migration.operations:
        if isinstance(operation, RunSQL):
            yield from [operation.sql] if isinstance(operation.sql, str) else map(str, operation.sql)


def fills_what_it_creates(migration: Migration) -> bool:
    created = [each.name.lower() for each in migration.operations if isinstance(each, CreateModel)]
    said = " ".join(" ".join(statements(migration)).split())
    return any(f"INSERT INTO {migration.app_label}_{name} " in said for name in created)


@pytest.mark.parametrize("migration", [each for each in MIGRATIONS if fills_what_it_creates(each)], ids=str)
def test_row_security_comes_back_after_the_foreign_keys_of_a_filled_table(migration: Migration) -> None:
    """They are made after all operations, and refuse rows that point at what the owner may not see any more."""
    assert not [each for each in statements(migration) if "FORCE ROW" in each and "NO FORCE ROW" not in each]
