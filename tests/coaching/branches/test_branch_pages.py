"""What a manager of sponsors sees of their branch, and a sponsor of themselves."""

from datetime import timedelta

import pytest

from coaching.branches.branch import branch_of
from coaching.branches.groups import Range
from coaching.branches.policies import has_branch
from coaching.disclosure import MIN_PEOPLE
from cohorts.models import Enrolment, Membership
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.coaching.branches.teams import IN_BRANCH_PERIOD, IN_OWN_PERIOD, enrolment_of, sponsor_below, talk, team
from tests.plain_dates import with_plain_dates
from tests.times import NOW, TODAY

HAVE_A_BRANCH = {"mia"}
LABELS = [
    *("Talks held", "Actions done by their date"),
    *("Questions answered within a week", "Leaders who confirmed a check-in"),
]


def page_of(top, acme, today=TODAY):
    return branch_of(top, organisation=acme, today=today, now=NOW)


def rows(branch):
    return {row.label: [dict(row.cells).get(label) for label in LABELS] for row in branch.rows}


def test_only_those_with_people_below_their_people_have_a_branch(cast):
    found = set()
    for house in cast.houses.values():
        with within(house.organisation):
            found |= {name for name, member in house.members.items() if has_branch(member)}

    assert found == HAVE_A_BRANCH


def test_the_branch_page_is_there_for_those_who_have_one(cast, client_for):
    answers = {}
    for house in cast.houses.values():
        for name, member in house.members.items():
            client = client_for(member)
            answers[f"{name} at {house.organisation.slug}"] = client.get(client.url("branch")).status_code

    assert {who for who, status in answers.items() if status == 200} == {"mia at acme"}
    assert {who for who, status in answers.items() if status == 404} == {
        *("sol at acme", "max at acme", "zac at zenith", "pat at zenith"),
    }
    assert {answers[who] for who in answers} == {200, 404, 403}


@pytest.mark.parametrize("route", ["sponsor_home", "all_leaders"])
def test_who_has_a_branch_and_no_leaders_is_led_there(route, cast, client_for):
    mia, pat = client_for(cast.mia), client_for(cast.pat_at_zenith)

    assert f'btn-primary" href="{mia.url("branch")}"' in mia.get(mia.url(route)).content.decode()
    assert pat.url("branch") not in pat.get(pat.url(route)).content.decode()


def test_ones_own_leaders_alone_are_no_branch(acme):
    with within(acme):
        sponsor = sponsor_below(None)
        team(sponsor, 5)

        assert not has_branch(sponsor)


def test_two_who_report_to_each_other_have_no_branch(acme):
    with within(acme):
        first = sponsor_below(None)
        second = sponsor_below(first)
        Membership.objects.filter(pk=first.pk).update(manager=second)

        assert not has_branch(first)


def test_a_group_of_four_is_not_shown_and_five_are(acme):
    with within(acme):
        top = sponsor_below(None)
        sponsor = sponsor_below(top, name="Sara Sol")
        team(sponsor, 4, held=1)
        assert page_of(top, acme).rows == ()

        team(sponsor, 1, held=1)
        assert rows(page_of(top, acme))["The whole branch"][0] == Range(75, 100)


def test_a_small_group_is_not_what_is_left_of_the_whole(acme):
    with within(acme):
        top = sponsor_below(None)
        big, middle, small = (sponsor_below(top, name=name) for name in ("Big", "Middle", "Small"))
        team(big, 7, held=1)
        team(middle, 5, held=1)
        team(small, 2, missed=1)

        shown = rows(page_of(top, acme))
        assert shown["Big and everybody below"][0] == Range(75, 100)
        assert "Middle and everybody below" not in shown
        assert "Small and everybody below" not in shown
        assert shown["The other groups, together"][0] == Range(0, 100)


def test_each_figure_has_its_own_small_groups(acme):
    with within(acme):
        top = sponsor_below(None)
        left, right = sponsor_below(top, name="Left"), sponsor_below(top, name="Right")
        team(left, 6, held=1)
        quiet_team = team(right, 6)
        for pairing in quiet_team[:3]:
            talk(pairing, "held")

        talks, _actions, _asks, check_ins = rows(page_of(top, acme))["Left and everybody below"]
        assert talks is None  # three of Right's would be left
        assert check_ins == Range(0, 25)


def test_a_figure_that_nobody_has_takes_no_column(acme):
    with within(acme):
        top = sponsor_below(None)
        team(sponsor_below(top), 5, held=1)

        (whole,) = page_of(top, acme).rows
        assert [label for label, _range in whole.cells] == ["Talks held", "Leaders who confirmed a check-in"]


def test_groups_stand_in_the_order_of_names(acme):
    with within(acme):
        top = sponsor_below(None)
        for name, talks in [("Åse", {"held": 1}), ("Bo", {"missed": 1}), ("anna", {"held": 1})]:
            team(sponsor_below(top, name=name), 5, **talks)

        labels = [row.label for row in page_of(top, acme).rows]
        assert labels == [
            "The whole branch",
            *(f"{name} and everybody below" for name in ("anna", "Bo", "Åse")),
        ]


def test_a_sponsor_who_could_use_a_hand_is_named_to_their_own_manager_alone(acme):
    with within(acme):
        top = sponsor_below(None)
        direct = sponsor_below(top, name="Dina Direct")
        further = sponsor_below(direct, name="Finn Further")
        for sponsor in (direct, further):
            (pairing,) = team(sponsor, 1)
            pairing.due_on = TODAY - timedelta(days=8)
            pairing.save()

        hands = page_of(top, acme).hands
        assert [hand.who for hand in hands] == ["Dina Direct"]
        assert hands[0].why == ("Some 1:1s are more than a week late.",)
        assert [hand.who for hand in page_of(direct, acme).hands] == ["Finn Further"]


def test_sponsors_further_down_are_a_number_of_five_or_more(acme):
    def is_late(pairing):
        pairing.due_on = TODAY - timedelta(days=8)
        pairing.save()

    with within(acme):
        top = sponsor_below(None)
        between = sponsor_below(top)
        is_late(team(sponsor_below(between), 1)[0])
        for _ in range(MIN_PEOPLE - 2):
            team(sponsor_below(between), 1)
        assert page_of(top, acme).hands == ()

        team(sponsor_below(between), 1)
        assert [hand.who for hand in page_of(top, acme).hands] == ["1 of 5 sponsors further down"]


def test_quiet_leaders_of_a_named_sponsor_are_a_group_of_five(acme):
    with within(acme):
        top = sponsor_below(None)
        sponsor = sponsor_below(top)
        (quiet, *_others) = team(sponsor, 4)
        Enrolment.objects.filter(leader=quiet.leader).update(last_practice_on=TODAY - timedelta(days=20))
        assert page_of(top, acme).hands == ()

        team(sponsor, 1)
        assert page_of(top, acme).hands[0].why == ("Some leaders haven’t practised for two weeks.",)


def test_a_question_is_a_reason_after_two_weeks(acme):
    with within(acme):
        top = sponsor_below(None)
        (pairing,) = team(sponsor_below(top), 1)
        ask = make.AskFactory(
            enrolment=enrolment_of(pairing), sponsor=pairing.partner, asked_at=NOW - timedelta(days=14)
        )
        assert page_of(top, acme).hands == ()

        ask.asked_at -= timedelta(minutes=1)
        ask.save()
        assert page_of(top, acme).hands[0].why == ("Some questions have waited for two weeks.",)


def test_obstacles_are_shown_from_five_sponsors_up(acme):
    with within(acme):
        top = sponsor_below(None)
        sponsors = [sponsor_below(top) for _ in range(5)]

        def block(sponsor, obstacle, week):
            pairing = team(sponsor, 1)[0]
            make.SponsorActFactory(
                enrolment=enrolment_of(pairing),
                sponsor=sponsor,
                week=week,
                done_at=None,
                confirmed_at=None,
                blocked_at=IN_BRANCH_PERIOD,
                obstacle=obstacle,
            )

        for sponsor in sponsors[:4]:
            block(sponsor, "workload", 2)
        for _ in range(5):
            block(sponsors[0], "no_cover", 3)  # one sponsor's five leaders are one voice
        assert page_of(top, acme).obstacles == ()

        block(sponsors[4], "workload", 2)
        assert [(each.label, each.sponsors) for each in page_of(top, acme).obstacles] == [("Too much on my desk", 5)]


def test_a_sponsor_reads_a_period_a_week_before_their_manager(acme):
    with within(acme):
        top = sponsor_below(None)
        sponsor = sponsor_below(top)
        for pairing in team(sponsor, 5):
            talk(pairing, "held", IN_OWN_PERIOD)

        assert rows(page_of(top, acme))["The whole branch"][0] is None
        week_later = TODAY + timedelta(days=7)
        assert rows(page_of(top, acme, week_later))["The whole branch"][0] == Range(75, 100)


def test_the_branch_page_names_no_leader_and_nobody_further_down(acme, client_for, cast):
    with within(acme):
        direct = sponsor_below(cast.mia, name="Dina Direct")
        further = sponsor_below(direct, name="Finn Further")
        for pairing in team(further, 6, held=1):
            pairing.due_on = TODAY - timedelta(days=30)
            pairing.save()
        leaders = [pairing.leader.name for pairing in further.pairings_as_partner.select_related("leader")]
    mia = client_for(cast.mia)

    page = mia.get(mia.url("branch")).content.decode()

    assert "Dina Direct and everybody below" in page or "The whole branch" in page
    assert "Finn" not in page
    assert [name for name in [*leaders, "Ada", "Bo "] if name in page] == []
    assert "bait" not in page


def test_queries_of_a_branch_do_not_grow(acme, client_for, cast, same_queries_at_1_and_30):
    mia = client_for(cast.mia)

    def add(number):
        with within(acme):
            team(sponsor_below(sponsor_below(cast.mia)), 1, held=1)

    assert same_queries_at_1_and_30(lambda: mia.get(mia.url("branch")), add) <= 12


def test_a_sponsor_reads_their_own_figures_and_when_they_join(client_for, cast):
    sol = client_for(cast.sol)

    page = with_plain_dates(sol.get(sol.url("mirror")))

    assert "9 February to 8 March" in page
    assert "Monday 16 March" in page
    assert "Mia Acme" in page
    assert "bait" not in page


def test_a_mirror_without_a_manager_says_that_nobody_else_reads_it(client_for, cast):
    zac = client_for(cast.zac)

    assert b"You report to nobody here" in zac.get(zac.url("mirror")).content


def test_a_mirror_without_leaders_teaches(client_for, cast):
    mia = client_for(cast.mia)

    assert b"Once you support a leader" in mia.get(mia.url("mirror")).content


@pytest.mark.parametrize("who", ["ada", "hana", "cleo", "gro"])
def test_a_mirror_is_for_sponsors(client_for, cast, who):
    client = client_for(getattr(cast, who))

    assert client.get(client.url("mirror")).status_code == 403


def test_a_mirror_stays_within_twelve_queries(client_for, cast, acme, same_queries_at_1_and_30):
    sol = client_for(cast.sol)

    def add(number):
        with within(acme):
            team(cast.sol, 1, held=1)

    assert same_queries_at_1_and_30(lambda: sol.get(sol.url("mirror")), add) <= 12


def test_the_sponsors_week_leads_to_mirror_and_branch(client_for, cast):
    mia, sol = client_for(cast.mia), client_for(cast.sol)

    assert mia.url("branch") in mia.get(mia.url("sponsor_home")).content.decode()
    assert sol.url("mirror") in sol.get(sol.url("sponsor_home")).content.decode()
    assert sol.url("branch") not in sol.get(sol.url("mirror")).content.decode()
    assert sol.url("own_support") in sol.get(sol.url("mirror")).content.decode()
    assert mia.url("branch") in mia.get(mia.url("mirror")).content.decode()
