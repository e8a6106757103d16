"""The released report of a 360 round: who reads it, what it says, and what the leader does with it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import translation

from cohorts.models import Membership
from cohorts.tenancy.wall import within
from feedback360.models import Result, Round, Subject
from feedback360.results.actions.release import release_round
from feedback360.statistics.calibration import measured
from feedback360.visibility import Release
from goals.models import Focus
from tests import factories as make
from tests.cast import Cast
from tests.feedback360 import answered
from tests.times import NOW

pytestmark = pytest.mark.django_db

TEAM = {
    "encouraging": [2, 3, 3, 4, 3, 2, 4, 3, 4],
    "clear": [3, 3, 4, 3, 2, 4, 3, 3, 4],
    "understanding": [4, 4, 5, 3, 4, 4, 3, 4, 4],
    "goal_minded": [4, 3, 4, 4, 3, 4, 3, 4, 4],
    "enthusiastic": [4] * 9,
    "quality_minded": [4, 4, 5, 4, 4, 3, 4, 4, 4],
    "initiative": [4, 5, 4, 4, 4, 5, 3, 4, 4],
}
OWN = {"encouraging": [5], "clear": [4], "enthusiastic": [4], "quality_minded": [3], "initiative": [3]}
LATER = {
    name: NOW + timedelta(days=days)
    for name, days in (
        ("nominates_at", 60),
        ("opens_at", 70),
        ("reminds_at", 77),
        ("closes_at", 80),
        ("releases_at", 81),
    )
}


@pytest.fixture
def subject(cast: Cast) -> Subject:
    """Ada's: her team and her manager answered, too few peers did."""
    with within(cast.acme):
        round_ = answered.closed_round(cast.enrolment(cast.ada).cohort)
        ada = answered.subject_of(round_, cast.enrolment(cast.ada))
        answered.answer(ada, "team", answered.raters("team", TEAM), asked=11)
        answered.answer(ada, "peers", answered.anybody("peers", 3), asked=4)
        answered.answer(ada, "manager", answered.anybody("manager", 1))
        answered.answer(ada, "self", answered.raters("self", OWN))
        answered.comment(ada, "team", "keep", [f"team said {n}" for n in range(5)])
        answered.comment(ada, "peers", "keep", ["peers said this"], first=6)
    release_round(round_, now=NOW)
    return ada


@pytest.fixture
def shown(cast: Cast, client_for: Callable, subject: Subject) -> Callable[..., str]:
    def shown(member: Membership, route: str = "result", pk: int | None = None) -> str:
        client = client_for(member)
        response = client.get(client.url(route, pk or subject.pk))
        assert response.status_code == 200, response.status_code
        return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())

    return shown


@pytest.mark.parametrize(
    ("person", "status"),
    [("ada", 200), ("sol", 200), ("bo", 404), ("max", 404), ("hana", 403), ("olav", 403)],
)
def test_leader_and_sponsor_read_a_released_report(
    cast: Cast, client_for: Callable, subject: Subject, person: str, status: int
) -> None:
    client = client_for(getattr(cast, person))

    assert client.get(client.url("result", subject.pk)).status_code == status


@pytest.mark.parametrize("state", ["collecting", "closed", "cancelled"])
def test_nobody_reads_a_report_before_release(cast: Cast, client_for: Callable, subject: Subject, state: str) -> None:
    with within(cast.acme):
        Round.objects.filter(pk=subject.round_id).update(state=state)
    for person in (cast.ada, cast.sol):
        client = client_for(person)
        assert client.get(client.url("result", subject.pk)).status_code == 409


def test_a_former_sponsor_reads_the_report_no_longer(cast: Cast, client_for: Callable, subject: Subject) -> None:
    with within(cast.acme):
        subject.enrolment.sponsor = cast.max
        subject.enrolment.save()
    statuses = [
        client.get(client.url("result", subject.pk)).status_code for client in map(client_for, (cast.sol, cast.max))
    ]

    assert statuses == [404, 200]


def test_a_report_says_who_answered_and_what_is_left_out(cast: Cast, shown: Callable[..., str]) -> None:
    page = shown(cast.ada)

    assert "Your team 9 of 11" in page
    assert "Sol Acme, your manager answered" in page
    assert "Your peers left out Fewer than 5 answered, so nobody’s answers can be guessed." in page
    assert "peers said this" not in page
    assert "Comments on 1 question left out" in page


def test_a_report_says_how_far_its_raters_can_be_trusted(cast: Cast, shown: Callable[..., str]) -> None:
    page = shown(cast.ada)

    assert "Your team 9 of 11 Reliability: fair, 68%." in page
    assert "Fewer than six in ten" not in page


def test_a_report_of_few_responses_cannot_speak_for_all(cast: Cast, client_for: Callable) -> None:
    with within(cast.acme):
        round_ = answered.closed_round(cast.enrolment(cast.bo).cohort)
        bo = answered.subject_of(round_, cast.enrolment(cast.bo))
        answered.answer(bo, "team", answered.anybody("team", 5), asked=9)
    release_round(round_, now=NOW)
    client = client_for(cast.bo)

    assert "Fewer than six in ten answered" in client.get(client.url("result", bo.pk)).content.decode()


def test_a_report_begins_with_the_widest_differences(cast: Cast, shown: Callable[..., str]) -> None:
    page = shown(cast.ada)

    assert "Taking initiative : your team sees this more often than you do, 4.1 against your 3.0." in page
    assert "Encouraging : your team sees this less often than you do, 3.1 against your 5.0." in page
    assert page.index("Who answered") < page.index("Taking initiative") < page.index("Strengths and blind spots")


def test_rows_of_the_plot_are_sorted_by_difference(cast: Cast, shown: Callable[..., str]) -> None:
    page = shown(cast.ada)
    plot = page[page.index("You and your team differ most here: Encouraging, Taking initiative") :]

    said = ["You 1.9 higher", "You 0.8 higher", "About the same", "You 1.0 lower", "You 1.1 lower"]
    assert [plot.index(words) for words in said] == sorted(plot.index(words) for words in said)


def test_comments_stand_in_their_shuffled_order(cast: Cast, shown: Callable[..., str]) -> None:
    page = shown(cast.ada)
    places = [page.index(f"team said {n}") for n in range(5)]

    assert places == sorted(places)


def test_a_report_is_the_same_on_every_later_view(cast: Cast, client_for: Callable, subject: Subject) -> None:
    """Headers, too. Only the masked token of the forms differs."""
    client = client_for(cast.sol)
    answers = [client.get(client.url("result", subject.pk)) for _visit in range(2)]
    with within(cast.acme):
        subject.enrolment.leader.left_at = NOW
        make.AnswerFactory(subject=subject, item=answered.ITEMS[0].key, value=1)
    answers.append(client.get(client.url("result", subject.pk)))
    bodies = [re.sub(rb'"[0-9A-Za-z]{64}"', b"TOKEN", answer.content) for answer in answers]
    headers = [{**answer.headers, "Content-Length": ""} for answer in answers]

    assert bodies == [bodies[0]] * 3
    assert headers == [headers[0]] * 3


def test_the_report_page_asks_at_most_twelve_queries(
    cast: Cast, client_for: Callable, subject: Subject, count_queries: Callable
) -> None:
    for person in (cast.ada, cast.sol):
        client = client_for(person)
        assert len(count_queries(lambda c=client: c.get(c.url("result", subject.pk)))) <= 12


def test_a_report_is_read_in_norwegian(cast: Cast, shown: Callable[..., str]) -> None:
    cast.ada.person.language = "nb"
    cast.ada.person.save()
    page = shown(cast.ada)

    assert "Teamet ditt 9 av 11" in page
    assert "4,1 mot 3,0 hos deg" in page
    assert translation.get_language() == "en"


def test_a_leader_with_too_few_raters_reads_why(cast: Cast, client_for: Callable) -> None:
    with within(cast.acme):
        round_ = answered.closed_round(cast.enrolment(cast.bo).cohort)
        bo = answered.subject_of(round_, cast.enrolment(cast.bo))
        answered.answer(bo, "team", answered.anybody("team", 4), asked=9)
    release_round(round_, now=NOW)
    client = client_for(cast.bo)
    page = client.get(client.url("result", bo.pk)).content.decode()

    assert "Too few answered to show anything this time." in page
    assert "9" not in re.findall(r"\bof (\d+)\b", page)
    assert page.count("left out") >= 1


def test_leader_and_sponsor_find_the_report(cast: Cast, client_for: Callable, subject: Subject) -> None:
    for person, route, keys in ((cast.ada, "feedback", ()), (cast.sol, "leader", (subject.enrolment_id,))):
        client = client_for(person)
        assert f'href="{client.url("result", subject.pk)}"' in client.get(client.url(route, *keys)).content.decode()


# From the report to Monday


def sent(cast: Cast, **fields: object) -> dict[str, object]:
    return {
        "strength": "initiative",
        "strength_cue": "somebody has an idea",
        "strength_response": "ask when we try it",
        "growth": "encouraging",
        "growth_cue": "the queue has been red for long",
        "growth_response": "tell two people what they do well",
        "reader_id": cast.sol.pk,
        **fields,
    }


def plans_of(cast: Cast) -> list[tuple[str, str]]:
    with within(cast.acme):
        current = Focus.objects.current().filter(enrolment=cast.enrolment(cast.ada))
        return list(current.values_list("behaviour", "cue"))


def test_two_taps_make_two_focuses(cast: Cast, client_for: Callable, subject: Subject) -> None:
    """The first tap is the button of the report, the second saves the plans as they stand."""
    client = client_for(cast.ada)
    report = client.get(client.url("result", subject.pk)).content.decode()
    address = client.url("result_focuses", subject.pk)
    assert f'action="{address}"' in report
    checked = dict(re.findall(r'name="(strength|growth)" value="(\w+)" checked', report))
    assert checked == {"strength": "initiative", "growth": "encouraging"}

    page = client.get(address, checked)
    form = page.context["form"]
    assert len(form.initial["archive"]) == 2  # Ada has two others, and the page says that they make room
    response = client.post(address, sent(cast, archive=form.initial["archive"]))

    assert response.status_code == 302
    assert plans_of(cast) == [
        ("initiative", "somebody has an idea"),
        ("encouraging", "the queue has been red for long"),
    ]
    with within(cast.acme):
        subject.refresh_from_db()
        enrolment = cast.enrolment(cast.ada)
        enrolment.refresh_from_db()
        assert (subject.strength, subject.growth) == ("initiative", "encouraging")
        assert enrolment.chosen_behaviours == ["encouraging", "initiative"]
    after = client.get(client.url("result", subject.pk)).content.decode()
    assert "When the queue has been red for long, I will tell two people what they do well." in after


def test_saving_twice_makes_the_same_two_focuses(cast: Cast, client_for: Callable, subject: Subject) -> None:
    client = client_for(cast.ada)
    with within(cast.acme):
        current = list(Focus.objects.current().filter(enrolment=cast.enrolment(cast.ada)).values_list("pk", flat=True))
    for _tap in range(2):
        client.post(client.url("result_focuses", subject.pk), sent(cast, archive=current))

    assert len(plans_of(cast)) == 2


def test_a_focus_the_page_did_not_name_is_not_archived(cast: Cast, client_for: Callable, subject: Subject) -> None:
    before = plans_of(cast)
    client = client_for(cast.ada)
    response = client.post(client.url("result_focuses", subject.pk), sent(cast))

    assert response.status_code == 409
    assert plans_of(cast) == before


def test_a_focus_on_a_chosen_behaviour_goes_on(cast: Cast, client_for: Callable, subject: Subject) -> None:
    client = client_for(cast.ada)
    address = client.url("result_focuses", subject.pk)
    page = client.get(address, {"strength": "clear", "growth": "encouraging"})

    assert "You have a plan for it already" in page.content.decode()
    assert set(page.context["form"].fields) >= {"growth_cue", "growth_response"}
    assert "strength_cue" not in page.context["form"].fields


def test_the_same_behaviour_twice_is_no_choice(cast: Cast, client_for: Callable, subject: Subject) -> None:
    client = client_for(cast.ada)
    page = client.get(client.url("result_focuses", subject.pk), {"strength": "clear", "growth": "clear"}, follow=True)

    assert "Choose two different behaviours" in page.content.decode()


def test_only_the_leader_chooses(cast: Cast, client_for: Callable, subject: Subject) -> None:
    with within(cast.acme):
        cast.sol.roles = ["sponsor", "leader"]
        cast.sol.save()
    client = client_for(cast.sol)

    assert client.post(client.url("result_focuses", subject.pk), sent(cast)).status_code == 403
    assert b"Make these my focuses" not in client.get(client.url("result", subject.pk)).content


def test_a_choice_stands_once_the_next_round_has_opened(cast: Cast, client_for: Callable, subject: Subject) -> None:
    with within(cast.acme):
        later = make.RoundFactory(cohort=subject.round.cohort, key="later", state="nominating", **LATER)
        make.SubjectFactory(round=later, enrolment=cast.enrolment(cast.ada))
        archived = list(cast.enrolment(cast.ada).focuses.values_list("pk", flat=True))
    client = client_for(cast.ada)
    address = client.url("result_focuses", subject.pk)
    assert client.post(address, sent(cast, archive=archived)).status_code == 302
    with within(cast.acme):
        Round.objects.filter(pk=later.pk).update(state="collecting")

    swapped = {"strength": "encouraging", "growth": "initiative"}  # both have their focus: nothing else is in the way
    assert client.post(address, swapped).status_code == 409
    with within(cast.acme):
        subject.refresh_from_db()
        assert subject.growth == "encouraging"


def test_a_managers_view_is_not_thanked_for_as_the_teams(cast: Cast, client_for: Callable) -> None:
    with within(cast.acme):
        round_ = answered.closed_round(cast.enrolment(cast.bo).cohort)
        bo = answered.subject_of(round_, cast.enrolment(cast.bo))
        answered.answer(bo, "team", answered.anybody("team", 3), asked=9)
        answered.answer(bo, "manager", answered.anybody("manager", 1))
        answered.comment(bo, "manager", "keep", ["Said by name."])
    release_round(round_, now=NOW)
    client = client_for(cast.bo)
    page = client.get(client.url("result", bo.pk)).content.decode()

    assert "Thank you for answering about how I lead" in page
    assert "You tell me that this helps you" not in page
    assert "Said by name." in page
    assert "Shuffled for each question" not in page


def test_nobody_is_thanked_where_nobody_was_asked(cast: Cast, client_for: Callable) -> None:
    with within(cast.acme):
        round_ = answered.closed_round(cast.enrolment(cast.bo).cohort)
        bo = answered.subject_of(round_, cast.enrolment(cast.bo))
        answered.answer(bo, "manager", answered.anybody("manager", 1))
    release_round(round_, now=NOW)
    client = client_for(cast.bo)

    assert "Thank your team" not in client.get(client.url("result", bo.pk)).content.decode()


def test_the_thanks_say_what_the_leader_heard_and_chose(
    cast: Cast, shown: Callable[..., str], subject: Subject
) -> None:
    assert "You tell me that this helps you: Taking initiative." in shown(cast.ada)
    assert "This is what I will work on" not in shown(cast.ada)
    with within(cast.acme):
        subject.strength, subject.growth = "quality_minded", "encouraging"
        subject.save()
    page = shown(cast.ada)

    assert "You tell me that this helps you: Quality-minded." in page
    assert "This is what I will work on: Encouraging." in page
    assert "Thank you for answering" not in shown(cast.sol)


def test_the_page_says_what_the_release_says(cast: Cast, shown: Callable[..., str], subject: Subject) -> None:
    """Every value of the team that is released stands on the page, in the table of items."""
    with within(cast.acme):
        release = Release.from_bytes(bytes(Result.objects.get(subject=subject).content))
    page = shown(cast.ada)
    for cell in release.cells:
        if cell.kind == "item" and cell.group == "team" and cell.value is not None:
            assert f"{cell.value:.1f} n {cell.n}" in page


def test_the_method_page_prints_what_was_measured(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.hana)
    page = client.get(client.url("result_method"))
    rows = page.context["rows"]
    false = [row for row in rows if row.figure == "Says “more than last time” where nothing rose"]

    assert f"Measured on {measured().runs} simulated rounds" in page.content.decode()
    assert len(false) >= 3
    assert all(share <= 5 for row in false for share in row.shares)
