"""The allauth adapter: no open sign-up, and signing in accepts invitations."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cohorts.access.fresh import is_fresh
from cohorts.access.sessions import begin_session, suggest_device_kind
from cohorts.models import Person
from cohorts.people.actions.invitations import accept_invitations
from cohorts.people.devices import meet_device
from cohorts.people.memberships import belongings_of
from cohorts.tenancy.addresses import front_door
from cohorts.tenancy.wall import within
from cohorts.web.redirects import ours


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """allauth's flows follow our rule, too; alone they ask nothing of people without a second factor."""
        return not is_fresh(context.request, timezone.now())

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        return [{"id": "proof", "description": "", "url": front_door("proof")}]

    def is_safe_url(self, url: str | None) -> bool:
        """Where signing in and out may lead to."""
        return bool(url) and ours(context.request, url, otherwise="") == url

    def login(self, request: HttpRequest, user: Person) -> None:
        self._is_first = user.last_login is None
        super().login(request, user)
        begin_session(request, user, now=timezone.now())

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Accept the person's invitations: they have proved that the address is theirs. Tell of a new device."""
        for belonging in belongings_of(user):
            with within(belonging.organisation_id):
                accept_invitations(person=user, now=timezone.now())
        response = super().post_login(request, user, **kwargs)
        meet_device(request, response, person=user, is_first=self._is_first, now=timezone.now())
        suggest_device_kind(request, response)
        return response


def visitor_address(request: HttpRequest) -> str:
    """The client's IP address behind the trusted proxies, used by rate limits."""
    return AccountAdapter(request).get_client_ip(request)
