"""C10: a leader gets another sponsor in the middle. The new one begins anew, in every figure."""

from datetime import timedelta

import pytest

from coaching.branches.periods import own_period
from coaching.branches.tallies import own_tally
from coaching.meetings.actions.pairings import follow_sponsors
from coaching.models import Action, Pairing, Session
from coaching.sponsoring.figures import own_figures, sponsor_figures
from cohorts.models import Enrolment
from cohorts.people.actions.members import change_sponsor
from cohorts.tenancy.wall import within
from tests.coaching.branches.teams import IN_OWN_PERIOD, enrolment_of, sponsor_below, talk, team
from tests.times import NOW, TODAY


@pytest.fixture
def pairing(acme):
    """A leader whose sponsor met them once, missed them twice and left an action open."""
    with within(acme):
        (pairing,) = team(sponsor_below(None), 1)
        for state in ("held", "missed", "missed"):
            talk(pairing, state, IN_OWN_PERIOD)
        yield pairing


def hand_over(cast, acme, pairing, sponsor):
    change_sponsor(enrolment=enrolment_of(pairing), sponsor=sponsor, by=cast.hana, now=NOW)
    follow_sponsors(organisation=acme, now=NOW)
    return Pairing.objects.active().get(kind="sponsor", leader=pairing.leader)


def tally(acme, sponsor):
    return own_tally(sponsor, period=own_period(TODAY), organisation=acme, today=TODAY, now=NOW)


def test_a_new_sponsor_inherits_no_red(cast, acme, pairing):
    new = sponsor_below(None)
    assert own_figures(pairing.partner, organisation=acme, now=NOW).follow_through == 0

    hand_over(cast, acme, pairing, new)

    theirs = tally(acme, new)
    assert (theirs.leaders, theirs.talks.agreed, theirs.overdue, theirs.waiting) == (1, 0, 0, 0)
    assert own_figures(new, organisation=acme, now=NOW).follow_through is None


def test_a_new_sponsor_has_a_new_pairing_and_reads_nothing_earlier(cast, acme, pairing):
    new = hand_over(cast, acme, pairing, sponsor_below(None))

    assert (new.handover, new.last_held_on, new.starts_on) == ("", None, TODAY)
    assert not Session.objects.visible_to(new.partner).exists()
    assert not Action.objects.visible_to(new.partner).exists()
    assert Session.objects.visible_to(pairing.leader).count() == 3


def test_the_earlier_sponsor_reads_nothing_new(cast, acme, pairing):
    new = hand_over(cast, acme, pairing, sponsor_below(None))
    talk(new, "held", NOW - timedelta(hours=1))

    assert Session.objects.visible_to(pairing.partner).count() == 3
    assert not Enrolment.objects.visible_to(pairing.partner).exists()
    assert tally(acme, pairing.partner) is None


def test_the_leaders_figure_is_the_earlier_sponsors_until_the_new_one_has_one(cast, acme, pairing):
    enrolment = enrolment_of(pairing)
    before = sponsor_figures(enrolment, organisation=acme, now=NOW).follow_through

    hand_over(cast, acme, pairing, sponsor_below(None))

    after = sponsor_figures(Enrolment.objects.get(pk=enrolment.pk), organisation=acme, now=NOW).follow_through
    assert (before, after) == (0, 0)
