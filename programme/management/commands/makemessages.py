import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.commands.makemessages import Command as MakeMessages

EXTENSIONS = ["html", "txt", "subject", "py"]
DATE = re.compile(r'^"POT-Creation-Date: .*\n', re.MULTILINE)


class Command(MakeMessages):
    xgettext_options = [*MakeMessages.xgettext_options, "--keyword=Phrase"]
    help = "Collect what is marked for translation, for every language but the source. Needs gettext on the machine."

    def handle(self, *args: Any, **options: Any) -> None:
        languages = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        options |= {"no_obsolete": True, "no_wrap": True, "no_location": True}
        options["locale"] = options["locale"] or languages
        options["extensions"] = options["extensions"] or EXTENSIONS
        options["ignore_patterns"] = [*options["ignore_patterns"], "tests", "node_modules"]
        super().handle(*args, **options)

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Leave out the creation date: it changes with every run, so branches would always conflict."""
        super().write_po_file(potfile, locale)
        written = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        written.write_text(DATE.sub("", written.read_text()))
