"""The sponsor reads what the agreement ticks and the leader let through, and not one line more."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from coaching.agreements.actions.agreements import (
    AgreedWords,
    begin_agreement,
    change_agreement,
    newest_version,
    sign,
    stop_agreement,
)
from coaching.agreements.actions.lines import choose_lines
from coaching.agreements.policies import may_read_version
from coaching.agreements.summary import candidates, shown_to
from coaching.models import Agreement, AgreementLine, AgreementVersion, Pairing
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow, NotYours
from goals.models import Focus
from tests import factories as make
from tests.cast import Cast
from tests.coaching.agreements.test_agreements import WORDING, all_sign, sponsored_by
from tests.times import NOW, TODAY

ALL = replace(WORDING, tells_dates=True, tells_themes=True, tells_goals=True)


@pytest.fixture
def agreement(cast: Cast) -> Iterator[Agreement]:
    """Ada, Cleo and Sol have signed that dates, themes and plans go to Sol. One talk was held."""
    with within(cast.acme):
        pairing = make.PairingFactory(kind="mentor", leader=cast.ada, partner=cast.cleo)
        make.SessionFactory(pairing=pairing, state="held", held_at=NOW, starts_at=NOW - timedelta(days=10))
        begun = begin_agreement(pairing=pairing, wording=ALL, today=TODAY, by=cast.ada, now=NOW)
        all_sign(begun, cast)
        yield begun


def keys(agreement: Agreement) -> list[str]:
    return [line.key for line in candidates(agreement, newest_version(agreement)).lines]


def show(agreement: Agreement, by: Membership, *shown: str) -> int:
    return choose_lines(agreement=agreement, seen=keys(agreement), shown=shown, by=by, now=NOW)


def texts(sponsor: Membership, agreement: Agreement) -> list[str]:
    return [line.text for line in shown_to(sponsor, agreement).lines]


def change(agreement: Agreement, cast: Cast, wording: AgreedWords) -> AgreementVersion:
    return change_agreement(agreement=agreement, wording=wording, today=TODAY, by=cast.ada, now=NOW)


def test_the_leader_sees_every_line_before_anybody_else(agreement: Agreement, cast: Cast) -> None:
    kinds = [key.partition(":")[0] for key in keys(agreement)]

    assert kinds == ["date", *["theme"] * 7, "goal", "goal"]
    assert texts(cast.sol, agreement) == []


def test_dates_and_plans_are_ticked_at_first_and_themes_are_not(agreement: Agreement) -> None:
    lines = candidates(agreement, newest_version(agreement)).lines

    assert {line.kind: line.is_ticked for line in lines} == {"date": True, "theme": False, "goal": True}
    assert all(line.is_new for line in lines)


def test_the_sponsor_sees_what_is_ticked_and_not_struck(agreement: Agreement, cast: Cast) -> None:
    plan = Focus.objects.current().filter(enrolment=cast.enrolment(cast.ada)).earliest("pk")
    date = next(key for key in keys(agreement) if key.startswith("date"))

    assert show(agreement, cast.ada, date, "theme:clear") == 2

    assert texts(cast.sol, agreement) == [(TODAY - timedelta(days=10)).strftime("%-d %B %Y"), "Clear"]
    assert str(plan) not in texts(cast.sol, agreement)


def test_a_line_struck_later_is_gone_from_the_summary(agreement: Agreement, cast: Cast) -> None:
    show(agreement, cast.ada, "theme:clear", "theme:initiative")
    show(agreement, cast.ada, "theme:initiative")

    assert texts(cast.sol, agreement) == ["Taking initiative"]


def test_a_line_nobody_has_looked_at_does_not_go(agreement: Agreement, cast: Cast) -> None:
    seen = keys(agreement)
    make.SessionFactory(pairing=agreement.pairing, state="held", held_at=NOW, starts_at=NOW - timedelta(hours=1))
    choose_lines(agreement=agreement, seen=seen, shown=keys(agreement), by=cast.ada, now=NOW)

    new = [line for line in candidates(agreement, newest_version(agreement)).lines if line.is_new]

    assert [(line.kind, line.is_ticked) for line in new] == [("date", True)]
    assert new[0].text not in texts(cast.sol, agreement)


def test_a_plan_worded_anew_is_shown_as_the_leader_last_saw_it(agreement: Agreement, cast: Cast) -> None:
    plan = Focus.objects.current().filter(enrolment=cast.enrolment(cast.ada)).earliest("pk")
    show(agreement, cast.ada, f"goal:{plan.pk}")
    before = str(plan)
    plan.response = "say something private"
    plan.save()

    assert texts(cast.sol, agreement) == [before]
    lines = candidates(agreement, newest_version(agreement)).lines
    assert [line.about for line in lines if line.is_new] == [str(plan.pk)]


def test_a_tick_that_is_being_taken_away_closes_at_once(agreement: Agreement, cast: Cast) -> None:
    show(agreement, cast.ada, *keys(agreement))
    change(agreement, cast, replace(ALL, tells_goals=False, tells_dates=False))

    assert agreement.in_force == 1
    assert {line.kind for line in shown_to(cast.sol, agreement).lines} == {"theme"}


def test_a_tick_that_is_being_added_opens_when_all_three_signed(agreement: Agreement, cast: Cast) -> None:
    change(agreement, cast, replace(ALL, tells_goals=False))
    all_sign(agreement, cast)
    change(agreement, cast, ALL)
    show(agreement, cast.ada, *keys(agreement))
    kinds = [{line.kind for line in shown_to(cast.sol, agreement).lines}]
    all_sign(agreement, cast)
    kinds.append({line.kind for line in shown_to(cast.sol, agreement).lines})

    assert kinds == [{"date", "theme"}, {"date", "theme", "goal"}]


def test_nothing_goes_before_all_three_have_signed(cast: Cast) -> None:
    with within(cast.acme):
        begun = Agreement.objects.get()  # Ada alone has signed it
        with pytest.raises(NotNow, match="not signed by all three"):
            show(begun, cast.ada, "theme:clear")
        assert texts(cast.sol, begun) == []


def test_a_stopped_agreement_shows_the_sponsor_nothing(agreement: Agreement, cast: Cast) -> None:
    show(agreement, cast.ada, "theme:clear")
    stop_agreement(agreement=agreement, by=cast.ada, now=NOW)

    assert texts(cast.sol, agreement) == []
    with pytest.raises(NotNow):
        show(agreement, cast.ada, "theme:clear")


def test_an_ended_pairing_shows_the_sponsor_nothing(agreement: Agreement, cast: Cast) -> None:
    show(agreement, cast.ada, "theme:clear")
    Pairing.objects.filter(pk=agreement.pairing_id).update(state="ended", ends_on=TODAY)

    assert texts(cast.sol, agreement) == []


def test_a_new_sponsor_sees_nothing_the_old_one_was_shown(agreement: Agreement, cast: Cast) -> None:
    show(agreement, cast.ada, "theme:clear")
    sponsored_by(cast, cast.max)
    with pytest.raises(NotNow, match="not your sponsor any more"):
        show(agreement, cast.ada, "theme:initiative")
    change(agreement, cast, ALL)
    for each in (cast.ada, cast.cleo, cast.max):
        sign(agreement=agreement, number=2, by=each, now=NOW)

    assert texts(cast.max, agreement) == []
    assert texts(cast.sol, agreement) == []


def test_only_the_leader_chooses_the_lines(agreement: Agreement, cast: Cast) -> None:
    for each in (cast.cleo, cast.sol, cast.hana):
        with pytest.raises(NotYours):
            show(agreement, each, "theme:clear")


def test_the_query_and_the_policy_let_the_same_people_read(agreement: Agreement, cast: Cast) -> None:
    """Over the whole cast of both organisations, with a second version that names another sponsor."""
    sponsored_by(cast, cast.max)
    change(agreement, cast, ALL)
    show_version = list(AgreementVersion.objects.select_related("agreement__pairing", "sponsor"))
    everybody = [member for house in cast.houses.values() for member in house.members.values()]

    for member in everybody:
        seen = set(AgreementVersion.objects.visible_to(member).values_list("pk", flat=True))
        assert seen == {version.pk for version in show_version if may_read_version(member, version)}
        mine = Agreement.objects.visible_to(member).filter(pk=agreement.pk).exists()
        assert mine == (member in (cast.ada, cast.cleo, cast.sol, cast.max))


def test_nobody_else_has_a_line_of_the_summary(agreement: Agreement, cast: Cast) -> None:
    show(agreement, cast.ada, *keys(agreement))
    everybody = [member for house in cast.houses.values() for member in house.members.values()]

    readers = {
        member for member in everybody if AgreementLine.objects.visible_to(member).filter(agreement=agreement).exists()
    }

    assert readers == {cast.ada, cast.sol}
