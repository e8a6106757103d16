from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cohorts.models import Person
from cohorts.people.actions.recovery import recover_at_once
from cohorts.web.refusals import Invalid, NotNow


class Command(BaseCommand):
    help = "Remove the passkeys and codes of somebody who lost them. They and their owners get a mail with the reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("reason", help="How you know that it is them, and what they lost.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.filter(email=options["email"].lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        try:
            recover_at_once(person=person, reason=options["reason"], now=timezone.now())
        except (Invalid, NotNow) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person.email} signs in with a code by mail now.")
