"""Reminders of 1:1s: who gets which line, once, in one mail a day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from coaching.mails import COACHING_MAILS
from coaching.models import Acknowledgement, Action, CoachingMail, Pairing, Reminder, Session
from coaching.reminders.actions.daily import write_reminders
from coaching.reminders.candidates import candidates
from cohorts.models import Enrolment, Membership, Organisation, Person
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.cast import Cast
from tests.outbox import send
from tests.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db
THURSDAY = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)  # half past nine in Oslo; no digest goes on it
DAY = timedelta(days=1)


class Pair:
    """Ada and her sponsor Sol, who have just met and planned nothing; nobody else at Acme meets anybody."""

    def __init__(self, cast: Cast) -> None:
        self.acme, self.ada, self.sol = cast.acme, cast.ada, cast.sol
        with within(self.acme):
            Session.objects.update(state="cancelled", held_at=None)
            Pairing.objects.update(state="ended", ends_on=date(2026, 3, 1), starts_on=date(2026, 2, 1))
            CoachingMail.objects.all().delete()
            Reminder.objects.all().delete()
            Action.objects.update(state="done", closed_at=THURSDAY)
            self.pairing = make.PairingFactory(leader=self.ada, partner=self.sol, due_on=date(2026, 4, 30))

    def meet(self, **facts: object) -> Session:
        with within(self.acme):
            return make.SessionFactory(pairing=self.pairing, **facts)

    def held(self, at: datetime) -> Session:
        return self.meet(starts_at=at, state="held", held_at=at + timedelta(minutes=30))

    def due(self, on: date, **facts: object) -> None:
        with within(self.acme):
            facts = {"due_on": on, "last_held_on": on - 14 * DAY, **facts}
            Pairing.objects.filter(pk=self.pairing.pk).update(**facts)

    def lines(self, now: datetime) -> list[tuple[str, str]]:
        """First name and kind of everything that somebody could be reminded of."""
        with within(self.acme):
            names = {self.ada.pk: "Ada", self.sol.pk: "Sol"}
            found = candidates(self.acme, now=now).lines
            return sorted((names.get(line.recipient_id, "?"), line.kind) for line in found)

    def write(self, now: datetime) -> list[tuple[str, str]]:
        """First name and kind of the lines that are new in this turn."""
        with within(self.acme):
            before = set(Reminder.objects.values_list("pk", flat=True))
            write_reminders(self.acme, now=now)
            new = Reminder.objects.exclude(pk__in=before).select_related("recipient")
            return sorted((each.recipient.first_name, each.kind) for each in new)

    def mails(self) -> int:
        with within(self.acme):
            return CoachingMail.objects.count()


@pytest.fixture
def pair(cast: Cast) -> Pair:
    return Pair(cast)


BOTH_DUE = [("Ada", "due"), ("Sol", "due")]
BOTH_LAPSED = [("Ada", "lapsed"), ("Sol", "lapsed")]


def test_a_due_talk_reminds_both_once_and_lapsed_once_more(pair: Pair) -> None:
    pair.due(THURSDAY.date())
    said = [(ahead, pair.write(THURSDAY + ahead * DAY)) for ahead in range(60)]

    assert [(ahead, lines) for ahead, lines in said if lines] == [(0, BOTH_DUE), (14, BOTH_LAPSED)]


def test_a_planned_talk_needs_no_reminder_of_its_date(pair: Pair) -> None:
    pair.due(THURSDAY.date())
    pair.meet(starts_at=THURSDAY + 5 * DAY)

    assert pair.lines(THURSDAY) == []


def test_a_new_talk_begins_a_new_count(pair: Pair) -> None:
    pair.due(THURSDAY.date())
    assert pair.write(THURSDAY) == BOTH_DUE
    pair.due(THURSDAY.date() + 12 * DAY, last_held_on=THURSDAY.date() + 6 * DAY)

    assert pair.write(THURSDAY + 12 * DAY) == BOTH_DUE


def test_in_good_time_nobody_hears_anything(pair: Pair) -> None:
    pair.due(THURSDAY.date() + DAY)

    assert pair.lines(THURSDAY) == []


def coached(pair: Pair, cast: Cast, kind: str) -> None:
    with within(pair.acme):
        make.PairingFactory(
            kind=kind,
            leader=pair.ada,
            partner=cast.cleo,
            due_on=THURSDAY.date() - 21 * DAY,
            last_held_on=date(2026, 2, 2),
        )


@pytest.mark.parametrize(("kind", "expected"), [("coach", [("Sol", "fact")]), ("mentor", [])])
def test_a_sponsor_reads_the_fact_of_a_coach_and_nothing_of_a_mentor(
    pair: Pair, cast: Cast, kind: str, expected: list[tuple[str, str]]
) -> None:
    coached(pair, cast, kind)

    assert [line for line in pair.lines(THURSDAY) if line[0] == "Sol"] == expected


def test_a_sponsor_hears_of_a_coach_only_after_the_two_have(pair: Pair, cast: Cast) -> None:
    with within(pair.acme):
        lapsed_on = THURSDAY.date()
        make.PairingFactory(kind="coach", leader=pair.ada, partner=cast.cleo, due_on=lapsed_on - 14 * DAY)

    assert ("Sol", "fact") not in pair.lines(THURSDAY)
    assert ("Sol", "fact") in pair.lines(THURSDAY + 7 * DAY)


def test_a_sponsor_who_has_left_is_no_reader_of_facts(pair: Pair, cast: Cast) -> None:
    coached(pair, cast, "coach")
    with within(pair.acme):
        Membership.objects.filter(pk=pair.sol.pk).update(left_at=THURSDAY)

    assert [line for line in pair.lines(THURSDAY) if line[0] == "Sol"] == []
    assert ("Ada", "lapsed") in pair.write(THURSDAY)


def test_before_a_talk_both_hear_how_much_is_open(pair: Pair) -> None:
    with within(pair.acme):
        make.ActionFactory(session=pair.held(THURSDAY - 20 * DAY))
    pair.meet(starts_at=datetime(2026, 3, 16, 9, 0, tzinfo=UTC))  # Monday, so Friday is the day before

    assert pair.lines(THURSDAY) == []
    assert pair.lines(THURSDAY + DAY) == [("Ada", "before"), ("Sol", "before")]


def test_a_talk_with_nothing_open_is_not_told_twice(pair: Pair) -> None:
    pair.meet(starts_at=THURSDAY + timedelta(hours=4))

    assert pair.lines(THURSDAY) == []


def test_a_talk_nobody_closed_asks_both_whether_it_took_place(pair: Pair) -> None:
    pair.meet(starts_at=THURSDAY - DAY)

    assert pair.lines(THURSDAY) == [("Ada", "after"), ("Sol", "after")]


def test_a_held_talk_is_read_by_both_and_answered_by_the_leader(pair: Pair) -> None:
    session = pair.held(THURSDAY - DAY)
    assert pair.lines(THURSDAY) == [("Ada", "after"), ("Sol", "after")]
    assert pair.lines(THURSDAY + 3 * DAY) == [("Ada", "after"), ("Sol", "after")]
    assert pair.lines(THURSDAY + 4 * DAY) == [("Ada", "acknowledge"), ("Sol", "after")]

    with within(pair.acme):
        Acknowledgement.objects.create(session=session, saw_it_so=True, at=THURSDAY)

    assert pair.lines(THURSDAY + 4 * DAY) == [("Sol", "after")]


def test_after_two_weeks_a_talk_is_no_news(pair: Pair) -> None:
    pair.meet(starts_at=THURSDAY - 15 * DAY)

    assert pair.lines(THURSDAY) == []


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (THURSDAY.replace(hour=6), []),  # seven in Oslo: before the hour of either
        (THURSDAY.replace(hour=7, minute=30), [("Sol", "due")]),  # Sol's digest hour is eight, Ada's nudge hour nine
        (THURSDAY, BOTH_DUE),
        (THURSDAY + 2 * DAY, []),  # Saturday
        (THURSDAY + 4 * DAY, [("Ada", "due")]),  # Monday, the day of Sol's weekly digest
        (THURSDAY + 5 * DAY, BOTH_DUE),
    ],
    ids=["too early", "his hour", "her hour", "saturday", "day of the digest", "the day after"],
)
def test_a_mail_goes_at_the_hour_and_on_the_days_of_its_reader(
    pair: Pair, now: datetime, expected: list[tuple[str, str]]
) -> None:
    pair.due(THURSDAY.date())

    assert pair.write(now) == expected


def test_a_leader_who_is_away_is_left_alone(pair: Pair) -> None:
    pair.meet(starts_at=THURSDAY - DAY)
    with within(pair.acme):
        enrolment = Enrolment.objects.get(leader=pair.ada)
        make.PauseFactory(
            cohort=enrolment.cohort, enrolment=enrolment, starts_on=THURSDAY.date(), ends_on=THURSDAY.date()
        )

    assert pair.write(THURSDAY) == [("Sol", "after")]


def test_a_sponsor_of_fifteen_gets_one_mail(pair: Pair, cast: Cast, smtp_server: SmtpServer) -> None:
    pair.due(THURSDAY.date())
    with within(pair.acme):
        for _number in range(14):
            make.PairingFactory(partner=pair.sol, due_on=THURSDAY.date())
    pair.write(THURSDAY)

    send(COACHING_MAILS, pair.acme, now=THURSDAY)

    (mail,) = [mail for mail in smtp_server.accepted if mail.recipients == (pair.sol.person.email,)]
    message = message_from_bytes(mail.content, policy=policy.default)
    assert text_of(message).count("Plan the") == 15
    assert message["Subject"] == "Your 1:1s: 15 things for today"


def test_no_second_mail_on_the_same_day(pair: Pair) -> None:
    pair.due(THURSDAY.date())
    pair.write(THURSDAY)
    pair.held(THURSDAY - timedelta(hours=1))

    assert pair.write(THURSDAY + timedelta(hours=3)) == []
    assert pair.mails() == 2


def test_a_turn_again_writes_nothing_new(pair: Pair) -> None:
    pair.due(THURSDAY.date())
    pair.write(THURSDAY)

    assert pair.write(THURSDAY) == []
    assert pair.mails() == 2


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Your 1:1 with Sol Acme on 13 March: 1 thing you agreed on is open."),
        ("nb", "Samtalen din med Sol Acme 13. mars: 1 ting dere ble enige om, er åpen."),
    ],
)
def test_the_mail_counts_and_links_and_quotes_nothing(
    pair: Pair, smtp_server: SmtpServer, language: str, sentence: str
) -> None:
    Person.objects.filter(pk=pair.ada.person_id).update(language=language)
    with within(pair.acme):
        make.ActionFactory(session=pair.held(THURSDAY - 20 * DAY), text="a secret errand")
        session = pair.meet(starts_at=THURSDAY + DAY, place="a secret place")
        make.AgendaItemFactory(session=session, text="a secret item")
    pair.write(THURSDAY)

    send(COACHING_MAILS, pair.acme, now=THURSDAY)

    (mail,) = [mail for mail in smtp_server.accepted if mail.recipients == (pair.ada.person.email,)]
    message = message_from_bytes(mail.content, policy=policy.default)
    assert sentence in text_of(message)
    assert f"/sessions/{session.pk}/" in text_of(message)
    assert b"secret" not in mail.content
    assert "Sol" not in message["Subject"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_line_that_is_settled_by_then_is_left_out(pair: Pair, smtp_server: SmtpServer) -> None:
    pair.due(THURSDAY.date())
    pair.write(THURSDAY)
    pair.meet(starts_at=THURSDAY + 3 * DAY)

    assert send(COACHING_MAILS, pair.acme, now=THURSDAY) == {"skipped": 2}
    assert smtp_server.accepted == []


def test_reminders_take_as_many_queries_for_thirty_pairs(pair: Pair, count_queries: Callable[..., list[str]]) -> None:
    pair.due(THURSDAY.date())
    pair.held(THURSDAY - DAY)
    with within(pair.acme):
        few = count_queries(lambda: candidates(pair.acme, now=THURSDAY))
        for _number in range(30):
            other = make.PairingFactory(due_on=THURSDAY.date())
            make.SessionFactory(pairing=other, starts_at=THURSDAY - DAY, state="held", held_at=THURSDAY - DAY)
        many = count_queries(lambda: candidates(pair.acme, now=THURSDAY))
    assert len(many) <= len(few) + 1  # once somebody is in no cohort, cohorts are read for their holidays
    assert len(few) <= 9


def test_other_houses_are_left_alone(cast: Cast, zenith: Organisation, acme: Organisation) -> None:
    with within(zenith):
        before = Reminder.objects.count()
    with within(acme):
        write_reminders(acme, now=THURSDAY + 30 * DAY)
        assert set(Reminder.objects.values_list("recipient__organisation_id", flat=True)) == {acme.pk}
    with within(zenith):
        assert Reminder.objects.count() == before
        assert Membership.objects.count() == 5
