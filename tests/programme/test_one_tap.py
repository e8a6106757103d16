"""The page behind a mail's link: logs one date, opens nothing else, and stays shut when it should."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from time_machine import Traveller

from cohorts.mail.signed_links import digest_token, nudge_token
from cohorts.models import Enrolment, Membership, Person, Step
from cohorts.tenancy.addresses import front_door
from cohorts.tenancy.wall import within
from goals.models import Practice
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

ANSWER = {"did_it": "yes", "went": "5", "place": "", "line": ""}


@pytest.fixture
def visitor(clock: Traveller) -> Iterator[Client]:
    """Somebody with a link and no session; cross-site checks are as strict as in a browser."""
    return Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)


def link(leader: Membership, cast: Cast, on: date = TODAY, version: int = 1) -> str:
    token = nudge_token(leader.organisation_id, cast.enrolment(leader).pk, on, version)
    return front_door("one_tap", token)


def logged(cast: Cast, on: date = TODAY) -> list[tuple[bool, int | None, bool]]:
    with within(cast.acme):
        rows = Practice.objects.filter(enrolment__leader=cast.ada, on=on)
        return list(rows.values_list("did_it", "went", "is_back_filled"))


def test_a_scanner_that_opens_the_link_changes_nothing(
    visitor: Client, cast: Cast, count_queries: Callable[..., list[str]]
) -> None:
    statements = count_queries(
        lambda: [
            visitor.get(link(cast.ada, cast)),
            visitor.get(link(cast.ada, cast)),
            visitor.head(link(cast.ada, cast)),
        ]
    )

    assert [statement for statement in statements if not statement.startswith("SELECT")] == []
    assert logged(cast) == []


def test_posting_logs_that_date_without_signing_in(visitor: Client, cast: Cast) -> None:
    page = visitor.get(link(cast.ada, cast))
    saved = visitor.post(link(cast.ada, cast), ANSWER, headers={"Origin": "null"})

    assert (page.status_code, saved.status_code) == (200, 200)
    assert "Noted, Ada." in saved.content.decode()
    assert logged(cast) == [(True, 5, False)]


@pytest.mark.parametrize(("ago", "status"), [(0, 200), (1, 200), (3, 200), (4, 410), (-1, 410)])
def test_a_link_is_open_for_its_day_and_three_more(visitor: Client, cast: Cast, ago: int, status: int) -> None:
    with within(cast.acme):
        Practice.objects.filter(enrolment__leader=cast.ada).delete()
    on = TODAY - timedelta(days=ago)

    assert visitor.post(link(cast.ada, cast, on), ANSWER).status_code == status
    assert logged(cast, on) == ([(True, 5, ago > 0)] if status == 200 else [])


def test_an_expired_link_leads_through_sign_in_to_its_day(visitor: Client, cast: Cast) -> None:
    on = TODAY - timedelta(days=9)

    page = visitor.get(link(cast.ada, cast, on)).content.decode()

    assert f'href="/o/acme/today/?on={on}"' in page
    assert "/accounts/login/" in visitor.get("/o/acme/today/").headers["Location"]


def test_raising_the_link_version_shuts_every_older_link(visitor: Client, cast: Cast) -> None:
    with within(cast.acme):
        Membership.objects.filter(pk=cast.ada.pk).update(link_version=2)

    assert visitor.post(link(cast.ada, cast), ANSWER).status_code == 410
    assert visitor.post(link(cast.ada, cast, version=2), ANSWER).status_code == 200


@pytest.mark.parametrize("change", ["left_on", "leader_left"])
def test_a_leader_who_left_has_no_working_link(visitor: Client, cast: Cast, clock: Traveller, change: str) -> None:
    with within(cast.acme):
        if change == "left_on":
            Enrolment.objects.filter(leader=cast.ada).update(left_on=TODAY)
        else:
            Membership.objects.filter(pk=cast.ada.pk).update(left_at="2026-03-10T08:00Z")

    assert visitor.post(link(cast.ada, cast), ANSWER).status_code == 410


def test_forged_cut_and_foreign_tokens_log_nothing(visitor: Client, cast: Cast) -> None:
    good = nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, TODAY, 1)
    mixed = nudge_token(cast.acme.pk, cast.enrolment(cast.zoe).pk, TODAY, 1)
    other_kind = digest_token(cast.acme.pk, cast.sol.pk, TODAY, 1)
    nobody = nudge_token(10**6, 1, TODAY, 1)

    forged = dict.fromkeys((good[:-2], f"A{good[1:]}", good.lower(), "x", other_kind), 404)
    for token, status in {**forged, mixed: 410, nobody: 410}.items():
        response = visitor.post(front_door("one_tap", token), ANSWER)
        assert (response.status_code, logged(cast)) == (status, [])


def test_the_page_does_not_reveal_private_text(visitor: Client, cast: Cast) -> None:
    with within(cast.acme):
        make.PracticeFactory(enrolment=cast.enrolment(cast.ada), place="a secret place", line="a secret line")

    for address in (link(cast.ada, cast), f"{link(cast.ada, cast)}?change=1"):
        page = visitor.get(address).content.decode()
        assert "secret" not in page
        assert "bait" not in page  # neither plans nor practices of any day
        assert "Day 10 core" not in page


def test_the_page_shows_the_practice_with_i_did_it_chosen(visitor: Client, cast: Cast) -> None:
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        step = Step.objects.get(version=enrolment.cohort.version_id, day=10, kind="core")
        make.NudgeFactory(enrolment=enrolment, step=step, on=TODAY)

    page = visitor.get(link(cast.ada, cast)).content.decode()

    assert step.in_language("en").practice in page
    assert re.search(r'name="did_it"\s+value="yes"[^>]*\bchecked\b', page)


@pytest.mark.parametrize(("did_it", "sentence"), [(True, "You practised."), (False, "You answered: not today.")])
def test_a_saved_day_is_shown_as_saved_until_change_is_asked(
    visitor: Client, cast: Cast, sentence: str, *, did_it: bool
) -> None:
    with within(cast.acme):
        make.PracticeFactory(enrolment=cast.enrolment(cast.ada), did_it=did_it, went=2 if did_it else None)

    page = visitor.get(link(cast.ada, cast)).content.decode()
    change = visitor.get(f"{link(cast.ada, cast)}?change=1").content.decode()

    assert ("Already saved, Ada." in page, sentence in page, 'name="did_it"' in page) == (True, True, False)
    assert re.search(rf'name="did_it"\s+value="{"yes" if did_it else "no"}"[^>]*\bchecked\b', change)
    assert logged(cast) == [(did_it, 2 if did_it else None, False)]


def test_undo_on_the_page_of_the_link_opens_the_day_again(visitor: Client, cast: Cast) -> None:
    visitor.post(link(cast.ada, cast), ANSWER)
    page = visitor.post(link(cast.ada, cast), {"undo": "yes"}).content.decode()

    assert ('name="did_it"' in page, logged(cast)) == (True, [])


def test_undo_by_the_link_forgets_no_words_it_does_not_show(visitor: Client, cast: Cast) -> None:
    with within(cast.acme):
        make.PracticeFactory(enrolment=cast.enrolment(cast.ada), line="my own line", logged_at=NOW)

    assert 'name="undo"' not in visitor.get(link(cast.ada, cast)).content.decode()
    visitor.post(link(cast.ada, cast), {"undo": "yes"})

    assert len(logged(cast)) == 1


def test_what_was_written_in_the_app_is_not_wiped_by_a_tap_in_the_mail(visitor: Client, cast: Cast) -> None:
    with within(cast.acme):
        make.PracticeFactory(enrolment=cast.enrolment(cast.ada), place="the lift", line="my own line", went=1)

    visitor.post(link(cast.ada, cast), ANSWER)

    with within(cast.acme):
        kept = Practice.objects.get(enrolment__leader=cast.ada, on=TODAY)
    assert (kept.went, kept.place, kept.line) == (5, "the lift", "my own line")


def test_the_session_of_a_visitor_opens_nothing_afterwards(visitor: Client, cast: Cast) -> None:
    visitor.post(link(cast.ada, cast), ANSWER)

    assert visitor.get("/o/acme/today/").status_code == 302
    assert visitor.get("/o/acme/practices/").status_code == 302


def test_the_link_is_not_leaked_to_referrers_or_caches(visitor: Client, cast: Cast) -> None:
    for response in (visitor.get(link(cast.ada, cast)), visitor.get(front_door("one_tap", "x"))):
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cache-Control"] == "no-store"


def test_the_page_is_in_the_leaders_language(visitor: Client, cast: Cast) -> None:
    Person.objects.filter(pk=cast.ada.person_id).update(language="nb")

    page = visitor.get(link(cast.ada, cast)).content.decode()

    assert '<html lang="nb"' in page


def test_an_invalid_answer_names_what_is_missing(visitor: Client, cast: Cast) -> None:
    response = visitor.post(link(cast.ada, cast), {"went": "4"})

    assert response.status_code == 422
    assert "Choose one." in response.content.decode()


def test_a_deed_without_a_rating_is_saved_and_asks_for_it(visitor: Client, cast: Cast) -> None:
    saved = visitor.post(link(cast.ada, cast), {"did_it": "yes"}).content.decode()
    rated = visitor.post(link(cast.ada, cast), {"did_it": "yes", "went": "4"}).content.decode()

    assert ("Noted, Ada." in saved, "How did it go?" in saved) == (True, True)
    assert "It went: 4 of 5, well." in rated
    with within(cast.acme):
        assert Practice.objects.get(enrolment__leader=cast.ada, on=TODAY).went == 4


def test_rate_limits_apply_per_link(visitor: Client, cast: Cast) -> None:
    statuses = [visitor.get(front_door("one_tap", "x")).status_code for _ in range(21)]

    assert (statuses[19], statuses[20]) == (404, 429)
    assert visitor.get(link(cast.ada, cast)).status_code == 200
