"""What a key is held to. Asked by the forms, decided in the actions."""

from collections.abc import Collection
from ipaddress import ip_network

from django.utils.translation import gettext as _

from cohorts.models import ApiKey
from cohorts.web.api.scopes import scopes_of
from cohorts.web.bounds import ensure_choice, ensure_choices, ensure_name
from cohorts.web.refusals import Invalid, NotNow

MAX_NAME_CHARACTERS = 80
LIFETIMES = (30, 90, 180, 365)  # days
MAX_NETWORKS = 20
MAX_KEYS = 50  # that are not over, of an organisation
MAX_TOKENS = 10  # likewise, of a member
OVERLAP_HOURS = (0, 1, 24, 72, 168)


def ensure_key_name(name: str) -> None:
    ensure_name("name", name, most=MAX_NAME_CHARACTERS)


def ensure_scopes(scopes: Collection[str], *, is_personal: bool) -> None:
    ensure_choices("scopes", scopes, scopes_of(is_personal=is_personal), none=_("Choose at least one."))


def ensure_days(days: int) -> None:
    ensure_choice("days", days, LIFETIMES)


def ensure_overlap(hours: int) -> None:
    ensure_choices("overlap", [hours], OVERLAP_HOURS)


def ensure_networks(networks: Collection[str]) -> list[str]:
    """Addresses and networks, in one spelling."""
    if len(networks) > MAX_NETWORKS:
        raise Invalid("networks", _("At most %(count)d addresses or networks.") % {"count": MAX_NETWORKS})
    return [_network(text) for text in networks]


def _network(text: str) -> str:
    try:
        return str(ip_network(text.strip()))
    except ValueError:
        sentence = _("“%(text)s” is no address and no network. Examples: 203.0.113.7, 203.0.113.0/24, 2001:db8::/32.")
        raise Invalid("networks", sentence % {"text": text[:60]}) from None


def ensure_place(kind: str, *, there: int) -> None:
    """Few enough that somebody can look through them."""
    most = MAX_TOKENS if kind == ApiKey.Kind.PERSONAL else MAX_KEYS
    if there >= most:
        raise NotNow(_("There are %(count)d already. Revoke one first.") % {"count": most})
