"""What `base.html` needs on every page: where one can go from here."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from structlog.contextvars import get_contextvars

from cohorts.access.sessions import is_on_shared_device
from cohorts.models import Membership, Role
from cohorts.people.memberships import belongings_of
from cohorts.tenancy.addresses import front_door
from cohorts.web.permissions import Permission, may

ON_A_PHONE = 4
ON_A_PHONE_WITH_SEVERAL_ROLES = 5
# Decision 46 has the names. Visits, mentors and agreements are tabs of a leader's People.
PLACES = [
    (Permission.WALK, "today", gettext_lazy("Today"), "sun"),
    (Permission.WALK, "path", gettext_lazy("Path"), "map"),
    (Permission.WALK, "goals", gettext_lazy("Growth"), "arrow-trending-up"),
    (Permission.WALK, "one_to_ones", gettext_lazy("People"), "chat-bubble-left-right"),
    (Permission.SPONSOR, "sponsor_home", gettext_lazy("This week"), "bolt"),
    (Permission.SPONSOR, "all_leaders", gettext_lazy("Leaders"), "user-group"),
    (Permission.RUN_COHORTS, "cohort_list", gettext_lazy("Cohorts"), "academic-cap"),
    (Permission.RUN_COHORTS, "curriculum_list", gettext_lazy("Curricula"), "book-open"),
    (Permission.RUN_COHORTS, "members", gettext_lazy("People"), "users"),
    (Permission.SPONSOR, "ninety_days", gettext_lazy("Ninety days"), "calendar-days"),
    (Permission.PARTNER, "my_people", gettext_lazy("My people"), "chat-bubble-left-right"),
    (Permission.HOST, "hosting", gettext_lazy("Hosting"), "building-office"),
    (Permission.SPONSOR, "objectives", gettext_lazy("Line of sight"), "flag"),
    (Permission.RUN_COHORTS, "objectives", gettext_lazy("Line of sight"), "flag"),
]
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
    "one_to_ones": ("hosts/", "talks/", "visits/", "bookings/", "mentors/", "agreements/"),
    "my_people": ("mentoring/", "agreements/"),
    "members": ("coaches/", "coach-lists/", "trail/"),
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
        "shared_hours": settings.SESSION_SHARED_HOURS,
        "is_shared_device": is_on_shared_device(request),
        "request_id": get_contextvars().get("request_id", ""),
    }
    if membership:
        context["navigation"] = list(_navigation(request, membership))
        context["initials"] = membership.initials
        context["search_url"] = reverse("search") if may(membership, Permission.SEARCH) else ""
    if getattr(request, "user", None) and request.user.is_authenticated:
        context["organisations"] = SimpleLazyObject(lambda: _organisations(request))
    return context


def _navigation(request: HttpRequest, membership: Membership) -> Iterator[Place]:
    reachable = {name: (str(label), icon) for permission, name, label, icon in PLACES if may(membership, permission)}
    if "members" in reachable and "one_to_ones" in reachable:  # two entries must not have one name
        reachable["one_to_ones"] = (_("1:1s and visits"), reachable["one_to_ones"][1])
    current = _read_from(request, reachable) or _holder(request.path, reachable)
    several = len({Role.ADMIN if role == Role.OWNER else role for role in membership.roles}) > 1
    room = ON_A_PHONE_WITH_SEVERAL_ROLES if several else ON_A_PHONE
    for number, (name, (label, icon)) in enumerate(reachable.items(), start=1):
        yield Place(reverse(name), label, icon, is_current=name == current, is_surplus=number > room)


def _holder(path: str, reachable: Iterable[str]) -> str | None:
    """The entry below whose address a page stands, the longest first, or that it belongs to."""
    door = reverse("organisation_home")
    below = sorted((address, name) for name in reachable if path.startswith(address := reverse(name)))
    if below:
        return below[-1][1]
    also = ((name, tuple(f"{door}{part}" for part in ALSO_UNDER.get(name, ()))) for name in reachable)
    return next((name for name, parts in also if path.startswith(parts)), None)


def _read_from(request: HttpRequest, reachable: Container[str]) -> str | None:
    """The entry that a view named or from which somebody reads a page of everybody's; None on every other page."""
    if getattr(request, "entry", None) in reachable:
        return request.entry  # type: ignore[attr-defined]
    if request.resolver_match is None:
        return None
    if request.resolver_match.url_name == "leader":  # its address stands below the sponsor's week
        return next((name for name in ("all_leaders",) if name in reachable), None)
    if request.resolver_match.url_name not in READ_BY_ALL:
        return None
    return next((name for name in ("path", "ninety_days", "cohort_list") if name in reachable), None)


def _organisations(request: HttpRequest) -> list[Home]:
    here = getattr(request, "organisation", None)
    belongings = belongings_of(request.user)  # type: ignore[arg-type]
    if len(belongings) < 2:
        return []
    return [Home(each.name, each.url, bool(here and here.pk == each.organisation_id)) for each in belongings]
