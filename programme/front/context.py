"""What `base.html` needs on every page: where one can go from here."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from structlog.contextvars import get_contextvars

from cohorts.access.sessions import is_on_shared_device, suggested_device_kind
from cohorts.models import Membership, Role
from cohorts.people.memberships import belongings_of, memberships_of
from cohorts.tenancy.addresses import front_door, inside
from cohorts.web.language import page_language
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
    (Permission.RUN_COHORTS, "settings", gettext_lazy("Settings"), "cog-6-tooth"),
    (Permission.SPONSOR, "ninety_days", gettext_lazy("Ninety days"), "calendar-days"),
    (Permission.PARTNER, "my_people", gettext_lazy("My people"), "chat-bubble-left-right"),
    (Permission.HOST, "hosting", gettext_lazy("Hosting"), "building-office"),
    (Permission.SPONSOR, "objectives", gettext_lazy("Line of sight"), "flag"),
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
    "settings": (
        *("coaches/", "coach-lists/", "trail/", "hosting/", "questions/"),
        *("objectives/", "teams/", "figures/", "kpis/", "figure-lists/"),
    ),
    "hosting": ("questions/",),
    "today": ("my-sponsor/",),
}
# Pages outside every organisation that stand in the frame of the one opened last.
FRAMED = {
    *("account", "help", "proof", "usersessions_list", "mfa_index", "mfa_list_webauthn"),
    *("mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
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
    framed = None if membership else _member_of_frame(request)
    context = {
        "house": getattr(request, "organisation", None) or (framed.organisation if framed else None),
        "home_url": _home_url(membership, framed),
        "help_url": front_door("help"),
        "account_url": front_door("account"),
        "sign_out_url": front_door("account_logout"),
        "language_url": front_door("language"),
        "languages": _languages(request),  # each in its own words, for somebody who reads no other
        "theme_url": front_door("theme"),
        "mailbox_url": settings.MAILBOX_URL if settings.DEMO else "",
        "device_kind": suggested_device_kind(request),
        "shared_hours": settings.SESSION_SHARED_HOURS,
        "is_shared_device": is_on_shared_device(request),
        "request_id": get_contextvars().get("request_id", ""),
    }
    if membership:
        current = _read_from(request, _reachable(membership)) or _holder(request.path, _reachable(membership))
        context["navigation"] = _navigation(membership, reverse, current)
        context["initials"] = membership.initials
        context["search_url"] = reverse("search") if may(membership, Permission.SEARCH) else ""
    elif framed:
        slug = framed.organisation.slug
        context["navigation"] = _navigation(framed, lambda name: inside(slug, name), None)
        context["initials"] = framed.initials
    if getattr(request, "user", None) and request.user.is_authenticated:
        context["organisations"] = SimpleLazyObject(lambda: _organisations(request))
    return context


def _languages(request: HttpRequest) -> list[tuple[str, str]]:
    """Those the open organisation works in and the one this page is in; outside of one, all."""
    house = getattr(request, "organisation", None)
    if house is None:
        return list(settings.LANGUAGES)
    offered = {*house.offered, page_language()}
    return [(code, name) for code, name in settings.LANGUAGES if code in offered]


def _home_url(membership: Membership | None, framed: Membership | None) -> str:
    if membership:
        return reverse("organisation_home")
    return inside(framed.organisation.slug, "organisation_home") if framed else front_door("home")


def _member_of_frame(request: HttpRequest) -> Membership | None:
    """Whose navigation stands around a page of the account, of help or of an unknown address; None around others.

    Of several organisations it is the one opened last in this browser: its name is in a cookie, which opens nothing.
    """
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return None
    if request.resolver_match is not None and request.resolver_match.url_name not in FRAMED:
        return None
    memberships = memberships_of(request.user)
    slug = request.COOKIES.get(settings.ORGANISATION_COOKIE_NAME, "")
    opened = (each for each in memberships if each.organisation.slug == slug)
    return next(opened, memberships[0] if len(memberships) == 1 else None)


def _reachable(membership: Membership) -> dict[str, tuple[str, str]]:
    """Label and icon of each entry that the member may open, by the name of its address."""
    reachable = {name: (str(label), icon) for permission, name, label, icon in PLACES if may(membership, permission)}
    if "settings" in reachable and not membership.has_role(Role.HOST):  # an admin looks after every host from there
        del reachable["hosting"]
    if "members" in reachable and "one_to_ones" in reachable:  # two entries must not have one name
        reachable["one_to_ones"] = (_("1:1s and visits"), reachable["one_to_ones"][1])
    return reachable


def _navigation(membership: Membership, address: Callable[[str], str], current: str | None) -> list[Place]:
    several = len({Role.ADMIN if role == Role.OWNER else role for role in membership.roles}) > 1
    room = ON_A_PHONE_WITH_SEVERAL_ROLES if several else ON_A_PHONE
    return [
        Place(address(name), label, icon, is_current=name == current, is_surplus=number > room)
        for number, (name, (label, icon)) in enumerate(_reachable(membership).items(), start=1)
    ]


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
