"""Every page there is, in a browser: no error in its console, nothing for axe to find, nothing that scrolls sideways
or is cut off; inside an organisation, a way to Help.

The pages come from the tables of `tests/architecture`: each is visited by the first person who may read it, on a day on
which everything happened. In English in both themes and layouts; in Norwegian, where words are longest, at the
narrowest. One test visits several pages: signing in and setting the scene takes as long as a look.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from cohorts.models import Clock, Person, Step
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.architecture.routes import address, keys
from tests.architecture.test_access import DOORS, FRONT_DOOR, INSIDE, PEOPLE, ROUTES, VISITORS
from tests.browser import EVERY_LOOK, Live, cut_off, loud_or_hollow, problems_in
from tests.cast import Cast
from tests.times import NOW, TODAY

pytestmark = [pytest.mark.journey, pytest.mark.looks, pytest.mark.timeout(400)]

NO_PAGES = {
    "api_browser": "Swagger UI, as its library draws it: tests/api/test_api_pages_in_browser.py",
    "api_description": "a file",
    "cohort_export": "a file",
    "cohort_place": "fields of a form, put into its page",
    "cohort_results_download": "a file",
    "curriculum_example": "a file",
    "curriculum_files": "a file",
    "curriculum_step_html": "a mail, shown in a frame of curriculum_step",
    "draft_findings": "a line of curriculum_list",
    "draft_new_mail": "a mail, shown in a frame of draft_step_new",
    "draft_step_mail": "a mail, shown in a frame of draft_step",
    "figure_intake_problems": "a file",
    "intake_problems": "a file",
    "organisation_results_download": "a file",
    "calibration_download": "a file",
    "members_export": "a file",
    "mentor_intake_problems": "a file",
    "rater_intake_problems": "a file",
    "session_line": "what a line is understood as, shown below it",
    "cohort_mail_html": "a mail, shown in a frame of cohort_mail",
    "health": "for machines",
}


# Pages that ask something else when their address does.
QUESTIONS = {
    "focus_new": ["?behaviour=clear"],
    "practice_new": [f"?on={TODAY - timedelta(days=1)}"],
    "welcome": ["?step=schedule", "?step=focus", "?step=done"],
}
# One page of each menu and bar, which change colour with the layout: these are looked at in every combination.
FRAMES = {"today", "sponsor_home", "cohort_list", "account_login"}
PAGES_A_TEST = 8


@pytest.fixture
def eventful(live: Live, cast: Cast) -> Live:
    """Ada has a step today; mails failed, somebody is away, somebody has not signed in."""
    house = cast.houses["acme"]
    with within(cast.acme):
        step = Step.objects.get(version=house.version, day=9, kind="core")
        for leader, state, reason in (("ada", "sent", ""), ("bo", "failed", "refused"), ("max", "skipped", "paused")):
            make.NudgeFactory(
                enrolment=house.enrolments[leader], step=step, channel="mail", state=state, reason=reason, on=TODAY
            )
        make.NudgeFactory(
            enrolment=house.enrolments["ada"], step=Step.objects.get(version=house.version, day=10, kind="core")
        )
        Clock.objects.filter(enrolment=house.enrolments["ada"]).update(
            last_core_day=10, last_extra_day=10, last_on=TODAY
        )
        make.InvitationFactory(membership=cast.bo, sent_at=NOW - timedelta(days=2))
        make.PauseFactory(enrolment=house.enrolments["max"], starts_on=TODAY)
    return live


def visits(table: dict[tuple[str, str], tuple[int, ...]], people: tuple[str, ...]) -> list[tuple[str, list[str]]]:
    """Each page with the first who may read it, a few at a time."""
    pages: dict[str, list[str]] = {}
    for (name, method), statuses in sorted(table.items()):
        if method == "GET" and 200 in statuses and name not in NO_PAGES:
            pages.setdefault(people[statuses.index(200)], []).append(name)
    return [
        (person, names[start : start + PAGES_A_TEST])
        for person, names in pages.items()
        for start in range(0, len(names), PAGES_A_TEST)
    ]


def look_at(live: Live, addresses: dict[str, str], cast: Cast, person: str) -> list[str]:
    """Problem with any of these pages in English or Norwegian."""
    if person != "nobody":
        live.sign_in(getattr(cast, person))
    problems = []
    for name, where in addresses.items():
        problems += _open(live, where, "en")
        problems += problems_in(live.page, **({"looks": EVERY_LOOK} if name in FRAMES else {}))
    Person.objects.update(language="nb")
    live.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "nb", "url": live.address}])
    for where in addresses.values():
        problems += _open(live, where, "nb")
        problems += cut_off(live.page)
    return problems


def _open(live: Live, where: str, language: str) -> Iterator[str]:
    answer = live.page.goto(live.address + where)
    if answer is None or answer.status != 200:
        yield f"{where} answers {answer and answer.status}"
    if (found := live.page.locator("html").get_attribute("lang")) != language:
        yield f"{where} is in {found}, not {language}"
    if where.startswith("/o/") and not live.page.locator("a[href$='/help/']").count():
        yield f"{where} has no way to Help"


def test_the_walk_sees_what_is_loud_or_hollow(live: Live) -> None:
    live.page.set_content("""
        <main>
            <h2>0 names</h2><h2>10 names</h2><h2>Questions <span class="count">0</span></h2>
            <span class="count">0 of 3</span>
            <a class="chip">Paused <span class="count">0</span></a>
            <a class="btn-primary">Add leaders</a><button class="btn-primary">Save</button>
        </main>
    """)

    assert loud_or_hollow(live.page) == [
        "primary actions: Add leaders, Save",
        "counts nothing: 0 names",
        "counts nothing: 0",
    ]


def test_every_frame_is_among_the_pages() -> None:
    assert {name for name, _ in [*INSIDE, *FRONT_DOOR]} >= FRAMES | QUESTIONS.keys()


@pytest.mark.parametrize(
    ("person", "names"), visits(INSIDE, PEOPLE), ids=lambda part: part if isinstance(part, str) else part[0]
)
def test_inside(person: str, names: list[str], eventful: Live, cast: Cast) -> None:
    addresses = {}
    for name in names:
        route, _, variant = name.partition("@")
        where = address(ROUTES[route], keys(cast.houses["acme"], variant))
        addresses |= {name: where} | {name + asked: where + asked for asked in QUESTIONS.get(name, [])}

    assert look_at(eventful, addresses, cast, person) == []


@pytest.mark.parametrize(
    ("person", "names"), visits(FRONT_DOOR, VISITORS), ids=lambda part: part if isinstance(part, str) else part[0]
)
def test_front_door(person: str, names: list[str], eventful: Live, cast: Cast) -> None:
    addresses = {name: reverse(name, kwargs=dict.fromkeys(DOORS[name].parameters, "garbage")) for name in names}

    assert look_at(eventful, addresses, cast, person) == []
