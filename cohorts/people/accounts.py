"""How allauth meets our people: nobody signs up by themself, and coming in accepts the invitation."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cohorts.models import Person
from cohorts.people.actions.invitations import accept_invitations
from cohorts.people.memberships import belongings_of
from cohorts.tenancy.wall import within


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Whoever proved to own the address has come in: their invitations are accepted."""
        for belonging in belongings_of(user):
            with within(belonging.organisation_id):
                accept_invitations(person=user, now=timezone.now())
        return super().post_login(request, user, **kwargs)


def visitor_address(request: HttpRequest) -> str:
    """Where a request comes from, behind as many proxies as are trusted: the limits of links count by it, too."""
    return AccountAdapter(request).get_client_ip(request)
