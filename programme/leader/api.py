"""A leader's own day, for the programs they give a personal token to: what Today shows."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.enrolment.current import date_at, not_in_a_cohort
from cohorts.web.api.serializers import StrictSerializer, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.bounds import ensure_not_ahead
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from programme.leader.today import Today, TodayState, clock_for_today, today_of


class TodayStepShape(serializers.Serializer):
    """The step of the day, in the language asked for."""

    id = serializers.IntegerField(source="step.pk")
    day = serializers.IntegerField(source="step.day", help_text="Of the ninety.")
    minutes = serializers.IntegerField(source="step.minutes")
    title = serializers.CharField(source="text.title")
    why = serializers.CharField(source="text.why")
    practice = serializers.CharField(source="text.practice")
    question = serializers.CharField(source="text.question")

    def to_representation(self, instance: Today) -> Any:
        return None if instance.step is None else super().to_representation(instance)


class ComingShape(serializers.Serializer):
    """A live event of these days."""

    on = serializers.DateField()
    title = serializers.CharField(source="event.text.title")
    minutes = serializers.IntegerField(source="event.minutes")


class OwnSponsorShape(serializers.Serializer):
    id = serializers.IntegerField(help_text="Of the member.")
    name = serializers.CharField()


class TodayShape(serializers.Serializer):
    """One date of your ninety days."""

    on = serializers.DateField()
    day = serializers.IntegerField(help_text="Of the ninety; 0: not begun.")
    week = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[state.value for state in TodayState])
    step = TodayStepShape(source="*", allow_null=True)
    practice = serializers.IntegerField(
        source="log.practice.pk", allow_null=True, default=None, help_text="If it is logged."
    )
    next_step_on = serializers.DateField(source="next_on", allow_null=True)
    coming = ComingShape(many=True)
    sponsor = OwnSponsorShape(
        source="enrolment.sponsor", allow_null=True, help_text="Who reads what you open to your sponsor."
    )


class DayQuery(StrictSerializer):
    on = serializers.DateField(required=False, help_text="Left out: today, in your time zone.")


class LeaderToday(ApiView):
    permission = Permission.WALK
    noun = "today"

    @extend_schema(operation_id="readToday", parameters=[DayQuery], responses={200: TodayShape, 409: None})
    def get(self, request: ApiRequest) -> Response:
        """What this day asks of you. A day before it stands as it was; no day ahead is told."""
        said = valid(DayQuery, request.query_params.dict())
        clock = clock_for_today(request.membership, now=request.now)
        if clock is None:
            raise not_in_a_cohort()
        today = date_at(clock.enrolment, request.now)
        on = said.get("on", today)
        ensure_not_ahead("on", on, today=today)
        day = today_of(
            clock, organisation=request.organisation, today=today, on=on, language=page_language(), now=request.now
        )
        return Response(TodayShape(day).data)


urlpatterns = [path("today/", LeaderToday.as_view(), name="api_today")]
