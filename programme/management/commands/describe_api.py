"""Write the description of the API, or compare it with the one in the repository."""

import json
from difflib import unified_diff
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programme.developers.breaking import breaking_changes
from programme.developers.description import in_repository

FILE = Path(__file__).resolve().parents[2] / "developers" / "openapi.json"


class Command(BaseCommand):
    help = "Write programme/developers/openapi.json, unless that breaks programs. --check: only compare, and say where."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--breaking", action="store_true", help="Write it although it breaks programs.")

    def handle(self, *, check: bool, breaking: bool = False, **_options: Any) -> None:
        written = json.dumps(in_repository(), indent=1, ensure_ascii=False) + "\n"
        there = FILE.read_text() if FILE.exists() else ""
        if written == there:
            return
        breaks = breaking_changes(json.loads(there or "{}"), in_repository())
        if check:
            changes = unified_diff(there.splitlines(), written.splitlines(), "openapi.json", "now", lineterm="", n=2)
            raise CommandError(
                "\n".join([*list(changes)[:80], "", *_of(breaks), "The API changed: look at it, then make fix."])
            )
        if breaks and not breaking:
            raise CommandError(
                "\n".join([*_of(breaks), "Version 1 only grows (CHANGELOG.md). If it must be: describe_api --breaking"])
            )
        FILE.write_text(written)


def _of(breaks: list[str]) -> list[str]:
    return ["This breaks programs:", *(f"- {each}" for each in breaks), ""] if breaks else []
