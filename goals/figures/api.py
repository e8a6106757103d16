"""Figures of the floor, for the systems that count them: which KPIs there are, and figures written in bulk."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cohorts.web.api.lists import ListQuery, asked, page_of_query
from cohorts.web.api.schema import page_shape
from cohorts.web.api.serializers import Rows, StrictSerializer, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission
from goals.figures.actions.many import WrongLines, ensure_many, write_figures
from goals.figures.bulk import FigureLine
from goals.models import Better, Family, Kpi, Unit

ORDERS = {"name": "name", "id": "pk"}


class KpiShape(serializers.Serializer):
    """A figure of the floor: what is counted, out of what."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    name = serializers.CharField()
    family = serializers.ChoiceField(choices=Family.values)
    unit = serializers.ChoiceField(choices=Unit.values, help_text="What numerator and denominator make together.")
    better = serializers.ChoiceField(choices=Better.values)
    numerator = serializers.CharField(help_text="What is counted.")
    denominator = serializers.CharField(help_text="Out of what; empty for a number a day.")
    archived_on = serializers.DateField(allow_null=True, help_text="From then on it takes no more figures.")


class KpiQuery(ListQuery):
    is_current = serializers.BooleanField(required=False, default=None, allow_null=True)


class FigureBody(StrictSerializer):
    """What was counted of one KPI of one team on one local day: counts or sums, never a percentage or an average."""

    team = serializers.IntegerField(help_text="Id of the team.")
    kpi = serializers.IntegerField(help_text="Id of the KPI.")
    on = serializers.DateField(help_text="Today or earlier.")
    numerator = serializers.DecimalField(max_digits=None, decimal_places=None)
    denominator = serializers.DecimalField(
        max_digits=None, decimal_places=None, required=False, allow_null=True, help_text="Left out: a number a day."
    )
    asked = serializers.DecimalField(
        max_digits=None, decimal_places=None, required=False, allow_null=True, help_text="How many were asked."
    )


class FigureLines(Rows):
    """Ten thousand rows. One in the plain form is read as it stands, any other by `FigureBody`, which says why not."""

    child = FigureBody()

    def run_child_validation(self, data: Any) -> list[FigureLine]:
        ensure_many(len(data))
        return super().run_child_validation(data)

    def read_row(self, row: Any) -> FigureLine:
        return _plain_line(row) or FigureLine(**super().read_row(row))


class FiguresBody(StrictSerializer):
    figures = FigureLines(help_text="At most 10,000; a team, KPI and day once. If one is wrong, none is stored.")


class WrittenShape(serializers.Serializer):
    """What became of the figures."""

    added = serializers.IntegerField()
    replaced = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class Kpis(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "figures"

    @extend_schema(operation_id="listKpis", parameters=[KpiQuery], responses=page_shape(KpiShape))
    def get(self, request: ApiRequest) -> Response:
        """Every KPI, archived ones too."""
        said = asked(request, KpiQuery, KpiShape, orders=ORDERS)
        kpis = Kpi.objects.all()
        if (is_current := said.filters["is_current"]) is not None:
            kpis = kpis.filter(archived_on__isnull=is_current)
        return page_of_query(request, kpis, said, KpiShape, orders=ORDERS)


class Figures(ApiView):
    permission = Permission.READ_PROGRESS
    noun = "figures"

    @extend_schema(operation_id="writeFigures", request=FiguresBody, responses=WrittenShape)
    def post(self, request: ApiRequest) -> Response:
        """Write figures, all or none. One that is there already is replaced; teams follow the KPIs they get."""
        said = valid(FiguresBody, request.data)
        try:
            written = write_figures(
                lines=said["figures"],
                organisation=request.organisation,
                by=request.membership,
                today=request.today,
                now=request.now,
            )
        except WrongLines as refused:
            wrong = {number: {each.field: [each.sentence]} for number, each in refused.wrong.items()}
            raise serializers.ValidationError({"figures": wrong}) from None
        return Response(WrittenShape(written).data)


def _plain_line(row: Any) -> FigureLine | None:
    """A row with the right fields of the right types; None for any other."""
    if not isinstance(row, Mapping) or not row.keys() <= FIELDS:
        return None
    try:
        team, kpi, get = row["team"], row["kpi"], row.get
        if type(team) is not int or type(kpi) is not int:
            return None
        denominator, asked = get("denominator"), get("asked")
        return FigureLine(
            team,
            kpi,
            _date(row["on"]),
            _number(row["numerator"]),
            None if denominator is None else _number(denominator),
            None if asked is None else _number(asked),
        )
    except (KeyError, TypeError, ValueError, InvalidOperation):
        return None


@lru_cache(4_096)
def _date(text: Any) -> date:
    return date.fromisoformat(text)


@lru_cache(4_096, typed=True)
def _number(said: Any) -> Decimal:
    if type(said) not in (int, float, str):
        raise TypeError
    number = Decimal(str(said))
    if not number.is_finite():
        raise ValueError
    return number


FIELDS = frozenset(FigureLine._fields)
urlpatterns = [
    path("figures/", Figures.as_view(), name="api_figures"),
    path("kpis/", Kpis.as_view(), name="api_kpis"),
]
