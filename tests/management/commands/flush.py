from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.management.commands.flush import Command as Flush
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from cohorts.tenancy.grants import READ_ONLY
from tests import cast
from tests.database import as_owner

ATTEMPTS = 5


class Command(Flush):
    help = "After a transactional test: empty every table as the owner (the app may not) and call the cast back."

    entrance = ""

    def handle(self, **options: Any) -> None:
        """A browser's last request may still be reading: PostgreSQL may then stop this one, which tries again."""
        for attempts_left in reversed(range(ATTEMPTS)):
            try:
                self._empty_and_refill()
                break
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected) or not attempts_left:
                    raise

    def _empty_and_refill(self) -> None:
        """Keys are counted from one again, so the cast comes back with the very words it came with the first time."""
        with transaction.atomic():
            with as_owner(), connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {_tables()} RESTART IDENTITY")
            if Command.entrance:
                with connection.cursor() as cursor:
                    cursor.execute(Command.entrance)
            else:
                Command.entrance = _statements_of(cast.enter)
        cast.forget_content()


@cache
def _tables() -> str:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - READ_ONLY
    return ", ".join(connection.ops.quote_name(table) for table in sorted(tables))


def _statements_of(call: Callable[[], None]) -> str:
    """What a call says to the database, with its parameters written in: fit to be said again at once."""
    said = []

    def listen(execute: Callable, statement: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        said.append(connection.ops.compose_sql(statement, params))
        return execute(statement, params, many, context)

    with connection.execute_wrapper(listen):
        call()
    return ";\n".join(said)
