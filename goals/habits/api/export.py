"""Everything a leader logged, as JSON lines: read from the database and sent piece by piece, however many there are."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer

from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from goals.habits.api.practices import PracticeShape
from goals.models import Practice

ROWS_A_PIECE = 500
JSON_LINES = "application/x-ndjson"


class JsonLines(JSONRenderer):
    """Lets a program ask for lines. What is refused is a problem all the same."""

    media_type = JSON_LINES
    format = "jsonl"


class PracticesExport(ApiView):
    permission = Permission.WALK
    noun = "practices"
    renderer_classes = [JsonLines, JSONRenderer]

    @extend_schema(operation_id="exportPractices", responses={(200, JSON_LINES): OpenApiTypes.STR})
    def get(self, request: ApiRequest) -> StreamingHttpResponse:
        """Everything you logged, in the order it was logged: a line of JSON each, as in the list."""
        return StreamingHttpResponse(_lines(request.membership), content_type=JSON_LINES)


def _lines(member: Membership) -> Iterator[bytes]:
    """The request is over when a piece is read, so each opens the organisation again, and holds nothing in between."""
    shape, renderer, after = PracticeShape(), JSONRenderer(), 0
    while True:
        with within(member.organisation_id), timezone.override(member.zone):
            mine = Practice.objects.visible_to(member).filter(pk__gt=after).order_by("pk")
            piece = [shape.to_representation(row) for row in mine[:ROWS_A_PIECE]]
        if not piece:
            return
        yield b"".join(renderer.render(row) + b"\n" for row in piece)
        after = piece[-1]["id"]
