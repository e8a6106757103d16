"""Several leaders at once: each goes through one leader's action, and Undo restores exactly what was changed."""

from datetime import time, timedelta

import pytest

from cohorts.enrolment.actions.bulk import change_sponsors, move_hours, pause_all, resend_all
from cohorts.enrolment.actions.enrolments import pause
from cohorts.enrolment.undo import undo_of, undo_token
from cohorts.models import AuditEntry, Enrolment, Invitation, Pause, Role
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow
from tests import factories as make
from tests.times import NOW, TODAY


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def house(cast, acme):
    return cast.house_of(acme)


@pytest.fixture
def pair(cast):
    """Ada and Bo: Sol is Ada's sponsor, Max is Bo's."""
    return [cast.enrolment(cast.ada), cast.enrolment(cast.bo)]


def fresh(enrolment):
    with within(enrolment.organisation_id):
        return Enrolment.objects.get(pk=enrolment.pk)


def choose(hana, house, act, chosen, **data):
    keys = [enrolment.pk for enrolment in chosen]
    if act == "resend":
        return hana.post(hana.url("cohort_choices", house.cohort.pk), {"act": act, "chosen": keys}, follow=True)
    return hana.post(hana.url("cohort_choice", house.cohort.pk, act), {"chosen": keys, **data}, follow=True)


def undo(hana, answer):
    """Press the Undo that the page offers."""
    address = next(m.extra_tags for m in answer.context["messages"] if m.extra_tags)
    return hana.post(address, follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_pausing_two_leaders_and_undoing_it(hana, house, pair):
    days = {"starts_on": TODAY.isoformat(), "ends_on": (TODAY + timedelta(days=4)).isoformat()}

    answer = choose(hana, house, "pause", pair, **days)

    assert said(answer) == ["2 leaders are paused."]
    with within(house.organisation):
        paused = Pause.objects.filter(starts_on=TODAY)
        assert sorted(paused.values_list("enrolment", flat=True)) == sorted(each.pk for each in pair)
        assert AuditEntry.objects.filter(verb="paused").count() == 2

    assert said(undo(hana, answer)) == ["Undone. Everything is as it was."]
    with within(house.organisation):
        assert not Pause.objects.filter(starts_on=TODAY).exists()


def test_another_sponsor_for_two_leaders_and_undoing_it(hana, house, pair, cast):
    answer = choose(hana, house, "sponsor", pair, sponsor=cast.max.pk)

    assert said(answer) == ["1 leader has another sponsor."]  # Bo had Max already
    assert fresh(pair[0]).sponsor_id == cast.max.pk

    undo(hana, answer)
    assert [fresh(each).sponsor_id for each in pair] == [cast.sol.pk, cast.max.pk]


def test_nobody_becomes_their_own_sponsor_in_bulk(acme, cast):
    with within(acme):
        both = list(Enrolment.objects.filter(leader__in=[cast.max, cast.ada]).order_by("pk"))
        changes = change_sponsors(enrolments=both, sponsor=cast.max, by=cast.hana, now=NOW)

    assert [change.key for change in changes] == [cast.enrolment(cast.ada).pk]
    assert fresh(cast.enrolment(cast.max)).sponsor_id is None


def test_moving_the_hour_keeps_zone_days_and_rota(hana, house, pair):
    with within(house.organisation):
        Enrolment.objects.filter(pk=pair[0].pk).update(rota_on=4, rota_off=4, rota_from=TODAY, zone="Europe/Helsinki")

    answer = choose(hana, house, "hour", pair, nudge_hour="15:30")

    moved = fresh(pair[0])
    assert (moved.nudge_hour, moved.rota_on, str(moved.zone)) == (time(15, 30), 4, "Europe/Helsinki")
    undo(hana, answer)
    back = fresh(pair[0])
    assert (back.nudge_hour, back.rota_on, str(back.zone)) == (time(9), 4, "Europe/Helsinki")


def test_an_hour_in_the_quiet_hours_is_refused_beside_its_field_and_by_the_action(hana, house, pair, acme, cast):
    answer = choose(hana, house, "hour", pair, nudge_hour="22:00")
    assert answer.status_code == 422
    assert "quiet hours" in answer.context["form"].errors["nudge_hour"][0]

    with within(acme), pytest.raises(Invalid, match="quiet hours"):
        move_hours(enrolments=pair, nudge_hour=time(22), by=cast.hana, organisation=acme, now=NOW)


def test_days_away_add_up_to_at_most_a_year(acme, house, cast):
    with within(acme):
        pat = cast.enrolment(cast.pat)
        away = {"cohort": house.cohort, "today": TODAY, "by": cast.hana, "now": NOW}
        half = {"starts_on": TODAY + timedelta(days=10), "ends_on": TODAY + timedelta(days=192)}
        Pause.objects.all().delete()

        pause(enrolment=None, **half, **away)
        pause(enrolment=pat, **half, **away)  # the same days count once
        with pytest.raises(Invalid, match="With the days away there are already, that is longer than a year"):
            pause(enrolment=pat, starts_on=TODAY + timedelta(days=300), ends_on=TODAY + timedelta(days=483), **away)
        pause(enrolment=pat, starts_on=TODAY + timedelta(days=300), ends_on=TODAY + timedelta(days=482), **away)


def test_days_that_are_over_are_refused_by_the_action_and_pause_nobody(acme, house, pair, cast):
    yesterday = TODAY - timedelta(days=1)
    with within(acme), pytest.raises(Invalid, match="already over"):
        pause_all(cohort=house.cohort, enrolments=pair, starts_on=yesterday, ends_on=yesterday, by=cast.hana, now=NOW)

    with within(acme):
        assert not Pause.objects.filter(starts_on=yesterday).exists()


def test_undo_leaves_alone_what_somebody_changed_since(hana, house, pair):
    answer = choose(hana, house, "hour", pair, nudge_hour="15:30")
    with within(house.organisation):
        Enrolment.objects.filter(pk=pair[0].pk).update(nudge_hour=time(11))

    assert said(undo(hana, answer)) == ["Undone, except for 1 that has changed since."]
    assert [fresh(each).nudge_hour for each in pair] == [time(11), time(9)]


def invite_again(house, pair, **fields):
    with within(house.organisation):
        return make.InvitationFactory(
            membership=pair[0].leader, expires_at=NOW - timedelta(days=1), sent_at=NOW - timedelta(days=15), **fields
        )


def test_resending_skips_those_who_have_signed_in_and_undo_brings_the_old_link_back(hana, house, pair):
    old = invite_again(house, pair)

    answer = choose(hana, house, "resend", pair)

    assert said(answer) == ["1 new invitation is on its way. The old link stops working."]
    with within(house.organisation):
        new = Invitation.objects.get(membership=pair[0].leader, revoked_at=None)
        assert new.pk != old.pk
        assert new.not_before - new.created_at == timedelta(minutes=1)  # or Undo would come too late
    undo(hana, answer)
    with within(house.organisation):
        assert [each.pk for each in Invitation.objects.filter(membership=pair[0].leader, revoked_at=None)] == [old.pk]


def test_a_resent_invitation_that_has_left_is_not_taken_back(hana, house, pair):
    invite_again(house, pair)
    answer = choose(hana, house, "resend", pair)
    with within(house.organisation):
        Invitation.objects.filter(membership=pair[0].leader, revoked_at=None).update(sent_at=NOW, attempts=1)

    assert undo(hana, answer).status_code == 409


def test_resending_to_people_who_have_all_signed_in_is_refused(hana, house, pair):
    answer = choose(hana, house, "resend", pair)

    assert answer.status_code == 409


def test_choosing_nobody_says_so(hana, house):
    assert said(choose(hana, house, "resend", [])) == ["Choose at least one leader first."]


def test_another_cohorts_and_another_houses_leaders_are_ignored(hana, house, cast, acme):
    with within(acme):
        elsewhere = make.EnrolmentFactory(cohort=make.CohortFactory(version=house.version))
    strangers = [elsewhere, cast.enrolment(cast.zoe)]

    assert said(choose(hana, house, "resend", strangers)) == ["Choose at least one leader first."]
    assert choose(hana, house, "hour", strangers, nudge_hour="15:30").status_code == 404
    assert fresh(cast.enrolment(cast.zoe)).nudge_hour == time(9)


@pytest.fixture
def crowd(house):
    """More leaders than a page holds, all with the same sponsor as Ada, most of whom haven't signed in."""
    with within(house.organisation):
        sponsor = make.MembershipFactory(name="Quincy Sponsor", roles=[Role.SPONSOR])
        leaders = make.MembershipFactory.create_batch(60, roles=[Role.LEADER])
        return [make.EnrolmentFactory(cohort=house.cohort, leader=leader, sponsor=sponsor) for leader in leaders]


def test_all_who_match_are_chosen_across_pages_and_undone_together(hana, house, pair, crowd):
    page = hana.get(hana.url("cohort", house.cohort.pk), {"q": "Quincy"}).content.decode()
    assert 'data-choose-every="60"' in page
    assert '<input type="hidden" name="q" value="Quincy">' in page

    asked = hana.post(
        hana.url("cohort_choices", house.cohort.pk), {"act": "hour", "q": "Quincy", "every": "1"}, follow=True
    )
    assert "Another hour for 60 leaders" in asked.content.decode()
    keys = [each.pk for each in asked.context["chosen"]]
    answer = hana.post(asked.request["PATH_INFO"], {"chosen": keys, "nudge_hour": "15:30"}, follow=True)

    assert said(answer) == ["60 leaders get nudges at another hour."]
    assert {fresh(each).nudge_hour for each in crowd} == {time(15, 30)}
    assert [fresh(each).nudge_hour for each in pair] == [time(9), time(9)]
    undo(hana, answer)
    assert {fresh(each).nudge_hour for each in crowd} == {time(9)}


def test_more_than_can_be_done_at_once_is_refused_by_page_and_action(hana, house, crowd, cast, acme, monkeypatch):
    monkeypatch.setattr("cohorts.enrolment.rules.MAX_LEADERS_AT_ONCE", 59)

    answer = hana.get(hana.url("cohort_choice", house.cohort.pk, "hour"), {"q": "Quincy", "every": "1"})

    assert answer.status_code == 409
    assert "At most 59 leaders at once" in answer.content.decode()
    days = {"starts_on": TODAY, "ends_on": TODAY}
    acts = [
        lambda **common: resend_all(enrolments=crowd, **common),
        lambda **common: pause_all(cohort=house.cohort, enrolments=crowd, **days, **common),
        lambda **common: change_sponsors(enrolments=crowd, sponsor=None, **common),
        lambda **common: move_hours(enrolments=crowd, nudge_hour=time(10), organisation=acme, **common),
    ]
    for act in acts:
        with within(acme), pytest.raises(NotNow, match="Narrow the list"):
            act(by=cast.hana, now=NOW)


def test_a_choice_that_needs_a_question_leads_to_its_page(hana, house, pair):
    chosen = {"act": "pause", "chosen": [each.pk for each in pair]}
    page = hana.post(hana.url("cohort_choices", house.cohort.pk), chosen, follow=True).content.decode()

    assert "Pause 2 leaders" in page
    assert all(f'name="chosen" value="{each.pk}"' in page for each in pair)


@pytest.mark.parametrize("act", ["leave", "resend", "x"])
def test_an_unknown_act_has_no_page(hana, house, pair, act):
    assert hana.get(hana.url("cohort_choice", house.cohort.pk, act), {"chosen": pair[0].pk}).status_code == 404


def test_an_undo_is_for_the_member_and_the_cohort_that_did_it(acme, house, pair, cast):
    with within(acme):
        make.InvitationFactory(membership=cast.ada)
        changes = resend_all(enrolments=pair, by=cast.hana, now=NOW)
        other = make.CohortFactory(version=house.version)
    token = undo_token("resend", changes, cohort=house.cohort, by=cast.hana)

    assert undo_of(token, cohort=house.cohort, by=cast.hana).changes == tuple(changes)
    assert undo_of(token, cohort=house.cohort, by=cast.olav) is None
    assert undo_of(token, cohort=other, by=cast.hana) is None
    assert undo_of(token[:-1] + "x", cohort=house.cohort, by=cast.hana) is None


def test_a_damaged_undo_is_a_refusal(hana, house):
    assert hana.post(hana.url("cohort_undo", house.cohort.pk) + "?what=x").status_code == 409
