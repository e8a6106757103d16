"""Stopping ends a pairing for both at once, takes nothing away from the leader and blames nobody."""

from datetime import timedelta

import pytest

from coaching.mentors.actions.stopping import end_of_those_who_left, go_on, read_undo, stop, undo_token
from coaching.models import Action, Pairing, Session, SessionText, StopCount
from cohorts.models import AuditEntry, Membership, Person
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.coaching.mentors.scenes import asked, new_leader
from tests.times import NOW, TODAY


@pytest.fixture
def opened(acme):
    with within(acme):
        yield acme


@pytest.fixture
def pairing(cast, opened):
    """Ada and her coach Cleo, who has promised something, too."""
    found = Pairing.objects.select_related("leader", "partner").get(leader=cast.ada, kind="coach")
    make.ActionFactory(session=found.sessions.get(state="held"), owner=cast.cleo, text="Send the article")
    return found


def stopped(pairing, by, organisation, reason=""):
    return stop(pairing=pairing, reason=reason, by=by, organisation=organisation, now=NOW)


@pytest.mark.parametrize("who", ["ada", "cleo"])
def test_either_of_the_two_stops_at_once(cast, opened, pairing, who):
    stopped(pairing, getattr(cast, who), opened)

    pairing.refresh_from_db()
    assert (pairing.state, pairing.ends_on) == ("ended", TODAY)
    assert not pairing.sessions.filter(state="planned").exists()


@pytest.mark.parametrize("who", ["sol", "hana", "bo", "mia"])
def test_nobody_else_stops_them(cast, opened, pairing, who):
    with pytest.raises(NotYours):
        stopped(pairing, getattr(cast, who), opened)


def test_talks_with_a_sponsor_are_not_stopped_here(cast, opened):
    pairing = Pairing.objects.get(leader=cast.ada, kind="sponsor")

    with pytest.raises(NotYours):
        stopped(pairing, cast.ada, opened)


def test_open_actions_of_the_partner_need_an_owner_and_the_leaders_stay(cast, opened, pairing):
    stopped(pairing, cast.cleo, opened)

    owners = dict(Action.objects.filter(pairing=pairing).values_list("text", "owner"))
    assert owners["Send the article"] is None
    assert owners["acme bait coach ada action"] == cast.ada.pk


def test_undo_brings_back_owners_talks_and_the_count(cast, opened, pairing):
    planned = set(pairing.sessions.filter(state="planned").values_list("uid", flat=True))
    done = stopped(pairing, cast.ada, opened, reason="time")

    go_on(pairing=pairing, stopped=done, by=cast.ada, now=NOW)

    pairing.refresh_from_db()
    assert (pairing.state, pairing.ends_on) == ("active", None)
    assert Action.objects.get(text="Send the article").owner == cast.cleo
    assert set(pairing.sessions.filter(state="planned").values_list("uid", flat=True)) == planned
    assert StopCount.objects.get(quarter_on="2026-01-01", reason="time").number == 0


def test_undo_twice_takes_the_count_back_once(cast, opened, pairing):
    other = make.PairingFactory(kind="coach", leader=cast.bo, partner=cast.cleo)
    stopped(other, cast.bo, opened, reason="time")
    done = stopped(pairing, cast.ada, opened, reason="time")

    for _ in range(2):
        go_on(pairing=pairing, stopped=done, by=cast.ada, now=NOW)

    assert StopCount.objects.get(quarter_on="2026-01-01", reason="time").number == 1


def test_undo_is_refused_once_the_place_is_gone(cast, opened, pairing):
    profile = cast.cleo.mentor_profiles.get()
    profile.places = 1
    profile.save()
    done = stopped(pairing, cast.ada, opened)
    asked(profile, new_leader(), opened)

    with pytest.raises(NotNow, match="gone to someone else"):
        go_on(pairing=pairing, stopped=done, by=cast.ada, now=NOW)


def test_the_address_of_undo_is_good_for_its_owner_only(cast, opened, pairing):
    done = stopped(pairing, cast.ada, opened, reason="fit")
    token = undo_token(done, pairing=pairing, by=cast.ada)

    assert read_undo(token, pairing=pairing, by=cast.ada) == done
    for changed, by in ((token, cast.cleo), (token[:-1] + "x", cast.ada)):
        with pytest.raises(NotNow):
            read_undo(changed, pairing=pairing, by=by)


def test_a_reason_is_a_number_that_names_no_pairing_person_or_day(cast, opened, pairing):
    stopped(pairing, cast.ada, opened, reason="fit")

    columns = {field.name for field in StopCount._meta.get_fields()}
    assert columns == {"id", "organisation", "quarter_on", "reason", "number"}
    entry = AuditEntry.objects.filter(verb="ended pairing").latest("number")
    assert (entry.by_id, entry.details) == (None, {})


def test_an_unknown_reason_is_refused(cast, opened, pairing):
    with pytest.raises(Invalid):
        stopped(pairing, cast.ada, opened, reason="lazy")


@pytest.mark.parametrize("how", ["left", "deactivated", "role taken"])
def test_a_coach_who_goes_takes_nothing_of_the_leaders_history(cast, opened, pairing, client_for, how):
    texts = list(SessionText.objects.filter(session__pairing=pairing).values_list("pk", flat=True))
    if how == "left":
        Membership.objects.filter(pk=cast.cleo.pk).update(left_at=NOW)
    elif how == "deactivated":
        Person.objects.filter(pk=cast.cleo.person_id).update(is_active=False)
    else:
        Membership.objects.filter(pk=cast.cleo.pk).update(roles=[])

    assert end_of_those_who_left(organisation=opened, now=NOW) == 1
    assert end_of_those_who_left(organisation=opened, now=NOW) == 0

    pairing.refresh_from_db()
    assert pairing.state == "ended"
    assert list(SessionText.objects.filter(session__pairing=pairing).values_list("pk", flat=True)) == texts
    assert Session.objects.visible_to(cast.ada).filter(pairing=pairing, state="held").count() == 1
    assert Action.objects.visible_to(cast.ada).filter(pairing=pairing).count() == 2


def test_a_coach_cannot_be_deleted_with_a_leaders_history(cast, opened, pairing):
    with pytest.raises(Exception, match="protected"):
        cast.cleo.delete()


def test_a_request_to_somebody_who_left_is_taken_back(cast, opened):
    profile = cast.cleo.mentor_profiles.get()
    request = asked(profile, new_leader(), opened).request
    Membership.objects.filter(pk=cast.cleo.pk).update(left_at=NOW + timedelta(hours=1))

    end_of_those_who_left(organisation=opened, now=NOW)

    assert Pairing.objects.get(pk=request.pairing_id).state == "withdrawn"
