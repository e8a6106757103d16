"""The weekly digest: at the sponsor's hour, once a week, nothing when there is nothing, nothing private."""

from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from django.utils.formats import date_format

from coaching.models import Ask
from cohorts.mail.signed_links import read_digest
from cohorts.models import Clock, Digest, DigestClock, Enrolment, Membership, MilestoneDate
from cohorts.models.mail import MailState
from cohorts.tenancy.wall import within
from goals.models import Goal, Reflection
from programme.digests.mail import DIGESTS
from programme.digests.planner import due_organisations, plan_digests
from tests import factories as make
from tests.outbox import send as deliver
from tests.programme.ninety_days import LINE, SECRET, SHARED, walk

OSLO = ZoneInfo("Europe/Oslo")
MONDAY = date(2026, 3, 16)  # day 15
AT_EIGHT = datetime.combine(MONDAY, time(8), tzinfo=OSLO)


@pytest.fixture
def sol(cast):
    """Sol, whose digest is due on Monday at eight."""
    with within(cast.acme):
        Digest.objects.all().delete()
        Ask.objects.all().delete()
        Goal.objects.filter(state="proposed").update(state="let_go")
        DigestClock.objects.update_or_create(sponsor=cast.sol, defaults={"next_at": AT_EIGHT})
        DigestClock.objects.exclude(sponsor=cast.sol).delete()
    return cast.sol


def send(cast, *, now=AT_EIGHT, times=1):
    return [send_digests(cast, now) for _ in range(times)]


def send_digests(cast, now):
    """How many went."""
    plan_digests(cast.acme, now=now)
    return deliver(DIGESTS, cast.acme, now=now)[MailState.SENT]


def outcome(cast):
    """State and reason of the only digest, and how far the clock is."""
    with within(cast.acme):
        digest, clock = Digest.objects.get(), DigestClock.objects.get()
    return digest.state, digest.reason, clock.next_at


NEXT_WEEK = AT_EIGHT + timedelta(days=7)


def test_it_goes_at_the_hour_and_once(cast, sol, smtp_server):
    early = send(cast, now=AT_EIGHT - timedelta(minutes=1))

    assert early + send(cast, times=3) == [0, 1, 0, 0]
    assert [mail.recipients for mail in smtp_server.accepted] == [("sol@acme.test",)]
    assert outcome(cast) == ("sent", "", NEXT_WEEK)


def test_the_planner_sees_which_organisations_are_due(cast, sol):
    with within(cast.zenith):
        DigestClock.objects.update(next_at=AT_EIGHT + timedelta(days=1))

    assert due_organisations(now=AT_EIGHT - timedelta(minutes=1)) == []
    assert due_organisations(now=AT_EIGHT) == [cast.acme.pk]


def test_a_simulated_organisation_is_left_to_its_own_clock(cast, sol):
    with within(cast.acme):
        DigestClock.objects.update(is_simulated=True)

    assert due_organisations(now=AT_EIGHT) == []


def mails(smtp_server):
    return [message_from_bytes(mail.content, policy=policy.default) for mail in smtp_server.accepted]


def mail_of(smtp_server):
    return mails(smtp_server)[0]


def test_the_mail_is_one_page_with_what_changed_and_their_two_minutes(cast, sol, smtp_server):
    send(cast)

    mail = mail_of(smtp_server)
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for part in ("Ada Acme", "Day 15 of 90", "last log Monday 9 March", "Week 3: ask (en)", "/o/acme/leaders/"):
        assert part in text
        assert part in html
    assert "<style" not in html
    assert mail["Subject"] == "Your leaders this week: 1 reflection shared with you"


@pytest.mark.parametrize(("days", "is_told"), [(-1, False), (0, True), (6, True), (7, False)])
def test_the_mail_lists_each_live_event_of_its_week_once(cast, sol, smtp_server, days, is_told):
    on = MONDAY + timedelta(days=days)
    with within(cast.acme):
        MilestoneDate.objects.update(on=on)
        make.EnrolmentFactory(
            cohort=cast.houses["acme"].cohort, leader=make.MembershipFactory(name="Bert Acme"), sponsor=sol
        )

    send(cast)

    mail = mail_of(smtp_server)
    for kind in ("plain", "html"):
        body = mail.get_body((kind,)).get_content()
        assert body.count("Milestone circle-1: title (en)") == is_told
        assert ("In the next seven days" in body) is is_told
        assert (f"{date_format(on, 'WEEKDAY_FORMAT')} · 45 min · Ada Acme, Bert Acme" in body) is is_told


def test_a_live_event_alone_sends_no_digest(cast, sol, smtp_server):
    """As before: nothing goes when nobody walks and nothing was shared."""
    with within(cast.acme):
        _nobody_has_begun(cast)
        MilestoneDate.objects.update(on=MONDAY + timedelta(days=1))

    assert send(cast) == [0]


def test_the_week_before_day_1_the_mail_asks_for_the_first_talk(cast, sol, smtp_server):
    with within(cast.acme):
        _nobody_has_begun(cast)
        Enrolment.objects.filter(sponsor=sol).update(day1_on=MONDAY + timedelta(days=4))

    send(cast)

    assert "A first talk with Ada Acme" in mail_of(smtp_server).get_body(("plain",)).get_content()


def test_many_questions_are_one_line_of_the_one_mail(cast, sol, smtp_server):
    with within(cast.acme):
        for number in range(15):
            make.AskFactory(enrolment=cast.enrolment(cast.ada), text=f"Question {number}")

    assert send(cast, times=2) == [1, 0]
    text = mail_of(smtp_server).get_body(("plain",)).get_content()
    assert "15 questions from leaders wait for you." in text
    assert "Question 3" not in text


def test_a_part_already_done_is_not_asked_for_again(cast, sol, smtp_server):
    with within(cast.acme):
        make.SponsorActFactory(enrolment=cast.enrolment(cast.ada), week=3, done_at=AT_EIGHT)

    send(cast)

    assert "Week 3: ask (en)" not in mail_of(smtp_server).get_body(("plain",)).get_content()


def test_the_digest_has_unsubscribe_and_message_id_headers(cast, sol, smtp_server):
    send(cast)

    mail = mail_of(smtp_server)
    token = mail["List-Unsubscribe"].strip("<>").rstrip("/").rpartition("/")[2]
    assert read_digest(token).subject_id == sol.pk
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Message-ID"].startswith("<digest-")
    assert mail["Auto-Submitted"] == "auto-generated"


def test_it_is_written_in_the_readers_language(cast, sol, smtp_server):
    sol.person.language = "nb"
    sol.person.save()

    send(cast)

    mail = mail_of(smtp_server)
    assert mail["Content-Language"] == "nb"
    assert "Week 3: ask (nb)" in mail.get_body(("plain",)).get_content()


def test_the_digest_contains_no_private_text(cast, sol, smtp_server):
    with within(cast.acme):
        walk(cast.enrolment(cast.ada), days=15, reflections=12)

    send(cast)

    for kind in ("plain", "html"):
        body = mail_of(smtp_server).get_body((kind,)).get_content()
        for bait in (SECRET, SHARED, LINE, "ask what the customer wanted", "acme bait", "Bjørnstjerne"):
            assert bait not in body


def _nobody_walks(cast):
    Enrolment.objects.filter(sponsor=cast.sol).update(left_on=MONDAY)


def _all_done(cast):
    Enrolment.objects.filter(sponsor=cast.sol).update(day1_on=MONDAY - timedelta(days=140))
    Clock.objects.filter(enrolment__sponsor=cast.sol).update(is_finished=True)
    Reflection.objects.all().delete()


def _nobody_has_begun(cast):
    Enrolment.objects.filter(sponsor=cast.sol).update(day1_on=MONDAY + timedelta(days=20))
    Reflection.objects.all().delete()


def _everybody_is_away(cast):
    enrolment = Enrolment.objects.get(sponsor=cast.sol)
    make.PauseFactory(enrolment=enrolment, starts_on=MONDAY - timedelta(days=3), ends_on=MONDAY + timedelta(days=3))
    Reflection.objects.all().delete()


@pytest.mark.parametrize("change", [_nobody_walks, _all_done, _nobody_has_begun, _everybody_is_away])
def test_there_is_no_mail_when_there_is_nothing_to_tell(cast, sol, smtp_server, change):
    with within(cast.acme):
        change(cast)

    assert send(cast) == [0]
    assert smtp_server.accepted == []
    assert outcome(cast) == ("skipped", "", NEXT_WEEK)


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"digest_on": False}, "unsubscribed"), ({"left_at": AT_EIGHT}, "left"), ({"roles": ["leader"]}, "left")],
)
def test_stop_conditions_are_asked_again_at_the_door(cast, sol, smtp_server, change, reason):
    with within(cast.acme):
        Membership.objects.filter(pk=sol.pk).update(**change)

    assert send(cast) == [0]
    assert smtp_server.accepted == []
    assert outcome(cast) == ("skipped", reason, NEXT_WEEK)


def test_too_late_is_skipped_and_never_sent_at_night(cast, sol, smtp_server):
    assert send(cast, now=AT_EIGHT + timedelta(hours=14)) == [0]

    assert smtp_server.accepted == []
    assert outcome(cast)[:2] == ("skipped", "too_late")


def test_a_server_that_stays_away_is_given_up_the_same_day(cast, sol, smtp_server):
    smtp_server.script.answer("MAIL", "451 4.3.0 Not now")

    for hours in range(14):
        send(cast, now=AT_EIGHT + timedelta(hours=hours))

    assert outcome(cast)[0] in ("failed", "skipped")
    assert outcome(cast)[2] == NEXT_WEEK


def test_planning_twice_writes_one_digest_and_moves_the_clock_once(cast, sol):
    assert [plan_digests(cast.acme, now=AT_EIGHT) for _ in range(2)] == [1, 0]

    assert outcome(cast) == ("due", "", NEXT_WEEK)


def test_changing_the_day_does_not_send_a_second_digest(cast, sol, smtp_server):
    send(cast)
    friday = AT_EIGHT + timedelta(days=4)
    with within(cast.acme):
        DigestClock.objects.update(next_at=friday)

    assert send(cast, now=friday) == [0]
    assert len(smtp_server.accepted) == 1


def test_many_sponsors_each_get_their_own(cast, sol, smtp_server, monkeypatch):
    monkeypatch.setattr("programme.digests.planner.CLOCKS_PER_CLAIM", 2)
    with within(cast.acme):
        for number in range(5):
            sponsor = make.MembershipFactory(name=f"Sponsor {number}", roles=["sponsor"])
            leader = make.MembershipFactory(name=f"Leader of {number}")
            make.EnrolmentFactory(cohort=cast.houses["acme"].cohort, leader=leader, sponsor=sponsor)
            make.DigestClockFactory(sponsor=sponsor, next_at=AT_EIGHT)

    assert send(cast) == [6]
    texts = [mail.get_body(("plain",)).get_content() for mail in mails(smtp_server)]
    named = [[name for name in ["Ada Acme", *(f"Leader of {n}" for n in range(5))] if name in text] for text in texts]
    assert sorted(named) == [["Ada Acme"], *([f"Leader of {number}"] for number in range(5))]


def test_the_hour_is_the_sponsors_own_through_a_clock_change(cast, sol, smtp_server):
    """Oslo's clocks go forward on 29 March: eight stays eight."""
    before = datetime(2026, 3, 23, 8, tzinfo=OSLO)
    with within(cast.acme):
        DigestClock.objects.update(next_at=before)

    send(cast, now=before)

    assert outcome(cast)[2] == datetime(2026, 3, 30, 8, tzinfo=OSLO)


def test_digests_of_one_organisation_never_touch_another(cast, sol, smtp_server):
    with within(cast.zenith):
        DigestClock.objects.update(next_at=AT_EIGHT)

    send(cast)

    assert [mail.recipients for mail in smtp_server.accepted] == [("sol@acme.test",)]
    with within(cast.zenith):
        assert DigestClock.objects.get().next_at == AT_EIGHT
