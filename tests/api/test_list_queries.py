"""Every list asks the database as much with thirty rows as with one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cohorts.tenancy.wall import within
from tests import factories as make
from tests.api.client import Program, key_of
from tests.api.equality import TABLE, Same
from tests.api.test_equality import ENDPOINTS, EVERY_SCOPE, ask, noun_of, program, where
from tests.architecture.routes import keys
from tests.cast import Cast, House
from tests.times import NOW, TODAY

SOON = NOW + timedelta(days=20)


def leader(house: House) -> Any:
    return house.members["ada"]


def place(house: House) -> Any:
    return house.enrolments["ada"]


# How one more row of each list comes about; `n` is 1 to 30.
ROWS: dict[str, Callable[[House, int], object]] = {
    "api_cohorts": lambda house, n: make.CohortFactory(name=f"Cohort {n}", version=house.version),
    "api_enrolments": lambda house, n: make.EnrolmentFactory(cohort=house.cohort),
    "api_pauses": lambda house, n: make.PauseFactory(cohort=house.cohort, enrolment=place(house)),
    "api_nudges": lambda house, n: make.NudgeFactory(enrolment=place(house), on=TODAY + timedelta(days=n)),
    "api_members": lambda house, n: make.MembershipFactory(),
    "api_curricula": lambda house, n: make.CurriculumVersionFactory(published_at=None),
    "api_practices": lambda house, n: make.PracticeFactory(enrolment=place(house), on=TODAY + timedelta(days=n)),
    "api_reflections": lambda house, n: make.ReflectionFactory(enrolment=place(house)),
    "api_focuses": lambda house, n: make.FocusFactory(enrolment=place(house), archived_on=TODAY),
    "api_goals": lambda house, n: make.GoalFactory(enrolment=place(house)),
    "api_check_ins": lambda house, n: make.CheckInFactory(goal_id=keys(house)["goals"], on=TODAY + timedelta(days=n)),
    "api_teams": lambda house, n: make.TeamFactory(),
    "api_kpis": lambda house, n: make.KpiFactory(),
    "api_objectives": lambda house, n: make.ObjectiveFactory(),
    "api_rounds": lambda house, n: make.RoundFactory(cohort=house.cohort, key=f"round-{n}"),
    "api_round_leaders": lambda house, n: make.SubjectFactory(
        round_id=keys(house)["rounds"], enrolment=make.EnrolmentFactory(cohort=house.cohort)
    ),
    "api_own_rounds": lambda house, n: make.SubjectFactory(
        round=make.RoundFactory(cohort=house.cohort, key=f"round-{n}"), enrolment=place(house)
    ),
    "api_sessions": lambda house, n: make.SessionFactory(
        pairing=make.PairingFactory(kind="mentor", leader=leader(house), state="ended")
    ),
    "api_visits": lambda house, n: make.VisitFactory(host=make.HostFactory(), starts_at=SOON),
    "api_visit_counts": lambda house, n: make.VisitFactory(host=make.HostFactory(), starts_at=SOON),
    "api_bookings": lambda house, n: make.BookingFactory(
        guest=leader(house), visit=make.VisitFactory(host=make.HostFactory(), starts_at=SOON)
    ),
}
LISTS = [same for same in TABLE if same.method == "GET" and same.endpoint in ROWS]


@pytest.mark.parametrize("since", ["", "&updated_since=2001-01-01T00:00:00Z"], ids=["", "since"])
@pytest.mark.parametrize("same", LISTS, ids=[same.endpoint for same in LISTS])
def test_a_list_asks_as_much_with_30_rows_as_with_1(
    same: Same,
    since: str,
    cast: Cast,
    clock: object,
    same_queries_at_1_and_30: Callable[..., int],
) -> None:
    house, is_personal = cast.houses["acme"], noun_of(same).is_personal
    meanings = keys(house, same.page.partition("@")[2])  # before there are more rows to choose from
    client = program(cast.ada if is_personal else cast.olav, EVERY_SCOPE, is_personal=is_personal)
    there = where(ENDPOINTS[same.endpoint], meanings)
    counts: list[int] = []

    def load() -> None:
        counts.append(len(ask(client, same, f"{there}?limit=200{since}").json()["data"]))

    def add(number: int) -> None:
        with within(cast.acme):
            ROWS[same.endpoint](house, number)

    assert same_queries_at_1_and_30(load, add) <= 13
    assert counts[-1] - counts[0] == 29


def test_every_list_is_among_them(cast: Cast, clock: object) -> None:
    answers, meanings = {}, keys(cast.houses["acme"])
    for is_personal, member in ((True, cast.ada), (False, cast.olav)):
        client = Program(key_of(member, is_personal=is_personal))
        for same in (same for same in TABLE if same.method == "GET" and noun_of(same).is_personal == is_personal):
            there = where(ENDPOINTS[same.endpoint], meanings)
            answer = client.get(there)
            if answer.headers["Content-Type"] == "application/json":
                answers[same.endpoint] = answer.json()

    assert {name for name, body in answers.items() if "next" in body and "data" in body} == set(ROWS)
