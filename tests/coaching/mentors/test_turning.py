"""What the clock does for mentors, and the mails about requests."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.utils import translation

from coaching.engine import turn
from coaching.mails import COACHING_MAILS, Writer
from coaching.mentors.actions.requests import accept, lapse_requests, take_back
from coaching.mentors.mail import ANSWERED_MAILS, ASKED_MAILS
from coaching.models import CoachingClock, CoachingMail, Pairing
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from tests.coaching.mentors.scenes import asked, new_leader, new_mentor
from tests.times import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def waiting(cast, acme):
    """A request, and somebody in the queue behind it."""
    with within(acme):
        profile = new_mentor("Mats Mentor")
        request = asked(profile, new_leader("Liv Leader"), acme, "A private sentence").request
        asked(profile, new_leader("Quinn Queue"), acme)
    return request


def mails(kind):
    return list(CoachingMail.objects.filter(kind=kind.name))


def needed(kind, acme, now=NOW):
    return kind.needed(mails(kind), acme, now)


def test_a_turn_lapses_what_is_due_and_asks_on(acme, waiting):
    turn(acme, now=waiting.answer_by - MINUTE)
    with within(acme):
        assert Pairing.objects.get(pk=waiting.pairing_id).state == "requested"

    for _ in range(2):
        turn(acme, now=waiting.answer_by)

    with within(acme):
        assert Pairing.objects.get(pk=waiting.pairing_id).state == "lapsed"
        assert Pairing.objects.get(partner=waiting.profile.member_id, state="requested").leader.name == "Quinn Queue"


def test_a_turn_ends_what_a_coach_who_left_began(cast, acme):
    with within(acme):
        Membership.objects.filter(pk=cast.cleo.pk).update(left_at=NOW)

    turn(acme, now=NOW)

    with within(acme):
        assert Pairing.objects.get(leader=cast.ada, kind="coach").state == "ended"


def test_the_alarm_rings_when_a_request_is_due_and_when_a_place_is_free(acme, waiting):
    with within(acme):
        assert CoachingClock.objects.get().next_at <= waiting.answer_by
        CoachingClock.objects.update(next_at=None)
        take_back(request=waiting, by=waiting.pairing.leader, now=NOW)
        assert CoachingClock.objects.get().next_at == NOW + MINUTE


def test_the_mentor_is_mailed_while_the_request_waits(acme, waiting):
    with within(acme):
        (mail,) = mails(ASKED_MAILS)
        assert mail.recipient == waiting.profile.member
        assert needed(ASKED_MAILS, acme)[mail.pk]["leader"] == "Liv Leader"

        take_back(request=waiting, by=waiting.pairing.leader, now=NOW)

        assert needed(ASKED_MAILS, acme) == {}
        assert mails(ANSWERED_MAILS) == []  # the leader knows


@pytest.mark.parametrize("ending", ["yes", "silence"])
def test_the_leader_is_mailed_once_there_is_news(acme, waiting, ending):
    with within(acme):
        if ending == "yes":
            accept(request=waiting, answer="Gladly", by=waiting.profile.member, organisation=acme, now=NOW)
        else:
            lapse_requests(now=waiting.answer_by)

        (mail,) = mails(ANSWERED_MAILS)
        assert mail.recipient == waiting.pairing.leader
        assert needed(ANSWERED_MAILS, acme)[mail.pk]["mentor"] == "Mats Mentor"


@pytest.mark.parametrize("language", ["en", "nb"])
def test_mails_about_requests_quote_no_sentence(acme, waiting, language):
    with within(acme):
        accept(request=waiting, answer="A private answer", by=waiting.profile.member, organisation=acme, now=NOW)
        found = [*mails(ASKED_MAILS), *mails(ANSWERED_MAILS)]
        for mail in found:
            mail.recipient.person.language = language
            mail.recipient.person.save()
        Pairing.objects.filter(pk=waiting.pairing_id).update(state="requested")
        asking = _written(acme, mails(ASKED_MAILS)[0])
        Pairing.objects.filter(pk=waiting.pairing_id).update(state="active")
        answering = _written(acme, mails(ANSWERED_MAILS)[0])

    for message, name in ((asking, "Liv Leader"), (answering, "Mats Mentor")):
        bodies = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        assert all(name in body for body in bodies)
        assert name not in message["Subject"]
        assert not any("A private" in text for text in [*bodies, message["Subject"]])


def _written(acme, mail):
    row = COACHING_MAILS.row(mail.pk, 0, mail.due_at, mail.recipient.person.email)
    writer = Writer(acme, NOW)
    writer.prepare([row])
    assert writer.reason_to_skip(row, NOW) is None
    with translation.override("en"):
        return message_from_bytes(writer.content(row), policy=policy.default)
