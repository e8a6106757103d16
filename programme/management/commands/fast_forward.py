from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cohorts.models import Organisation
from programme.demo.closing import print_first_report
from programme.demo.playing import play


class Command(BaseCommand):
    help = "Play days of a demo organisation through the real engine (plan, send, log, digest) and print a report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, required=True)
        parser.add_argument("--organisation", metavar="SLUG", default="nordlys")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"], is_demo=True).first()
        if organisation is None:
            raise CommandError("Only a demo organisation can live faster than real time; there is none by that name.")
        if not 1 <= options["days"] <= 400:
            raise CommandError("Choose from 1 to 400 days.")
        until = organisation.now(timezone.now()) + timedelta(days=options["days"])
        began = monotonic()
        sent = play(organisation, until=until, report=self._say)
        day = until.astimezone(organisation.zone).strftime("%A %d %B %Y, %H:%M")
        self.stdout.write(f"It is {day} at {organisation.name}: {sent} mails in {monotonic() - began:.0f} s.")
        self._print_report(organisation, until)

    def _print_report(self, organisation: Organisation, now: datetime) -> None:
        report = print_first_report(organisation, now=now)
        if report is not None and report.file:
            name = report.enrolment.leader.name
            self.stdout.write(f"{name}'s report, {report.pages} pages: {default_storage.path(report.file)}")

    def _say(self, at: datetime) -> None:
        if at.weekday() == 4:
            self.stdout.write(f"… week of {at:%d %B}", ending="\r")
            self.stdout.flush()
