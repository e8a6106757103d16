"""Every page whose address names nothing, in an organisation where nothing has happened yet."""

from collections.abc import Callable

import pytest

from cohorts.models import Role
from cohorts.tenancy.wall import within
from cohorts.web.permissions import may
from tests import factories as make
from tests.architecture.pages import hollow_lists
from tests.architecture.routes import address, inside

pytestmark = pytest.mark.django_db

PAGES = sorted(route.name for route in inside() if not route.parameters and "GET" in route.methods)
ROUTES = {route.name: route for route in inside()}


def test_a_page_with_nothing_to_list_has_no_hollow_list(client_for: Callable) -> None:
    organisation = make.OrganisationFactory()
    with within(organisation):
        everybody = [make.MembershipFactory(roles=[role]) for role in Role]
    clients = [(member, client_for(member)) for member in everybody]
    hollow, seen = {}, set()
    for name in PAGES:
        for client in (client for member, client in clients if may(member, ROUTES[name].view.permission)):
            answer = client.get(address(ROUTES[name], {}, organisation.slug))
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            html = answer.content.decode()
            if found := hollow_lists(html):
                hollow[name] = found
            seen.add(name)

    assert len(seen) > 60
    assert hollow == {}


def test_a_list_with_nothing_in_it_is_found() -> None:
    assert hollow_lists('<ul class="rows">\n  </ul>')
    assert not hollow_lists("<ul><li></li></ul>")
