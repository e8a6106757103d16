"""Actions: one home, carried by staying open."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from coaching.meetings.actions.agreed import (
    add_action,
    change_action,
    close_action,
    let_go,
    reopen_action,
    take_action,
)
from coaching.meetings.actions.pairings import end_pairing
from coaching.meetings.actions.sessions import cancel_session
from coaching.meetings.meeting_page import actions_of, agenda_of
from coaching.models import Action, Pairing, Session
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests.cast import Cast
from tests.coaching.meetings.talks import fresh_pair, held, planned
from tests.conftest import OrganisationClient
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db
Clients = Callable[[Membership], OrganisationClient]


@pytest.fixture
def pair(cast: Cast) -> Iterator[Pairing]:
    with within(cast.acme):
        Action.objects.all().delete()
        yield fresh_pair(cast)


def agreed(session: Session, *, owner: Membership | None = None, by: Membership | None = None) -> Action:
    return add_action(
        session=session,
        text="Try the three-line handover",
        owner_id=owner.pk if owner else None,
        due_on=None,
        key=uuid4(),
        today=TODAY,
        by=by or session.pairing.partner,
        now=session.starts_at,
    )


def carried(action: Action) -> int:
    return Action.objects.counting_carried().get(pk=action.pk).carried


def november(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def test_carried_counts_held_talks_and_not_cancelled_ones(pair: Pairing) -> None:
    """The worked example: made 2 Nov; held 16 Nov, cancelled 30 Nov, held 14 Dec."""
    action = agreed(held(pair, november(2)))
    assert carried(action) == 0
    held(pair, november(16))
    assert carried(action) == 1
    cancel_session(session=planned(pair, november(30)), by=pair.leader, now=november(29))
    assert carried(action) == 1
    held(pair, november(14, month=12))
    assert carried(action) == 2


def test_the_next_agenda_asks_about_what_was_carried_twice(pair: Pairing) -> None:
    stuck = agreed(held(pair, november(2)))
    held(pair, november(16))
    agreed(held(pair, november(30)))
    session = planned(pair, november(14, month=12))

    assert agenda_of(session, actions_of(session)).stuck == (stuck,)


def test_a_closed_action_is_not_carried_any_further(pair: Pairing) -> None:
    action = agreed(held(pair, november(2)))
    held(pair, november(16))
    close_action(action=action, by=pair.leader, now=november(20))
    held(pair, november(30))

    assert carried(action) == 1


def test_reopening_keeps_the_action_and_its_history(pair: Pairing) -> None:
    action = agreed(held(pair, november(2)), owner=pair.leader)
    close_action(action=action, by=pair.leader, now=november(3))
    held(pair, november(16))

    reopen_action(action=action, by=pair.partner, now=november(17))

    again = Action.objects.counting_carried().get(pk=action.pk)
    assert (again.state, again.closed_at, again.carried) == ("open", None, 1)
    assert again.made_at == november(2)


def test_shrinking_keeps_the_action(pair: Pairing) -> None:
    action = agreed(held(pair, november(2)))
    held(pair, november(16))

    change_action(
        action=action, text="Try it once", owner_id=pair.leader.pk, due_on=None, today=TODAY, by=pair.leader, now=NOW
    )

    assert (action.text, action.owner_id, carried(action)) == ("Try it once", pair.leader.pk, 1)


def test_letting_go_takes_a_reason(pair: Pairing) -> None:
    action = agreed(held(pair, NOW))
    with pytest.raises(Invalid) as refused:
        let_go(action=action, reason="  ", by=pair.leader, now=NOW)
    assert refused.value.field == "reason"

    let_go(action=action, reason="The rota changed", by=pair.leader, now=NOW)

    assert (action.state, action.reason) == ("let_go", "The rota changed")


def test_an_owner_is_one_of_the_two_or_nobody(cast: Cast, pair: Pairing) -> None:
    talk = held(pair, NOW)
    for outsider in (cast.bo, cast.hana, cast.zoe):
        with pytest.raises(Invalid) as refused:
            agreed(talk, owner=outsider)
        assert refused.value.field == "owner"

    assert agreed(talk).owner is None


def test_an_action_without_an_owner_is_taken_once(pair: Pairing) -> None:
    action = agreed(held(pair, NOW))

    take_action(action=action, by=pair.leader, now=NOW)
    take_action(action=action, by=pair.leader, now=NOW)
    assert action.owner_id == pair.leader.pk
    with pytest.raises(NotNow):
        take_action(action=action, by=pair.partner, now=NOW)


def test_the_actions_of_a_partner_who_stops_wait_for_an_owner(cast: Cast, pair: Pairing) -> None:
    talk = held(pair, NOW)
    theirs, own = agreed(talk, owner=pair.partner), agreed(talk, owner=pair.leader)
    ahead = planned(pair, NOW + timedelta(days=3))

    end_pairing(pairing=pair, organisation=cast.acme, by=pair.leader, now=NOW)

    for row in (theirs, own, ahead):
        row.refresh_from_db()
    assert (theirs.owner_id, own.owner_id) == (None, pair.leader.pk)
    assert ahead.state == "cancelled"
    assert pair.state == "ended"
    take_action(action=theirs, by=pair.leader, now=NOW)  # it is the leader's to take up
    with pytest.raises(NotNow, match="have ended"):
        agreed(Session.objects.select_related("pairing").get(pk=talk.pk), by=cast.ada)


def test_the_same_line_sent_twice_is_one_action(pair: Pairing) -> None:
    talk, key = held(pair, NOW), uuid4()
    for _twice in range(2):
        add_action(session=talk, text="Once", owner_id=None, due_on=None, key=key, today=TODAY, by=pair.leader, now=NOW)

    assert Action.objects.filter(pairing=pair, text="Once").count() == 1


def test_nobody_outside_the_pair_touches_an_action(cast: Cast, pair: Pairing) -> None:
    action = agreed(held(pair, NOW))
    for outsider in (cast.bo, cast.max, cast.mia, cast.cleo, cast.hana, cast.olav):
        for act in (
            lambda by: close_action(action=action, by=by, now=NOW),
            lambda by: reopen_action(action=action, by=by, now=NOW),
            lambda by: take_action(action=action, by=by, now=NOW),
            lambda by: let_go(action=action, reason="x", by=by, now=NOW),
        ):
            with pytest.raises(NotYours):
                act(outsider)


def test_a_partner_whose_talks_ended_changes_no_action(cast: Cast, pair: Pairing, client_for: Clients) -> None:
    talk = held(pair, NOW)
    action = agreed(talk, owner=pair.leader)
    end_pairing(pairing=pair, organisation=cast.acme, by=None, now=NOW)
    acts = (
        lambda by: close_action(action=action, by=by, now=NOW),
        lambda by: reopen_action(action=action, by=by, now=NOW),
        lambda by: take_action(action=action, by=by, now=NOW),
        lambda by: let_go(action=action, reason="x", by=by, now=NOW),
        lambda by: change_action(action=action, text="x", owner_id=by.pk, due_on=None, today=TODAY, by=by, now=NOW),
    )
    for act in acts:
        with pytest.raises(NotNow, match="have ended"):
            act(cast.sol)

    for member, may in ((cast.sol, False), (cast.ada, True)):
        client = client_for(member)
        for page in (client.url("session", talk.pk), client.url("pairing", pair.pk)):
            shown = client.get(page).content.decode()
            assert (action.text in shown, client.url("action_closing", action.pk) in shown) == (True, may)
    close_action(action=action, by=cast.ada, now=NOW)


@pytest.mark.parametrize("page", ["abc", "-1", "9" * 5000, "²", ""])
def test_a_forged_page_of_an_action_is_no_error(page: str, cast: Cast, pair: Pairing, client_for: Clients) -> None:
    action = agreed(held(pair, NOW))
    client = client_for(cast.ada)

    answer = client.post(client.url("action_closing", action.pk), {"in": page}, headers={"hx-request": "true"})

    assert answer.status_code == 200
