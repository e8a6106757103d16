from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cohorts.models import Organisation
from programme.demo.opening import open_company
from programme.demo.people import COMPANIES
from programme.demo.playing import latest_working_moment, play


class Command(BaseCommand):
    help = "Make the demo organisations by opening them weeks ago and playing every day since. Twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=400, help="play at most so many days of each")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=1 to make demo organisations; a real installation has none.")
        for company in COMPANIES:
            organisation = Organisation.objects.filter(slug=company.slug, is_demo=True).first() or open_company(company)
            most = organisation.now(timezone.now()) + timedelta(days=options["days"])
            until = min(latest_working_moment(organisation), most)
            if organisation.now(timezone.now()) < until:
                self.stdout.write(f"{company.name}: playing its weeks until now, day by day")
                play(organisation, until=until, report=self._say)

    def _say(self, at: datetime) -> None:
        if at.weekday() == 4:
            self.stdout.write(f"  … {at:%d %B}")
            self.stdout.flush()
