from collections import Counter
from datetime import timedelta

import pytest

from cohorts.enrolment.roster import roster_of, sendings
from cohorts.enrolment.roster_filters import RosterFilters
from cohorts.models import Enrolment
from cohorts.schedule.milestone_calendar import diary_of
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.times import NOW, TODAY


@pytest.fixture
def house(cast, acme):
    return cast.house_of(acme)


def lines(house, now=NOW):
    with within(house.organisation):
        return {line.name.split()[0]: line for line in roster_of(house.cohort, house.organisation, now)}


def nudge(cast, leader, channel, state, reason="", on=TODAY):
    step = cast.house_of(leader).version.steps.first()
    make.NudgeFactory(enrolment=cast.enrolment(leader), step=step, channel=channel, state=state, reason=reason, on=on)


def test_a_line_shows_day_and_last_practice(house, cast):
    ada = lines(house)["Ada"]

    assert (ada.day, ada.last_practice_on, ada.sponsor_name, ada.email) == (
        10,
        TODAY - timedelta(days=2),
        "Sol Acme",
        "ada@acme.test",
    )
    assert str(ada.status) == "No step today"


def test_only_the_cohorts_own_leaders_are_on_it(house, zenith, cast):
    assert set(lines(house)) == {"Ada", "Åse-Kristin", "Max", "Pat"}
    assert set(lines(cast.house_of(zenith))) == {"Zoe"}


def status(house, name="Ada"):
    return str(lines(house)[name].status)


def change(house, cast, **fields):
    with within(house.organisation):
        Enrolment.objects.filter(leader=cast.ada).update(**fields)


def test_five_silent_days_are_quiet(house, cast):
    change(house, cast, last_practice_on=TODAY - timedelta(days=8))

    assert status(house) == "Gone quiet · 5 working days"


def test_away_takes_precedence_over_quiet(house, cast):
    change(house, cast, last_practice_on=None)
    with within(house.organisation):
        make.PauseFactory(enrolment=cast.enrolment(cast.ada), starts_on=TODAY, ends_on=TODAY)

    assert status(house) == "Paused · to 11 March"


def test_open_invitations_wait_and_refused_ones_are_trouble(house, cast):
    with within(house.organisation):
        invitation = make.InvitationFactory(membership=cast.ada)
    assert status(house) == "Hasn’t signed in · invitation on its way"

    with within(house.organisation):
        invitation.state, invitation.reason = "failed", "refused"
        invitation.save()
    assert status(house) == "Hasn’t signed in · mail bounced"


def test_a_former_leader_has_status_left(house, cast):
    change(house, cast, left_on=TODAY, last_practice_on=None)

    assert status(house) == "Left"


@pytest.mark.parametrize(("days", "words"), [(-30, "Begins 10 April"), (100, "Completed")])
def test_before_and_after_the_ninety_days(house, cast, days, words):
    change(house, cast, day1_on=TODAY - timedelta(days=days))

    assert status(house) == words


def test_todays_nudge_is_the_mail_and_else_the_card(house, cast):
    with within(house.organisation):
        nudge(cast, cast.ada, "app", "sent")
        nudge(cast, cast.ada, "mail", "skipped", "practised")
        nudge(cast, cast.bo, "app", "sent")
        nudge(cast, cast.max, "mail", "failed", "refused")
    found = lines(house)

    assert found["Ada"].nudge.label == "Practice already logged"
    assert found["Åse-Kristin"].nudge.label == "Sent"
    assert found["Max"].status.key == "mail-failed"
    assert found["Pat"].nudge is None  # yesterday's is not today's
    with within(house.organisation):
        today = sendings(house.cohort, TODAY)
    assert [(s.state, s.count, s.reasons) for s in today] == [
        ("sent", 1, ()),
        ("skipped", 1, (("Practice already logged", 1),)),
        ("failed", 1, (("The mail server refused the address", 1),)),
    ]


def test_today_is_the_leaders_own(house, cast):
    change(house, cast, zone="Pacific/Auckland")
    evening = NOW.replace(hour=20)  # tomorrow morning in Auckland
    with within(house.organisation):
        nudge(cast, cast.ada, "mail", "failed", "refused", on=TODAY + timedelta(days=1))

    assert lines(house, evening)["Ada"].day == 11
    assert lines(house, evening)["Ada"].status.key == "mail-failed"


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Ada", "Max", "Pat", "Åse-Kristin"]),
        ({"q": "sol"}, ["Ada"]),
        ({"q": "ødegård"}, ["Åse-Kristin"]),
        ({"q": "ACME.test ada"}, ["Ada"]),
        ({"status": "quiet"}, ["Ada"]),
        ({"status": "left"}, ["Pat"]),
        ({"status": "nonsense"}, ["Ada", "Max", "Åse-Kristin"]),
        ({"sponsor": "sol"}, ["Ada"]),
        ({"sponsor": "x"}, ["Ada", "Max", "Åse-Kristin"]),
        ({"sort": "-name"}, ["Åse-Kristin", "Max", "Ada"]),
        ({"sort": "practice"}, ["Ada", "Max", "Åse-Kristin"]),
        ({"sort": "today"}, ["Ada", "Max", "Åse-Kristin"]),
        ({"sort": "nonsense"}, ["Ada", "Max", "Åse-Kristin"]),
    ],
)
def test_filters_come_from_the_query_string(house, cast, asked, names):
    if asked:
        change(house, cast, last_practice_on=None)
        with within(house.organisation):
            Enrolment.objects.filter(leader=cast.pat_at_acme).update(left_on=TODAY)
    if asked.get("sponsor") == "sol":
        asked = {"sponsor": str(cast.sol.pk)}

    found = RosterFilters.from_address(asked).apply(lines(house).values())

    assert [line.name.split()[0] for line in found] == names


def test_a_roster_takes_four_queries_however_long(house, cast, same_queries_at_1_and_30):
    def enrol(number):
        make.EnrolmentFactory(cohort=house.cohort, sponsor=cast.sol)

    with within(house.organisation):
        asked = same_queries_at_1_and_30(lambda: roster_of(house.cohort, house.organisation, NOW), enrol)

    assert asked == 4


def test_a_diary_with_leaders_gives_the_same_roster(house, cast):
    today = {"starts_on": TODAY, "ends_on": TODAY}
    with within(house.organisation):
        make.PauseFactory(enrolment=cast.enrolment(cast.ada), cohort=house.cohort, **today)
        for other in (make.CohortFactory(), house.cohort):
            make.PauseFactory(enrolment=None, cohort=other, starts_on=TODAY + timedelta(days=3))
        diary = diary_of(house.organisation, [house.cohort], with_leaders=True)

        found = roster_of(house.cohort, house.organisation, NOW, diary)

        assert found == roster_of(house.cohort, house.organisation, NOW)
        assert diary.days_away(house.cohort, cast.enrolment(cast.ada).pk)[0] == (TODAY, TODAY)
        assert diary_of(house.organisation, [house.cohort]).away == {}


def test_a_roster_never_reads_what_was_written(house, count_queries):
    with within(house.organisation):
        statements = count_queries(lambda: roster_of(house.cohort, house.organisation, NOW))

    assert [sql for sql in statements if "goals_" in sql] == []


def test_chips_count_each_leader_once_and_keep_what_else_was_asked(house, cast):
    change(house, cast, last_practice_on=None)
    with within(house.organisation):
        Enrolment.objects.filter(leader=cast.pat_at_acme).update(left_on=TODAY)
    roster = lines(house).values()
    statuses = Counter(line.status.key for line in roster)

    chips = RosterFilters.from_address({"sort": "name", "status": "quiet"}).chips(roster)

    assert [(chip.label, chip.count, chip.is_current) for chip in chips] == [
        ("All", 3, False),
        ("Gone quiet", statuses["quiet"], True),
        ("Left", 1, False),
    ]
    assert [chip.url for chip in chips] == ["?sort=name", "?sort=name&status=quiet", "?sort=name&status=left"]
    counted = RosterFilters.from_address({"q": "ada"}).chips(roster)
    assert [(chip.label, chip.count) for chip in counted] == [("All", 1), ("Gone quiet", 1)]


def test_a_leaders_own_page_says_what_the_roster_says(house, cast, client_for):
    with within(house.organisation):
        make.InvitationFactory(membership=cast.max)
        nudge(cast, cast.bo, "mail", "failed", "refused")
        make.PauseFactory(enrolment=cast.enrolment(cast.pat_at_acme), starts_on=TODAY, ends_on=TODAY)
    hana = client_for(cast.hana)

    for line in lines(house).values():
        assert hana.get(hana.url("enrolment", line.enrolment_id)).context["status"] == line.status
