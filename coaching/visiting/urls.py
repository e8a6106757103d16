from django.urls import path

from coaching.visiting.views import bookings, hosting, sheets

urlpatterns = [
    path("visits/mine/", bookings.my_visits, name="my_visits"),
    path("visits/mine/help/", bookings.visit_help, name="visit_help"),
    path("visits/numbers/", hosting.visit_counts, name="visit_counts"),
    path("visits/<int:pk>/booking/", bookings.visit_booking, name="visit_booking"),
    path("visits/<int:pk>/guests/", hosting.visit_guests, name="visit_guests"),
    path("bookings/<int:pk>/", bookings.booking, name="booking"),
    path("bookings/<int:pk>/accept/", bookings.booking_accepting, name="booking_accepting"),
    path("bookings/<int:pk>/leave/", bookings.booking_leaving, name="booking_leaving"),
    path("bookings/<int:pk>/return/", bookings.booking_return, name="booking_return"),
    path("bookings/<int:pk>/before/", sheets.before_sheet, name="before_sheet"),
    path("bookings/<int:pk>/during/", sheets.during_sheet, name="during_sheet"),
    path("bookings/<int:pk>/after/", sheets.after_sheet, name="after_sheet"),
    path("bookings/<int:pk>/tried/", sheets.visit_tried, name="visit_tried"),
    path("bookings/<int:pk>/focus/", sheets.visit_focus, name="visit_focus"),
    path("bookings/<int:pk>/answer/", hosting.guest_answer, name="guest_answer"),
    path("bookings/<int:pk>/no-show/", hosting.no_show, name="no_show"),
    path("bookings/<int:pk>/came/", hosting.no_show_return, name="no_show_return"),
]
