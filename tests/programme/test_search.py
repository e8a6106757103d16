"""One search: a sponsor finds their own leaders, an admin members, cohorts and steps, everybody else nothing."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.urls import set_urlconf

from cohorts.models import Membership
from cohorts.tenancy.wall import within
from programme.search.finding import MAX_ASKED_CHARACTERS, MAX_HITS, Group, asked_of, find
from tests import factories as make
from tests.browser import Live, check_accessible
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import NOW

Clients = Callable[[Membership], OrganisationClient]


@pytest.fixture(autouse=True)
def _addresses() -> Iterator[None]:
    """Those inside an organisation, as in a request."""
    set_urlconf(settings.ORGANISATION_URLCONF)
    yield
    set_urlconf(None)


def found(cast: Cast, by: Membership, asked: str) -> dict[str, list[str]]:
    with within(cast.acme):
        return {group.title: [hit.name for hit in group.hits] for group in find(asked, by=by, language="en")}


def groups(cast: Cast, by: Membership, asked: str) -> list[Group]:
    with within(cast.acme):
        return find(asked, by=by, language="en")


def test_a_sponsor_finds_their_leaders_and_nobody_elses(cast: Cast) -> None:
    """Every member is called Acme; Bo has no sponsor, and the others are no leaders of Sol."""
    assert found(cast, cast.sol, "acme") == {"Your leaders": ["Ada Acme"]}
    assert found(cast, cast.sol, "bo") == {}
    assert found(cast, cast.sol, "ada@acme") == {}


def test_a_name_that_begins_so_comes_before_an_address_of_the_same_company(cast: Cast) -> None:
    with within(cast.acme):
        for name, email in (
            ("Bjørn Aasen", "aasen@vik.test"),
            ("Novikova Ek", "ek@a.test"),
            ("Nora Vik", "nora@a.test"),
        ):
            make.MembershipFactory(name=name, person=make.PersonFactory(email=email))

    assert found(cast, cast.hana, "vik") == {"People": ["Nora Vik", "Novikova Ek", "Bjørn Aasen"]}


def test_a_sponsor_no_longer_finds_a_leader_who_left(cast: Cast) -> None:
    with within(cast.acme):
        enrolment = cast.enrolment(cast.ada)
        enrolment.left_on = NOW.date()
        enrolment.save(update_fields=["left_on"])

    assert found(cast, cast.sol, "ada") == {}


@pytest.mark.parametrize("name", ["ada", "bo", "pat"])
def test_a_leader_has_no_search(cast: Cast, client_for: Clients, name: str) -> None:
    member = getattr(cast, name)
    client = client_for(member)

    assert groups(cast, member, "acme") == []
    assert client.get(client.url("search"), {"q": "acme"}).status_code == 403
    assert "data-find" not in client.get(client.url("today"), follow=True).content.decode()


def test_an_admin_finds_members_cohorts_and_steps(cast: Cast) -> None:
    with within(cast.acme):
        version = cast.house_of(cast.acme).cohort.version
        said = make.texts("title", "why", "practice", "question", about="A step")
        said["nb"]["title"] = "Lytt til åpningen"
        make.StepFactory(version=version, day=88, text=said)

    assert found(cast, cast.hana, "SOL@acme") == {"People": ["Sol Acme"]}
    assert list(found(cast, cast.hana, cast.house_of(cast.acme).cohort.name)) == ["Cohorts"]
    assert found(cast, cast.hana, "åpningen lytt") == {"Steps": ["A step: title (en)"]}
    assert found(cast, cast.hana, "nobody acme") == {}


def test_an_old_version_does_not_repeat_a_step(cast: Cast) -> None:
    with within(cast.acme):
        old = make.CurriculumVersionFactory(number=1)
        new = make.CurriculumVersionFactory(number=2, curriculum=old.curriculum)
        said = make.texts("title", "why", "practice", "question", about="A rare heading")
        for version in (old, new):
            step = make.StepFactory(version=version, day=7, text=said)

    (group,) = groups(cast, cast.hana, "rare heading")

    assert [hit.url for hit in group.hits] == [f"/curricula/{new.pk}/steps/{step.pk}/"]


def test_what_is_too_much_is_cut_and_said(cast: Cast) -> None:
    with within(cast.acme):
        make.MembershipFactory.create_batch(MAX_HITS + 1, name="Many Manysen")

    (people,) = groups(cast, cast.hana, "manysen")

    assert (len(people.hits), people.has_more, people.more_url) == (MAX_HITS, True, "/members/?q=manysen")


@pytest.mark.parametrize("text", ["", " \0 ", "%", "_" * 500, "a\0b", "'; drop", "\u202e"])
def test_a_search_takes_any_text(client_for: Clients, cast: Cast, text: str) -> None:
    client = client_for(cast.hana)

    assert client.get(client.url("search"), {"q": text}).status_code == 200
    assert len(asked_of(text)) <= MAX_ASKED_CHARACTERS


def test_a_search_asks_as_much_of_many_as_of_few(client_for: Clients, cast: Cast, count_queries: Callable) -> None:
    client = client_for(cast.hana)
    client.get(client.url("search"), {"q": "a"})
    few = count_queries(lambda: client.get(client.url("search"), {"q": "a"}))
    with within(cast.acme):
        make.MembershipFactory.create_batch(30, name="Another Anna")

    many = count_queries(lambda: client.get(client.url("search"), {"q": "a"}))

    assert len(many) == len(few) <= 12


@pytest.mark.django_db(transaction=True)
def test_the_keyboard_searches_and_walks_through_a_list(live: Live, cast: Cast) -> None:
    live.sign_in(cast.hana)
    page = live.go("members")
    page.set_viewport_size({"width": 1280, "height": 800})

    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent.trim()")
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.textContent.trim()")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.textContent.trim()") == first != second

    page.keyboard.press("?")
    assert page.get_by_role("heading", name="Keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("sol jk?/")
    page.keyboard.press("Control+a")
    page.keyboard.type("sol")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=sol")
    check_accessible(page)

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/members/*/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.keyboard.press("Control+k")
    page.wait_for_url("**/search/")
    assert live.complaints == []


@pytest.mark.django_db(transaction=True)
def test_single_keys_can_be_switched_off(live: Live, cast: Cast) -> None:
    live.sign_in(cast.hana)
    page = live.go("members")
    page.keyboard.press("?")
    page.get_by_label("Single keys are on").uncheck()
    page.reload()

    page.keyboard.press("j")
    page.keyboard.press("?")
    assert page.evaluate("document.activeElement === document.body")
    assert not page.get_by_role("heading", name="Keys").is_visible()
    page.keyboard.press("Control+k")
    page.wait_for_url("**/search/")
