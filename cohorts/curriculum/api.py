"""Curricula, for programs: to list and read, and the same files as on the pages out of it and into it."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response

from cohorts.curriculum.actions.drafts import import_draft
from cohorts.curriculum.content import Curriculum as Content
from cohorts.curriculum.files import MAX_FILES_BYTES, CurriculumInvalid
from cohorts.curriculum.problem_words import sentence_of
from cohorts.curriculum.rows import content_of
from cohorts.curriculum.uploads import read_zip
from cohorts.curriculum.writer import write_files
from cohorts.curriculum.zips import zip_of
from cohorts.imports.file import UnreadableFile
from cohorts.models import CurriculumVersion, Milestone, Step
from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.serializers import StrictSerializer, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.file_names import as_download
from cohorts.web.permissions import Permission
from cohorts.web.refusals import Invalid

ORDERS = {"id": "pk", "number": "number"}
BY_LANGUAGE = "By language: `en`, `nb`."


class VersionShape(serializers.Serializer):
    """A version of a curriculum. One that is published never changes."""

    id = serializers.IntegerField()
    curriculum = serializers.CharField(source="curriculum.slug", help_text="The same for every version.")
    number = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True, help_text="null: a draft.")
    title = serializers.DictField(child=serializers.CharField(), help_text=BY_LANGUAGE)
    languages = serializers.ListField(child=serializers.CharField())


class StepShape(serializers.Serializer):
    key = serializers.CharField(help_text="The same in every version, on any day.")
    day = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Step.Kind.values)
    minutes = serializers.IntegerField()
    theme = serializers.CharField()
    behaviour = serializers.CharField()
    text = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField()),
        help_text="By language: title, why, practice, question.",
    )


class MilestoneShape(serializers.Serializer):
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=Milestone.Kind.values)
    day = serializers.IntegerField(help_text="Relative to day 1; 0 is the day before.")
    minutes = serializers.IntegerField()
    text = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField()), help_text="By language: title, what, prepare."
    )


class VersionContentShape(VersionShape):
    steps = StepShape(many=True)
    milestones = MilestoneShape(many=True)


class ImportQuery(StrictSerializer):
    replaces = serializers.BooleanField(default=False, help_text="A draft that is there is replaced.")


class Zip(BaseRenderer):
    """For asking; the files are answered as they are."""

    media_type, format, render_style = "application/zip", "zip", "binary"

    def render(self, data: Any, media_type: str | None = None, context: Mapping[str, Any] | None = None) -> Any:
        return JSONRenderer().render(data, media_type, context)


class ZipParser(BaseParser):
    media_type = "application/zip"

    def parse(self, stream: IO[bytes], media_type: str | None = None, context: Mapping[str, Any] | None = None) -> Any:
        return stream.read(MAX_FILES_BYTES + 1)


class Versions(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "curricula"

    @extend_schema(operation_id="listCurricula", parameters=[ListQuery], responses=page_shape(VersionShape))
    def get(self, request: ApiRequest) -> Response:
        """Every version of every curriculum, drafts included."""
        said = asked(request, ListQuery, VersionShape, orders=ORDERS)
        versions = CurriculumVersion.objects.select_related("curriculum")
        return page_of_query(request, versions, said, VersionShape, orders=ORDERS)


class VersionImport(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "curricula"
    parser_classes = [ZipParser]
    max_bytes = MAX_FILES_BYTES

    @extend_schema(
        operation_id="importCurriculum",
        parameters=[ImportQuery],
        request={"application/zip": OpenApiTypes.BINARY},
        responses={201: VersionShape},
    )
    def post(self, request: ApiRequest) -> Response:
        """A zip of the files becomes a draft, or nothing does and every reason is said with file and line."""
        replaces = valid(ImportQuery, request.query_params.dict())["replaces"]
        content = _read(request.data if isinstance(request.data, bytes) else b"")
        draft = import_draft(content=content, replaces=replaces, by=request.membership, now=request.now)
        return Response(VersionShape(draft).data, status=201)


class VersionDetail(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "curricula"

    @extend_schema(operation_id="readCurriculum", responses=VersionContentShape)
    def get(self, request: ApiRequest, pk: int) -> Response:
        """A version with its steps and live events."""
        ordered = (Prefetch("steps", Step.objects.order_by("day", "kind")), "milestones")
        versions = CurriculumVersion.objects.select_related("curriculum").prefetch_related(*ordered)
        version = get_object_or_404(versions, pk=pk)
        return Response(
            VersionContentShape(
                {
                    **{name: getattr(version, name) for name in ("id", "curriculum", "number", "published_at")},
                    **{name: getattr(version, name) for name in ("title", "languages")},
                    "steps": version.steps.all(),
                    "milestones": version.milestones.all(),
                }
            ).data
        )


class VersionFiles(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "curricula"
    renderer_classes = [Zip, JSONRenderer]

    @extend_schema(operation_id="exportCurriculum", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: ApiRequest, pk: int) -> HttpResponse:
        """The files of a version, as its page downloads them."""
        version = get_object_or_404(CurriculumVersion.objects.select_related("curriculum"), pk=pk)
        content = content_of(version)
        response = HttpResponse(zip_of(write_files(content)), content_type="application/zip")
        as_download(response, f"{content.slug}-{content.version}.zip")
        return response


def _read(data: bytes) -> Content:
    try:
        return read_zip(BytesIO(data))
    except UnreadableFile as wrong:
        raise Invalid("file", str(wrong)) from None
    except CurriculumInvalid as wrong:
        raise ValidationError({problem.place: [sentence_of(problem)] for problem in wrong.problems}) from None


urlpatterns = [
    path("curricula/", Versions.as_view(), name="api_curricula"),
    path("curricula/imports/", VersionImport.as_view(), name="api_curriculum_import"),
    path("curricula/<int:pk>/", VersionDetail.as_view(), name="api_curriculum"),
    path("curricula/<int:pk>/files/", VersionFiles.as_view(), name="api_curriculum_files"),
]
