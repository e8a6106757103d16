from datetime import datetime, timedelta
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from coaching.models.hosting import Visit
from cohorts.models import Membership
from cohorts.tenancy.tracking import ClockTimestamp, Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class BookingState(models.TextChoices):
    """`asked` waits for the yes of a competitor's house. The last three have left."""

    BOOKED = "booked", _("Booked")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("Place offered")
    ASKED = "asked", _("Waiting for the host's yes")
    NO_SHOW = "no_show", _("Did not come")
    CANCELLED = "cancelled", _("Cancelled")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Not answered in time")


SEATED = (BookingState.BOOKED, BookingState.OFFERED, BookingState.ASKED, BookingState.NO_SHOW)
LIVE = (*SEATED, BookingState.WAITING)
LEFT = (BookingState.CANCELLED, BookingState.DECLINED, BookingState.LAPSED)


class BookingQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "BookingQuerySet":
        """The guest, and the host of the visit. The same rule as `may_see_booking`."""
        return self.filter(models.Q(guest=membership) | models.Q(visit__host__member=membership))

    def live(self) -> "BookingQuerySet":
        return self.filter(state__in=LIVE)

    def seated(self) -> "BookingQuerySet":
        """Those that take a place: one who has just left keeps it until nobody can undo it any more."""
        return self.filter(seat__isnull=False)


class Booking(Tracked, OrganisationOwned):
    """One guest and one visit: booked, in the line, or gone. Coming back is a new row with a new `uid`.

    `seat` is the number of the place taken, one of `seats`, the visit's places at that moment. PostgreSQL refuses the
    same number twice and a number beyond, so that no visit can be booked over, whatever forgot to lock it.
    Two rows with one `group` asked for both or none. `is_first`: their own date was cancelled by the host.
    `left_from` is the state that Undo goes back to. `visit_sequence` is the visit that the guest's calendar shows.
    `counted_at`, written by PostgreSQL: when the numbers of the visit last changed by it, which no no-show does.
    Audience: the guest and the host; the numbers, admins. That somebody did not come, the guest and the host only.
    """

    visit = OwnedForeignKey(Visit, models.PROTECT, related_name="bookings")
    guest = OwnedForeignKey(Membership, models.PROTECT, related_name="bookings")
    state = models.CharField(max_length=9, choices=BookingState)
    joined_at = models.DateTimeField()
    is_first = models.BooleanField(default=False)
    group = models.UUIDField(null=True, blank=True)
    seat = models.PositiveSmallIntegerField(null=True, blank=True)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_until = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    passed_over_at = models.DateTimeField(null=True, blank=True)
    rules_version = models.PositiveIntegerField(null=True, blank=True)
    left_from = models.CharField(max_length=9, choices=BookingState, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    uid = models.UUIDField(default=uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    visit_sequence = models.PositiveIntegerField(default=0)
    key = models.UUIDField()
    counted_at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)

    objects = OwnedManager.from_queryset(BookingQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "visit", "guest"], condition=models.Q(state__in=LIVE), name="booking_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "visit", "seat"],
                condition=models.Q(seat__isnull=False),
                name="booking_seat_once",
            ),
            models.UniqueConstraint(fields=["organisation", "guest", "key"], name="booking_key_once"),
            models.CheckConstraint(
                name="booking_seat_within_capacity",
                condition=models.Q(seat=None, seats=None) | models.Q(seat__gte=1, seat__lte=models.F("seats")),
            ),
            models.CheckConstraint(
                name="booking_seated",
                condition=models.Q(state__in=SEATED, seat__isnull=False)
                | models.Q(state=BookingState.WAITING, seat=None)
                | models.Q(state__in=LEFT),
            ),
            models.CheckConstraint(
                name="booking_offer_ends",
                condition=~models.Q(state=BookingState.OFFERED)
                | models.Q(offered_at__isnull=False, offer_until__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_left_when",
                condition=models.Q(state__in=LEFT, left_at__isnull=False) & ~models.Q(left_from="")
                | models.Q(state__in=LIVE, left_at=None, left_from=""),
            ),
        ]
        ordering = ["joined_at", "id"]

    @property
    def starts_at(self) -> datetime:
        return self.visit.starts_at

    @property
    def minutes(self) -> int:
        return self.visit.minutes

    @property
    def place(self) -> str:
        return self.visit.place

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)
