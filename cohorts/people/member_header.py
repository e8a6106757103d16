"""The tabs that the pages of one member share."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cohorts.models import Membership


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a member, as components/tabs.html shows it."""

    url: str
    label: str
    is_current: bool


def tabs_of(member: Membership, current: str) -> list[Tab]:
    """A former member has no roles to edit."""
    pages = {"member": pgettext("a person", "About"), "member_roles": _("Roles"), "member_history": _("History")}
    if member.left_at is not None:
        del pages["member_roles"]
    return [Tab(reverse(name, args=[member.pk]), label, name == current) for name, label in pages.items()]
