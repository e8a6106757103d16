import re
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cohorts.audit import first_break
from cohorts.models import AuditEntry, Organisation
from cohorts.tenancy.wall import within

ANCHOR = re.compile(r"\bevent=audited\b")
WORD = re.compile(r"\b(organisation_id|number|hash)=([0-9a-f]+)")
AT_ONCE = 1000


class Command(BaseCommand):
    help = "Walk every organisation's audit trail; fail at an entry that was changed, removed or slipped in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchors",
            nargs="*",
            type=Path,
            default=[],
            metavar="FILE",
            help="Logs, and the files beside backups: every entry that they name must still be there, unchanged.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        anchors = _anchors(options["anchors"])
        found = [self._complaint(each, anchors[each.pk]) for each in Organisation.objects.order_by("slug")]
        if any(found):
            raise CommandError("\n".join(filter(None, found)))

    def _complaint(self, organisation: Organisation, anchors: dict[int, str]) -> str:
        with within(organisation):
            trail = AuditEntry.objects.order_by("number")
            number = first_break(trail.iterator())
            length = trail.count()
            lost = None if number else _first_lost(anchors)
        state = "whole" if number is lost is None else "broken"
        self.stdout.write(f"{organisation.slug}: {length} entries, {state}")
        if number is not None:
            return f"{organisation.slug}: the trail breaks at entry {number}."
        return "" if lost is None else f"{organisation.slug}: entry {lost} was there once and is gone or another now."


def _anchors(files: Iterable[Path]) -> dict[int, dict[int, str]]:
    """Number and hash of the entries that these files name, by the key of their organisation."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for file in files:
        with file.open(errors="replace") as lines:
            for line in filter(ANCHOR.search, lines):
                words = dict(WORD.findall(line))
                found[int(words["organisation_id"])][int(words["number"])] = words["hash"]
    return found


def _first_lost(anchors: dict[int, str]) -> int | None:
    """The lowest number whose entry is not in the open organisation's trail with this hash."""
    numbers = sorted(anchors)
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        held = dict(AuditEntry.objects.filter(number__in=some).values_list("number", "hash"))
        for number in some:
            if held.get(number) != anchors[number]:
                return number
    return None
