"""One click stops calendar invitations or reminders, each by itself; and talks really write their invitations."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from coaching.calendars.choices import Switch, choice_of, stop_token
from coaching.meetings.actions.sessions import cancel_session, move_session, plan_session, restore_session
from coaching.models import CalendarMail, Pairing
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from tests.cast import Cast
from tests.times import NOW

pytestmark = pytest.mark.django_db


def choices(cast: Cast) -> tuple[bool, bool]:
    with within(cast.acme):
        choice = choice_of(cast.ada)
        return choice.invitations_on, choice.reminders_on


@pytest.mark.parametrize(("switch", "after"), [(Switch.INVITATIONS, (False, True)), (Switch.REMINDERS, (True, False))])
def test_one_click_stops_one_kind_of_mail(
    cast: Cast, clock: time_machine.Traveller, switch: Switch, after: tuple[bool, bool]
) -> None:
    path = f"/k/{stop_token(cast.ada, switch)}/"
    program = Client(enforce_csrf_checks=True)

    assert program.get(path).status_code == 200
    assert choices(cast) == (True, True)

    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert choices(cast) == after

    program.post(path, {"on": "1"})
    assert choices(cast) == (True, True)


def test_a_revoked_or_changed_link_stops_nothing(cast: Cast, clock: time_machine.Traveller) -> None:
    token = stop_token(cast.ada, Switch.REMINDERS)
    with within(cast.acme):
        Membership.objects.filter(pk=cast.ada.pk).update(link_version=2)

    for dead in (token, f"{token}x", token.replace("-1.", "-7.", 1)):
        assert Client().post(f"/k/{dead}/").status_code in (404, 410)
    assert choices(cast) == (True, True)


def test_every_act_on_a_talk_reaches_both_calendars(cast: Cast) -> None:
    with within(cast.acme):
        CalendarMail.objects.all().delete()
        pairing = Pairing.objects.select_related("leader", "partner").get(partner=cast.sol, leader=cast.ada)
        facts = {"starts_at": NOW + timedelta(days=2), "minutes": 30, "place": ""}
        session = plan_session(pairing=pairing, key=uuid4(), by=cast.ada, now=NOW, **facts)
        move_session(session=session, by=cast.sol, now=NOW, **{**facts, "place": "Canteen"})
        move_session(session=session, by=cast.sol, now=NOW, **{**facts, "place": "Canteen"})
        cancel_session(session=session, by=cast.ada, now=NOW)
        restore_session(session=session, by=cast.ada, now=NOW)
        rows = CalendarMail.objects.order_by("sequence", "recipient__name")
        found = [(each.sequence, each.method, each.recipient.first_name) for each in rows.select_related("recipient")]

    told = [(0, "REQUEST"), (1, "REQUEST"), (2, "CANCEL"), (3, "REQUEST")]
    assert found == [(*each, name) for each in told for name in ("Ada", "Sol")]
