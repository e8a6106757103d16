from typing import Any

from django.core.management.commands.flush import Command as Flush
from django.db import connection, transaction

from cohorts.grants import READ_ONLY
from tests import cast
from tests.database import as_owner


class Command(Flush):
    help = "After a transactional test: empty every table as the owner (the app may not) and call the cast back."

    def handle(self, **options: Any) -> None:
        with transaction.atomic():
            with as_owner(), connection.cursor() as cursor:
                tables = set(connection.introspection.table_names(cursor)) - READ_ONLY
                names = ", ".join(connection.ops.quote_name(table) for table in sorted(tables))
                cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
            cast.enter()
