"""A leader's own 1:1s, for their programs: when, of which kind, how many. No text but what they wrote alone."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from coaching.models import PairingKind, Session, SessionKind, SessionState, SessionText
from cohorts.web.api.etags import tagged
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission

ORDERS = {"starts_at": "starts_at", "id": "pk"}


class PartnerShape(serializers.Serializer):
    id = serializers.IntegerField(help_text="Of the member.")
    name = serializers.CharField()


class SessionShape(serializers.Serializer):
    """One talk, planned or held."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    pairing = serializers.IntegerField(source="pairing_id")
    partner = PartnerShape(source="pairing.partner")
    partner_is = serializers.ChoiceField(source="pairing.kind", choices=PairingKind.values)
    kind = serializers.ChoiceField(choices=SessionKind.values)
    state = serializers.ChoiceField(choices=SessionState.values)
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    held_at = serializers.DateTimeField(allow_null=True)


class OwnWordsShape(serializers.Serializer):
    """What the reader alone wrote in one part of the talk."""

    part = serializers.CharField()
    text = serializers.CharField()
    saved_at = serializers.DateTimeField()


class SessionContentShape(SessionShape):
    """One talk with what the reader alone wrote in it. Shared notes stay on the page of the two."""

    own_words = serializers.SerializerMethodField()

    @extend_schema_field(OwnWordsShape(many=True))
    def get_own_words(self, session: Session) -> Any:
        mine = SessionText.objects.filter(session=session, author=self.context["request"].membership).exclude(text="")
        return OwnWordsShape(mine.order_by("part"), many=True).data


class SessionQuery(ListQuery):
    state = serializers.ChoiceField(choices=SessionState.values, required=False)
    kind = serializers.ChoiceField(choices=SessionKind.values, required=False)
    since = serializers.DateTimeField(required=False, help_text="Beginning at this time or later.")
    until = serializers.DateTimeField(required=False, help_text="Beginning before this time.")


class Sessions(ApiView):
    permission = Permission.WALK
    noun = "sessions"

    @extend_schema(operation_id="listSessions", parameters=[SessionQuery], responses=page_shape(SessionShape))
    def get(self, request: ApiRequest) -> Response:
        """Your 1:1s as a leader, with every partner."""
        said = asked(request, SessionQuery, SessionShape, orders=ORDERS)
        mine = Session.objects.filter(pairing__leader=request.membership).select_related("pairing__partner")
        columns = {"state": "state", "kind": "kind", "since": "starts_at__gte", "until": "starts_at__lt"}
        mine = mine.filter(**{columns[name]: value for name, value in said.filters.items()})
        return page_of_query(request, mine, said, SessionShape, orders=ORDERS)


class SessionDetail(ApiView):
    permission = Permission.MEET
    noun = "sessions"

    @extend_schema(operation_id="readSession", responses=SessionContentShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """A talk of yours, as its leader or as the partner."""
        mine = Session.objects.visible_to(request.membership).select_related("pairing__partner")
        session = get_object_or_404(mine, pk=pk)
        shown = SessionContentShape(session, context={"request": request})
        return tagged(request, session, shown.data)


urlpatterns = [
    path("sessions/", Sessions.as_view(), name="api_sessions"),
    path("sessions/<int:pk>/", SessionDetail.as_view(), name="api_session"),
]
