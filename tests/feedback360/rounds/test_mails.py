"""The mails of a round: who gets one, what it says, and when it does not go."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.test import Client

from cohorts.mail import outbox
from cohorts.mail.outbox import MailKind
from cohorts.mail.signed_links import BadLink
from feedback360.models import MemberMail, Rater, RaterMail, Request, RequestState, Round, State, Subject
from feedback360.rounds.actions.opening import write_to_raters
from feedback360.rounds.actions.rounds import cancel_round
from feedback360.rounds.mails import (
    MEMBER_MAILS,
    RATER_MAILS,
    ClaimedMemberMail,
    ClaimedRaterMail,
    MemberWriter,
    RaterWriter,
)
from feedback360.rounds.rater_links import rater_token, read_rater, stop_token
from tests import factories as make
from tests.feedback360.rounds.conftest import EARLY, Stage

HOUR = timedelta(hours=1)


def reason(stage: Stage, rater: Rater, *, kind: str = "invitation", after: timedelta = HOUR) -> str | None:
    """Why a mail of this kind would not go to this rater so long after the opening."""
    mail = ClaimedRaterMail(1, 1, EARLY, rater.email, rater.pk, kind)
    now = rater.round.opens_at + after
    writer = RaterWriter(stage.organisation, now)
    writer.prepare([mail])
    return writer.reason_to_skip(mail, now)


def written(stage: Stage, rater: Rater, *, kind: str = "invitation") -> EmailMessage:
    mail = ClaimedRaterMail(1, 1, EARLY, rater.email, rater.pk, kind)
    writer = RaterWriter(stage.organisation, rater.round.opens_at)
    writer.prepare([mail])
    message = message_from_bytes(writer.content(mail), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return part.get_content()


def a_rater(stage: Stage, relation: str = "team") -> Rater:
    request = Request.objects.filter(subject=stage.subject(), relation=relation).first()
    assert request is not None
    return Rater.objects.select_related("round").get(pk=request.rater_id)


def set_requests(rater: Rater, state: str) -> None:
    Request.objects.filter(rater=rater).update(state=state)


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("kind", RaterMail.Kind.values)
@pytest.mark.parametrize("relation", ["team", "manager", "self"])
def test_a_rater_mail_names_leaders_in_its_text_alone(stage: Stage, relation: str, kind: str, language: str) -> None:
    stage.opened(team=8, peers=0)
    rater = a_rater(stage, relation)
    rater.language = language
    rater.save()
    leader = stage.enrolment.leader.name

    message = written(stage, rater, kind=kind)

    assert leader not in str(message["Subject"])
    assert (leader in text_of(message)) == (relation != "self")
    assert f"/r/{rater_token(stage.organisation.pk, rater.pk, 1)}/" in text_of(message)
    assert message["Content-Language"] == language
    assert bool(message["List-Unsubscribe"]) == (kind != RaterMail.Kind.LINK)


def test_one_mail_names_all_leaders_of_a_manager(stage: Stage) -> None:
    other = stage.enrol(sponsor=stage.sponsor)
    stage.opened()

    text = text_of(written(stage, a_rater(stage, "manager")))

    assert stage.enrolment.leader.name in text
    assert other.leader.name in text
    assert "shown as yours" in text


def test_a_mail_promises_the_minutes_of_the_questionnaire(stage: Stage) -> None:
    """As the rater's first page does: sixteen items at 20 seconds, two questions at a minute."""
    stage.opened()

    assert "about 8 minutes" in text_of(written(stage, a_rater(stage)))


def test_the_mail_about_a_report_opens_the_report(stage: Stage) -> None:
    round_ = stage.opened()
    Round.objects.filter(pk=round_.pk).update(state=State.RELEASED)
    row = make.MemberMailFactory(round=round_, recipient=stage.enrolment.leader, kind="released", state="due")
    mail = ClaimedMemberMail(row.pk, 1, EARLY, "leader@acme.test", round_.pk, stage.enrolment.leader_id, "released", 1)
    writer = MemberWriter(stage.organisation, round_.releases_at)
    writer.prepare([mail])

    message = message_from_bytes(writer.content(mail), policy=policy.default)

    assert isinstance(message, EmailMessage)
    assert f"/o/acme/results/{stage.subject().pk}/" in text_of(message)


def test_a_mail_to_a_team_member_states_the_threshold(stage: Stage) -> None:
    stage.opened()

    text = text_of(written(stage, a_rater(stage)))

    assert "at least 5 people" in text
    assert "shown as yours" not in text


def test_the_header_that_stops_mails_does_not_open_the_questions(stage: Stage) -> None:
    """Mail servers on the way read and log headers."""
    stage.opened()

    message = written(stage, a_rater(stage), kind="reminder")
    token = str(message["List-Unsubscribe"]).rstrip("/>").rpartition("/")[2]

    with pytest.raises(BadLink):
        read_rater(token)


@pytest.mark.parametrize("state", ["answered", "declined", "withdrawn"])
def test_who_has_nothing_left_to_answer_gets_no_mail(stage: Stage, state: str) -> None:
    """Without a reason: it would say whether they answered or declined."""
    stage.opened()
    rater = a_rater(stage)
    set_requests(rater, state)

    assert reason(stage, rater, kind="reminder") == ""


def test_mails_about_a_leader_who_left_stop(stage: Stage) -> None:
    stage.opened()
    stage.enrolment.left_on = EARLY.date()
    stage.enrolment.save()

    assert reason(stage, a_rater(stage)) == ""


def test_mails_of_a_cancelled_round_stop(stage: Stage) -> None:
    round_ = stage.opened()
    cancel_round(round_=round_, by=stage.admin, now=round_.opens_at)

    assert reason(stage, a_rater(stage)) == "expired"


def test_no_mail_goes_after_the_close(stage: Stage) -> None:
    round_ = stage.opened()
    after = round_.closes_at - round_.opens_at

    assert reason(stage, a_rater(stage), after=after - HOUR) is None
    assert reason(stage, a_rater(stage), after=after) == "expired"


def test_an_erased_rater_gets_no_mail(stage: Stage) -> None:
    stage.opened()
    rater = a_rater(stage)
    rater.erased_at = EARLY
    rater.save()

    assert reason(stage, rater) == "revoked"


def test_a_rater_who_asks_for_their_link_gets_it_all_the_same(stage: Stage) -> None:
    stage.opened()
    rater = a_rater(stage)
    rater.mails_on = False
    rater.save()
    set_requests(rater, RequestState.ANSWERED)

    assert reason(stage, rater, kind="link") is None
    assert reason(stage, rater, kind="reminder") == "unsubscribed"


def test_a_rater_can_stop_the_mails_of_a_round(stage: Stage, clock: object) -> None:
    stage.opened()
    rater = a_rater(stage)
    path = f"/m/{stop_token(stage.organisation.pk, rater.pk, 1)}/"
    browser = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)

    assert browser.get(path).status_code == 200
    assert Rater.objects.get(pk=rater.pk).mails_on

    assert browser.post(path).status_code == 200
    assert not Rater.objects.get(pk=rater.pk).mails_on

    assert browser.post(path, {"on": "1"}).status_code == 200
    assert Rater.objects.get(pk=rater.pk).mails_on


def test_a_link_that_was_revoked_stops_nothing(stage: Stage, clock: object) -> None:
    stage.opened()
    rater = a_rater(stage)
    Rater.objects.filter(pk=rater.pk).update(link_version=2)

    page = Client(HTTP_HOST="127.0.0.1").post(f"/m/{stop_token(stage.organisation.pk, rater.pk, 1)}/")

    assert page.status_code == 410
    assert Rater.objects.get(pk=rater.pk).mails_on


def sent(stage: Stage, kind: MailKind, now) -> dict[str, int]:
    return {
        str(state): count
        for state, count in outbox.deliver(kind, stage.organisation, now=lambda: now, limit=100).items()
    }


def test_leaders_hear_of_choosing_and_sponsors_of_names(stage: Stage) -> None:
    round_ = stage.choosing()
    request = stage.approve("team", 1)[0]
    Request.objects.filter(pk=request.pk).update(state=RequestState.PROPOSED)
    make.MemberMailFactory(
        round=round_, recipient=stage.sponsor, kind="approve", state="due", not_before=round_.nominates_at
    )

    assert sent(stage, MEMBER_MAILS, round_.nominates_at) == {"sent": 2}


def test_a_sponsor_with_nothing_to_approve_gets_no_mail(stage: Stage) -> None:
    round_ = stage.choosing()
    MemberMail.objects.filter(round=round_).delete()
    make.MemberMailFactory(
        round=round_, recipient=stage.sponsor, kind="approve", state="due", not_before=round_.nominates_at
    )

    assert sent(stage, MEMBER_MAILS, round_.nominates_at) == {"skipped": 1}


def test_a_leader_who_has_enough_by_now_is_not_asked_for_more(stage: Stage) -> None:
    round_ = stage.opened()
    MemberMail.objects.filter(round=round_).delete()
    make.MemberMailFactory(
        round=round_, recipient=stage.enrolment.leader, kind="replace", state="due", not_before=round_.opens_at
    )
    Subject.objects.filter(pk=stage.subject().pk).update(replacements={"team": 0})

    assert sent(stage, MEMBER_MAILS, round_.opens_at) == {"skipped": 1}


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("nominate", State.COLLECTING),
        ("replace", State.CLOSED),
        ("released", State.CLOSED),
        ("approve", State.RELEASED),
    ],
)
def test_a_mail_whose_moment_has_passed_does_not_go(stage: Stage, kind: str, state: str) -> None:
    round_ = stage.opened()
    Round.objects.filter(pk=round_.pk).update(state=state)
    MemberMail.objects.filter(round=round_).delete()
    make.MemberMailFactory(
        round=round_, recipient=stage.enrolment.leader, kind=kind, state="due", not_before=round_.opens_at
    )

    assert sent(stage, MEMBER_MAILS, round_.opens_at) == {"skipped": 1}


def test_mails_are_written_in_sets(stage: Stage, count_queries) -> None:
    """Twenty thousand are as many inserts as two thousand fit into them."""
    round_ = make.RoundFactory(cohort=stage.cohort, key="big")
    raters = Rater.objects.bulk_create((make.RaterFactory.build(round=round_) for _n in range(4001)), batch_size=2000)

    queries = count_queries(
        lambda: write_to_raters([each.pk for each in raters], "invitation", number=1, goes_at=EARLY)
    )

    assert len(queries) == 3


def test_a_batch_of_rater_mails_is_read_in_few_statements(stage: Stage, count_queries) -> None:
    round_ = stage.opened()

    queries = count_queries(lambda: sent(stage, RATER_MAILS, round_.opens_at))

    assert len(queries) <= 6
