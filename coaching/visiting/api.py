"""Visits, for programs: how many come to each date; and a leader's own bookings. Sheets stay on their pages."""

from datetime import datetime
from uuid import uuid4

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from coaching.models import Booking, BookingState, Visit, VisitState
from coaching.models.hosting import HostFormat
from coaching.models.spoken import SpokenLanguage
from coaching.visiting.actions.bookings import accept_offer, book, leave, undo_leaving
from coaching.visiting.figures import dates_with_counts
from coaching.visiting.forms.booking import MAX_RULES_VERSION
from coaching.visiting.my_visits import my_bookings
from cohorts.curriculum.behaviours import Behaviour
from cohorts.web.api.changes import columns_since
from cohorts.web.api.lists import ListQuery, asked, page_of_query, page_of_rows
from cohorts.web.api.schema import page_shape
from cohorts.web.api.serializers import StrictSerializer, valid
from cohorts.web.api.views import ApiRequest, ApiView
from cohorts.web.permissions import Permission

ORDERS = {"starts_at": "starts_at", "id": "pk"}


class HostShape(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    rules_version = serializers.IntegerField(help_text="Of the house rules that a guest accepts.")


class VisitShape(serializers.Serializer):
    """One date at a host."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    format = serializers.ChoiceField(choices=HostFormat.values)
    host = HostShape()
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    place = serializers.CharField()
    is_remote = serializers.BooleanField()
    language = serializers.CharField()
    capacity = serializers.IntegerField(help_text="How many places there are.")
    state = serializers.ChoiceField(choices=VisitState.values)


class VisitCountsShape(serializers.Serializer):
    """How many come to one date, and nobody’s name. Who did not come stays between guest and host."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    host = serializers.CharField(source="host.name")
    starts_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=VisitState.values)
    capacity = serializers.IntegerField()
    booked = serializers.IntegerField()
    offered = serializers.IntegerField()
    waiting = serializers.IntegerField()


class BookingShape(serializers.Serializer):
    """A place of yours, or yours in the line."""

    id = serializers.IntegerField()
    visit = serializers.IntegerField(source="visit_id")
    title = serializers.CharField(source="visit.title")
    starts_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=BookingState.values)
    offer_until = serializers.DateTimeField(allow_null=True, help_text="Until when an offered place is held.")


class BookingBody(StrictSerializer):
    rules_version = serializers.IntegerField(
        min_value=1,
        max_value=MAX_RULES_VERSION,
        required=False,
        allow_null=True,
        default=None,
        help_text="Of the house rules you have read and accept.",
    )


class VisitQuery(ListQuery):
    behaviour = serializers.ChoiceField(choices=Behaviour.values, required=False)
    format = serializers.ChoiceField(choices=HostFormat.values, required=False)
    language = serializers.ChoiceField(choices=SpokenLanguage.values, required=False)
    site = serializers.CharField(required=False, max_length=120, help_text="Where the host is, word for word.")
    is_remote = serializers.BooleanField(required=False, default=None, allow_null=True)


class VisitCounts(ApiView):
    permission = Permission.RUN_COHORTS
    noun = "visits"

    @extend_schema(operation_id="countVisits", parameters=[ListQuery], responses=page_shape(VisitCountsShape))
    def get(self, request: ApiRequest) -> Response:
        """Dates of the last month and all ahead, with how many have a place and how many wait."""
        said = asked(request, ListQuery, VisitCountsShape, orders=ORDERS)
        dates = dates_with_counts(now=request.now)
        return page_of_query(request, dates, said, VisitCountsShape, orders=ORDERS, changed=_counts_changed)


class Visits(ApiView):
    permission = Permission.WALK
    noun = "bookings"

    @extend_schema(operation_id="listVisits", parameters=[VisitQuery], responses=page_shape(VisitShape))
    def get(self, request: ApiRequest) -> Response:
        """Dates ahead that you can book."""
        said = asked(request, VisitQuery, VisitShape, orders=ORDERS)
        ahead = Visit.objects.visible_to(request.membership).open().filter(starts_at__gt=request.now)
        filters = {name: value for name, value in said.filters.items() if value is not None}
        if behaviour := filters.pop("behaviour", None):
            filters["behaviours__contains"] = [behaviour]
        if site := filters.pop("site", None):
            filters["host__site"] = site
        ahead = ahead.select_related("host").filter(**filters)
        return page_of_query(request, ahead, said, VisitShape, orders=ORDERS, changed=_changed)


class VisitBooking(ApiView):
    permission = Permission.WALK
    noun = "bookings"

    @extend_schema(operation_id="bookVisit", request=BookingBody, responses={201: BookingShape})
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Take a place, or the last one in the line. Somebody who has one keeps it."""
        said = valid(BookingBody, request.data)
        visible = Visit.objects.visible_to(request.membership).select_related("host__member")
        visit = get_object_or_404(visible, pk=pk)
        taken = book(visit=visit, key=uuid4(), by=request.membership, now=request.now, **said)
        return Response(BookingShape(taken).data, status=201)


class Bookings(ApiView):
    permission = Permission.WALK
    noun = "bookings"

    @extend_schema(operation_id="listBookings", parameters=[ListQuery], responses=page_shape(BookingShape))
    def get(self, request: ApiRequest) -> Response:
        """Your visits of the last year and ahead."""
        said = asked(request, ListQuery, BookingShape, orders=ORDERS)
        mine = my_bookings(request.membership, now=request.now)
        if said.updated_since is not None:
            mine = mine.filter(columns_since(said.updated_since, "updated_at", "visit__updated_at"))
        return page_of_rows(request, mine, said, BookingShape, place=lambda each: _place(each, said.order))


class BookingAccepting(ApiView):
    permission = Permission.WALK
    noun = "bookings"

    @extend_schema(operation_id="acceptOffer", request=BookingBody, responses=BookingShape)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Take up a place that is offered. Of two who asked together, both must."""
        said = valid(BookingBody, request.data)
        taken = accept_offer(booking=_own(request, pk), by=request.membership, now=request.now, **said)
        return Response(BookingShape(taken).data)


class BookingLeaving(ApiView):
    permission = Permission.WALK
    noun = "bookings"
    takes_body = False

    @extend_schema(operation_id="leaveVisit", request=None, responses=BookingShape)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Cancel a place, decline an offer or leave the line. For ten minutes you can come back."""
        left = leave(booking=_own(request, pk), by=request.membership, now=request.now)
        return Response(BookingShape(left).data)


class BookingReturn(ApiView):
    permission = Permission.WALK
    noun = "bookings"
    takes_body = False

    @extend_schema(operation_id="returnToVisit", request=None, responses=BookingShape)
    def post(self, request: ApiRequest, pk: int) -> Response:
        """Undo leaving."""
        back = undo_leaving(booking=_own(request, pk), by=request.membership, now=request.now)
        return Response(BookingShape(back).data)


def _changed(since: datetime) -> Q:
    return columns_since(since, "updated_at", "host__updated_at")


def _counts_changed(since: datetime) -> Q:
    """A booking that counts elsewhere now; that somebody did not come is between them and the host."""
    counted = Booking.objects.filter(visit=OuterRef("pk"), counted_at__gte=since)
    return _changed(since) | Q(Exists(counted))


def _own(request: ApiRequest, pk: int) -> Booking:
    mine: QuerySet[Booking] = Booking.objects.filter(guest=request.membership)
    return get_object_or_404(mine.select_related("visit__host__member", "guest__person"), pk=pk)


def _place(booking: Booking, order: str) -> tuple[str, int]:
    return (booking.starts_at.isoformat() if order == "starts_at" else "", booking.pk)


urlpatterns = [
    path("visits/", Visits.as_view(), name="api_visits"),
    path("visits/numbers/", VisitCounts.as_view(), name="api_visit_counts"),
    path("visits/<int:pk>/booking/", VisitBooking.as_view(), name="api_visit_booking"),
    path("bookings/", Bookings.as_view(), name="api_bookings"),
    path("bookings/<int:pk>/accepting/", BookingAccepting.as_view(), name="api_booking_accepting"),
    path("bookings/<int:pk>/leaving/", BookingLeaving.as_view(), name="api_booking_leaving"),
    path("bookings/<int:pk>/return/", BookingReturn.as_view(), name="api_booking_return"),
]
