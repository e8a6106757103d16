"""Lists: filters, `fields`, `ordering`, and pages that a cursor leads through.

A cursor says, signed, where the page before ended: by the values it is ordered by, then the key. So a row that comes or
goes in between moves no other one to another page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from cohorts.tenancy.addresses import absolute
from cohorts.web.api.serializers import StrictSerializer
from cohorts.web.refusals import Invalid

SALT = "cohorts.web.api.lists"
PAGE, MAX_PAGE = 50, 200


class ListQuery(StrictSerializer):
    """What every list is asked with. A list adds its own filters."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MAX_PAGE, default=PAGE, help_text="How many rows on a page."
    )
    cursor = serializers.CharField(required=False, help_text="From `next` of the page before.")
    fields = serializers.CharField(required=False, help_text="Only these, separated by commas.")
    ordering = serializers.CharField(required=False, help_text="By one of the list's orders; `-` before it: downwards.")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a page of a list."""

    limit: int
    cursor: str
    fields: tuple[str, ...]
    ordering: str
    filters: Mapping[str, Any]

    @property
    def order(self) -> str:
        return self.ordering.removeprefix("-")

    @property
    def is_downwards(self) -> bool:
        return self.ordering.startswith("-")


def asked(request: Any, query: type[ListQuery], shape: type[serializers.Serializer], *, orders: Iterable[str]) -> Asked:
    """What the address asks for. Unknown filters, fields and orders are refused by their names."""
    said = query(data=request.query_params.dict())
    said.is_valid(raise_exception=True)
    values = dict(said.validated_data)
    fields = tuple(name for name in values.pop("fields", "").split(",") if name)
    known = shape().fields
    if unknown := [name for name in fields if name not in known]:
        raise Invalid("fields", _("There is no such field: %(names)s.") % {"names": ", ".join(unknown)})
    orders = tuple(orders)
    ordering = values.pop("ordering", orders[0])
    if ordering.removeprefix("-") not in orders:
        raise Invalid("ordering", _("Order by one of these: %(orders)s.") % {"orders": ", ".join(orders)})
    return Asked(values.pop("limit"), values.pop("cursor", ""), fields, ordering, values)


def page_of_query(
    request: Any, rows: QuerySet, asked: Asked, shape: type[serializers.Serializer], *, orders: Mapping[str, str]
) -> Response:
    """A page of rows from the database. `orders` maps an order to a column that is never null."""
    column = orders[asked.order]
    if asked.cursor:
        value, key = _position(asked)
        later = "lt" if asked.is_downwards else "gt"
        rows = rows.filter(Q(**{f"{column}__{later}": value}) | Q(**{column: value, f"pk__{later}": key}))
    by = [F(column), F("pk")]
    rows = rows.order_by(*(each.desc() if asked.is_downwards else each.asc() for each in by))
    some = list(rows[: asked.limit + 1])
    return _page(request, some, asked, shape, place=lambda row: (_plain(getattr(row, column)), row.pk))


def page_of_rows(
    request: Any,
    rows: Iterable[Any],
    asked: Asked,
    shape: type[serializers.Serializer],
    *,
    place: Callable[[Any], tuple[Any, int]],
) -> Response:
    """A page of rows that were read already. `place` is the value a row is ordered by, and its key."""
    ordered = sorted(rows, key=place, reverse=asked.is_downwards)
    if asked.cursor:
        end = _position(asked)
        ordered = [row for row in ordered if (place(row) < end if asked.is_downwards else place(row) > end)]
    return _page(request, ordered[: asked.limit + 1], asked, shape, place=place)


def _page(
    request: Any,
    some: Sequence[Any],
    asked: Asked,
    shape: type[serializers.Serializer],
    *,
    place: Callable[[Any], tuple[Any, int]],
) -> Response:
    page = some[: asked.limit]
    serializer = shape(page, many=True, context={"request": request})
    if asked.fields:
        serializer.child.fields = {name: serializer.child.fields[name] for name in asked.fields}
    data: list[Any] = list(serializer.data)
    following = None
    if len(some) > len(page):
        cursor = signing.dumps([asked.ordering, *place(page[-1])], salt=SALT)
        following = replace_query_param(absolute(request.get_full_path()), "cursor", cursor)
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return Response({"data": data, "next": following}, headers=headers)


def _position(asked: Asked) -> tuple[Any, int]:
    try:
        ordering, value, key = signing.loads(asked.cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        ordering, value, key = None, None, 0
    if ordering != asked.ordering:
        raise Invalid("cursor", _("This cursor belongs to another list or order. Begin without one."))
    return value, key


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
