"""One more is needed: seen at two instants of a round, and never whose place is empty."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.tenancy.wall import within
from feedback360.models import MemberMail, RaterMail, Request, State, Subject
from feedback360.rounds.actions.nominations import decline, nominate
from feedback360.rounds.actions.replacements import ask_replacements
from feedback360.rounds.rater_rules import has_room
from feedback360.rounds.replacements import last_look, looks, missing
from tests import factories as make
from tests.feedback360.rounds.scenes import listed, new_round, subject_of
from tests.times import NOW

OPENS = datetime(2026, 3, 2, 9, tzinfo=UTC)
REMINDS = OPENS + timedelta(days=9)


@pytest.fixture
def subject(cast, acme):
    """Opened three days ago, answers asked for in six: looked through now and in three days. Eight are needed."""
    with within(acme):
        round_ = new_round(cast, State.COLLECTING, threshold=5, response_rate=70)
        subject = subject_of(cast, cast.ada, round_)
        listed(subject, 8, "team", "asked")
        listed(subject, 9, "peer", "asked")
        yield subject


def wanted(subject):
    return Subject.objects.get(pk=subject.pk).replacements


def mails(subject):
    rows = MemberMail.objects.filter(round=subject.round, kind="replace")
    return list(rows.values_list("recipient", "number").order_by("number"))


def refuse(subject, count, relation="team"):
    for request in Request.objects.filter(subject=subject, relation=relation, state="asked")[:count]:
        decline(request=request, now=NOW)


def look(subject, days=0):
    return ask_replacements(round_=subject.round, now=NOW + timedelta(days=days))


def test_a_round_is_looked_through_after_a_third_and_two_thirds():
    assert looks(OPENS, REMINDS) == [OPENS + timedelta(days=3), OPENS + timedelta(days=6)]
    instants = [OPENS, *looks(OPENS, REMINDS), REMINDS]
    assert [last_look(OPENS, REMINDS, at) for at in instants] == [0, 1, 2, 2]


def test_what_is_missing_by_group():
    assert missing({"team": 7, "peers": 9, "colleagues": 8}, 8) == {"team": 1}


def test_a_leader_learns_that_one_more_is_needed(cast, subject):
    refuse(subject, 1)
    refuse(subject, 1, "peer")  # eight are left, which is enough

    assert look(subject) == 1
    assert wanted(subject) == {"team": 1}
    assert mails(subject) == [(cast.ada.pk, 1)]


def test_nothing_is_asked_when_enough_are_left(subject):
    assert look(subject) == 0
    assert (wanted(subject), mails(subject)) == ({}, [])


def test_what_a_leader_sees_changes_at_the_fixed_instants_alone(subject):
    refuse(subject, 1)
    assert look(subject, -0.01) == 0
    assert wanted(subject) == {}
    look(subject)
    refuse(subject, 2)

    for days in (0, 1, 2.9):
        assert look(subject, days) == 0
        assert wanted(subject) == {"team": 1}
    assert look(subject, 3) == 1
    assert wanted(subject) == {"team": 3}
    assert [number for _recipient, number in mails(subject)] == [1, 2]


def test_an_answer_does_not_change_what_is_needed(subject):
    refuse(subject, 1)
    Request.objects.filter(subject=subject, relation="team", state="asked").update(state="answered")

    look(subject)

    assert wanted(subject) == {"team": 1}


def test_a_rater_out_of_reach_counts_as_missing(subject):
    request = Request.objects.filter(subject=subject, relation="team").first()
    make.RaterMailFactory(rater=request.rater, kind=RaterMail.Kind.INVITATION, state="failed")

    look(subject)

    assert wanted(subject) == {"team": 1}


def test_a_replacement_who_waits_for_approval_is_not_asked_for_twice(cast, subject):
    refuse(subject, 1)
    look(subject)
    nominate(subject=subject, name="Kari", email="kari@firm.test", relation="team", by=cast.ada, now=NOW)

    assert look(subject, 3) == 0
    assert wanted(subject) == {}


def test_groups_joined_before_are_counted_together(subject):
    Subject.objects.filter(pk=subject.pk).update(groups={"team": "colleagues", "peer": "colleagues"})
    refuse(subject, 8)
    refuse(subject, 2, "peer")

    look(subject)

    assert wanted(subject) == {"colleagues": 1}


def test_a_group_that_is_not_asked_needs_nobody(subject):
    Subject.objects.filter(pk=subject.pk).update(groups={"team": "team", "peer": ""})
    refuse(subject, 9, "peer")

    assert look(subject) == 0


def test_nobody_is_asked_for_once_it_is_too_late(subject):
    refuse(subject, 3)

    assert look(subject, 6) == 0
    assert mails(subject) == []


days = st.integers(0, 80).map(lambda day: date(2026, 1, 1) + timedelta(days=day))


@given(before=st.lists(days, max_size=8), on=days, most=st.integers(1, 4))
def test_room_in_a_month_is_counted_over_every_thirty_days(before, on, most):
    first = on - timedelta(days=29)
    windows = [first + timedelta(days=shift) for shift in range(30)]
    fullest = max(sum(start <= each < start + timedelta(days=30) for each in before) for start in windows)

    assert has_room(before, on, most) == (fullest < most)
