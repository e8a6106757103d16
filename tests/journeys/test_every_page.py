"""Every page there is, in a browser: no error in its console, nothing for axe to find, nothing that scrolls sideways.

The pages come from the tables of `tests/architecture`: each is visited by the first person who may read it. In English
light and dark at every width, in Norwegian, where words are longest, at the narrowest.
"""

import pytest
from django.conf import settings
from django.urls import reverse

from cohorts.models import Person
from tests.architecture.routes import address, keys
from tests.architecture.test_access import DOORS, FRONT_DOOR, INSIDE, PEOPLE, ROUTES, VISITORS
from tests.browser import WIDTHS, Live, check_accessible
from tests.cast import Cast

pytestmark = [pytest.mark.journey, pytest.mark.looks]

NO_PAGES = {
    "cohort_export": "a file",
    "curriculum_example": "a file",
    "curriculum_files": "a file",
    "curriculum_step_html": "a mail, shown in a frame of curriculum_step",
    "draft_new_mail": "a mail, shown in a frame of draft_step_new",
    "draft_step_mail": "a mail, shown in a frame of draft_step",
    "intake_problems": "a file",
    "cohort_mail_html": "a mail, shown in a frame of cohort_mail",
    "health": "for machines",
}


def readers(table: dict[tuple[str, str], tuple[int, ...]], people: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each page, and the first who may read it."""
    return [
        (name, people[statuses.index(200)])
        for (name, method), statuses in sorted(table.items())
        if method == "GET" and 200 in statuses and name not in NO_PAGES
    ]


def look_at(live: Live, where: str, cast: Cast, person: str) -> None:
    """Both languages, without leaving a complaint."""
    if person != "nobody":
        live.sign_in(getattr(cast, person))
    answer = live.page.goto(live.address + where)
    assert answer is not None
    assert answer.status == 200
    check_accessible(live.page, widths=WIDTHS)

    Person.objects.update(language="nb")
    live.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "nb", "url": live.address}])
    live.page.goto(live.address + where)
    assert live.page.locator("html").get_attribute("lang") == "nb"
    live.page.set_viewport_size({"width": min(WIDTHS), "height": 844})
    sideways = live.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert sideways <= 0, f"{where} in Norwegian scrolls {sideways} px sideways"


@pytest.mark.parametrize(("name", "person"), readers(INSIDE, PEOPLE))
def test_inside(name: str, person: str, live: Live, cast: Cast) -> None:
    route, _, variant = name.partition("@")
    look_at(live, address(ROUTES[route], keys(cast.houses["acme"], variant)), cast, person)


@pytest.mark.parametrize(("name", "person"), readers(FRONT_DOOR, VISITORS))
def test_front_door(name: str, person: str, live: Live, cast: Cast) -> None:
    where = reverse(name, kwargs=dict.fromkeys(DOORS[name].parameters, "garbage"))
    look_at(live, where, cast, person)
