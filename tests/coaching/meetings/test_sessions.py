"""Planning, moving, cancelling and holding a talk."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from coaching.meetings.actions.agenda import drop_item, mark_item, raise_item
from coaching.meetings.actions.agreed import add_action
from coaching.meetings.actions.notes import save_note
from coaching.meetings.actions.pairings import change_cadence, refresh_due
from coaching.meetings.actions.sessions import (
    NothingWritten,
    cancel_session,
    hold_session,
    miss_session,
    move_session,
    plan_session,
    record_drop_in,
    reopen_session,
    restore_session,
    start_session,
)
from coaching.models import Action, CalendarMail, Pairing, Session, SessionText
from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.cast import Cast
from tests.coaching.meetings.talks import fresh_pair, held, pairing_of, planned
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def pair(cast: Cast):
    with within(cast.acme):
        yield fresh_pair(cast)


def test_the_same_form_twice_plans_one_talk(pair: Pairing) -> None:
    key = uuid4()
    talks = {planned(pair, NOW + timedelta(days=1), key=key).pk for _twice in range(2)}

    assert len(talks) == 1
    assert CalendarMail.objects.filter(about__in=talks, sort="session").count() == 2


def test_a_talk_written_down_afterwards_invites_nobody(pair: Pairing) -> None:
    talk = plan_session(
        pairing=pair,
        starts_at=NOW - timedelta(days=1),
        minutes=30,
        place="",
        key=uuid4(),
        by=pair.leader,
        now=NOW,
    )

    assert not CalendarMail.objects.filter(about=talk.pk, sort="session").exists()


def test_a_talk_cannot_be_closed_before_it_begins(pair: Pairing) -> None:
    talk = planned(pair, NOW + timedelta(hours=2))

    with pytest.raises(NotNow, match="is planned for"):
        hold_session(session=talk, by=pair.partner, now=NOW, nothing_to_agree=True)


def test_two_who_talk_earlier_start_now_and_no_mail_goes(pair: Pairing) -> None:
    talk = planned(pair, NOW + timedelta(hours=2))
    mails = CalendarMail.objects.count()

    start_session(session=talk, by=pair.leader, now=NOW)
    hold_session(session=talk, by=pair.partner, now=NOW + HALF_AN_HOUR, nothing_to_agree=True)

    assert (talk.starts_at, talk.state) == (NOW, "held")
    assert CalendarMail.objects.count() == mails


@pytest.mark.parametrize("minutes", [481, 1560, 0, -30])
def test_a_talk_is_between_five_minutes_and_eight_hours_long(minutes: int, pair: Pairing) -> None:
    with pytest.raises(Invalid) as refused:
        planned(pair, NOW + timedelta(days=1), minutes=minutes)
    assert refused.value.field == "minutes"


def test_an_empty_talk_is_closed_only_with_nothing_to_agree(pair: Pairing) -> None:
    talk = planned(pair, NOW)
    with pytest.raises(NothingWritten):
        hold_session(session=talk, by=pair.partner, now=NOW)

    hold_session(session=talk, by=pair.partner, now=NOW, nothing_to_agree=True)

    assert (talk.state, talk.nothing_to_agree) == ("held", True)


@pytest.mark.parametrize("what", ["note", "action"])
def test_a_note_or_an_action_is_enough_to_close(what: str, pair: Pairing) -> None:
    talk = planned(pair, NOW)
    if what == "note":
        save_note(session=talk, text="One sentence.", by=pair.leader, now=NOW)
    else:
        add_action(
            session=talk, text="Try it", owner_id=None, due_on=None, key=uuid4(), today=TODAY, by=pair.leader, now=NOW
        )

    hold_session(session=talk, by=pair.partner, now=NOW)

    assert (talk.state, talk.nothing_to_agree) == ("held", False)


def test_closing_says_when_the_two_last_met_and_are_due(pair: Pairing) -> None:
    held(pair, NOW)

    pair.refresh_from_db()
    assert (pair.last_held_on, pair.due_on) == (TODAY, TODAY + timedelta(days=14))


def test_reopening_takes_back_that_the_two_met(pair: Pairing) -> None:
    before = held(pair, NOW - timedelta(days=9))
    talk = held(pair, NOW)

    reopen_session(session=talk, by=pair.leader, now=NOW)

    pair.refresh_from_db()
    assert talk.state == "planned"
    assert pair.last_held_on == before.starts_at.date()


def test_a_talk_the_leader_has_answered_is_not_reopened(pair: Pairing) -> None:
    talk = held(pair, NOW)
    make.AcknowledgementFactory(session=talk)

    with pytest.raises(NotNow, match="stays closed"):
        reopen_session(session=talk, by=pair.partner, now=NOW)


def test_cancelled_and_missed_talks_do_not_count_as_held(pair: Pairing) -> None:
    last = pair.last_held_on
    cancel_session(session=planned(pair, NOW + timedelta(days=1)), by=pair.leader, now=NOW)
    missed = planned(pair, NOW - timedelta(hours=3))
    miss_session(session=missed, by=pair.partner, now=NOW)

    pair.refresh_from_db()
    assert missed.state == "missed"
    assert pair.last_held_on == last


def test_a_talk_that_has_not_begun_cannot_have_been_missed(pair: Pairing) -> None:
    with pytest.raises(NotNow):
        miss_session(session=planned(pair, NOW + timedelta(days=1)), by=pair.partner, now=NOW)


def test_moving_a_talk_edits_it_and_touches_nothing_else(pair: Pairing) -> None:
    talk = planned(pair, NOW + timedelta(days=1))
    raise_item(session=talk, text="The rota", minutes=8, by=pair.leader, now=NOW)
    before = list(Action.objects.filter(pairing=pair).values())
    uid = talk.uid

    move_session(session=talk, starts_at=NOW + timedelta(days=3), minutes=45, place="Room 2", by=pair.leader, now=NOW)

    talk.refresh_from_db()
    assert (talk.uid, talk.sequence, talk.minutes) == (uid, 1, 45)
    assert [item.text for item in talk.agenda.all()] == ["The rota"]
    assert list(Action.objects.filter(pairing=pair).values()) == before


def test_cancelling_hands_the_agenda_on_and_can_be_undone(pair: Pairing) -> None:
    talk, following = planned(pair, NOW + timedelta(days=1)), planned(pair, NOW + timedelta(days=8))
    raise_item(session=talk, text="The rota", minutes=None, by=pair.leader, now=NOW)

    cancel_session(session=talk, by=pair.partner, now=NOW)
    assert [item.text for item in following.agenda.all()] == ["The rota"]

    restore_session(session=talk, by=pair.partner, now=NOW)
    assert Session.objects.get(pk=talk.pk).state == "planned"


def test_what_was_not_talked_about_comes_first_next_time(pair: Pairing) -> None:
    talk = planned(pair, NOW)
    items = [raise_item(session=talk, text=text, minutes=None, by=pair.leader, now=NOW) for text in ("a", "b", "c")]
    mark_item(item=items[0], state="discussed", by=pair.partner, now=NOW)
    mark_item(item=items[1], state="next_time", by=pair.partner, now=NOW)
    hold_session(session=talk, by=pair.partner, now=NOW, nothing_to_agree=True)

    following = planned(pair, NOW + timedelta(days=14), template="grow")

    texts = [item.text for item in following.agenda.all()]
    assert texts[:2] == ["b", "c"]
    assert len(texts) == 6  # and the four questions of the template


def test_the_questions_of_a_template_are_not_carried(pair: Pairing) -> None:
    held(pair, NOW, template="grow")

    assert planned(pair, NOW + timedelta(days=14)).agenda.count() == 0


def test_a_talk_keeps_the_version_of_its_template(pair: Pairing) -> None:
    talk = planned(pair, NOW + timedelta(days=1), template="side-by-side")

    assert (talk.kind, talk.template, talk.template_version) == ("side_by_side", "side-by-side", 2)


def test_only_the_one_who_raised_it_takes_it_off_the_agenda(pair: Pairing) -> None:
    talk = planned(pair, NOW)
    item = raise_item(session=talk, text="The rota", minutes=None, by=pair.leader, now=NOW)
    with pytest.raises(NotNow):
        drop_item(item=item, by=pair.partner, now=NOW)

    drop_item(item=item, by=pair.leader, now=NOW)

    assert not talk.agenda.exists()


def test_a_drop_in_is_one_sentence_and_counts_as_a_talk(pair: Pairing) -> None:
    key = uuid4()
    (talk,) = {
        record_drop_in(pairing=pair, sentence="She moved the huddle.", key=key, by=pair.partner, now=NOW)
        for _twice in range(2)
    }

    assert (talk.kind, talk.state) == ("drop_in", "held")
    assert SessionText.objects.get(session=talk).text == "She moved the huddle."
    pair.refresh_from_db()
    assert pair.last_held_on == TODAY


def test_the_audit_trail_holds_keys_and_no_words(pair: Pairing) -> None:
    talk = planned(pair, NOW)
    raise_item(session=talk, text="secret agenda", minutes=None, by=pair.leader, now=NOW)
    save_note(session=talk, text="secret note", by=pair.leader, now=NOW)
    record_drop_in(pairing=pair, sentence="secret sentence", key=uuid4(), by=pair.partner, now=NOW)
    hold_session(session=talk, by=pair.partner, now=NOW)

    lines = AuditEntry.objects.filter(thing__startswith="coaching.")
    assert {line.verb for line in lines} >= {"planned session", "held session", "recorded drop-in"}
    assert "secret" not in str(list(lines.values()))


def test_days_away_of_either_move_the_due_date(cast: Cast, pair: Pairing) -> None:
    held(pair, NOW)
    enrolment = cast.enrolment(cast.ada)
    make.PauseFactory(
        cohort=enrolment.cohort,
        enrolment=enrolment,
        starts_on=TODAY + timedelta(days=1),
        ends_on=TODAY + timedelta(days=5),
    )

    assert refresh_due() >= 1
    assert refresh_due() == 0

    pair.refresh_from_db()
    assert pair.due_on == date(2026, 3, 30)  # 25 March, and five days


def test_another_cadence_moves_the_due_date(pair: Pairing) -> None:
    held(pair, NOW)
    change_cadence(pairing=pair, cadence_days=7, by=pair.leader, now=NOW)

    pair.refresh_from_db()
    assert pair.due_on == TODAY + timedelta(days=7)


def test_nobody_outside_the_pair_acts_in_it(cast: Cast, pair: Pairing) -> None:
    talk = planned(pair, NOW)
    for outsider in (cast.bo, cast.max, cast.mia, cast.cleo, cast.hana, cast.olav):
        for act in (
            lambda by: planned(pair, NOW, by=by),
            lambda by: cancel_session(session=talk, by=by, now=NOW),
            lambda by: hold_session(session=talk, by=by, now=NOW),
            lambda by: save_note(session=talk, text="x", by=by, now=NOW),
            lambda by: raise_item(session=talk, text="x", minutes=None, by=by, now=NOW),
            lambda by: change_cadence(pairing=pair, cadence_days=7, by=by, now=NOW),
            lambda by: record_drop_in(pairing=pair, sentence="x", key=uuid4(), by=by, now=NOW),
        ):
            with pytest.raises(NotYours):
                act(outsider)


def test_a_pair_that_has_ended_holds_no_talks(cast: Cast, pair: Pairing) -> None:
    talk = planned(pair, NOW)
    Pairing.objects.filter(pk=pair.pk).update(state="ended")
    ended = Session.objects.select_related("pairing").get(pk=talk.pk)

    with pytest.raises(NotNow, match="have ended"):
        hold_session(session=ended, by=cast.ada, now=NOW)


def test_the_pair_of_another_leader_is_another_pair(cast: Cast) -> None:
    with within(cast.acme):
        assert pairing_of(cast.bo).partner == cast.max
