"""A leader's focuses: read, pick, reword, archive, resume, and turn the dial."""

from datetime import datetime

from django.db.models import Q
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from cohorts.curriculum.behaviours import Behaviour
from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.web.api.changes import own_row, part_since
from cohorts.web.api.etags import expected_revision, tagged
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import IF_MATCH, page_shape
from cohorts.web.api.serializers import StrictSerializer, Text, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from goals.dial_rules import setting_on
from goals.habits.actions.focus import (
    PLAN,
    archive_focus,
    pick_focus,
    resume_focus,
    reword_focus,
    set_dial,
    take_back_dial,
)
from goals.models import Dial, Focus
from goals.models.focus import FocusQuerySet

LEVELS = "0 resting, 1 light, 2 steady, 3 stretch."
ORDERS = {"started_on": "started_on", "id": "pk"}


class TurnShape(serializers.Serializer):
    """One turn of a dial."""

    id = serializers.IntegerField()
    level = serializers.IntegerField(help_text=LEVELS)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="Its last day; null: until it is turned again.")
    is_reserve = serializers.BooleanField(help_text="Whether it spent a reserve week.")


class FocusShape(serializers.Serializer):
    """A behaviour somebody works on: when this, I will that."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    behaviour = serializers.ChoiceField(choices=Behaviour.values)
    cue = serializers.CharField(help_text="What follows “When”.")
    response = serializers.CharField(help_text="What follows “I will”.")
    started_on = serializers.DateField()
    archived_on = serializers.DateField(allow_null=True)
    level = serializers.SerializerMethodField(help_text=f"Today: {LEVELS}")

    def get_level(self, focus: Focus) -> int:
        request = self.context["request"]
        return int(setting_on(focus.settings, date_at(focus.enrolment, request.now)).level)


class FocusBody(StrictSerializer):
    behaviour = serializers.CharField(help_text="One of: " + ", ".join(Behaviour.values) + ".")
    cue = Text()
    response = Text()


class RewordBody(StrictSerializer):
    behaviour = serializers.CharField(required=False)
    cue = Text(required=False)
    response = Text(required=False)


class DialBody(StrictSerializer):
    level = serializers.IntegerField(help_text=LEVELS)
    ends_on = serializers.DateField(required=False, allow_null=True, default=None, help_text="Its last day.")


class FocusQuery(ListQuery):
    is_current = serializers.BooleanField(required=False, default=None, allow_null=True)


class Focuses(ApiView):
    permission = Permission.WALK
    noun = "focuses"

    @extend_schema(operation_id="listFocuses", parameters=[FocusQuery], responses=page_shape(FocusShape))
    def get(self, request: ApiRequest) -> Response:
        """Your focuses, archived ones too."""
        said = asked(request, FocusQuery, FocusShape, orders=ORDERS)
        mine = _mine(request)
        if (is_current := said.filters["is_current"]) is not None:
            mine = mine.filter(archived_on__isnull=is_current)
        return page_of_query(request, mine, said, FocusShape, orders=ORDERS, changed=_changed)

    @extend_schema(operation_id="pickFocus", request=FocusBody, responses={201: FocusShape})
    def post(self, request: ApiRequest) -> Response:
        """Start a focus. Two at a time is the most."""
        said = valid(FocusBody, request.data)
        enrolment = ensure_enrolment(request.membership)
        focus = pick_focus(
            enrolment=enrolment,
            language=page_language(),
            today=date_at(enrolment, request.now),
            by=request.membership,
            now=request.now,
            **said,
        )
        return _shown(request, focus, status=status.HTTP_201_CREATED)


class FocusDetail(ApiView):
    permission = Permission.WALK
    noun = "focuses"
    has_revision = True

    @extend_schema(operation_id="readFocus", responses=FocusShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """One of yours."""
        return _shown(request, _own(request, pk))

    @extend_schema(operation_id="rewordFocus", parameters=[IF_MATCH], request=RewordBody, responses=FocusShape)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Reword it. What is left out stays, and so do its dial and practices."""
        focus = _own(request, pk)
        said = valid(RewordBody, request.data)
        focus = reword_focus(
            focus=focus,
            language=page_language(),
            by=request.membership,
            expected_revision=expected_revision(request, focus),
            **{name: said.get(name, getattr(focus, name)) for name in PLAN},
        )
        return _shown(request, focus)


class FocusArchiving(ApiView):
    permission = Permission.WALK
    noun = "focuses"
    takes_body = False

    @extend_schema(operation_id="archiveFocus", request=None, responses=FocusShape)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Archive it. Its practices stay."""
        focus = _own(request, pk)
        today = date_at(focus.enrolment, request.now)
        return _shown(request, archive_focus(focus=focus, today=today, by=request.membership, now=request.now))


class FocusReturn(ApiView):
    permission = Permission.WALK
    noun = "focuses"
    takes_body = False

    @extend_schema(operation_id="resumeFocus", request=None, responses=FocusShape)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Resume an archived focus."""
        focus = _own(request, pk)
        today = date_at(focus.enrolment, request.now)
        return _shown(request, resume_focus(focus=focus, today=today, by=request.membership, now=request.now))


class FocusDials(ApiView):
    permission = Permission.WALK
    noun = "focuses"

    @extend_schema(operation_id="turnDial", request=DialBody, responses={201: TurnShape})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Turn the dial from today. Resting and light end with the week unless a last day is given."""
        focus = _own(request, pk)
        said = valid(DialBody, request.data)
        today = date_at(focus.enrolment, request.now)
        dial = set_dial(focus=focus, today=today, by=request.membership, now=request.now, **said)
        return Response(TurnShape(dial).data, status=status.HTTP_201_CREATED)


class DialUndoing(ApiView):
    permission = Permission.WALK
    noun = "focuses"
    takes_body = False

    @extend_schema(operation_id="undoDial", request=None, responses={201: TurnShape})
    def post(self, request: ApiRequest, dial_pk: int) -> Response:
        """Set the dial back to where it stood, on the day it was turned."""
        mine = Dial.objects.filter(focus__enrolment__leader=request.membership)
        dial = get_object_or_404(mine.select_related("focus__enrolment__leader"), pk=dial_pk)
        today = date_at(dial.focus.enrolment, request.now)
        back = take_back_dial(dial=dial, today=today, by=request.membership, now=request.now)
        return Response(TurnShape(back).data, status=status.HTTP_201_CREATED)


def _changed(since: datetime) -> Q:
    """With its dial, whose level is shown."""
    return own_row(since) | part_since(since, Dial.objects.all(), focus="pk")


def _mine(request: ApiRequest) -> FocusQuerySet:
    mine = Focus.objects.filter(enrolment__leader=request.membership)
    return mine.select_related("enrolment__sponsor", "enrolment__leader").with_turns()


def _own(request: ApiRequest, pk: int) -> Focus:
    return get_object_or_404(_mine(request), pk=pk)


def _shown(request: ApiRequest, focus: Focus, *, status: int = 200) -> Response:
    return tagged(request, focus, FocusShape(focus, context={"request": request}).data, status=status)
