"""What `base.html` needs on every page: where one can go from here."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from structlog.contextvars import get_contextvars

from cohorts.models import Membership
from cohorts.people.memberships import belongings_of
from cohorts.tenancy.addresses import front_door
from cohorts.web.permissions import Permission, may

ON_A_PHONE = 4
# Pages that belong to an entry without standing below its address.
ALSO_UNDER = {
    "cohort_list": ("enrolments/", "intakes/", "rater-lists/", "rounds/"),
    "curriculum_list": ("drafts/", "questionnaires/"),
    "goals": (
        "focuses/",
        "practices/",
        "reflections/",
        "feedback/",
        "results/",
        "charter/",
        "team/",
        "objectives/",
        "teams/",
        "figures/",
        "figure-lists/",
    ),
    "objectives": ("teams/", "figures/", "kpis/", "figure-lists/"),
    "sponsor_home": ("approvals/", "mirror/", "branch/"),
    "path": ("steps/",),
    "one_to_ones": ("mentors/", "agreements/"),
    "my_people": ("mentoring/", "agreements/"),
    "members": ("coaches/", "coach-lists/", "trail/"),
    "hosts": ("talks/", "visits/", "bookings/"),
    "hosting": ("questions/",),
    "today": ("my-sponsor/",),
}
# Pages that everybody reads from an entry of their own: a leader from their path, a sponsor from the ninety days.
READ_BY_ALL = {"ninety_days", "cohort_ninety_days", "cohort_week", "circle_agenda", "your_part"}


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation; `icon` is a heroicon's name. On a phone `is_surplus` ones move to the menu."""

    url: str
    label: str
    icon: str
    is_current: bool
    is_surplus: bool


@dataclass(frozen=True, slots=True)
class Home:
    """One of the person's organisations in the switcher."""

    name: str
    url: str
    is_current: bool


def page(request: HttpRequest) -> dict[str, Any]:
    membership = getattr(request, "membership", None)
    context = {
        "home_url": reverse("organisation_home") if membership else front_door("home"),
        "help_url": front_door("help"),
        "account_url": front_door("account"),
        "sign_out_url": front_door("account_logout"),
        "language_url": front_door("language"),
        "languages": settings.LANGUAGES,  # each in its own words, for whoever reads no other
        "theme_url": front_door("theme"),
        "mailbox_url": settings.MAILBOX_URL if settings.DEMO else "",
        "request_id": get_contextvars().get("request_id", ""),
    }
    if membership:
        context["navigation"] = list(_navigation(request, membership))
        context["initials"] = membership.initials
    if getattr(request, "user", None) and request.user.is_authenticated:
        context["organisations"] = SimpleLazyObject(lambda: _organisations(request))
    return context


def _navigation(request: HttpRequest, membership: Membership) -> Iterator[Place]:
    places = [
        (Permission.WALK, "today", _("Today"), "sun"),
        (Permission.WALK, "path", _("Path"), "map"),
        (Permission.WALK, "goals", _("Growth"), "arrow-trending-up"),
        (Permission.WALK, "one_to_ones", _("1:1s"), "chat-bubble-left-right"),
        (Permission.SPONSOR, "sponsor_home", _("Leaders"), "user-group"),
        (Permission.PARTNER, "my_people", _("My people"), "chat-bubble-left-right"),
        (Permission.RUN_COHORTS, "cohort_list", _("Cohorts"), "academic-cap"),
        (Permission.RUN_COHORTS, "curriculum_list", _("Curricula"), "book-open"),
        (Permission.RUN_COHORTS, "members", _("People"), "users"),
        (Permission.SPONSOR, "ninety_days", _("Ninety days"), "calendar-days"),
        (Permission.WALK, "hosts", _("Visits"), "map-pin"),
        (Permission.HOST, "hosting", _("Hosting"), "building-office"),
        (Permission.SPONSOR, "objectives", _("Line of sight"), "flag"),
        (Permission.RUN_COHORTS, "objectives", _("Line of sight"), "flag"),
    ]
    reachable = {name: (label, icon) for permission, name, label, icon in places if may(membership, permission)}
    current = _read_from(request, reachable) or _holder(request.path, reachable)
    for number, (name, (label, icon)) in enumerate(reachable.items(), start=1):
        yield Place(reverse(name), label, icon, is_current=name == current, is_surplus=number > ON_A_PHONE)


def _holder(path: str, reachable: Iterable[str]) -> str | None:
    """The first entry below whose address a page stands, or that it belongs to."""
    door = reverse("organisation_home")
    below = ((name, (reverse(name), *(f"{door}{part}" for part in ALSO_UNDER.get(name, ())))) for name in reachable)
    return next((name for name, own in below if path.startswith(own)), None)


def _read_from(request: HttpRequest, reachable: Container[str]) -> str | None:
    """The entry that a view named or from which somebody reads a page of everybody's; None on every other page."""
    if getattr(request, "entry", None) in reachable:
        return request.entry  # type: ignore[attr-defined]
    if request.resolver_match is None or request.resolver_match.url_name not in READ_BY_ALL:
        return None
    return next((name for name in ("path", "ninety_days", "cohort_list") if name in reachable), None)


def _organisations(request: HttpRequest) -> list[Home]:
    here = getattr(request, "organisation", None)
    belongings = belongings_of(request.user)  # type: ignore[arg-type]
    if len(belongings) < 2:
        return []
    return [Home(each.name, each.url, bool(here and here.pk == each.organisation_id)) for each in belongings]
