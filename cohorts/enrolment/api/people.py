"""People as a list of people has them, for programs."""

from typing import Any

from rest_framework import serializers

from cohorts.models import Cohort
from cohorts.people.actions.intakes import ImportContext, add_people
from cohorts.people.imports.file import MAX_SHORT_ROWS, PersonRow
from cohorts.people.imports.plan import Happens
from cohorts.web.api.serializers import Rows, StrictSerializer, Text, valid
from cohorts.web.api.views import ApiRequest


class PersonBody(StrictSerializer):
    """A person as a list of people has them. Names and e-mails in words; what is left out is as in a list."""

    name = Text(max_length=160)
    email = Text(max_length=254)
    zone = Text(required=False, max_length=60, help_text="A city or a zone; left out: the cohort's.")
    language = Text(required=False, max_length=60)
    role = Text(required=False, max_length=60, help_text="Left out: a leader.")
    manager_name = Text(required=False, max_length=160)
    manager_email = Text(required=False, max_length=254)
    sponsor_name = Text(required=False, max_length=160)
    sponsor_email = Text(required=False, max_length=254)


class PeopleBody(StrictSerializer):
    people = Rows(child=PersonBody(), min_length=1, max_length=MAX_SHORT_ROWS)
    dry_run = serializers.BooleanField(default=False, help_text="Say what would happen, and change nothing.")


class RowProblemShape(serializers.Serializer):
    field = serializers.CharField()
    detail = serializers.CharField(source="sentence")


class OutcomeShape(serializers.Serializer):
    row = serializers.IntegerField(source="row.number", help_text="From 1, as sent.")
    email = serializers.CharField(source="row.email")
    happens = serializers.ChoiceField(choices=[each.value for each in Happens])
    notes = serializers.ListField(child=serializers.CharField())
    problems = RowProblemShape(many=True)


class PeopleShape(serializers.Serializer):
    """What became of each row. A row with a problem is left out as a whole; the others are in."""

    dry_run = serializers.BooleanField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="How often each thing happens.")
    rows = OutcomeShape(many=True)


def added(request: ApiRequest, cohort: Cohort) -> dict[str, Any]:
    """Add the people who were sent, or say what would happen."""
    said = valid(PeopleBody, request.data)
    rows = [PersonRow(number=number, **person) for number, person in enumerate(said["people"], 1)]
    at = ImportContext(request.organisation, cohort, request.membership, request.today, request.now)
    plan = add_people(rows=rows, at=at, is_trial=said["dry_run"])
    answer = {"dry_run": said["dry_run"], "counts": plan.counts, "rows": plan.outcomes}
    return dict(PeopleShape(answer).data)
