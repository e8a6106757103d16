"""Dates of a host: what is refused and in which words, and what a change leaves alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest

from coaching.hosting.actions.dates import cancel_date, change_date, open_dates
from coaching.hosting.rules import overlapping
from coaching.models import Host, Visit
from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from cohorts.web.revisions import Stale
from tests import factories as make
from tests.cast import Cast
from tests.coaching.hosting.scenes import NINE, acme_host, date_facts, day
from tests.times import NOW


@pytest.fixture
def host(cast: Cast) -> Iterator[Host]:
    with within(cast.acme):
        yield acme_host(cast)


@pytest.fixture
def visit(host: Host) -> Visit:
    return host.visits.get(format="visit")


def opened(host: Host, cast: Cast, *days: int, at: time = NINE, key=None, by=None, **facts) -> list[Visit]:
    return open_dates(
        host=host,
        facts=date_facts(**facts),
        days={f"day_{place}": day(number) for place, number in enumerate(days, start=1)},
        at=at,
        key=key or uuid4(),
        by=by or cast.gro,
        now=NOW,
    )


def changed(visit: Visit, cast: Cast, *, on: int = 14, at: time = time(9, 30), revision=None, **facts) -> bool:
    same = {name: getattr(visit, name) for name in ("title", "about", "capacity", "minutes", "place")}
    return change_date(
        visit=visit,
        facts=date_facts(**{**same, **facts}),
        day=day(on),
        at=at,
        by=cast.gro,
        now=NOW,
        expected_revision=revision,
    )


def test_several_dates_open_in_one_form_at_the_host_s_hour(host: Host, cast: Cast) -> None:
    first, second = opened(host, cast, 16, 23)

    assert first.starts_at == datetime(2026, 3, 27, 8, tzinfo=UTC)
    assert second.starts_at == datetime(2026, 4, 3, 7, tzinfo=UTC)  # summer time has begun: still 9:00 in Oslo
    assert {each.sequence for each in (first, second)} == {0}


def test_a_date_form_sent_twice_opens_its_dates_once(host: Host, cast: Cast) -> None:
    key, before = uuid4(), host.visits.count()

    assert opened(host, cast, 16, 23, key=key) == opened(host, cast, 16, 23, key=key)
    assert host.visits.count() == before + 2


def test_one_refused_date_opens_none_of_them(host: Host, cast: Cast) -> None:
    before = host.visits.count()

    with pytest.raises(Invalid, match=r"takes nobody from 10 May to 16 May") as refused:
        opened(host, cast, 16, 61)

    assert refused.value.field == "day_2"
    assert host.visits.count() == before


def test_a_date_in_the_past_is_refused(host: Host, cast: Cast) -> None:
    host.notice_days = 0
    host.save()

    with pytest.raises(Invalid, match="in the past"):
        opened(host, cast, 0, at=time(9, 30))
    assert opened(host, cast, 0, at=time(9, 31))


def test_the_notice_a_host_needs_is_kept_to_the_day(host: Host, cast: Cast) -> None:
    with pytest.raises(Invalid, match="needs 5 days of notice: the first possible day is Monday 16 March"):
        opened(host, cast, 4)
    assert opened(host, cast, 5)


def test_a_closed_day_is_refused_up_to_its_last_one(host: Host, cast: Cast) -> None:
    for number in (60, 66):
        with pytest.raises(Invalid, match="Acme host takes nobody from 10 May to 16 May"):
            opened(host, cast, number)
    assert opened(host, cast, 59)
    assert opened(host, cast, 67)


def test_a_visit_may_not_run_into_closed_days(host: Host, cast: Cast) -> None:
    assert opened(host, cast, 59, at=time(22), minutes=60)
    with pytest.raises(Invalid, match="takes nobody"):
        opened(host, cast, 59, at=time(22), minutes=180)


def test_the_most_dates_of_a_month_are_counted_on_the_host_s_calendar(host: Host, cast: Cast) -> None:
    host.monthly_ceiling = 1
    host.save()
    host.visits.update(starts_at=NOW - timedelta(days=100))
    # 30 April, 22:30 UTC is 1 May in Oslo.
    make.VisitFactory(host=host, starts_at=datetime(2026, 4, 30, 22, 30, tzinfo=UTC))

    assert opened(host, cast, 50)  # 30 April
    with pytest.raises(Invalid, match="takes at most 1 date in a month, and May 2026 is full"):
        opened(host, cast, 52)


def test_cancelled_dates_do_not_fill_a_month(host: Host, cast: Cast, visit: Visit) -> None:
    host.monthly_ceiling = 1
    host.save()
    host.visits.exclude(pk=visit.pk).update(starts_at=NOW - timedelta(days=100))
    with pytest.raises(Invalid, match="March 2026 is full"):
        opened(host, cast, 16)

    cancel_date(visit=visit, reason="We are moving.", by=cast.gro, now=NOW)

    assert opened(host, cast, 16)


@pytest.mark.parametrize("capacity", [0, -1])
def test_no_places_asks_whether_it_is_a_talk_or_closed(host: Host, cast: Cast, capacity: int) -> None:
    with pytest.raises(Invalid, match=r"^A talk or closed\?") as refused:
        opened(host, cast, 16, capacity=capacity)
    assert refused.value.field == "capacity"


def test_a_talk_has_room_for_three_thousand(host: Host, cast: Cast) -> None:
    assert opened(host, cast, 16, format="talk", capacity=3000)
    with pytest.raises(Invalid):
        opened(host, cast, 17, format="talk", capacity=3001)


def test_a_date_is_of_a_format_the_host_offers(host: Host, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        opened(host, cast, 16, format="shadow")
    assert refused.value.field == "format"


def test_guests_are_told_where_to_come_or_how_to_join(host: Host, cast: Cast) -> None:
    with pytest.raises(Invalid, match="where guests come"):
        opened(host, cast, 16, place=" ")
    with pytest.raises(Invalid, match="give the link"):
        opened(host, cast, 16, is_remote=True, link="")
    with pytest.raises(Invalid, match="begins with https"):
        opened(host, cast, 16, is_remote=True, link="javascript:alert(1)")


def test_an_overlap_with_an_own_other_date_is_said_and_allowed(host: Host, cast: Cast, visit: Visit) -> None:
    clash, clear = opened(host, cast, 14, 15)

    assert overlapping(host, [clash]) == [visit]
    assert overlapping(host, [clear]) == []


def test_dates_that_only_touch_do_not_overlap(host: Host, cast: Cast, visit: Visit) -> None:
    (after,) = opened(host, cast, 14, at=time(12, 30))  # the visit of the cast ends then

    assert overlapping(host, [after]) == []


def test_moving_keeps_the_row_and_its_name_and_counts_on(visit: Visit, cast: Cast) -> None:
    uid = visit.uid

    assert changed(visit, cast, on=15) is True
    assert changed(visit, cast, on=15, place="Bryggen 3") is True
    assert changed(visit, cast, on=15, place="Bryggen 3", minutes=60) is True

    visit.refresh_from_db()
    assert (visit.uid, visit.sequence) == (uid, 3)


def test_a_new_wording_is_no_move(visit: Visit, cast: Cast) -> None:
    assert changed(visit, cast, title="Another name", about="More about it", capacity=2) is False

    visit.refresh_from_db()
    assert (visit.title, visit.capacity, visit.sequence) == ("Another name", 2, 0)


def test_a_date_that_stays_put_is_not_held_to_the_notice_again(visit: Visit, cast: Cast) -> None:
    visit.starts_at = NOW + timedelta(days=1)
    visit.save()

    assert changed(visit, cast, on=1, title="Bring warm clothes") is False
    with pytest.raises(Invalid, match="days of notice"):
        changed(visit, cast, on=2)


def test_a_full_month_does_not_stop_a_move_inside_it(host: Host, visit: Visit, cast: Cast) -> None:
    host.monthly_ceiling = 1
    host.save()
    host.visits.exclude(pk=visit.pk).update(starts_at=NOW - timedelta(days=100))

    assert changed(visit, cast, on=16) is True


def test_a_date_that_has_begun_or_is_cancelled_can_not_change(visit: Visit, cast: Cast) -> None:
    cancel_date(visit=visit, reason="The floor is flooded.", by=cast.gro, now=NOW)
    with pytest.raises(NotNow, match="cancelled"):
        changed(visit, cast, on=16)
    begun = make.VisitFactory(host=visit.host, starts_at=NOW - timedelta(minutes=5))
    with pytest.raises(NotNow, match="begun"):
        changed(begun, cast, on=16)


def test_cancelling_needs_a_reason_and_counts_on(visit: Visit, cast: Cast) -> None:
    with pytest.raises(Invalid):
        cancel_date(visit=visit, reason="  ", by=cast.gro, now=NOW)

    cancel_date(visit=visit, reason="The floor is flooded.", by=cast.gro, now=NOW)

    visit.refresh_from_db()
    assert (visit.state, visit.cancel_reason, visit.cancelled_at, visit.sequence) == (
        "cancelled",
        "The floor is flooded.",
        NOW,
        1,
    )
    assert "flooded" not in str(AuditEntry.objects.get(verb="cancelled date").details)


def test_an_older_page_of_a_date_is_stale(visit: Visit, cast: Cast) -> None:
    changed(visit, cast, title="First")

    with pytest.raises(Stale):
        changed(visit, cast, title="Second", revision=1)


@pytest.mark.parametrize("name", ["ada", "sol", "cleo"])
def test_only_host_and_admins_change_dates(host: Host, visit: Visit, cast: Cast, name: str) -> None:
    stranger = getattr(cast, name)
    with pytest.raises(NotYours):
        opened(host, cast, 16, by=stranger)
    with pytest.raises(NotYours):
        cancel_date(visit=visit, reason="Because.", by=stranger, now=NOW)
    assert opened(host, cast, 16, by=cast.hana)


def test_another_host_does_not_change_a_host_s_dates(host: Host, visit: Visit, cast: Cast) -> None:
    other = make.MembershipFactory(roles=["host"])
    make.HostFactory(member=other)

    with pytest.raises(NotYours):
        cancel_date(visit=visit, reason="Because.", by=other, now=NOW)
