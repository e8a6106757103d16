"""One leader, one status: the first that fits, in words that page, chip, download and People share."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from cohorts.enrolment.status import RULES, Key, Situation, TodaysNudge, status_of
from cohorts.models import Invitation
from cohorts.models.mail import MailState
from cohorts.people.sign_in import SignIn, sign_in_of
from cohorts.schedule.path import Calendar

MONDAY = date(2026, 3, 2)
OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 3, 11, 8, 30, tzinfo=UTC)
WEEKDAYS = frozenset({1, 2, 3, 4, 5})
EXPIRED = SignIn("trouble", "invitation expired", is_expired=True)
INVITED = SignIn("waiting", "invited 9 March")
SENT = TodaysNudge(MailState.SENT, "")
FAILED = TodaysNudge(MailState.FAILED, "refused")
LATE = TodaysNudge(MailState.SKIPPED, "too_late")


def on(days):
    return MONDAY + timedelta(days=days)


def calendar(hour=time(14), **changes):
    return Calendar(**{"day1": MONDAY, "zone": OSLO, "hour": hour, "working_days": WEEKDAYS} | changes)


WELL = {"today": on(9), "calendar": calendar(), "last_practice_on": on(8), "next_on": on(9)}
AWAY = {"calendar": calendar(pauses=((on(9), on(11)), (on(12), on(20))))}
OFF = {"calendar": calendar(working_days=frozenset({1, 2, 4}))}


@pytest.mark.parametrize(
    ("changes", "tone", "said"),
    [
        ({"sign_in": EXPIRED}, "trouble", "Hasn’t signed in · invitation expired"),
        ({"sign_in": INVITED}, "waiting", "Hasn’t signed in · invited 9 March"),
        ({"nudge": FAILED}, "trouble", "Mail failed · the mail server refused the address"),
        ({"last_practice_on": on(1)}, "asks", "Gone quiet · 5 working days"),
        ({"last_practice_on": None}, "asks", "Gone quiet · 7 working days"),
        ({"today": on(90), "last_practice_on": on(80), "next_on": None}, "good", "Completed"),
        (AWAY, "paused", "Paused · to 22 March"),
        ({"calendar": calendar(day1=on(14))}, "waiting", "Begins Monday"),
        ({"calendar": calendar(day1=on(28))}, "waiting", "Begins 30 March"),
        (OFF, "off", "Off today · back Thursday"),
        ({"calendar": calendar(holidays={on(9)})}, "off", "Off today · back Thursday"),
        ({"calendar": calendar(working_days=frozenset())}, "off", "Off today"),
        ({"has_mail": False}, "app", "In app only"),
        ({"last_practice_on": on(9)}, "good", "Practised today"),
        ({"is_sending": False}, "paused", "Held · sending is off"),
        ({}, "waiting", "At 14:00"),
        ({"next_on": on(10), "nudge": SENT}, "quiet", "Nudged today"),
        ({"next_on": on(10), "nudge": LATE}, "quiet", "Skipped today · too late for that day"),
        ({"next_on": on(12)}, "quiet", "No step today · next Saturday"),
        ({"next_on": None}, "quiet", "No step today"),
        ({"has_left": True}, "quiet", "Left"),
    ],
)
def test_each_situation_has_its_status(changes, tone, said):
    status = status_of(Situation(**WELL | changes))

    assert (status.tone, str(status)) == (tone, said)


PILE = [
    ("has_left", True),
    ("sign_in", EXPIRED),
    ("nudge", FAILED),
    ("last_practice_on", None),
]


@pytest.mark.parametrize("first", range(len(PILE)))
def test_the_first_that_fits_counts(first):
    everything_from_here = WELL | dict(PILE[first:]) | {"has_mail": False, "is_sending": False}

    assert (
        status_of(Situation(**everything_from_here)).key
        == [Key.LEFT, Key.NOT_SIGNED_IN, Key.MAIL_FAILED, Key.QUIET][first]
    )


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        (AWAY | {"has_mail": False, "last_practice_on": None}, Key.PAUSED),
        (OFF | {"has_mail": False, "last_practice_on": on(9)}, Key.OFF),
        ({"has_mail": False, "last_practice_on": on(9)}, Key.APP),
        ({"last_practice_on": on(9), "is_sending": False}, Key.PRACTISED),
        ({"is_sending": False, "nudge": SENT}, Key.HELD),
    ],
)
def test_what_is_well_is_said_last(changes, key):
    assert status_of(Situation(**WELL | changes)).key == key


def test_every_status_has_a_rule_of_its_own():
    assert len(RULES) == len(Key)


def test_trouble_sorts_first_and_those_who_left_last():
    changes = [{"has_left": True}, {}, {"last_practice_on": None}, {"sign_in": INVITED}, {"sign_in": EXPIRED}]

    assert [status_of(Situation(**WELL | each)).urgency for each in changes] == [3, 2, 1, 2, 0]


def test_a_status_speaks_the_readers_language():
    with translation.override("nb"):
        assert str(status_of(Situation(**WELL | OFF))) == "Fri i dag · tilbake torsdag"
        assert str(status_of(Situation(**WELL | {"last_practice_on": None}))) == "Stille · 7 arbeidsdager"


@pytest.mark.parametrize(
    ("fields", "tone", "why"),
    [
        ({"reason": "refused", "sent_at": None}, "trouble", "mail bounced"),
        ({"reason": "unreachable", "sent_at": None}, "trouble", "mail server unreachable"),
        ({"reason": "silent"}, "trouble", "mail may not have arrived"),
        ({"expires_at": NOW}, "trouble", "invitation expired"),
        ({"revoked_at": NOW, "expires_at": NOW}, "quiet", "invitation withdrawn"),
        ({"sent_at": None}, "waiting", "invitation on its way"),
        ({}, "waiting", "invited 9 March"),
    ],
)
def test_why_somebody_hasnt_signed_in(fields, tone, why):
    sent = {"sent_at": NOW - timedelta(days=2), "expires_at": NOW + timedelta(days=12)}

    found = sign_in_of(Invitation(**sent | fields), zone=OSLO, now=NOW)

    assert (found.tone, found.why, found.words) == (tone, why, "Hasn’t signed in")


def test_an_accepted_invitation_is_a_sign_in():
    assert sign_in_of(Invitation(accepted_at=NOW, expires_at=NOW), zone=OSLO, now=NOW) is None


def test_a_suspended_leader_is_told_from_one_who_has_not_signed_in():
    found = sign_in_of(Invitation(accepted_at=NOW, expires_at=NOW), zone=OSLO, now=NOW, suspended_at=NOW)

    assert (found.tone, str(found)) == ("paused", "Suspended · since 11 March")
    assert str(sign_in_of(None, zone=OSLO, now=NOW, left_at=NOW)) == "No longer a member · since 11 March"
