from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from cohorts.curriculum.rows import load_curriculum
from cohorts.models import Organisation, Role
from cohorts.people.actions.members import add_member
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid
from feedback360.questionnaires.rows import load_questionnaire
from programme.organisation.rules import ensure_organisation_name


class Command(BaseCommand):
    help = "Open an organisation with its first owner, who is invited by e-mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("name")
        parser.add_argument("owner_email")
        parser.add_argument("owner_name")
        parser.add_argument("--language", default="en")
        parser.add_argument("--zone", default="Europe/Oslo")

    def handle(self, *args: Any, **options: Any) -> None:
        if Organisation.objects.filter(slug=options["slug"]).exists():
            raise CommandError(f"There is already an organisation at /o/{options['slug']}/.")
        try:
            organisation = _open(options)
        except Invalid as refusal:
            raise CommandError(f"{refusal.field}: {refusal}") from None
        self.stdout.write(f"{organisation.name} is open at /o/{organisation.slug}/; its owner is being invited.")


@transaction.atomic
def _open(options: dict[str, Any]) -> Organisation:
    """All of it or nothing: an organisation without an owner could be opened by nobody. Raises Invalid."""
    ensure_organisation_name(options["name"])
    organisation = Organisation.objects.create(
        slug=options["slug"], name=options["name"], language=options["language"], zone=options["zone"]
    )
    with within(organisation):
        load_curriculum()
        load_questionnaire()
        add_member(
            organisation=organisation,
            email=options["owner_email"],
            name=options["owner_name"],
            roles=[Role.OWNER, Role.ADMIN],
            language=options["language"],
            by=None,
            now=timezone.now(),
        )
    return organisation
