"""What tests of 1:1s share: the pair of Ada and Sol, and talks of theirs at any time."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from coaching.meetings.actions.sessions import hold_session, plan_session
from coaching.models import Pairing, Session
from cohorts.models import Membership
from tests.cast import Cast
from tests.times import NOW


def pairing_of(leader: Membership, kind: str = "sponsor") -> Pairing:
    return Pairing.objects.select_related("leader", "partner").get(leader=leader, kind=kind, state="active")


def fresh_pair(cast: Cast) -> Pairing:
    """Ada and Sol, as if they had never talked."""
    pairing = pairing_of(cast.ada)
    pairing.sessions.filter(state="planned").update(state="cancelled")
    return pairing


def planned(pairing: Pairing, starts_at: datetime, **values: Any) -> Session:
    plan = {"minutes": 30, "place": "", "by": pairing.partner, "now": min(starts_at, NOW), "key": uuid4(), **values}
    return plan_session(pairing=pairing, starts_at=starts_at, **plan)


def held(pairing: Pairing, starts_at: datetime, **values: Any) -> Session:
    """A talk that was planned, held and closed half an hour after it began."""
    session = planned(pairing, starts_at, **values)
    hold_session(session=session, by=pairing.partner, now=starts_at + timedelta(minutes=30), nothing_to_agree=True)
    return session
