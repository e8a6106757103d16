"""The leaders in a cohort, for programs: the lines of the cohort's page."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.enrolment.actions.enrolments import change_schedule, leave, set_mail
from cohorts.enrolment.api.people import PeopleBody, PeopleShape, added
from cohorts.enrolment.api.reach import enrolment_for
from cohorts.enrolment.current import date_at
from cohorts.enrolment.roster import RosterLine, roster_of
from cohorts.enrolment.roster_filters import SORTS, STATUSES, RosterFilters
from cohorts.enrolment.status import Key
from cohorts.models import Cohort, Enrolment, Invitation, Membership, Pause
from cohorts.people.actions.members import change_sponsor
from cohorts.schedule.calendars import rota_of
from cohorts.schedule.zone_serializer import Zone
from cohorts.web.api.changes import columns_since, part_since
from cohorts.web.api.etags import expect, expected_revision, tagged
from cohorts.web.api.lists import ListQuery, asked, page_of_rows
from cohorts.web.api.schema import IF_MATCH, page_shape
from cohorts.web.api.serializers import Hour, Rows, Search, StrictSerializer, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from cohorts.web.refusals import Invalid

ORDERS = {"id": "enrolment_id", **{name: name for name in SORTS}}


class LeaderShape(serializers.Serializer):
    id = serializers.IntegerField(source="leader_id", help_text="Of the member.")
    name = serializers.CharField()
    email = serializers.EmailField()


class SponsorShape(serializers.Serializer):
    id = serializers.IntegerField(source="sponsor_id", help_text="Of the member.")
    name = serializers.CharField(source="sponsor_name")

    def to_representation(self, instance: RosterLine) -> Any:
        return None if instance.sponsor_id is None else super().to_representation(instance)


class StatusShape(serializers.Serializer):
    key = serializers.ChoiceField(choices=[key.value for key in Key])
    words = serializers.CharField(source="__str__", help_text="As on the page, in the language asked for.")


class EnrolmentShape(serializers.Serializer):
    """A leader's place in a cohort, and how they are doing today. Nothing they wrote."""

    id = serializers.IntegerField(source="enrolment_id")
    revision = serializers.IntegerField(source="columns.revision")
    cohort = serializers.IntegerField(source="columns.cohort_id")
    leader = LeaderShape(source="*")
    sponsor = SponsorShape(source="*", allow_null=True)
    day = serializers.IntegerField(help_text="Of the ninety; 0 and less: not begun.")
    day1_on = serializers.DateField(source="columns.day1_on")
    zone = Zone(source="columns.zone")
    nudge_hour = Hour(source="columns.nudge_hour")
    working_days = serializers.ListField(
        source="columns.working_days", child=serializers.IntegerField(), help_text="1 is Monday."
    )
    last_practice_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(source="columns.left_on", allow_null=True)
    status = StatusShape()


class EnrolmentQuery(ListQuery):
    q = Search(required=False, help_text="In the name, the e-mail, or the sponsor's name.")
    status = serializers.ChoiceField(choices=[key for key in STATUSES if key], required=False)
    sponsor = serializers.IntegerField(required=False, min_value=1, help_text="Id of the member.")


class EnrolmentBody(StrictSerializer):
    """What of a leader's place changes; what is left out stays."""

    sponsor = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Id of a member with the role sponsor; null: nobody."
    )
    nudge_hour = Hour(required=False, help_text="When nudges come, on the leader's own clock.")
    zone = Zone(required=False)
    working_days = Rows(
        child=serializers.IntegerField(min_value=1, max_value=7), required=False, max_length=7, help_text="1 is Monday."
    )
    mail_on = serializers.BooleanField(required=False, help_text="Nudges by e-mail; Today shows them anyhow.")


class CohortEnrolments(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "enrolments"

    @extend_schema(operation_id="listEnrolments", parameters=[EnrolmentQuery], responses=page_shape(EnrolmentShape))
    def get(self, request: ApiRequest, pk: int) -> Response:
        """The leaders of a cohort, with the filters of its page."""
        said = asked(request, EnrolmentQuery, EnrolmentShape, orders=ORDERS)
        cohort = get_object_or_404(Cohort, pk=pk)
        filters = RosterFilters(**said.filters)
        lines = filters.apply(roster_of(cohort, request.organisation, request.now))
        if said.updated_since is not None:
            changed = set(
                Enrolment.objects.filter(_changed(said.updated_since), cohort=cohort).values_list("pk", flat=True)
            )
            lines = [line for line in lines if line.enrolment_id in changed]
        order = SORTS.get(said.order)
        return page_of_rows(
            request,
            lines,
            said,
            EnrolmentShape,
            place=lambda line: (_plain(order(line)) if order else 0, line.enrolment_id),
        )

    @extend_schema(operation_id="addPeople", request=PeopleBody, responses=PeopleShape)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Add leaders by the rules of a list of people. People who are new get an invitation."""
        return Response(added(request, get_object_or_404(Cohort, pk=pk)))


class EnrolmentDetail(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "enrolments"
    has_revision = True

    @extend_schema(operation_id="readEnrolment", responses=EnrolmentShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """One leader’s place, and how they are doing today."""
        enrolment = enrolment_for(request, pk)
        return tagged(request, enrolment, EnrolmentShape(_line(request, enrolment)).data)

    @extend_schema(
        operation_id="changeEnrolment", parameters=[IF_MATCH], request=EnrolmentBody, responses=EnrolmentShape
    )
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Change the sponsor, the hour, zone or days, or the mails. Nudges already sent do not change."""
        said = valid(EnrolmentBody, request.data)
        enrolment = enrolment_for(request, pk)
        _change(request, enrolment, said, expected_revision(request, enrolment))
        return tagged(request, enrolment, EnrolmentShape(_line(request, enrolment)).data)

    @extend_schema(operation_id="removeEnrolment", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: ApiRequest, pk: int) -> Response:
        """Remove a leader from the cohort. What they wrote stays theirs."""
        enrolment = enrolment_for(request, pk)
        expect(enrolment, expected_revision(request, enrolment), "left_on")
        if enrolment.left_on is None:
            leave(enrolment=enrolment, on=date_at(enrolment, request.now), by=request.membership, now=request.now)
        return Response(status=204)


def _change(request: ApiRequest, enrolment: Enrolment, said: dict[str, Any], expected: int | None) -> None:
    """Each kind of change by its own action; the first one finds the revision that was read, or refuses all."""
    by: dict[str, Any] = {"by": request.membership, "now": request.now}
    if "sponsor" in said:
        sponsor = _sponsor(said["sponsor"])
        change_sponsor(enrolment=enrolment, sponsor=sponsor, expected_revision=expected, **by)
        expected = None
    if schedule := {name: said[name] for name in ("zone", "nudge_hour", "working_days") if name in said}:
        now_set = {name: getattr(enrolment, name) for name in ("zone", "nudge_hour", "working_days")}
        rota = None if "working_days" in said else rota_of(enrolment)
        change_schedule(enrolment=enrolment, rota=rota, expected_revision=expected, **(now_set | schedule), **by)
        expected = None
    if "mail_on" in said:
        expect(enrolment, expected, "channels")
        set_mail(enrolment=enrolment, is_on=said["mail_on"], **by)


def _changed(since: datetime) -> Q:
    """The place, its people and days away, and the cohort. Not the day, what becomes of each nudge, or a practice."""
    own = (
        "updated_at",
        "cohort__updated_at",
        "leader__updated_at",
        "leader__person__updated_at",
        "sponsor__updated_at",
    )
    return (
        columns_since(since, *own)
        | part_since(since, Pause.objects.all(), enrolment="pk")
        | part_since(since, Pause.objects.filter(enrolment=None), cohort="cohort")
        | part_since(since, Invitation.objects.all(), membership="leader")
    )


def _sponsor(key: int | None) -> Membership | None:
    if key is None:
        return None
    found: Membership | None = Membership.objects.active().filter(pk=key).first()
    if found is None:
        raise Invalid("sponsor", _("Only members with the role sponsor can be chosen."))
    return found


def _line(request: ApiRequest, enrolment: Enrolment) -> RosterLine:
    (line,) = roster_of(enrolment.cohort, request.organisation, request.now, only=enrolment.pk)
    return line


def _plain(value: Any) -> Any:
    return value.toordinal() if isinstance(value, date) else value
