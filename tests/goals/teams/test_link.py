"""A team's link: what opens, for whom, what is answered, and what is never shown back."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cohorts.mail.signed_links import BadLink, nudge_token
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from goals.models import Objective, ObjectiveVoice, Team, TeamLink, TeamMember
from goals.teams.actions.links import close_link, make_link, reopen_link
from goals.teams.actions.voices import MAX_VOICES, answer_by_link, mark_answered, mark_open
from goals.teams.link_tokens import read_team, team_token
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

XSS = "<script>alert(1)</script>"


@pytest.fixture
def team(cast: Cast) -> Iterator[Team]:
    with within(cast.acme):
        yield Team.objects.select_related("leader").get(leader=cast.ada)


@pytest.fixture
def link(team: Team) -> TeamLink:
    return TeamLink.objects.select_related("team__leader").get(team=team)


@pytest.fixture
def visitor(clock: time_machine.Traveller) -> Client:
    """A member on a phone: no account, no cookie."""
    return Client(HTTP_HOST="127.0.0.1")


def page_of(link: TeamLink, *member: TeamMember) -> str:
    name = "shown_member" if member else "shown_team"
    return reverse(name, args=[team_token(link), *(each.pk for each in member)], urlconf="programme.urls")


def parts_of(team: Team) -> tuple[TeamMember, Objective]:
    return team.members.get(), Objective.objects.get(team=team)


def say(link: TeamLink, **changes: object) -> ObjectiveVoice:
    member, objective = parts_of(link.team)
    said = {"member": member, "objective": objective, "kind": "question", "words": "From when?", "now": NOW}
    return answer_by_link(link=link, **said | changes)


def test_the_link_opens_charter_and_objectives_without_signing_in(link: TeamLink, visitor: Client) -> None:
    page = visitor.get(page_of(link)).content.decode()

    for shown in ("purpose", "part", "member"):
        assert f"acme bait of ada {shown}" in page
    assert Objective.objects.get(team=link.team).outcome in page
    assert f"Leads to: {Objective.objects.get(team=link.team).parent}" in page


def test_an_objective_measured_by_a_kpi_says_its_aim(link: TeamLink, team: Team, cast: Cast, visitor: Client) -> None:
    kpi = make.KpiFactory(name="Solved at once")
    make.ObjectiveFactory(place="team", team=team, kpi=kpi, measure="", target=74, course="up", written_by=cast.ada)

    assert "Solved at once: aim 74" in visitor.get(page_of(link)).content.decode()


def test_nobodys_answers_are_shown_by_the_link(link: TeamLink, team: Team, visitor: Client) -> None:
    member, objective = parts_of(team)
    with within(team.organisation_id):
        say(link, words="my own secret question")
    for where in (page_of(link), page_of(link, member), f"{page_of(link, member)}?said={objective.pk}"):
        page = visitor.get(where).content.decode()
        assert "bait of ada words" not in page
        assert "secret" not in page

    sent = {"objective": objective.pk, "kind": "question", "words": "another secret"}
    answers = [visitor.post(page_of(link, member), sent, headers=htmx) for htmx in ({}, {"HX-Request": "true"})]

    assert [answer.status_code for answer in answers] == [302, 200]
    assert "secret" not in visitor.get(answers[0].url).content.decode() + answers[1].content.decode()


def test_no_search_engine_proxy_or_other_site_learns_the_link(link: TeamLink, team: Team, visitor: Client) -> None:
    member, _objective = parts_of(team)
    TeamLink.objects.filter(pk=link.pk).update(closed_at=None)
    damaged = page_of(link).replace("/l/", "/l/x")
    for where in (page_of(link), page_of(link, member), damaged):
        answer = visitor.get(where)
        assert answer["X-Robots-Tag"] == "noindex"
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"expires_at": NOW}, "opens for some days only"),
        ({"closed_at": NOW - timedelta(minutes=1)}, "Your leader closed it"),
    ],
)
def test_a_dead_link_says_why_and_takes_no_answer(
    change: dict[str, object], sentence: str, link: TeamLink, team: Team, visitor: Client
) -> None:
    member, objective = parts_of(team)
    TeamLink.objects.filter(pk=link.pk).update(**change)
    before = ObjectiveVoice.objects.count()

    seen = visitor.get(page_of(link))
    sent = visitor.post(page_of(link, member), {"objective": objective.pk, "kind": "seen"})

    assert (seen.status_code, sent.status_code) == (410, 410)
    assert sentence in seen.content.decode()
    assert "Sign in" not in seen.content.decode()
    assert ObjectiveVoice.objects.count() == before


def test_the_link_of_a_leader_who_left_opens_nothing(link: TeamLink, team: Team, cast: Cast, visitor: Client) -> None:
    cast.ada.left_at = NOW
    cast.ada.save(update_fields=["left_at"])

    assert visitor.get(page_of(link)).status_code == 410


def test_an_altered_token_opens_nothing(link: TeamLink, cast: Cast, visitor: Client) -> None:
    token = team_token(link)
    with within(cast.zenith):
        foreign = TeamLink.objects.get()
    body, signature = token.split(".")
    other = f"{foreign.organisation_id}-{foreign.pk}.{signature}"
    mixed = f"{link.organisation_id}-{foreign.pk}.{signature}"
    for bad in (token[:-1], token.upper(), f"{body}.", body, other, mixed, "%00", nudge_token(1, link.pk, TODAY, 1)):
        assert visitor.get(f"/l/{bad}/").status_code == 404, bad
        with pytest.raises(BadLink):
            read_team(bad)


def test_a_signed_token_of_one_organisation_opens_no_row_of_another(
    link: TeamLink, cast: Cast, visitor: Client
) -> None:
    with within(cast.zenith):
        foreign = TeamLink.objects.get()
    foreign.organisation_id = cast.acme.pk  # signed by us, as only a fault of ours could
    assert visitor.get(page_of(foreign)).status_code == 410


def test_another_organisations_link_shows_and_takes_only_its_own(
    link: TeamLink, team: Team, cast: Cast, visitor: Client
) -> None:
    member, objective = parts_of(team)
    before = ObjectiveVoice.objects.count()
    with within(cast.zenith):
        foreign = TeamLink.objects.get()
        theirs = foreign.team.members.get()

    assert "acme" not in visitor.get(page_of(foreign)).content.decode()
    assert visitor.get(page_of(foreign, member)).status_code == 404
    sent = visitor.post(page_of(foreign, theirs), {"objective": objective.pk, "kind": "seen"})

    assert sent.status_code == 404
    assert ObjectiveVoice.objects.count() == before


def test_a_member_of_another_team_is_not_in_this_one(link: TeamLink, team: Team, cast: Cast, visitor: Client) -> None:
    _member, objective = parts_of(team)
    stranger = TeamMember.objects.get(team__leader=cast.bo)
    theirs = Objective.objects.get(team__leader=cast.bo)
    before = ObjectiveVoice.objects.count()

    assert visitor.get(page_of(link, stranger)).status_code == 404
    sent = visitor.post(page_of(link, stranger), {"objective": objective.pk, "kind": "seen"})
    assert sent.status_code == 404
    with pytest.raises(NotNow, match="not in the team"):
        say(link, member=stranger)
    with pytest.raises(NotNow, match="not shown to the team"):
        say(link, objective=theirs)

    assert ObjectiveVoice.objects.count() == before


@pytest.mark.parametrize("state", ["draft", "done", "let_go"])
def test_only_what_is_shown_or_agreed_is_seen_and_answered(
    state: str, link: TeamLink, team: Team, cast: Cast, visitor: Client
) -> None:
    member, _objective = parts_of(team)
    ended = {"let_go_reason": "No time", "ended_on": TODAY} if state == "let_go" else {}
    hidden = make.ObjectiveFactory(
        place="team", team=team, outcome="still hidden", written_by=cast.ada, state=state, **ended
    )

    assert "still hidden" not in visitor.get(page_of(link, member)).content.decode()
    sent = visitor.post(page_of(link, member), {"objective": hidden.pk, "kind": "seen"})

    assert sent.status_code == 409
    assert "not shown to the team" in sent.content.decode()
    assert sent["Referrer-Policy"] == "no-referrer"
    assert not hidden.voices.exists()


def test_an_answer_is_one_however_often_it_arrives(link: TeamLink) -> None:
    first, again, other = say(link), say(link, words="  From \n when? "), say(link, words="Why?")

    assert first == again
    assert first != other
    assert (first.kind, first.by_link, first.answered_at) == ("question", True, None)


def test_a_question_needs_words_and_seen_has_none(link: TeamLink) -> None:
    for kind in ("question", "wrong"):
        with pytest.raises(Invalid):
            say(link, kind=kind, words="  ")
    with pytest.raises(Invalid):
        say(link, words="x" * 281)
    with pytest.raises(Invalid):
        say(link, kind="accepted")

    assert say(link, kind="seen", words="left over").words == ""


def test_a_question_without_words_is_refused_beside_its_box(link: TeamLink, team: Team, visitor: Client) -> None:
    member, objective = parts_of(team)
    sent = {"objective": objective.pk, "kind": "wrong", "words": ""}

    for headers in ({}, {"HX-Request": "true"}):
        answer = visitor.post(page_of(link, member), sent, headers=headers)
        assert answer.status_code == 422
        assert f'id="error-wrong-{objective.pk}"' in answer.content.decode()
        assert f'id="error-question-{objective.pk}"' not in answer.content.decode()


def test_a_closed_link_takes_no_answer_of_a_page_still_open(link: TeamLink, team: Team, cast: Cast) -> None:
    close_link(team=team, by=cast.ada, now=NOW)

    with pytest.raises(NotNow, match="does not open any more"):
        say(link)


def test_answers_of_one_member_to_one_objective_have_an_end(link: TeamLink) -> None:
    for number in range(MAX_VOICES - 1):  # one is there from the start
        say(link, words=f"Question {number}")

    with pytest.raises(NotNow, match="Talk with your leader"):
        say(link, words="One more")


def test_a_flood_by_one_link_is_stopped(link: TeamLink, team: Team, visitor: Client) -> None:
    member, objective = parts_of(team)
    where, sent = page_of(link, member), {"objective": objective.pk, "kind": "seen"}

    statuses = [visitor.post(where, sent).status_code for _ in range(125)]

    assert statuses[:120] == [302] * 120
    assert set(statuses[120:]) == {429}


def test_the_leader_pages_through_a_thousand_answers(
    link: TeamLink, team: Team, cast: Cast, client_for: Callable, count_queries: Callable
) -> None:
    objective = Objective.objects.get(team=team)
    members = [make.TeamMemberFactory(team=team, name=f"M{number}") for number in range(39)]
    ObjectiveVoice.objects.bulk_create(
        ObjectiveVoice(
            objective=objective,
            member=members[number % 39],
            kind="question",
            words=f"Question {number}",
            by_link=True,
            at=NOW + timedelta(seconds=number),
        )
        for number in range(1000)
    )
    client, pages = client_for(cast.ada), []

    for name in ("team_voices", "charter"):
        statements = count_queries(lambda name=name: pages.append(client.get(client.url(name)).content.decode()))
        assert len(statements) <= 12

    assert len(re.findall(r"Question \d+", pages[0])) == 25
    assert "Question 999" in pages[0]
    assert "1,001 questions wait" in pages[1] or "1001 questions wait" in pages[1]


def test_names_and_words_are_shown_as_typed(
    link: TeamLink, team: Team, cast: Cast, client_for: Callable, visitor: Client
) -> None:
    member, _objective = parts_of(team)
    TeamMember.objects.filter(pk=member.pk).update(name=XSS)
    say(link, words=f"why {XSS}")
    client = client_for(cast.ada)
    seen = [visitor.get(page_of(link)), visitor.get(page_of(link, member)), client.get(client.url("team_voices"))]

    for answer in seen:
        assert XSS not in answer.content.decode()
        assert "&lt;script&gt;" in answer.content.decode()


def test_a_new_link_closes_the_one_before(link: TeamLink, team: Team, cast: Cast, visitor: Client) -> None:
    new = make_link(team=team, days=3, by=cast.ada, now=NOW)

    assert visitor.get(page_of(link)).status_code == 410
    assert visitor.get(page_of(new)).status_code == 200
    assert new.expires_at == NOW + timedelta(days=3)


def test_closing_can_be_undone_until_the_link_expires(link: TeamLink, team: Team, cast: Cast, visitor: Client) -> None:
    close_link(team=team, by=cast.ada, now=NOW)
    assert visitor.get(page_of(link)).status_code == 410
    reopen_link(team=team, by=cast.ada, now=NOW)
    assert visitor.get(page_of(link)).status_code == 200

    with pytest.raises(NotNow):
        reopen_link(team=team, by=cast.ada, now=link.expires_at)


def test_only_the_leader_makes_closes_and_reopens_the_link(team: Team, cast: Cast) -> None:
    for other in (cast.sol, cast.hana, cast.bo):
        with pytest.raises(NotYours):
            make_link(team=team, days=3, by=other, now=NOW)
        with pytest.raises(NotYours):
            close_link(team=team, by=other, now=NOW)
        with pytest.raises(NotYours):
            reopen_link(team=team, by=other, now=NOW)


@pytest.mark.parametrize("days", [0, 61, -1])
def test_a_link_opens_between_one_and_sixty_days(days: int, team: Team, cast: Cast) -> None:
    with pytest.raises(Invalid):
        make_link(team=team, days=days, by=cast.ada, now=NOW)


def test_only_the_leader_marks_a_question_as_answered(link: TeamLink, cast: Cast) -> None:
    voice = say(link)
    for other in (cast.sol, cast.hana, cast.bo):
        with pytest.raises(NotYours):
            mark_answered(voice=voice, by=other, now=NOW)
        with pytest.raises(NotYours):
            mark_open(voice=voice, by=other)


def test_a_mark_can_be_undone(link: TeamLink, cast: Cast, client_for: Callable) -> None:
    voice, client = say(link), client_for(cast.ada)

    marked = client.post(client.url("team_voice_answering", voice.pk), follow=True).content.decode()
    voice.refresh_from_db()
    assert voice.answered_at is not None
    assert "From when?" not in marked
    assert client.url("team_voice_return", voice.pk) in marked  # Undo
    assert "From when?" in client.get(client.url("team_voices") + "?show=all").content.decode()

    client.post(client.url("team_voice_return", voice.pk))
    voice.refresh_from_db()
    assert voice.answered_at is None


def test_the_page_is_in_the_language_the_reader_chose(link: TeamLink, visitor: Client) -> None:
    where = page_of(link)
    assert 'lang="en"' in visitor.get(where).content.decode()

    answer = visitor.post(
        reverse("shown_language", args=[team_token(link)], urlconf="programme.urls"), {"language": "nb"}
    )

    assert answer.url == where
    assert '<html lang="nb"' in visitor.get(where).content.decode()
    assert visitor.get(where)["Content-Language"] == "nb"


def test_what_the_link_shows_asks_as_much_for_thirty_names_as_for_one(
    link: TeamLink, team: Team, visitor: Client, same_queries_at_1_and_30: Callable
) -> None:
    objective = Objective.objects.get(team=team)

    def add(number: int) -> None:
        make.ObjectivePartFactory(objective=objective, member=make.TeamMemberFactory(team=team, name=f"M{number}"))

    assert same_queries_at_1_and_30(lambda: visitor.get(page_of(link)), add) <= 12
