from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from programme.demo.people import COMPANIES


class Command(BaseCommand):
    help = "Say who can sign in to the demo, and how."

    def handle(self, *args: Any, **options: Any) -> None:
        for company in COMPANIES:
            self.stdout.write(f"\n{company.name}  {settings.BASE_URL}/o/{company.slug}/")
            people = [(leader.email, leader.name, "leader") for leader in company.leaders[:3]]
            people += [
                (leader.email, leader.name, "leader, {} days on and {} off".format(*leader.character.rota))
                for leader in company.leaders
                if leader.character.rota
            ]
            people += [(email, name, "sponsor") for email, name in company.sponsors.items()]
            people += [(email, name, "programme admin") for email, name in company.admins.items()]
            people += [(email, name, "owner") for email, name in company.owners.items()]
            for email, name, role in people:
                self.stdout.write(f"  {email:<28} {name:<34} {role}")
        mailbox = settings.MAILBOX_URL or "the mailbox page"
        self.stdout.write(f"\nTo sign in: type one of these addresses; the code arrives at {mailbox} at once.")
