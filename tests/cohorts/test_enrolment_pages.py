from datetime import time, timedelta

import pytest

from cohorts.models import Clock, Enrolment, Invitation, Pause
from cohorts.schedule.calendars import rota_of
from cohorts.schedule.path import Rota
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.plain_dates import with_plain_dates
from tests.times import NOW, TODAY


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def ada(cast):
    return cast.enrolment(cast.ada)


def fresh(ada):
    with within(ada.organisation_id):
        return Enrolment.objects.select_related("sponsor").get(pk=ada.pk)


def test_the_page_shows_progress_but_no_private_text(hana, ada):
    page = with_plain_dates(hana.get(hana.url("enrolment", ada.pk)))

    assert "Last practice on Monday 9 March." in page
    assert "You see when something was practised, never what was written." in page
    assert "bait" not in page


def test_the_log_shows_state_and_reason_of_each_nudge(hana, ada, cast):
    with within(ada.organisation_id):
        step = cast.house_of(cast.ada).version.steps.first()
        make.NudgeFactory(enrolment=ada, step=step, channel="mail", state="failed", reason="refused", smtp_code=550)

    page = " ".join(hana.get(hana.url("enrolment", ada.pk)).content.decode().split())

    assert "Failed: The mail server refused the address (550)" in page


def test_hour_zone_and_days_move(hana, ada):
    said = {"zone": "Europe/London", "nudge_hour": "07:45", "works": "weekdays", "working_days": ["2", "4"]}
    hana.post(hana.url("enrolment_schedule", ada.pk), said)

    enrolment = fresh(ada)
    assert (str(enrolment.zone), enrolment.nudge_hour, enrolment.working_days) == ("Europe/London", time(7, 45), [2, 4])


def test_an_hour_in_the_quiet_hours_is_refused(hana, ada):
    said = {"zone": "Europe/London", "nudge_hour": "05:00", "works": "weekdays", "working_days": ["2"]}
    answer = hana.post(hana.url("enrolment_schedule", ada.pk), said)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["nudge_hour"]


def test_a_leader_is_put_on_a_rotating_rota(hana, ada):
    rota = {"works": "rota", "rota_on": "4", "rota_off": "4", "rota_from": str(TODAY + timedelta(days=2))}
    answer = hana.post(
        hana.url("enrolment_schedule", ada.pk), {"zone": "Europe/Oslo", "nudge_hour": "09:00", **rota}, follow=True
    )

    assert rota_of(fresh(ada)) == Rota(4, 4, TODAY + timedelta(days=2))
    states = [day.state for day in answer.context["ahead"].days]
    assert states == ["off"] * 2 + ["works"] * 4 + ["off"] * 4 + ["works"] * 4


def test_a_leader_is_paused_and_undo_takes_it_back(hana, ada):
    days = {"starts_on": str(TODAY), "ends_on": str(TODAY + timedelta(days=2))}
    answer = hana.post(hana.url("enrolment_pauses", ada.pk), days, follow=True)
    with within(ada.organisation_id):
        added = Pause.objects.get(enrolment=ada, starts_on=TODAY)
        assert Clock.objects.get(enrolment=ada).next_on > TODAY + timedelta(days=2)
    undo = hana.url("pause_ending", added.pk)
    assert f'action="{undo}"' in answer.content.decode()

    hana.post(undo)

    with within(ada.organisation_id):
        assert not Pause.objects.filter(pk=added.pk).exists()


def test_an_impossible_pause_is_explained_on_the_page(hana, ada):
    days = {"starts_on": "2026-03-20", "ends_on": "2026-03-19"}
    answer = hana.post(hana.url("enrolment_pauses", ada.pk), days)

    assert answer.status_code == 422
    assert "The last day is before the first." in answer.content.decode()


def test_another_sponsor_takes_over(hana, ada, cast):
    hana.post(hana.url("enrolment_sponsor", ada.pk), {"sponsor": cast.max.pk})
    assert fresh(ada).sponsor == cast.max

    hana.post(hana.url("enrolment_sponsor", ada.pk), {"sponsor": ""})
    assert fresh(ada).sponsor is None


@pytest.mark.parametrize("who", ["ada", "zac", "olav"])
def test_only_sponsors_can_be_chosen_as_sponsor(hana, ada, cast, who):
    answer = hana.post(hana.url("enrolment_sponsor", ada.pk), {"sponsor": getattr(cast, who).pk})

    assert answer.status_code == 422
    assert fresh(ada).sponsor == cast.sol


def test_mails_are_switched_off_and_on(hana, ada):
    hana.post(hana.url("enrolment_mail_off", ada.pk))
    assert fresh(ada).channels == ["app"]

    hana.post(hana.url("enrolment_mail_on", ada.pk))
    assert fresh(ada).channels == ["app", "mail"]


def test_leaving_stops_the_nudges_and_undo_brings_back(hana, ada):
    answer = hana.post(hana.url("enrolment_leaving", ada.pk), follow=True)
    assert fresh(ada).left_on == TODAY
    with within(ada.organisation_id):
        assert Clock.objects.get(enrolment=ada).next_at is None
    undo = hana.url("enrolment_return", ada.pk)
    assert f'action="{undo}"' in answer.content.decode()

    hana.post(undo)

    assert fresh(ada).left_on is None
    with within(ada.organisation_id):
        assert Clock.objects.get(enrolment=ada).next_at is not None


def test_an_invitation_is_sent_again_and_taken_back(hana, ada, cast):
    with within(ada.organisation_id):
        old = make.InvitationFactory(membership=cast.ada, sent_at=NOW - timedelta(days=13))
    page = with_plain_dates(hana.get(hana.url("enrolment", ada.pk)))
    assert "invited 26 February" in page
    assert "Open until 25 March" in page

    hana.post(hana.url("member_invitation", cast.ada.pk))
    with within(ada.organisation_id):
        old.refresh_from_db()
        assert old.revoked_at is not None
        assert Invitation.objects.filter(membership=cast.ada, revoked_at=None, sent_at=None).count() == 1

    answer = hana.post(hana.url("member_invitation_revoking", cast.ada.pk))
    assert answer["Location"] == hana.url("enrolment", ada.pk)
    with within(ada.organisation_id):
        assert not Invitation.objects.filter(membership=cast.ada, revoked_at=None).exists()


def test_a_signed_in_member_is_not_invited_again(hana, ada, cast):
    assert hana.post(hana.url("member_invitation", cast.ada.pk)).status_code == 409


def test_page_queries_do_not_grow_with_the_log(hana, ada, cast, same_queries_at_1_and_30):
    def nudged(number):
        with within(ada.organisation_id):
            step = cast.house_of(cast.ada).version.steps.first()
            make.NudgeFactory(enrolment=ada, step=step, on=TODAY + timedelta(days=number))

    assert same_queries_at_1_and_30(lambda: hana.get(hana.url("enrolment", ada.pk)), nudged) <= 12


@pytest.mark.parametrize("name", ["enrolment", "enrolment_schedule"])
def test_another_organisations_leader_is_missing(hana, cast, name):
    assert hana.get(hana.url(name, cast.enrolment(cast.zoe).pk)).status_code == 404


@pytest.mark.parametrize("name", ["enrolment_pauses", "enrolment_sponsor", "enrolment_leaving", "enrolment_mail_off"])
def test_another_organisations_leader_cannot_be_changed(hana, cast, name):
    assert hana.post(hana.url(name, cast.enrolment(cast.zoe).pk)).status_code == 404


@pytest.mark.parametrize("who", ["ada", "sol"])
def test_only_admins_see_the_enrolment_page(client_for, cast, ada, who):
    client = client_for(getattr(cast, who))

    assert client.get(client.url("enrolment", ada.pk)).status_code == 403
