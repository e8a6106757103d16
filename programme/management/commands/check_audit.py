from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cohorts.audit import first_break
from cohorts.models import AuditEntry, Organisation
from cohorts.tenancy.wall import within


class Command(BaseCommand):
    help = "Walk every organisation's audit trail; fail at an entry that was changed, removed or slipped in."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [self._complaint(organisation) for organisation in Organisation.objects.order_by("slug")]
        if any(found):
            raise CommandError("\n".join(filter(None, found)))

    def _complaint(self, organisation: Organisation) -> str:
        with within(organisation):
            trail = AuditEntry.objects.order_by("number")
            number = first_break(trail.iterator())
            length = trail.count()
        self.stdout.write(f"{organisation.slug}: {length} entries, {'whole' if number is None else 'broken'}")
        return "" if number is None else f"{organisation.slug}: the trail breaks at entry {number}."
