from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connection

from cohorts.tenancy.grants import grants


class Command(Migrate):
    help = "Migrate as the owner role, then give the app role exactly what cohorts/tenancy/grants.py lists."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        with connection.cursor() as cursor:
            cursor.execute(grants(connection.introspection.table_names(cursor)))
