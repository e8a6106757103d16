"""A leader's own reflections. Those of others have no endpoint, even where a page shows them."""

from typing import Any
from uuid import uuid4

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from cohorts.enrolment.current import date_at, ensure_enrolment
from cohorts.models import Enrolment
from cohorts.web.api.etags import expected_revision, tagged
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import IF_MATCH, page_shape
from cohorts.web.api.serializers import MAX_ID, Search, StrictSerializer, Text, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow
from goals.habits.actions.reflection import change_audience, reword_reflection, write_reflection
from goals.habits.forms.history import MAX_SEARCHED, with_words
from goals.habits.rules import WORDS
from goals.habits.step_lookup import last_step
from goals.models import Audience, Reflection

ORDERS = {"on": "on", "written_at": "written_at", "id": "pk"}


class ReflectionShape(serializers.Serializer):
    """What was tried, what happened, what was learned, what comes next."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    on = serializers.DateField()
    tried = serializers.CharField()
    happened = serializers.CharField()
    learned = serializers.CharField()
    next = serializers.CharField()
    audience = serializers.ChoiceField(choices=Audience.values, help_text="private: only you. sponsor: you and them.")
    step = serializers.IntegerField(source="step_id", allow_null=True)
    written_at = serializers.DateTimeField()


class WordsBody(StrictSerializer):
    """At least one of the four."""

    tried = Text(required=False, allow_blank=True)
    happened = Text(required=False, allow_blank=True)
    learned = Text(required=False, allow_blank=True)
    next = Text(required=False, allow_blank=True)


READER = "Id of the sponsor you mean, from `today/`; refused if you have a different sponsor now."


class ReflectionBody(WordsBody):
    audience = serializers.CharField(default=Audience.PRIVATE.value, help_text="private or sponsor.")
    reader = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=MAX_ID, help_text=READER
    )


class AudienceBody(StrictSerializer):
    audience = serializers.CharField(help_text="private or sponsor.")
    reader = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=MAX_ID, help_text=READER
    )


class ReflectionQuery(ListQuery):
    audience = serializers.ChoiceField(choices=Audience.values, required=False)
    words = Search(required=False, max_length=MAX_SEARCHED, help_text="Anywhere in what was written.")


class Reflections(ApiView):
    permission = Permission.WALK
    noun = "reflections"

    @extend_schema(operation_id="listReflections", parameters=[ReflectionQuery], responses=page_shape(ReflectionShape))
    def get(self, request: ApiRequest) -> Response:
        """What you wrote yourself."""
        said = asked(request, ReflectionQuery, ReflectionShape, orders=ORDERS)
        mine = with_words(
            Reflection.objects.filter(enrolment__leader=request.membership), said.filters.get("words", "")
        )
        if audience := said.filters.get("audience"):
            mine = mine.open_to_sponsor() if audience == Audience.SPONSOR else mine.closed_to_sponsor()
        return page_of_query(request, mine, said, ReflectionShape, orders=ORDERS)

    @extend_schema(operation_id="writeReflection", request=ReflectionBody, responses={201: ReflectionShape})
    def post(self, request: ApiRequest) -> Response:
        """Write one."""
        said = valid(ReflectionBody, request.data)
        enrolment = ensure_enrolment(request.membership)
        today = date_at(enrolment, request.now)
        reflection = write_reflection(
            enrolment=enrolment,
            step=last_step(enrolment, today),
            audience=said["audience"],
            reader_id=_reader(enrolment, said),
            words=_words(said),
            key=uuid4(),
            today=today,
            by=request.membership,
            now=request.now,
        )
        return tagged(request, reflection, ReflectionShape(reflection).data, status=status.HTTP_201_CREATED)


class ReflectionDetail(ApiView):
    permission = Permission.WALK
    noun = "reflections"
    has_revision = True

    @extend_schema(operation_id="readReflection", responses=ReflectionShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """One of yours."""
        reflection = _own(request, pk)
        return tagged(request, reflection, ReflectionShape(reflection).data)

    @extend_schema(operation_id="rewordReflection", parameters=[IF_MATCH], request=WordsBody, responses=ReflectionShape)
    def patch(self, request: ApiRequest, pk: int) -> Response:
        """Reword it on the day it was written. What is left out stays."""
        reflection = _own(request, pk)
        said = valid(WordsBody, request.data)
        reflection = reword_reflection(
            reflection=reflection,
            words={name: getattr(reflection, name) for name in WORDS} | said,
            today=date_at(reflection.enrolment, request.now),
            by=request.membership,
            now=request.now,
            expected_revision=expected_revision(request, reflection),
        )
        return tagged(request, reflection, ReflectionShape(reflection).data)


class ReflectionAudience(ApiView):
    permission = Permission.WALK
    noun = "reflections"

    @extend_schema(operation_id="changeReflectionAudience", request=AudienceBody, responses=ReflectionShape)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Open it to your sponsor, or close it again."""
        reflection = _own(request, pk)
        said = valid(AudienceBody, request.data)
        reflection = change_audience(
            reflection=reflection,
            audience=said["audience"],
            reader_id=_reader(reflection.enrolment, said),
            by=request.membership,
            now=request.now,
        )
        return tagged(request, reflection, ReflectionShape(reflection).data)


def _own(request: ApiRequest, pk: int) -> Reflection:
    mine = Reflection.objects.filter(enrolment__leader=request.membership)
    return get_object_or_404(mine.select_related("enrolment__leader", "enrolment__sponsor"), pk=pk)


def _reader(enrolment: Enrolment, said: dict[str, Any]) -> int | None:
    """Whom the leader means to read it. The action looks again: nobody else ever does."""
    reader: int | None = said["reader"]
    if reader is not None and said["audience"] == Audience.SPONSOR and reader != enrolment.sponsor_id:
        raise NotNow(_("You have a different sponsor now. Check who it is, then share it again."))
    return reader


def _words(said: dict[str, Any]) -> dict[str, str]:
    return {name: said.get(name, "") for name in WORDS}
