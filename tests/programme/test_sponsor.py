"""The sponsor's pages: their own leaders, what was shared, and nothing that was not."""

from datetime import timedelta

import pytest

from cohorts.enrolment.roster import roster_of
from cohorts.models import Cohort, Enrolment, MilestoneDate
from cohorts.tenancy.wall import within
from goals.models import Practice, Reflection
from programme.sponsor.overview import overview_of
from tests import factories as make
from tests.plain_dates import with_plain_dates
from tests.programme.ninety_days import LINE, SECRET, SHARED, walk
from tests.times import NOW, TODAY


@pytest.fixture
def sol(cast, client_for):
    return client_for(cast.sol)


def words(answer) -> str:
    return with_plain_dates(answer)


def test_home_shows_the_week_and_what_is_shared(cast, sol):
    page = words(sol.get(sol.url("sponsor_home")))

    for part in ("1 leader, day 10 of 90", "Week 2: ask (en)", "acme bait sponsor"):
        assert part in page
    assert "Bjørnstjerne" not in page


def test_the_list_shows_own_leaders_with_day_and_practice(cast, sol):
    page = words(sol.get(sol.url("all_leaders")))

    for part in ("Ada Acme", "Day 10 of 90", "last log Monday 9 March", "Well"):
        assert part in page
    assert "Bjørnstjerne" not in page


def test_the_step_is_in_the_readers_language(cast, sol):
    cast.sol.person.language = "nb"
    cast.sol.person.save()

    assert "Week 2: ask (nb)" in words(sol.get(sol.url("sponsor_home")))


def test_a_leader_page_shows_what_was_shared_and_never_the_rest(cast, sol):
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        walk(enrolment, days=10, reflections=8)

    page = words(sol.get(sol.url("leader", enrolment.pk)))

    assert SHARED in page
    assert SECRET not in page
    assert LINE not in page
    assert "ask what the customer wanted" in page


def test_every_shared_reflection_can_be_thanked_for_and_unread_stand_on_top(cast, sol, client_for):
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        Reflection.objects.all().delete()
        for number in range(3):
            make_shared(enrolment, f"Sentence {number}.", on=TODAY - timedelta(days=number))
        newest = Reflection.objects.get(learned="Sentence 0.")

    before = words(sol.get(sol.url("leader", enrolment.pk)))
    thanked = sol.post(f"{sol.url('thanks', newest.pk)}?from=leader")

    assert before.count("Thanks, I read it") == 3
    assert before.index("private reflections are for the leader only") < before.index("Practice rate")
    assert thanked.headers["Location"] == f"{sol.url('leader', enrolment.pk)}#reflection-{newest.pk}"
    for page in (words(sol.get(sol.url("leader", enrolment.pk))), words(sol.get(sol.url("sponsor_home")))):
        assert [page.index(f"Sentence {number}.") for number in (1, 2, 0)] == sorted(
            page.index(f"Sentence {number}.") for number in range(3)
        )
        assert "You thanked Ada" in page
    ada = client_for(cast.ada)
    for name in ("reflections", "reflection"):
        assert "Sol Acme read it and says thank you" in words(
            ada.get(ada.url(name, *([newest.pk] if name == "reflection" else [])))
        )


def make_shared(enrolment, learned: str, on) -> None:
    at = NOW - (TODAY - on)
    make.ReflectionFactory(enrolment=enrolment, audience="sponsor", learned=learned, on=on, written_at=at)


def test_a_sponsor_sees_the_status_an_admin_sees(cast, sol):
    with within(cast.acme):
        another_leader(cast, "Zz Quiet", last_practice_on=TODAY - timedelta(days=9))
        away = another_leader(cast, "Zz Away")
        make.PauseFactory(enrolment=away, starts_on=TODAY - timedelta(days=1), ends_on=TODAY + timedelta(days=1))
        another_leader(cast, "Zz Later", day1_on=TODAY + timedelta(days=5))
        lines = roster_of(cast.enrolment(cast.ada).cohort, cast.acme, NOW)

    answer = sol.get(sol.url("all_leaders"))

    shown = {row.line.name: str(row.status) for row in answer.context["rows"]}
    assert shown == {line.name: str(line.status) for line in lines if line.name in shown}
    assert set(shown) == {"Ada Acme", "Zz Quiet", "Zz Away", "Zz Later"}
    assert len(set(shown.values())) == 4


def test_the_list_of_leaders_is_filtered_by_status(cast, sol):
    with within(cast.acme):
        for number in range(5):
            another_leader(cast, f"Zz Quiet {number}", last_practice_on=TODAY - timedelta(days=9))

    page = words(sol.get(f"{sol.url('all_leaders')}?status=quiet"))

    assert ("Zz Quiet 0" in page, "Ada Acme" in page) == (True, False)
    assert 'href="?status=quiet"' in page


def test_the_list_of_leaders_asks_no_more_queries_for_more(cast, sol, same_queries_at_1_and_30):
    def add(number: int) -> None:
        with within(cast.acme):
            another_leader(cast, f"Zz {number}")

    assert same_queries_at_1_and_30(lambda: sol.get(sol.url("all_leaders")), add) <= 12


def test_home_never_shows_what_is_private(cast, sol):
    with within(cast.acme):
        walk(cast.enrolment(cast.ada), days=10, reflections=8)

    page = words(sol.get(sol.url("sponsor_home")))

    assert SHARED in page
    assert SECRET not in page
    assert LINE not in page


def test_what_is_made_private_again_is_gone(cast, sol):
    with within(cast.acme):
        Reflection.objects.update(audience="private")

    for url in (sol.url("sponsor_home"), sol.url("leader", cast.enrolment(cast.ada).pk)):
        assert "acme bait sponsor" not in words(sol.get(url))


def test_a_leaders_page_lists_their_goals_without_drafts(cast, sol):
    page = words(sol.get(sol.url("leader", cast.enrolment(cast.ada).pk)))

    assert "acme bait of ada goal" in page
    assert "acme bait of ada draft goal" not in page


@pytest.mark.parametrize("name", ["bo", "pat"])
def test_another_sponsors_leader_is_404(cast, sol, name):
    assert sol.get(sol.url("leader", cast.enrolment(getattr(cast, name)).pk)).status_code == 404


def test_another_organisations_leader_does_not_exist(cast, sol):
    assert sol.get(sol.url("leader", cast.enrolment(cast.zoe).pk)).status_code == 404


@pytest.mark.parametrize("name", ["ada", "hana"])
def test_only_sponsors_see_the_page(cast, client_for, name):
    client = client_for(getattr(cast, name))

    assert client.get(client.url("sponsor_home")).status_code == 403
    assert client.get(client.url("leader", cast.enrolment(cast.ada).pk)).status_code == 403


def test_the_empty_page_teaches(cast, client_for):
    pat = client_for(cast.pat_at_zenith)

    page = words(pat.get(pat.url("sponsor_home")))

    assert "No leaders yet" in page
    assert "zenith bait" not in page


def test_a_leader_gone_quiet_comes_first_in_kind_words(cast):
    with within(cast.acme):
        quiet = another_leader(cast, "Zz Quiet", last_practice_on=TODAY - timedelta(days=9))
        overview = overview_of(cast.sol, organisation=cast.acme, now=NOW, language="en")

    assert [line.is_quiet for line in overview.lines] == [True, False]
    assert overview.lines[0].enrolment == quiet


def test_a_leader_who_is_away_is_not_quiet(cast):
    with within(cast.acme):
        away = another_leader(cast, "Zz Away", last_practice_on=TODAY - timedelta(days=9))
        make.PauseFactory(enrolment=away, starts_on=TODAY - timedelta(days=1), ends_on=TODAY)
        line = next(
            line
            for line in overview_of(cast.sol, organisation=cast.acme, now=NOW, language="en").lines
            if line.enrolment == away
        )

    assert (line.is_away, line.is_quiet) == (True, False)


def test_leaders_in_the_same_week_share_one_step(cast):
    with within(cast.acme):
        another_leader(cast, "Bert Acme")
        parts = overview_of(cast.sol, organisation=cast.acme, now=NOW, language="en").parts

    assert [(part.week, part.names) for part in parts] == [(2, ("Ada Acme", "Bert Acme"))]


def test_before_day_1_and_after_day_90_there_is_no_step(cast):
    with within(cast.acme):
        for days in (-5, 95):
            overview = overview_of(cast.sol, organisation=cast.acme, now=NOW + timedelta(days=days - 9), language="en")
            assert overview.parts == ()


def coming(cast):
    """Title, date and names of what is told of the next seven days."""
    overview = overview_of(cast.sol, organisation=cast.acme, now=NOW, language="en")
    return [(item.event.text.title, item.event.on, item.names) for item in overview.coming]


@pytest.mark.parametrize(("ahead", "is_told"), [(-1, False), (0, True), (6, True), (7, False)])
def test_a_live_event_is_listed_once_with_its_leaders(cast, sol, ahead, is_told):
    on = TODAY + timedelta(days=ahead)
    with within(cast.acme):
        another_leader(cast, "Bert Acme")
        MilestoneDate.objects.update(on=on)
        found = coming(cast)
    page = words(sol.get(sol.url("sponsor_home")))

    circle = "Milestone circle-1: title (en)"
    assert found == ([(circle, on, ("Ada Acme", "Bert Acme"))] if is_told else [])
    assert page.count(circle) == is_told


def test_a_personal_event_is_listed_on_each_leaders_date(cast):
    with within(cast.acme):
        MilestoneDate.objects.all().delete()
        version = make.CurriculumVersionFactory()
        make.MilestoneFactory(version=version, key="talk", kind="three_way_talk", day=11)
        Cohort.objects.update(version=version)
        back = another_leader(cast, "Bert Acme")
        make.PauseFactory(enrolment=back, starts_on=TODAY, ends_on=TODAY + timedelta(days=1))
        found = coming(cast)

    talk = "Milestone talk: title (en)"
    assert found == [
        (talk, TODAY + timedelta(days=1), ("Ada Acme",)),
        (talk, TODAY + timedelta(days=5), ("Bert Acme",)),
    ]


def test_cancelled_events_are_not_listed(cast):
    with within(cast.acme):
        MilestoneDate.objects.update(on=None)
        assert coming(cast) == []


def test_before_day_1_the_brief_is_there_in_the_language_there_is(cast, sol):
    with within(cast.acme):
        version = make.CurriculumVersionFactory(brief={"en": make.brief()["en"]}, brief_minutes=4)
        Cohort.objects.update(version=version)
        Enrolment.objects.filter(sponsor=cast.sol).update(day1_on=TODAY + timedelta(days=3))
    cast.sol.person.language = "nb"
    cast.sol.person.save()

    page = words(sol.get(sol.url("sponsor_home")))

    assert "Brief: opening (en)" in page
    assert "4 minut" in page
    assert '<span class="tag" lang="nb">' in page


def test_the_reader_of_another_language_gets_the_text_there_is(cast):
    with within(cast.acme):
        part = overview_of(cast.sol, organisation=cast.acme, now=NOW, language="sv").parts[0]

    assert part.text.language == "en"


def test_sponsor_home_queries_do_not_grow(cast, sol, same_queries_at_1_and_30):
    def add(number):
        with within(cast.acme):
            enrolment = another_leader(cast, f"Leader {number}")
            make.PracticeFactory(enrolment=enrolment)
            make.ReflectionFactory(enrolment=enrolment, audience="sponsor")

    assert same_queries_at_1_and_30(lambda: sol.get(sol.url("sponsor_home")), add) <= 12


def test_leader_page_queries_do_not_grow(cast, sol, same_queries_at_1_and_30):
    enrolment = cast.enrolment(cast.ada)

    def add(number):
        with within(cast.acme):
            Practice.objects.filter(enrolment=enrolment, on=TODAY - timedelta(days=number)).delete()
            make.PracticeFactory(enrolment=enrolment, on=TODAY - timedelta(days=number))
            make.ReflectionFactory(enrolment=enrolment, audience="sponsor")
            make.FocusFactory(enrolment=enrolment)

    assert same_queries_at_1_and_30(lambda: sol.get(sol.url("leader", enrolment.pk)), add) <= 12


def another_leader(cast, name, *, last_practice_on=TODAY, **more):
    """One more leader of Sol's, inside Acme."""
    return make.EnrolmentFactory(
        cohort=cast.houses["acme"].cohort,
        leader=make.MembershipFactory(name=name),
        sponsor=cast.sol,
        last_practice_on=last_practice_on,
        **more,
    )
