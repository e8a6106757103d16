"""An admin's pages of rounds: when, who can be shown, and never who answered."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from feedback360.models import FeedbackSettings, RaterMail, Request, RequestState, Round, State, Subject
from feedback360.rounds.policies import names_for_admin
from feedback360.staging.keys import create_key, destroy_key
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import NOW

Clients = Callable[..., OrganisationClient]


@pytest.fixture
def admin(client_for: Clients, cast: Cast) -> OrganisationClient:
    return client_for(cast.hana)


@pytest.fixture
def open_round(cast: Cast) -> Round:
    with within(cast.acme):
        return Round.objects.get()


def planned(organisation: Organisation, state: str, **about: object) -> Round:
    with within(organisation):
        cohort = Round.objects.select_related("cohort").get().cohort
        return make.RoundFactory(
            cohort=cohort,
            key="planned",
            state=state,
            nominates_at=NOW - timedelta(days=3),
            opens_at=NOW + timedelta(days=4),
            reminds_at=NOW + timedelta(days=11),
            closes_at=NOW + timedelta(days=14),
            releases_at=NOW + timedelta(days=15),
            **about,
        )


def test_the_tab_lists_rounds_with_their_dates(admin: OrganisationClient, cast: Cast, open_round: Round) -> None:
    planned(cast.acme, State.DRAFT)

    page = admin.get(admin.url("cohort_rounds", open_round.cohort_id)).content.decode()

    assert "Open for answers" in page
    assert "Planned" in page
    assert page.count("Reports are released") == 2


def test_before_launch_each_leader_shows_what_the_list_leads_to(admin: OrganisationClient, cast: Cast) -> None:
    round_ = planned(cast.acme, State.NOMINATING)
    with within(cast.acme):
        subject = make.SubjectFactory(round=round_, enrolment=cast.enrolment(cast.ada))
        for state, count in (("approved", 8), ("proposed", 2)):
            for _n in range(count):
                make.RequestFactory(subject=subject, rater=make.RaterFactory(round=round_), state=state, group="")
        make.SubjectFactory(round=round_, enrolment=cast.enrolment(cast.bo))

    page = admin.get(admin.url("round", round_.pk)).content.decode()

    assert "Approved: 8 team members, 0 peers · 2 wait for approval" in page
    assert "One group shown" in page
    assert "8 more needed" in page


@pytest.mark.parametrize("state", ["asked", "answered", "declined"])
def test_an_open_round_looks_the_same_whoever_answered(
    admin: OrganisationClient, cast: Cast, open_round: Round, state: str
) -> None:
    url = admin.url("round", open_round.pk)
    before = without_token(admin.get(url).content.decode())
    with within(cast.acme):
        Request.objects.update(state=state)

    assert without_token(admin.get(url).content.decode()) == before


def without_token(page: str) -> str:
    return re.sub(r'="[A-Za-z0-9]{64}"', "", page)


def test_enough_is_all_an_admin_learns(admin: OrganisationClient, cast: Cast, open_round: Round) -> None:
    with within(cast.acme):
        Subject.objects.filter(enrolment=cast.enrolment(cast.ada)).update(has_enough=True)

    page = admin.get(admin.url("round", open_round.pk)).content.decode()

    assert page.count("Enough answers") == 1


def test_mails_that_did_not_arrive_are_named(admin: OrganisationClient, cast: Cast, open_round: Round) -> None:
    with within(cast.acme):
        mail = RaterMail.objects.select_related("rater").first()
        RaterMail.objects.filter(pk=mail.pk).update(state="failed", reason="refused")

    page = admin.get(admin.url("round", open_round.pk)).content.decode()

    assert mail.rater.email in page
    assert "refused the address" in page


def test_a_reminder_that_failed_names_nobody(admin: OrganisationClient, cast: Cast, open_round: Round) -> None:
    """Only who has not answered gets one."""
    with within(cast.acme):
        request = Request.objects.select_related("rater").filter(subject__round=open_round, relation="team").first()
        make.RaterMailFactory(rater=request.rater, kind="reminder", number=2, state="failed", reason="refused")
        names = names_for_admin(open_round)

    assert request.rater.email not in admin.get(admin.url("round", open_round.pk)).content.decode()
    assert request.pk in [name.request_id for name in names]
    assert not any(name.has_mail_trouble for name in names)


def test_a_missing_key_is_said_on_the_page(admin: OrganisationClient, cast: Cast, open_round: Round) -> None:
    create_key(open_round.pk)
    whole = admin.get(admin.url("round", open_round.pk)).content.decode()
    destroy_key(open_round.pk)
    missing = admin.get(admin.url("round", open_round.pk)).content.decode()
    with within(cast.acme):
        Round.objects.filter(pk=open_round.pk).update(state=State.CANCELLED)
    cancelled = admin.get(admin.url("round", open_round.pk)).content.decode()

    said = "The key of this round is missing"
    assert [said in page for page in (whole, missing, cancelled)] == [False, True, False]


def test_go_on_now_sets_the_instant(admin: OrganisationClient, cast: Cast) -> None:
    round_ = planned(cast.acme, State.NOMINATING)

    answer = admin.post(admin.url("round_move", round_.pk, "collecting"), follow=True)

    assert "within a minute" in answer.content.decode()
    assert "The round is opening" in answer.content.decode()
    with within(cast.acme):
        assert Round.objects.get(pk=round_.pk).next_at is not None


def test_going_on_now_asks_first(admin: OrganisationClient, open_round: Round, cast: Cast) -> None:
    page = admin.get(admin.url("round", open_round.pk)).content.decode()
    url = admin.url("round_move", open_round.pk, "closed")
    question = admin.get(url).content.decode()

    assert f'href="{url}"' in page
    assert "cannot be undone" in question
    with within(cast.acme):
        assert Round.objects.get(pk=open_round.pk).closes_at == open_round.closes_at
    assert admin.get(admin.url("round_move", open_round.pk, "released")).status_code == 302


def test_a_move_that_is_not_next_is_refused(admin: OrganisationClient, cast: Cast) -> None:
    round_ = planned(cast.acme, State.NOMINATING)

    assert admin.post(admin.url("round_move", round_.pk, "released")).status_code == 409
    assert admin.post(admin.url("round_move", round_.pk, "nonsense")).status_code == 404


def test_cancelling_asks_first(admin: OrganisationClient, cast: Cast) -> None:
    round_ = planned(cast.acme, State.NOMINATING)
    url = admin.url("round_cancellation", round_.pk)

    assert "cannot be undone" in admin.get(url).content.decode()
    with within(cast.acme):
        assert Round.objects.get(pk=round_.pk).state == State.NOMINATING

    admin.post(url)
    with within(cast.acme):
        assert Round.objects.get(pk=round_.pk).state == State.CANCELLED


def test_dates_of_a_planned_round_change(admin: OrganisationClient, cast: Cast) -> None:
    round_ = planned(cast.acme, State.NOMINATING)
    days = {"opens_on": "2026-03-16", "answer_by": "2026-03-23", "closes_on": "2026-03-26"}

    assert admin.post(admin.url("round_dates", round_.pk), days).status_code == 302

    with within(cast.acme):
        assert Round.objects.get(pk=round_.pk).has_own_dates


def test_a_threshold_after_launch_is_refused(admin: OrganisationClient, cast: Cast, open_round: Round) -> None:
    answer = admin.post(admin.url("round_threshold", open_round.pk), {"threshold": "3"})

    assert answer.status_code == 409
    with within(cast.acme):
        assert Round.objects.get(pk=open_round.pk).threshold == 5


def test_an_organisation_chooses_its_threshold(admin: OrganisationClient, cast: Cast) -> None:
    values = {"threshold": "4", "response_rate": "60", "monthly_requests": "5", "suggests_talk": "on"}

    assert admin.post(admin.url("feedback_settings"), values).status_code == 302

    with within(cast.acme):
        chosen = FeedbackSettings.objects.get()
    assert (chosen.threshold, chosen.response_rate, chosen.monthly_requests) == (4, 60, 5)


def test_an_organisation_without_settings_gets_them(admin: OrganisationClient, cast: Cast) -> None:
    with within(cast.acme):
        FeedbackSettings.objects.all().delete()

    assert admin.get(admin.url("feedback_settings")).status_code == 200
    assert (
        admin.post(
            admin.url("feedback_settings"), {"threshold": "5", "response_rate": "60", "monthly_requests": "5"}
        ).status_code
        == 302
    )


@pytest.mark.parametrize("state", [State.NOMINATING, State.COLLECTING])
def test_a_round_of_40_leaders_takes_at_most_twelve_queries(
    admin: OrganisationClient, cast: Cast, count_queries: Callable[..., list[str]], state: str
) -> None:
    round_ = planned(cast.acme, state)
    with within(cast.acme):
        for number in range(40):
            subject = make.SubjectFactory(round=round_, enrolment=make.EnrolmentFactory(cohort=round_.cohort))
            if number % 3 == 0:
                make.RequestFactory(subject=subject, rater=make.RaterFactory(round=round_), state=RequestState.APPROVED)
    admin.get(admin.url("round", round_.pk))

    assert len(count_queries(lambda: admin.get(admin.url("round", round_.pk)))) <= 12
