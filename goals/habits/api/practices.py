"""What a leader logged: list it, log a date, undo."""

from uuid import uuid4

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.serializers import StrictSerializer, Text, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from cohorts.web.refusals import Invalid
from goals.habits.actions.practice import log_practice, take_back_practice
from goals.habits.focus_queries import current_focuses
from goals.habits.forms.history import KINDS
from goals.habits.step_lookup import likely_focus, step_on
from goals.models import Focus, Practice

ORDERS = {"on": "on", "logged_at": "logged_at", "id": "pk"}


class PracticeShape(serializers.Serializer):
    """One date that was logged."""

    id = serializers.IntegerField()
    on = serializers.DateField(help_text="The date it is about.")
    did_it = serializers.BooleanField(help_text="False: “Not today”, which also counts as logged.")
    went = serializers.IntegerField(allow_null=True, help_text="From 1, hard going, to 5, natural.")
    place = serializers.CharField()
    line = serializers.CharField(help_text="Nobody else reads it.")
    focus = serializers.IntegerField(source="focus_id", allow_null=True)
    step = serializers.IntegerField(source="step_id", allow_null=True, help_text="The step of that date.")
    is_back_filled = serializers.BooleanField(help_text="Logged on a later day.")
    logged_at = serializers.DateTimeField()


class PracticeBody(StrictSerializer):
    on = serializers.DateField(help_text="Today, or one of the three days before.")
    did_it = serializers.BooleanField()
    went = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="From 1 to 5.")
    place = Text(required=False, allow_blank=True, default="")
    line = Text(required=False, allow_blank=True, default="")
    focus = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="Left out: the plan it is probably for."
    )


class PracticeQuery(ListQuery):
    show = serializers.ChoiceField(choices=list(KINDS), required=False)


class Practices(ApiView):
    permission = Permission.WALK
    noun = "practices"

    @extend_schema(operation_id="listPractices", parameters=[PracticeQuery], responses=page_shape(PracticeShape))
    def get(self, request: ApiRequest) -> Response:
        """Everything you logged."""
        said = asked(request, PracticeQuery, PracticeShape, orders=ORDERS)
        mine = Practice.objects.visible_to(request.membership)
        if show := said.filters.get("show"):
            mine = mine.filter(KINDS[show])
        return page_of_query(request, mine, said, PracticeShape, orders=ORDERS)

    @extend_schema(operation_id="logPractice", request=PracticeBody, responses={201: PracticeShape})
    def post(self, request: ApiRequest) -> Response:
        """Log a date. What was said of it before is replaced."""
        said = valid(PracticeBody, request.data)
        enrolment = ensure_enrolment(request.membership)
        step = step_on(enrolment, said["on"])
        focuses = list(current_focuses(enrolment))
        focus = _chosen(focuses, said.pop("focus")) or likely_focus(focuses, step)
        practice = log_practice(
            enrolment=enrolment,
            step=step,
            focus=focus,
            key=uuid4(),
            today=date_at(enrolment, request.now),
            by=request.membership,
            now=request.now,
            **said,
        )
        return Response(PracticeShape(practice).data, status=status.HTTP_201_CREATED)


class PracticeUndoing(ApiView):
    permission = Permission.WALK
    noun = "practices"
    takes_body = False

    @extend_schema(operation_id="undoPractice", request=None, responses={204: None})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Undo a log on the day it was made: the date is open again."""
        mine = Practice.objects.visible_to(request.membership).select_related("enrolment")
        practice = get_object_or_404(mine, pk=pk)
        today = date_at(practice.enrolment, request.now)
        take_back_practice(practice=practice, today=today, by=request.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _chosen(focuses: list[Focus], pk: int | None) -> Focus | None:
    if pk is None:
        return None
    for focus in focuses:
        if focus.pk == pk:
            return focus
    raise Invalid("focus", _("Choose one of your current plans."))
