"""Lists: filters, `fields`, `ordering`, `updated_since`, and pages that a cursor leads through.

A cursor says, signed, where the page before ended: by the values it is ordered by, then the key. So a row that comes or
goes in between moves no other one to another page. It carries `as_of` of the first page, which counts for all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from cohorts.tenancy.addresses import absolute
from cohorts.web.api import changes
from cohorts.web.api.changes import Changed, own_row
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
    updated_since = serializers.DateTimeField(
        required=False,
        help_text="Only what was added or changed at this time or later; send `as_of` of your last answer. Values that "
        "change with time alone, such as `day` and `status`, do not count, nor do `last_practice_on`, `has_signed_in` "
        "and the name of a 1:1 partner. What was removed is in no list. Read the whole list now and then.",
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for a page of a list."""

    limit: int
    cursor: str
    fields: tuple[str, ...]
    ordering: str
    updated_since: datetime | None
    as_of: datetime | None
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
    cursor, since = values.pop("cursor", ""), values.pop("updated_since", None)
    as_of = None if since is None or cursor else changes.as_of()
    return Asked(values.pop("limit"), cursor, fields, ordering, since, as_of, values)


def page_of_query(
    request: Any,
    rows: QuerySet,
    asked: Asked,
    shape: type[serializers.Serializer],
    *,
    orders: Mapping[str, str],
    changed: Changed = own_row,
) -> Response:
    """A page of rows from the database. `orders` maps an order to a column that is never null.

    `changed` filters rows by `updated_since`; give one where a row shows more than its own columns.
    """
    column = orders[asked.order]
    if asked.updated_since is not None:
        rows = rows.filter(changed(asked.updated_since))
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
    as_of, following = _as_of(asked), None
    if len(some) > len(page):
        cursor = signing.dumps([asked.ordering, *place(page[-1]), _plain(as_of)], salt=SALT)
        following = replace_query_param(absolute(request.get_full_path()), "cursor", cursor)
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return Response({"data": data, "next": following, "as_of": as_of}, headers=headers)


class _Cursor(NamedTuple):
    """The signed content of a cursor: order, then value and key of the last row before, and `as_of`."""

    ordering: str | None
    value: Any
    key: int
    as_of: str | None


def _cursor(asked: Asked) -> _Cursor:
    try:
        found = _Cursor(*signing.loads(asked.cursor, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        found = _Cursor(None, None, 0, None)
    if found.ordering != asked.ordering:
        raise Invalid("cursor", _("This cursor belongs to another list or order. Begin without one."))
    return found


def _position(asked: Asked) -> tuple[Any, int]:
    found = _cursor(asked)
    return found.value, found.key


def _as_of(asked: Asked) -> datetime | None:
    """That of the first page."""
    if not asked.cursor:
        return asked.as_of
    text = _cursor(asked).as_of
    return datetime.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
