import os
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile every .po into the .mo that Django reads. Needs no gettext on the machine."

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                    scratch = target.with_suffix(f".{os.getpid()}")  # several processes may start at once
                    polib.pofile(str(source)).save_as_mofile(str(scratch))
                    scratch.replace(target)
                    self.stdout.write(f"Compiled {source.relative_to(settings.BASE_DIR)}.")
