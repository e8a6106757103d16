"""Logging: one word a day, the newest stands, twice is once, three days back, and nobody else's."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from time_machine import Traveller

from cohorts.models import AuditEntry, Enrolment
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow, NotYours
from goals.habits.actions.practice import log_practice, take_back_practice
from goals.models import Practice
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import DAY_1, NOW, TODAY

Clients = Callable[..., OrganisationClient]
YESTERDAY = TODAY - timedelta(days=1)


def log(enrolment: Enrolment, on: date = TODAY, **changes: Any) -> Practice:
    words: dict[str, Any] = {
        "did_it": True,
        "went": 4,
        "place": "by the board",
        "line": "it was easy",
        "focus": None,
        "step": None,
        "key": uuid4(),
        "today": TODAY,
        "by": enrolment.leader,
        "now": NOW,
    }
    return log_practice(enrolment=enrolment, on=on, **{**words, **changes})


@pytest.fixture
def ada(cast: Cast) -> Enrolment:
    return cast.enrolment(cast.ada)


def of_today(enrolment: Enrolment) -> list[tuple[bool, int | None, bool]]:
    rows = Practice.objects.filter(enrolment=enrolment, on=TODAY)
    return list(rows.values_list("did_it", "went", "is_back_filled"))


def test_logging_today_is_remembered_so_that_no_nudge_follows(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        log(ada, did_it=False)

        assert of_today(ada) == [(False, None, False)]
        assert Enrolment.objects.get(pk=ada.pk).last_log_on == TODAY


def test_the_newest_log_of_a_day_replaces_it(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        first = log(ada, did_it=False)
        second = log(ada, went=2)

        assert second.pk == first.pk
        assert of_today(ada) == [(True, 2, False)]


KEY = UUID(int=7)


def test_the_same_words_twice_are_one_entry_and_no_edit(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        first = log(ada, key=KEY, edition=1)
        again = log(ada, key=KEY, edition=1, now=NOW + timedelta(hours=1))

        assert (again.pk, again.logged_at) == (first.pk, NOW)
        assert not AuditEntry.objects.filter(thing="goals.practice").exists()


def test_new_words_under_the_same_key_update_the_entry(ada: Enrolment, cast: Cast) -> None:
    """The answer to the first save was lost; the leader changed 2 to 5 and saved again."""
    with within(cast.acme):
        first = log(ada, key=KEY, edition=1, went=2)
        again = log(ada, key=KEY, edition=2, went=5, line="and much more")

        assert (again.pk, again.went, again.line) == (first.pk, 5, "and much more")
        assert of_today(ada) == [(True, 5, False)]
        entry = AuditEntry.objects.get(thing="goals.practice")
        assert (entry.verb, entry.by_id, entry.details) == ("changed practice", cast.ada.pk, {"on": str(TODAY)})


def test_without_editions_the_last_arrival_wins(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        log(ada, key=KEY, went=2)
        log(ada, key=KEY, went=5)

        assert of_today(ada) == [(True, 5, False)]


def test_an_older_edition_delivered_late_changes_nothing(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        log(ada, key=KEY, edition=1, went=2)
        log(ada, key=KEY, edition=3, went=5)
        late = log(ada, key=KEY, edition=2, went=3)

        assert late.went == 5
        assert of_today(ada) == [(True, 5, False)]


def test_a_late_duplicate_does_not_undo_what_another_form_saved(ada: Enrolment, cast: Cast) -> None:
    """Saved on Today with a lost answer, then tapped in the mail, then Today sends its copy again."""
    with within(cast.acme):
        log(ada, key=KEY, edition=4, went=2)
        log(ada, key=UUID(int=8), went=5)
        log(ada, key=KEY, edition=4, went=2)
        assert of_today(ada) == [(True, 5, False)]

        log(ada, key=KEY, edition=5, went=1)
        assert of_today(ada) == [(True, 1, False)]


def test_a_key_that_returns_on_another_date_is_a_new_entry(ada: Enrolment, cast: Cast) -> None:
    """A browser that brings back yesterday's form brings back its key."""
    with within(cast.acme):
        first = log(ada, on=YESTERDAY, key=KEY, went=2)
        second = log(ada, key=KEY, went=5)

        assert second.pk != first.pk
        assert of_today(ada) == [(True, 5, False)]


def test_new_words_for_a_closed_day_are_refused_and_the_same_words_are_not(ada: Enrolment, cast: Cast) -> None:
    later = {"today": TODAY + timedelta(days=9), "now": NOW + timedelta(days=9)}

    with within(cast.acme):
        log(ada, key=KEY, went=2)
        log(ada, key=KEY, went=2, **later)
        with pytest.raises(NotNow):
            log(ada, key=KEY, went=5, **later)


def test_a_key_is_a_leaders_own(ada: Enrolment, cast: Cast) -> None:
    """One phone, two leaders: the page of one, sent by the other, is the other's own entry."""
    with within(cast.acme):
        first, other = log(ada, key=UUID(int=7)), log(cast.enrolment(cast.bo), key=UUID(int=7), line="of another")

        assert (first.enrolment_id, other.enrolment_id, other.line) == (
            ada.pk,
            cast.enrolment(cast.bo).pk,
            "of another",
        )


@pytest.mark.parametrize(("ago", "marked"), [(0, False), (1, True), (3, True)])
def test_three_days_back_are_open_and_marked(ada: Enrolment, cast: Cast, ago: int, *, marked: bool) -> None:
    with within(cast.acme):
        Practice.objects.filter(enrolment=ada).delete()

        assert log(ada, on=TODAY - timedelta(days=ago)).is_back_filled is marked


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (TODAY + timedelta(days=1), "That day has not come yet."),
        (TODAY - timedelta(days=4), "You can log a day for three days. The earliest today is 8 March."),
        (DAY_1 - timedelta(days=1), "That day is before your day 1."),
    ],
)
def test_other_days_are_refused_with_a_sentence(ada: Enrolment, cast: Cast, on: date, sentence: str) -> None:
    with within(cast.acme), pytest.raises(NotNow, match=sentence):
        log(ada, on=on)


def test_a_line_added_later_does_not_make_a_day_back_filled(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        log(ada, on=YESTERDAY, today=YESTERDAY)

        assert log(ada, on=YESTERDAY, line="more words").is_back_filled is False
        assert log(ada, on=YESTERDAY, did_it=False).is_back_filled is True


def test_practices_are_logged_only_by_their_leader(ada: Enrolment, cast: Cast) -> None:
    for other in (cast.sol, cast.hana, cast.bo):
        with within(cast.acme), pytest.raises(NotYours):
            log(ada, by=other)


def test_a_leader_who_left_cannot_log(ada: Enrolment, cast: Cast) -> None:
    ada.left_on = YESTERDAY

    with within(cast.acme), pytest.raises(NotNow):
        log(ada)


def test_undo_opens_the_day_again_and_forgets_it(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        take_back_practice(practice=log(ada), today=TODAY, by=cast.ada)

        assert of_today(ada) == []
        assert Enrolment.objects.get(pk=ada.pk).last_practice_on == TODAY - timedelta(days=2)


def test_undo_is_there_until_the_day_is_over(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme), pytest.raises(NotNow):
        take_back_practice(practice=log(ada), today=TODAY + timedelta(days=1), by=cast.ada)


ANSWER = {"did_it": "yes", "went": "4", "place": "", "line": ""}


def test_the_form_saves_and_leads_back_to_today(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)

    response = client.post(client.url("practice_new"), {**ANSWER, "key": str(uuid4())})

    assert (response.status_code, response.headers["Location"]) == (302, "/o/acme/today/")
    page = client.get(client.url("today")).content.decode()
    assert ("Noted, Ada." in page, "It went: 4 of 5, well." in page) == (True, True)


def test_a_form_sent_again_with_new_words_saves_them(client_for: Clients, cast: Cast) -> None:
    client, key = client_for(cast.ada), str(uuid4())
    for went, edition in (("2", "10"), ("5", "12"), ("3", "11"), ("5", "nonsense")):
        client.post(client.url("practice_new"), {**ANSWER, "went": went, "key": key, "edition": edition})

    with within(cast.acme):
        assert Practice.objects.get(enrolment__leader=cast.ada, on=TODAY).went == 5


def test_the_form_of_a_logged_day_goes_on_with_its_key(client_for: Clients, cast: Cast) -> None:
    client, key = client_for(cast.ada), str(uuid4())
    client.post(client.url("practice_new"), {**ANSWER, "key": key, "edition": "10"})

    form = client.get(client.url("practice_new")).context["log"].form

    assert (str(form["key"].value()), form["edition"].value()) == (key, 10)


def test_htmx_gets_the_fragment_with_undo(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)

    response = client.post(client.url("practice_new"), ANSWER, headers={"HX-Request": "true"})

    page = response.content.decode()
    assert "<html" not in page
    assert "Write a reflection" in page
    assert "/undoing/" in page


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"did_it": ""}, "Choose one."),
        ({"went": "6"}, "Select a valid choice"),
        ({"line": "x" * 281}, "at most 280 characters"),
    ],
)
def test_an_invalid_log_marks_the_field_and_keeps_the_text(
    client_for: Clients, cast: Cast, answer: dict[str, str], problem: str
) -> None:
    client = client_for(cast.ada)

    response = client.post(client.url("practice_new"), {**ANSWER, "place": "by the lift", **answer})

    assert response.status_code == 422
    assert problem in response.content.decode()
    assert "by the lift" in response.content.decode()


def test_a_deed_is_saved_before_it_is_rated(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)

    client.post(client.url("practice_new"), {"did_it": "yes"})
    page = client.get(client.url("today")).content.decode()
    client.post(client.url("practice_new"), {"did_it": "yes", "went": "2"})

    assert ("Noted, Ada." in page, "How did it go?" in page, "It went" in page) == (True, True, False)
    with within(cast.acme):
        assert list(Practice.objects.filter(enrolment__leader=cast.ada, on=TODAY).values_list("went")) == [(2,)]


@pytest.mark.parametrize(
    ("answer", "kept"),
    [("yes", (True, 4, "by the lift", "it was easy")), ("no", (False, None, "by the lift", "it was easy"))],
)
def test_an_answer_alone_keeps_what_was_written(
    client_for: Clients, cast: Cast, answer: str, kept: tuple[bool, int | None, str, str]
) -> None:
    client = client_for(cast.ada)
    client.post(client.url("practice_new"), {**ANSWER, "place": "by the lift", "line": "it was easy"})

    client.post(client.url("practice_new"), {"did_it": answer})

    with within(cast.acme):
        saved = Practice.objects.get(enrolment__leader=cast.ada, on=TODAY)
    assert (saved.did_it, saved.went, saved.place, saved.line) == kept


def test_a_rating_belongs_to_a_deed(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme), transaction.atomic():
        practice = log(ada, did_it=False)
        with pytest.raises(IntegrityError, match="practice_went_only_if_done"), transaction.atomic():
            Practice.objects.filter(pk=practice.pk).update(went=3)


def test_undo_leads_back_to_the_two_answers(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)
    client.post(client.url("practice_new") + f"?on={YESTERDAY}", ANSWER)
    with within(cast.acme):
        practice = Practice.objects.get(enrolment__leader=cast.ada, on=YESTERDAY)

    response = client.post(client.url("practice_undoing", practice.pk), headers={"HX-Request": "true"})

    assert (response.status_code, response.headers["Location"]) == (302, f"/o/acme/today/?on={YESTERDAY}")
    page = client.get(response.headers["Location"]).content.decode()
    assert [f'name="did_it" value="{answer}"' in page for answer in ("yes", "no")] == [True, True]


def test_an_address_with_a_date_logs_that_date(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)

    response = client.post(client.url("practice_new") + f"?on={YESTERDAY}", ANSWER)

    assert response.headers["Location"] == f"/o/acme/today/?on={YESTERDAY}"
    with within(cast.acme):
        logged = Practice.objects.get(enrolment__leader=cast.ada, on=YESTERDAY)
    assert logged.is_back_filled is True


def test_a_day_that_is_closed_answers_409_with_its_sentence(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)

    response = client.post(client.url("practice_new") + f"?on={TODAY - timedelta(days=6)}", ANSWER)

    assert response.status_code == 409
    assert "You can log a day for three days" in response.content.decode()


def test_the_date_is_the_leaders_own_and_not_the_organisations(
    client_for: Clients, cast: Cast, clock: Traveller
) -> None:
    with within(cast.acme):
        Enrolment.objects.filter(leader=cast.ada).update(zone="Pacific/Auckland")
    clock.shift(timedelta(hours=5))  # 13.30 UTC: already 12 March in Auckland, still the 11th in Oslo
    client = client_for(cast.ada)

    client.post(client.url("practice_new"), ANSWER)

    with within(cast.acme):
        assert Practice.objects.filter(enrolment__leader=cast.ada, on=TODAY + timedelta(days=1)).count() == 1


def test_undoing_another_leaders_log_is_404(client_for: Clients, cast: Cast) -> None:
    foreign = {}
    for house in (cast.acme, cast.zenith):
        with within(house):
            foreign[house] = Practice.objects.exclude(enrolment__leader=cast.ada).first()
    client = client_for(cast.ada)

    for pk in (foreign[cast.acme].pk, foreign[cast.zenith].pk, 10**9):
        assert client.post(client.url("practice_undoing", pk)).status_code == 404


def test_the_history_shows_only_ones_own(client_for: Clients, cast: Cast) -> None:
    with within(cast.acme):
        Practice.objects.filter(enrolment__leader=cast.bo).update(line="a line of somebody else")
    client = client_for(cast.ada)

    page = client.get(client.url("practices")).content.decode()

    assert "acme bait" in page
    assert "zenith bait" not in page
    assert "a line of somebody else" not in page


@pytest.mark.parametrize(("show", "count"), [("", 5), ("done", 4), ("not-today", 1), ("later", 0), ("nonsense", 5)])
def test_the_history_is_narrowed_by_its_address(client_for: Clients, cast: Cast, show: str, count: int) -> None:
    client = client_for(cast.ada)

    response = client.get(client.url("practices"), {"show": show})

    assert len(response.context["page"].object_list) == count


def test_history_queries_do_not_grow(
    client_for: Clients, cast: Cast, same_queries_at_1_and_30: Callable[..., int], ada: Enrolment
) -> None:
    client = client_for(cast.ada)

    def make_row(number: int) -> None:
        with within(cast.acme):
            make.PracticeFactory(enrolment=ada, on=DAY_1 + timedelta(days=100 + number))

    assert same_queries_at_1_and_30(lambda: client.get(client.url("practices")), make_row) <= 12
