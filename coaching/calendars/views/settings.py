"""A member's calendar and the mails about their meetings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coaching.calendars.actions.feed import close_feed, open_feed, restore_feed
from coaching.calendars.choices import Switch, choice_of, set_mails
from coaching.calendars.feed_links import feed_address
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission


@allow(Permission.BELONG)
@require_safe
def my_calendar(request: MemberRequest) -> HttpResponse:
    """Show the secret address, and which mails come."""
    member, choice = request.membership, choice_of(request.membership)
    address = feed_address(request.organisation.pk, member.pk, choice.feed_version) if choice.feed_on else ""
    mails = [
        {
            "url": reverse("calendar_invitations"),
            "name": _("Calendar invitations"),
            "line": _("One for each meeting you take part in, and one when it moves or is cancelled."),
            "is_on": choice.invitations_on,
        },
        {
            "url": reverse("calendar_reminders"),
            "name": _("Reminders"),
            "line": _("At most one mail a day, and only when something is waiting for you."),
            "is_on": choice.reminders_on,
        },
    ]
    return render(request, "coaching/calendars/my_calendar.html", {"address": address, "mails": mails})


@allow(Permission.BELONG)
@require_POST
def feed_opening(request: MemberRequest) -> HttpResponse:
    """Make an address, or a new one."""
    open_feed(member=request.membership, now=request.now)
    messages.success(request, _("This is your new address. Earlier ones no longer work."))
    return redirect("my_calendar")


@allow(Permission.BELONG)
@require_POST
def feed_closing(request: MemberRequest) -> HttpResponse:
    close_feed(member=request.membership, now=request.now)
    messages.success(request, _("The address no longer works."), extra_tags=reverse("feed_restoring"))
    return redirect("my_calendar")


@allow(Permission.BELONG)
@require_POST
def feed_restoring(request: MemberRequest) -> HttpResponse:
    restore_feed(member=request.membership, now=request.now)
    messages.success(request, _("The address works again."))
    return redirect("my_calendar")


@allow(Permission.BELONG)
@require_POST
def switch_mails(request: MemberRequest, switch: Switch) -> HttpResponse:
    """Switch one kind of mails on (`on=1`) or off."""
    is_on = request.POST.get("on") == "1"
    set_mails(member=request.membership, switch=switch, is_on=is_on, by=request.membership, now=request.now)
    messages.success(request, _("These mails are on.") if is_on else _("These mails are off."))
    return redirect("my_calendar")
