"""What admins read about several leaders: only from released reports, and only where five leaders have a figure."""

import re
from collections.abc import Callable

import pytest

from cohorts.models import Cohort, Organisation
from cohorts.tenancy.wall import within
from feedback360.models import Round, State
from feedback360.results.actions.release import release_round
from feedback360.results.cohort_report import cells_together
from feedback360.visibility import Release, cohort_cells
from tests import factories as make
from tests.cast import Cast
from tests.feedback360 import answered
from tests.times import NOW

pytestmark = pytest.mark.django_db


def asked(organisation: Organisation, cohort: Cohort, *teams: int, key: str = "follow-up") -> Round:
    """A released round with a leader for each number of team members who answered."""
    with within(organisation):
        round_ = answered.closed_round(cohort, key=key)
        for number, team in enumerate(teams):
            subject = answered.subject_of(round_, make.EnrolmentFactory(cohort=cohort))
            answered.answer(subject, "team", answered.anybody("team", team, seed=number), asked=team + 2)
            answered.answer(subject, "self", answered.anybody("self", 1, seed=number))
    release_round(round_, now=NOW)
    return round_


def text_of(client: object, route: str, *keys: int, **query: object) -> str:
    response = client.get(client.url(route, *keys), query)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_cohort_of_five_leaders_has_a_report(cast: Cast, client_for: Callable) -> None:
    cohort = cast.houses["acme"].cohort
    asked(cast.acme, cohort, 6, 7, 8, 9, 10)
    page = text_of(client_for(cast.hana), "cohort_results", cohort.pk)

    assert "About 75 % of those asked answered, over 5 leaders." in page
    assert "Seen most often:" in page


@pytest.mark.parametrize("teams", [(6, 7, 8, 9), (6, 7, 8, 9, 4)])
def test_four_leaders_with_a_figure_are_too_few(cast: Cast, client_for: Callable, teams: tuple[int, ...]) -> None:
    """The fifth leader's own report shows no team."""
    cohort = cast.houses["acme"].cohort
    asked(cast.acme, cohort, *teams)
    page = text_of(client_for(cast.hana), "cohort_results", cohort.pk)

    assert "A figure is shown where at least 5 leaders have it in their own report." in page
    assert "Seen most often" not in page


@pytest.mark.parametrize("state", [State.COLLECTING, State.CLOSED, State.CANCELLED])
def test_only_released_rounds_are_in_it(cast: Cast, client_for: Callable, state: str) -> None:
    cohort = cast.houses["acme"].cohort
    round_ = asked(cast.acme, cohort, 6, 7, 8, 9, 10)
    with within(cast.acme):
        Round.objects.filter(pk=round_.pk).update(state=state)
    client = client_for(cast.hana)

    for page in (text_of(client, "cohort_results", cohort.pk), text_of(client, "organisation_results")):
        assert "No round has been released." in page


def test_earlier_rounds_can_be_read_again(cast: Cast, client_for: Callable) -> None:
    cohort = cast.houses["acme"].cohort
    first = asked(cast.acme, cohort, 6, 7, 8, 9, 10)
    asked(cast.acme, cohort, *[9] * 11, key="second")
    client = client_for(cast.hana)

    assert "over 11 leaders" in text_of(client, "cohort_results", cohort.pk)
    assert "over 5 leaders" in text_of(client, "cohort_results", cohort.pk, round=first.pk)


def test_the_organisation_is_all_cohorts_together(cast: Cast, client_for: Callable) -> None:
    asked(cast.acme, cast.houses["acme"].cohort, 6, 7, 8, 9, 10)
    with within(cast.acme):
        other = make.CohortFactory(version=cast.houses["acme"].version)
    asked(cast.acme, other, *[9] * 6)

    assert "over 11 leaders" in text_of(client_for(cast.hana), "organisation_results")


def test_a_small_cohort_cannot_be_subtracted_from_the_organisation(cast: Cast, client_for: Callable) -> None:
    """Eleven leaders less the nine of a cohort would be two."""
    asked(cast.acme, cast.houses["acme"].cohort, *[9] * 9)
    with within(cast.acme):
        other = make.CohortFactory(version=cast.houses["acme"].version)
    asked(cast.acme, other, 8, 8)

    page = text_of(client_for(cast.hana), "organisation_results")
    assert "over 9 leaders" in page
    assert "over 11 leaders" not in page


def test_cells_together_are_those_of_one_cohort_alone(cast: Cast) -> None:
    round_ = asked(cast.acme, cast.houses["acme"].cohort, *[9] * 7)
    with within(cast.acme):
        contents = round_.subjects.filter(results__isnull=False).values_list("results__content", flat=True)
        releases = [Release.from_bytes(bytes(content)) for content in contents]

    assert set(map(repr, cells_together([releases]))) == set(map(repr, cohort_cells(releases)))


def test_no_leader_and_no_comment_is_in_a_cohorts_report(cast: Cast, client_for: Callable) -> None:
    cohort = cast.houses["acme"].cohort
    round_ = asked(cast.acme, cohort, 6, 7, 8, 9, 10)
    with within(cast.acme):
        names = list(round_.subjects.values_list("enrolment__leader__name", flat=True))
    client = client_for(cast.hana)
    page = text_of(client, "cohort_results", cohort.pk)
    table = client.get(client.url("cohort_results_download", cohort.pk)).content.decode()

    assert [name for name in names if name in page or name in table] == []


def test_the_download_holds_the_same_figures(cast: Cast, client_for: Callable) -> None:
    cohort = cast.houses["acme"].cohort
    asked(cast.acme, cohort, *range(6, 17))
    client = client_for(cast.hana)
    page = text_of(client, "cohort_results", cohort.pk)
    for name, keys in (("cohort_results_download", [cohort.pk]), ("organisation_results_download", [])):
        table = client.get(client.url(name, *keys)).content.decode("utf-8-sig")
        lines = [line.split(",") for line in table.splitlines()]
        values = [line[4] for line in lines if line[1] == "Level"]
        assert len(values) == 11
        assert [value for value in values if value not in page] == []


def test_36_leaders_take_no_more_queries_than_five(cast: Cast, client_for: Callable, count_queries: Callable) -> None:
    cohort = cast.houses["acme"].cohort
    client = client_for(cast.hana)
    asked(cast.acme, cohort, *[9] * 5)
    few = len(count_queries(lambda: client.get(client.url("cohort_results", cohort.pk))))
    asked(cast.acme, cohort, *[5] * 31, key="crowd")
    many = len(count_queries(lambda: client.get(client.url("cohort_results", cohort.pk))))

    assert many == few <= 12
    assert len(count_queries(lambda: client.get(client.url("organisation_results")))) <= 12
