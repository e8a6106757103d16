"""The rater's pages without a browser: what they say, what changes nothing, and each way a link opens nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from cohorts.web.forgiving_cache import forgiving_cache
from feedback360.answering.actions.answering import save_answers, sheet_of
from feedback360.answering.actions.closing import close_round
from feedback360.answering.sheet import Sheet
from feedback360.answering.views import lost_link
from feedback360.models import Rater, RaterMail, Request, Round, Subject
from feedback360.models.answers import StagedAnswers
from feedback360.rounds.rater_links import rater_token
from feedback360.staging.keys import destroy_key
from tests import factories as make
from tests.feedback360.answering.collecting import Collecting, collecting
from tests.logos import give_logo
from tests.plain_dates import with_plain_dates
from tests.times import NOW

pytestmark = pytest.mark.usefixtures("clock")

WRITES = re.compile(r"(INSERT|UPDATE|DELETE)")


@pytest.fixture
def asked(acme: Organisation) -> Collecting:
    return collecting(acme, ["team"] * 6 + ["peer", "manager", "self"])


@pytest.fixture
def rater() -> Client:
    return Client()


def sheet(asked: Collecting, number: int = 0) -> Sheet:
    with within(asked.organisation):
        return sheet_of(asked.request(number))[0]


def text(response: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", with_plain_dates(response)))


def first_item(asked: Collecting, number: int = 0) -> str:
    return asked.url(number, "rater_item", asked.content.items[0].key)


def home(asked: Collecting, number: int = 0) -> str:
    mine = asked.requests[number].rater
    return reverse("rater", args=[rater_token(asked.organisation.pk, mine.pk, mine.link_version)])


def change(asked: Collecting, **fields: object) -> None:
    with within(asked.organisation):
        Round.objects.filter(pk=asked.round.pk).update(**fields)


def test_a_rater_sees_the_logo_of_who_asks(asked: Collecting, rater: Client) -> None:
    give_logo(asked.organisation)

    page = rater.get(asked.url(0)).content.decode()

    assert f'src="{asked.organisation.logo.url}"' in page
    assert rater.get(asked.organisation.logo.url).status_code == 200


def test_the_start_page_says_what_a_rater_is_promised(asked: Collecting, rater: Client) -> None:
    page = text(rater.get(asked.url(0)))
    leader = asked.request(0).subject.enrolment.leader.name

    assert f"{leader} wants to grow as a leader" in page
    assert "for their development" in page or "development, nothing else" in page
    assert "Neither sees who said what" in page
    assert "6 people are asked in this group. With fewer than 5 answers nothing of it is shown" in page
    assert "only someone who runs this installation and holds both its database and the key" in page
    assert "Wednesday 18 March, 09:30" in page  # closing time in the cohort's zone
    assert "Your way of writing" in page
    assert "About 8 minutes" in page
    assert "16 short items and 2 questions you may skip" in page
    assert asked.requests[0].rater.name in page


def test_manager_and_self_are_told_first_that_names_are_shown(asked: Collecting, rater: Client) -> None:
    manager, own = text(rater.get(asked.url(7))), text(rater.get(asked.url(8)))

    assert "will know that they are yours" in manager
    assert "Your answers are shown as yours" in own
    for page in (manager, own):
        assert "Neither sees who said what" not in page
        assert "When nobody can link answers to you" not in page


def test_looking_at_a_link_changes_nothing(asked: Collecting, rater: Client) -> None:
    """Mail scanners and link previews follow links."""
    asked.answer(1, send=False)
    places = [home(asked), asked.url(0), first_item(asked)]
    places += [asked.url(0, name) for name in ("rater_words", "rater_review", "rater_decline")]
    with CaptureQueriesContext(connection) as captured:
        for place in places:
            for visit in (rater.get, rater.head):
                assert visit(place).status_code in {200, 302}

    assert [query["sql"] for query in captured if WRITES.match(query["sql"])] == []


def test_pages_leave_no_trace_behind(asked: Collecting, rater: Client) -> None:
    for place in (home(asked), asked.url(0), first_item(asked), asked.url(0, "rater_review"), "/r/again/"):
        response = rater.get(place)
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == ("same-origin" if place == "/r/again/" else "no-referrer")
        assert "ETag" not in response
        assert "Last-Modified" not in response
    assert set(rater.cookies) <= {"csrf"}


def test_one_leader_needs_no_list(asked: Collecting, rater: Client) -> None:
    assert rater.get(home(asked)).headers["Location"] == asked.url(0)


def test_several_leaders_are_listed_with_what_is_left(asked: Collecting, rater: Client) -> None:
    other = with_second_leader(asked)
    page = rater.get(home(asked))
    assert asked.request(0).subject.enrolment.leader.name in text(page)
    assert other.subject.enrolment.leader.name in text(page)

    asked.answer(0)
    page = rater.get(home(asked))
    assert "Sent" in text(page)
    assert "Waiting for your answers" in text(page)


def with_second_leader(asked: Collecting) -> Request:
    """The first rater is asked about somebody else, too."""
    with within(asked.organisation):
        subject = make.SubjectFactory(round=asked.round, enrolment__cohort=asked.round.cohort)
        return make.RequestFactory(subject=subject, rater=asked.requests[0].rater, relation="peer", group="peers")


def test_answering_on_a_phone_without_javascript(asked: Collecting, rater: Client) -> None:
    """From the first item to the end, by the forms and links of the pages alone."""
    where = re.search(r'href="([^"]+)">\s*Start', rater.get(asked.url(0)).content.decode())[1]
    for number, item in enumerate(asked.content.items, 1):
        assert f"{number} of 16" in text(rater.get(where))
        assert item.key in where
        where = rater.post(where, {"value": str(number % 6)}).headers["Location"]
    question = asked.content.questions[0].key
    where = rater.post(where, {question: "You ask before you answer."}).headers["Location"]
    page = text(rater.get(where))
    assert "16 of 16 answered" in page
    assert "You ask before you answer." in page
    assert "This may tell who wrote it" not in page
    where = rater.post(where).headers["Location"]

    assert "Thank you, your answers are sent" in text(rater.get(where))
    assert asked.request(0).state == "answered"
    assert sheet(asked).values == {item.key: n % 6 for n, item in enumerate(asked.content.items, 1)}


def test_a_rater_goes_on_where_they_stopped(asked: Collecting, rater: Client) -> None:
    items = asked.content.items
    rater.post(first_item(asked), {"value": "3"})
    page = rater.get(asked.url(0)).content.decode()

    assert re.search(r'href="([^"]+)">\s*Go on', page)[1] == asked.url(0, "rater_item", items[1].key)
    assert f"1 of {len(items)} answered, and saved." in page
    assert re.search(r'value="3" checked', rater.get(first_item(asked)).content.decode())


def test_back_saves_too(asked: Collecting, rater: Client) -> None:
    second = asked.url(0, "rater_item", asked.content.items[1].key)
    answer = rater.post(second, {"value": "2", "back": "1"})

    assert answer.headers["Location"] == first_item(asked)
    assert sheet(asked).values == {asked.content.items[1].key: 2}


def test_next_without_an_answer_skips(asked: Collecting, rater: Client) -> None:
    answer = rater.post(first_item(asked))

    assert answer.status_code == 302
    assert sheet(asked) == Sheet()


def test_a_choice_is_saved_in_the_background(asked: Collecting, rater: Client) -> None:
    answer = rater.post(first_item(asked), {"value": "5"}, headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert sheet(asked).values == {asked.content.items[0].key: 5}


def test_an_answer_is_saved_in_three_statements(asked: Collecting, rater: Client, count_queries: Callable) -> None:
    rater.post(first_item(asked), {"value": "5"})
    statements = count_queries(lambda: rater.post(first_item(asked), {"value": "4"}))

    assert len([each for each in statements if "set_config" not in each]) == 3


@pytest.mark.parametrize("value", ["6", "-1", "x", "4.5"])
def test_a_value_that_is_no_answer_is_refused(asked: Collecting, rater: Client, value: str) -> None:
    assert rater.post(first_item(asked), {"value": value}).status_code == 422
    assert sheet(asked) == Sheet()


def test_too_long_a_comment_is_refused_and_stays_on_the_page(asked: Collecting, rater: Client) -> None:
    question = asked.content.questions[0].key
    answer = rater.post(asked.url(0, "rater_words"), {question: "long " * 400})

    assert answer.status_code == 422
    assert "long long" in text(answer)
    assert sheet(asked) == Sheet()


def test_words_that_identify_are_pointed_out_not_blocked(asked: Collecting, rater: Client) -> None:
    question = asked.content.questions[0].key
    rater.post(asked.url(0, "rater_words"), {question: "On Monday only I was there with Kari."})
    page = text(rater.get(asked.url(0, "rater_review")))

    assert "This may tell who wrote it" in page
    assert "“Monday”: a day others may remember" in page
    assert "“only I”: only one person could say that" in page
    assert "“Kari”: a name" in page
    assert rater.post(asked.url(0, "rater_review")).status_code == 302
    assert asked.request(0).state == "answered"


def test_a_double_tap_on_send_is_one_answer(asked: Collecting, rater: Client) -> None:
    rater.post(first_item(asked), {"value": "5"})
    for _tap in range(2):
        answer = rater.post(asked.url(0, "rater_review"))
        assert answer.headers["Location"] == asked.url(0)

    with within(asked.organisation):
        assert asked.staged().count() == 1


def test_back_after_sending_leads_to_the_thanks(asked: Collecting, rater: Client) -> None:
    asked.answer(0)
    for place in (first_item(asked), asked.url(0, "rater_words"), asked.url(0, "rater_review")):
        assert rater.get(place).headers["Location"] == asked.url(0)
    assert rater.post(first_item(asked), {"value": "1"}).headers["Location"] == asked.url(0)
    late = rater.post(first_item(asked), {"value": "1"}, headers={"HX-Request": "true"})

    assert late.status_code == 409
    assert "You have sent your answers" in text(late)
    assert sheet(asked).values[asked.content.items[0].key] == 4


def test_after_a_crash_the_next_visit_adds_the_mark(asked: Collecting, rater: Client) -> None:
    asked.answer(0)
    with within(asked.organisation):
        Request.objects.filter(pk=asked.requests[0].pk).update(state="asked")
    assert "Thank you" in text(rater.get(asked.url(0)))

    assert asked.request(0).state == "answered"


def test_thanks_lead_to_the_next_leader(asked: Collecting, rater: Client) -> None:
    other = with_second_leader(asked)
    asked.answer(0)
    page = rater.get(asked.url(0)).content.decode()

    assert other.subject.enrolment.leader.name in page
    assert f"/{other.pk}/" in page


def test_nothing_to_send_is_said_on_the_page(asked: Collecting, rater: Client) -> None:
    answer = rater.post(asked.url(0, "rater_review"))

    assert answer.status_code == 422
    assert "Answer something first" in text(answer)


def test_declining_deletes_what_was_answered(asked: Collecting, rater: Client) -> None:
    rater.post(first_item(asked), {"value": "5"})
    assert "does not learn that it was you" in text(rater.get(asked.url(0, "rater_decline")))
    answer = rater.post(asked.url(0, "rater_decline"))

    assert answer.status_code == 302
    assert asked.request(0).state == "declined"
    with within(asked.organisation):
        assert not asked.staged().exists()
    page = rater.get(asked.url(0))
    assert page.status_code == 410
    assert "You said that you know too little" in text(page)


def test_manager_and_self_cannot_decline(asked: Collecting, rater: Client) -> None:
    for number in (7, 8):
        assert "I know too little" not in text(rater.get(asked.url(number)))
        assert rater.post(asked.url(number, "rater_decline")).headers["Location"] == asked.url(number)
        assert asked.request(number).state == "asked"


def test_the_language_is_the_raters_and_can_be_changed(asked: Collecting, rater: Client) -> None:
    token = home(asked).split("/")[2]
    assert rater.get(first_item(asked))["Content-Language"] == "en"
    answer = rater.post(reverse("rater_language", args=[token]), {"language": "nb", "next": first_item(asked)})
    page = rater.get(answer.headers["Location"])

    assert answer.headers["Location"] == first_item(asked)
    assert page["Content-Language"] == "nb"
    assert "Nesten aldri" in text(page)
    assert set(rater.cookies) <= {"csrf"}


@pytest.mark.parametrize("field", [{"language": "xx"}, {}, {"language": "nb", "next": "https://elsewhere.example/r/"}])
def test_a_language_form_leads_nowhere_else(asked: Collecting, rater: Client, field: dict[str, str]) -> None:
    answer = rater.post(reverse("rater_language", args=[home(asked).split("/")[2]]), field)

    assert answer.headers["Location"] == home(asked)


def test_a_questionnaire_without_the_raters_language_says_so(asked: Collecting, rater: Client) -> None:
    with within(asked.organisation):
        Rater.objects.filter(pk=asked.requests[0].rater_id).update(language="nb")
        written = dict(asked.round.questionnaire.content)
        only_english = make.QuestionnaireFactory(content=written, languages=["en"])
    change(asked, questionnaire=only_english)
    page = rater.get(first_item(asked))

    assert "Hardly ever" in text(page)
    assert "engelsk" in text(page)
    assert page["Content-Language"] == "nb"


# Each way in which a link opens nothing.


@pytest.mark.parametrize("damage", ["cut", "changed", "upper", "empty"])
def test_a_damaged_link_says_what_to_do(asked: Collecting, rater: Client, damage: str) -> None:
    where = home(asked)
    where = {"cut": where[:-9] + "/", "changed": where[:-3] + "xy/", "upper": where.upper(), "empty": "/r/"}[damage]
    page = rater.get(where)

    assert page.status_code == 404
    if damage != "upper":
        assert "Part of its address is missing or changed" in text(page)
        assert "/r/again/" in page.content.decode()


def test_a_replaced_or_erased_link_opens_nothing(asked: Collecting, rater: Client) -> None:
    where = [home(asked), asked.url(0), first_item(asked)]
    with within(asked.organisation):
        Rater.objects.filter(pk=asked.requests[0].rater_id).update(link_version=2)
    for place in where:
        assert rater.get(place).status_code == 410
        assert rater.post(place).status_code == 410
    with within(asked.organisation):
        Rater.objects.filter(pk=asked.requests[1].rater_id).update(erased_at=NOW)
    assert rater.get(asked.url(1)).status_code == 410
    assert "A newer link replaced it" in text(rater.get(asked.url(1)))


def test_a_link_opens_no_request_but_its_own(asked: Collecting, rater: Client) -> None:
    mine, theirs = asked.url(0), asked.requests[1].pk
    where = mine.replace(f"/{asked.requests[0].pk}/", f"/{theirs}/")

    assert rater.get(where).status_code == 410
    assert rater.post(f"{where}item/{asked.content.items[0].key}/", {"value": "1"}).status_code == 410
    assert sheet(asked, 1) == Sheet()


def test_a_link_of_one_organisation_is_none_of_another(asked: Collecting, zenith: Organisation, rater: Client) -> None:
    mine = asked.requests[0].rater
    stray = reverse("rater_start", args=[rater_token(zenith.pk, mine.pk, mine.link_version), asked.requests[0].pk])

    assert rater.get(stray).status_code == 410


def test_after_the_closing_time_the_page_says_what_is_true(asked: Collecting, rater: Client) -> None:
    """Only once the key is destroyed does it say that nobody can link answers."""
    asked.answer(0)
    with time_machine.travel(asked.closing_time, tick=False):
        page = rater.get(asked.url(1))
        assert page.status_code == 410
        assert "are being shuffled now" in text(page)
        assert "Nobody can link" not in text(page)
        assert rater.post(first_item(asked, 1), {"value": "1"}).status_code == 410
        close_round(asked.round, asked.closing_time)
        for place in (asked.url(0), asked.url(1), first_item(asked, 1)):
            assert rater.get(place).status_code == 410
            assert "Nobody can link answers to people now" in text(rater.get(place))


@pytest.mark.parametrize(
    ("state", "status", "says"),
    [
        ("nominating", 409, "not open yet"),
        ("draft", 409, "not open yet"),
        ("closed", 410, "round is closed"),
        ("released", 410, "round is closed"),
        ("cancelled", 410, "was cancelled"),
    ],
)
def test_each_state_of_a_round_has_its_page(
    asked: Collecting, rater: Client, state: str, status: int, says: str
) -> None:
    change(asked, state=state)
    page = rater.get(asked.url(0))

    assert page.status_code == status
    assert says in text(page)


def test_who_is_not_asked_any_more_reads_so(asked: Collecting, rater: Client) -> None:
    with within(asked.organisation):
        Request.objects.filter(pk=asked.requests[0].pk).update(state="withdrawn")
    assert "You are not asked any more" in text(rater.get(asked.url(0)))
    with within(asked.organisation):
        Subject.objects.filter(pk=asked.subject.pk).update(withdrawn_at=NOW)
    assert "You are not asked any more" in text(rater.get(asked.url(1)))


def test_two_devices_lose_no_answer(asked: Collecting) -> None:
    phone, desk = Client(), Client()
    first, second = (asked.url(0, "rater_item", item.key) for item in asked.content.items[:2])
    assert phone.get(first).status_code == desk.get(first).status_code == 200
    phone.post(first, {"value": "2"})
    desk.post(second, {"value": "5"})
    desk.post(first, {"value": "4"})  # the page was opened before the phone had saved
    phone.post(second, {})

    assert sheet(asked).values == {asked.content.items[0].key: 4, asked.content.items[1].key: 5}


def test_one_rater_cannot_be_hammered(asked: Collecting, rater: Client) -> None:
    with time_machine.travel(NOW, tick=False):  # one minute of the limit
        answers = [rater.post(first_item(asked), {"value": "1"}).status_code for _try in range(121)]
        others = rater.post(first_item(asked, 1), {"value": "1"}).status_code

    assert answers == [302] * 120 + [429]
    assert others == 302


def test_a_missing_key_is_an_error_not_a_loss(asked: Collecting, rater: Client) -> None:
    destroy_key(asked.round.pk)
    page = rater.post(first_item(asked), {"value": "1"})

    assert page.status_code == 503
    assert "Nothing was saved" in text(page)


# "Send me my link again".


@pytest.fixture
def fast_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost_link, "ANSWER_SECONDS", 0)


def link_mails(asked: Collecting) -> int:
    with within(asked.organisation):
        return RaterMail.objects.filter(rater__round=asked.round, kind="link").count()


@pytest.mark.usefixtures("fast_answers")
def test_asking_again_sends_a_raters_link(asked: Collecting, rater: Client) -> None:
    address = asked.requests[0].rater.email
    rater.post("/r/again/", {"email": f"  {address.upper()} "})

    assert link_mails(asked) == 1
    with within(asked.organisation):
        mail = RaterMail.objects.get(rater=asked.requests[0].rater, kind="link")
    assert (mail.state, mail.number) == ("due", 1)


def test_what_is_no_address_is_said_beside_the_field(rater: Client) -> None:
    page = rater.post("/r/again/", {"email": "sam at work"})

    assert page.status_code == 422
    assert "sam at work" in page.content.decode()
    assert "Write a whole e-mail address" in page.content.decode()


@pytest.mark.usefixtures("fast_answers")
def test_the_answer_does_not_tell_who_is_a_rater(asked: Collecting) -> None:
    answers = []
    for address in (asked.requests[0].rater.email, "nobody@elsewhere.example"):
        rater = Client()
        answer = rater.post("/r/again/", {"email": address})
        page = rater.get(answer.headers["Location"])
        body = re.sub(r'"\w{64}"', "", page.content.decode())  # CSRF tokens
        answers.append((answer.status_code, sorted(answer.headers), answer.headers["Location"], body))

    assert answers[0] == answers[1]


def test_the_answer_takes_the_same_time_for_everybody(asked: Collecting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the work took, it answers at the same moment after it began."""
    slept = []
    monkeypatch.setattr(lost_link.time, "sleep", slept.append)
    for address in (asked.requests[0].rater.email, "nobody@elsewhere.example"):
        Client().post("/r/again/", {"email": address})

    assert len(slept) == 2
    assert all(0 < each <= lost_link.ANSWER_SECONDS for each in slept)


@pytest.mark.usefixtures("fast_answers")
def test_a_link_is_sent_again_only_now_and_then(asked: Collecting) -> None:
    address = asked.requests[0].rater.email
    for minutes in (0, 1, 11, 22, 33, 44, 55, 66):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            forgiving_cache().key_prefix += "x"  # another visitor, to the limits of the form
            Client().post("/r/again/", {"email": address})

    assert link_mails(asked) == 5


@pytest.mark.usefixtures("fast_answers")
def test_no_link_is_sent_where_nothing_is_asked(asked: Collecting, zenith: Organisation) -> None:
    other = collecting(zenith, ["team"])
    with within(asked.organisation):
        Request.objects.filter(pk=asked.requests[0].pk).update(state="declined")
        Rater.objects.filter(pk=asked.requests[1].rater_id).update(erased_at=NOW)
    for number in (0, 1):
        Client().post("/r/again/", {"email": asked.requests[number].rater.email})
    change(asked, state="closed")
    Client().post("/r/again/", {"email": asked.requests[2].rater.email})
    assert link_mails(asked) == 0

    Client().post("/r/again/", {"email": other.requests[0].rater.email})
    assert link_mails(other) == 1


def test_the_first_saved_answer_makes_one_row(asked: Collecting) -> None:
    """Two devices at the very first answer; the second waits and finds the row."""
    request = asked.request(0)
    with within(asked.organisation):
        for item in asked.content.items[:2]:
            save_answers(request=request, values={item.key: 3}, now=NOW)
        assert StagedAnswers.objects.filter(subject=asked.subject).count() == 1
