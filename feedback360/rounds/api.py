"""Rounds of a 360, for programs: what an admin sees and does on their pages. Never who answered, never how many.

Rounds are planned by themselves, from the live events of a cohort; one beside them is planned here as on the page.
"""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.models import Cohort
from cohorts.schedule.time_zones import local_date
from cohorts.web.api.changes import columns_since
from cohorts.web.api.etags import expect, expected_revision, tagged
from cohorts.web.api.lists import ListQuery, asked, page_of_query, page_of_rows
from cohorts.web.api.schema import IF_MATCH, page_shape
from cohorts.web.api.serializers import StrictSerializer, Text, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from feedback360.models import Round, State, Subject
from feedback360.rounds.actions.nominations import nominate
from feedback360.rounds.actions.planning import plan_round
from feedback360.rounds.actions.rounds import bring_forward, change_dates, set_threshold
from feedback360.rounds.overview import leaders_of
from feedback360.rounds.policies import ensure_may_approve
from feedback360.rounds.rater_rules import NOMINATED
from feedback360.rounds.round_rules import BEFORE_LAUNCH

ORDERS = {"opens_at": "opens_at", "id": "pk"}
DATES = {"opens_on": "opens_at", "answer_by": "reminds_at", "closes_on": "closes_at"}


class RoundShape(serializers.Serializer):
    """One run of a 360 for a cohort."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    cohort = serializers.IntegerField(source="cohort_id")
    key = serializers.CharField(help_text="Of the live event it belongs to.")
    state = serializers.ChoiceField(choices=State.values)
    threshold = serializers.IntegerField(help_text="The smallest group that is shown.")
    has_own_dates = serializers.BooleanField(help_text="False: it follows its live event.")
    nominates_at = serializers.DateTimeField()
    opens_at = serializers.DateTimeField()
    reminds_at = serializers.DateTimeField(help_text="Raters are asked to answer by.")
    closes_at = serializers.DateTimeField()
    releases_at = serializers.DateTimeField()


class RoundBody(StrictSerializer):
    """What of a round changes; what is left out stays. Dates are the cohort’s."""

    opens_on = serializers.DateField(required=False)
    answer_by = serializers.DateField(required=False)
    closes_on = serializers.DateField(required=False)
    threshold = serializers.IntegerField(required=False, help_text="Until raters are asked.")


class NewRoundBody(StrictSerializer):
    opens_on = serializers.DateField(
        help_text="In the cohort’s zone, today or within a year. It may open later: choosing raters takes a week."
    )


class MoveBody(StrictSerializer):
    to = serializers.ChoiceField(choices=State.values)


class RoundLeaderShape(serializers.Serializer):
    """A leader in a round: where their list is, then only whether it is open or there is enough."""

    id = serializers.IntegerField(source="subject.pk")
    leader = serializers.IntegerField(source="subject.enrolment.leader_id", help_text="Id of the member.")
    name = serializers.CharField(source="subject.enrolment.leader.name")
    sentence = serializers.CharField(help_text="As on the page, in the language asked for.")
    status = serializers.CharField(source="status.text", help_text="As on the page, in the language asked for.")


class RaterBody(StrictSerializer):
    name = Text()
    email = Text()
    relation = serializers.CharField(help_text=" or ".join(NOMINATED) + ".")


class RaterShape(serializers.Serializer):
    """A name on a leader’s list. It has no state: one that moved would tell who answered."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    relation = serializers.CharField()


class RoundQuery(ListQuery):
    state = serializers.ChoiceField(choices=State.values, required=False)


class CohortRounds(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "rounds"

    @extend_schema(operation_id="listRounds", parameters=[RoundQuery], responses=page_shape(RoundShape))
    def get(self, request: ApiRequest, pk: int) -> Response:
        """The rounds of a cohort."""
        said = asked(request, RoundQuery, RoundShape, orders=ORDERS)
        rounds = Round.objects.filter(cohort=get_object_or_404(Cohort, pk=pk), **said.filters)
        return page_of_query(request, rounds, said, RoundShape, orders=ORDERS)

    @extend_schema(operation_id="planRound", request=NewRoundBody, responses={201: RoundShape})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Plan a round beside those of the live events, for every leader of the cohort."""
        said = valid(NewRoundBody, request.data)
        cohort = get_object_or_404(Cohort, pk=pk)
        planned = plan_round(cohort=cohort, by=request.membership, now=request.now, **said)
        return tagged(request, planned, RoundShape(planned).data, status=201)


class RoundDetail(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "rounds"
    has_revision = True

    @extend_schema(operation_id="readRound", responses=RoundShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """One round: its state, its dates, the smallest group it shows."""
        round_ = _round(pk)
        return tagged(request, round_, RoundShape(round_).data)

    @extend_schema(operation_id="changeRound", parameters=[IF_MATCH], request=RoundBody, responses=RoundShape)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Give a round dates of its own, or another threshold. Once it is open only the end moves."""
        said = valid(RoundBody, request.data)
        round_ = _round(pk)
        expected = expected_revision(request, round_)
        by: dict[str, Any] = {"round_": round_, "by": request.membership, "now": request.now}
        if "threshold" in said:
            expect(round_, expected, "threshold")
            round_, expected = set_threshold(threshold=said["threshold"], **by), None
            by["round_"] = round_
        if said.keys() & DATES.keys():
            now_set = {name: local_date(getattr(round_, at), round_.cohort.zone) for name, at in DATES.items()}
            dates = {name: said.get(name, on) for name, on in now_set.items()}
            round_ = change_dates(expected_revision=expected, **dates, **by)
        round_ = _round(pk)
        return tagged(request, round_, RoundShape(round_).data)


class RoundMoves(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "rounds"

    @extend_schema(operation_id="bringRoundForward", request=MoveBody, responses={202: RoundShape})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Let its next move be due now. It is made within a minute, and nothing leads back."""
        said = valid(MoveBody, request.data)
        bring_forward(round_=_round(pk), by=request.membership, now=request.now, **said)
        return Response(RoundShape(_round(pk)).data, status=202)


class RoundLeaders(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "rounds"

    @extend_schema(operation_id="listRoundLeaders", parameters=[ListQuery], responses=page_shape(RoundLeaderShape))
    def get(self, request: ApiRequest, pk: int) -> Response:
        """The leaders in a round."""
        said = asked(request, ListQuery, RoundLeaderShape, orders=["name", "id"])
        round_ = _round(pk)
        subjects = Subject.objects.filter(round=round_).select_related("enrolment__leader", "round")
        if round_.state in BEFORE_LAUNCH:
            subjects = subjects.filter(withdrawn_at=None)
        if said.updated_since is not None:
            parts = ("updated_at", "round__updated_at", "enrolment__leader__updated_at")
            subjects = subjects.filter(columns_since(said.updated_since, *parts))
        return page_of_rows(
            request,
            leaders_of(round_, subjects),
            said,
            RoundLeaderShape,
            place=lambda line: (line.subject.enrolment.leader.name if said.order == "name" else "", line.subject.pk),
        )


class LeaderRaters(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "rounds"

    @extend_schema(operation_id="nominateRater", request=RaterBody, responses={201: RaterShape})
    def post(self, request: ApiRequest, subject_pk: int) -> Response:
        """Put a rater on a leader’s list. An admin’s choice is approved with it."""
        said = valid(RaterBody, request.data)
        subjects = Subject.objects.visible_to(request.membership).exclude(round__state=State.CANCELLED)
        subject = get_object_or_404(subjects.select_related("round", "enrolment"), pk=subject_pk)
        ensure_may_approve(request.membership, subject)  # the owner behind the key may be the leader themselves
        added = nominate(subject=subject, by=request.membership, now=request.now, **said)
        return Response(RaterShape(added).data, status=201)


def _round(pk: int) -> Round:
    return get_object_or_404(Round.objects.select_related("cohort__version"), pk=pk)


urlpatterns = [
    path("cohorts/<int:pk>/rounds/", CohortRounds.as_view(), name="api_rounds"),
    path("rounds/<int:pk>/", RoundDetail.as_view(), name="api_round"),
    path("rounds/<int:pk>/moves/", RoundMoves.as_view(), name="api_round_moves"),
    path("rounds/<int:pk>/leaders/", RoundLeaders.as_view(), name="api_round_leaders"),
    path("feedback/<int:subject_pk>/raters/", LeaderRaters.as_view(), name="api_raters"),
]
