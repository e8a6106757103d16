"""Write the description of the API, or compare it with the one in the repository."""

import json
from difflib import unified_diff
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programme.developers.description import in_repository

FILE = Path(__file__).resolve().parents[2] / "developers" / "openapi.json"


class Command(BaseCommand):
    help = "Write programme/developers/openapi.json. With --check: fail when it is another one, and say where."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *, check: bool, **_options: Any) -> None:
        written = json.dumps(in_repository(), indent=1, ensure_ascii=False) + "\n"
        there = FILE.read_text() if FILE.exists() else ""
        if not check:
            FILE.write_text(written)
        elif written != there:
            changes = unified_diff(there.splitlines(), written.splitlines(), "openapi.json", "now", lineterm="", n=2)
            raise CommandError("\n".join([*list(changes)[:80], "", "The API changed. Look at it, then: make fix"]))
