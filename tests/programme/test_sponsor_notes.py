"""An admin tells sponsors of leaders gone quiet, or writes to silent ones: one mail each, held for a minute."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from cohorts.enrolment.actions.sponsor_notes import take_back_notes, tell_sponsors, write_to_silent
from cohorts.models import AuditEntry, Enrolment, Membership, SponsorNote
from cohorts.models.mail import MailState
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from programme.digests.note_mail import SPONSOR_NOTES
from tests import factories as make
from tests.outbox import send
from tests.times import DAY_1, NOW, TODAY

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(cast, acme):
    """Ada and Bo are quiet; Sol is Ada's sponsor and silent, Max is Bo's and was here today."""
    house = cast.house_of(acme)
    with within(acme):
        SponsorNote.objects.all().delete()
        Enrolment.objects.filter(leader__in=[cast.ada, cast.bo]).update(last_practice_on=DAY_1)
        Membership.objects.filter(pk=cast.sol.pk).update(last_seen_on=DAY_1 - timedelta(days=1))
    return house


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


def tell(house, cast, *leaders, now=NOW):
    keys = [cast.enrolment(leader).pk for leader in leaders]
    with within(house.organisation):
        return tell_sponsors(
            cohort=house.cohort, enrolments=keys, by=cast.hana, organisation=house.organisation, now=now
        )


def write(house, cast, *sponsors, now=NOW):
    keys = [sponsor.pk for sponsor in sponsors]
    with within(house.organisation):
        return write_to_silent(
            cohort=house.cohort, sponsors=keys, by=cast.hana, organisation=house.organisation, now=now
        )


def take_back(house, cast, changes, now=NOW):
    with within(house.organisation):
        return take_back_notes(changes=changes, by=cast.hana, now=now)


def mails(server):
    return [message_from_bytes(mail.content, policy=policy.default) for mail in server.accepted]


def text_of(mail):
    return mail.get_body(["plain"]).get_content().replace("\r\n", "\n")


def deliver(house, now=NOW + MINUTE):
    return send(SPONSOR_NOTES, house.organisation, now=now)


def notes(house):
    with within(house.organisation):
        return list(SponsorNote.objects.order_by("sponsor__name").select_related("sponsor"))


def change(member, **fields):
    with within(member.organisation_id):
        Membership.objects.filter(pk=member.pk).update(**fields)


def test_each_sponsor_gets_one_mail_about_their_own_leaders(house, cast, smtp_server):
    tell(house, cast, cast.ada, cast.bo)

    assert deliver(house, NOW + MINUTE - timedelta(seconds=1)) == {}
    assert deliver(house) == {MailState.SENT: 2}
    by_recipient = {mail["To"]: text_of(mail) for mail in mails(smtp_server)}
    assert by_recipient.keys() == {"sol@acme.test", "max@acme.test"}
    assert "Ada Acme\nQuiet since Monday 2 March" in by_recipient["sol@acme.test"]
    assert cast.bo.name not in by_recipient["sol@acme.test"]
    assert cast.bo.name in by_recipient["max@acme.test"]


def test_the_mail_has_no_name_in_its_subject_and_nothing_written(house, cast, smtp_server):
    tell(house, cast, cast.ada)
    write(house, cast, cast.sol)
    deliver(house)

    assert len(mails(smtp_server)) == 2
    for mail in mails(smtp_server):
        assert "bait" not in text_of(mail) + mail.get_body(["html"]).get_content()
        assert "Ada" not in mail["Subject"]
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_mail_speaks_the_sponsors_language(house, cast, smtp_server):
    with within(house.organisation):
        cast.sol.person.language = "nb"
        cast.sol.person.save()
    tell(house, cast, cast.ada)
    write(house, cast, cast.sol)
    deliver(house)

    subjects = {mail["Subject"] for mail in mails(smtp_server)}
    assert subjects == {"Et spørsmål fra deg kan hjelpe denne uka", "Det ligger noe til deg på sponsorsiden din"}


def test_the_days_are_those_when_the_mail_goes(house, cast, smtp_server):
    tell(house, cast, cast.ada)
    with within(house.organisation):
        Enrolment.objects.filter(leader=cast.ada).update(last_practice_on=TODAY)

    assert deliver(house) == {MailState.SKIPPED: 1}
    assert smtp_server.accepted == []


def test_a_sponsor_who_has_come_in_since_is_not_written_to(house, cast, smtp_server):
    write(house, cast, cast.sol)
    change(cast.sol, last_seen_on=TODAY)

    assert deliver(house) == {MailState.SKIPPED: 1}


def test_a_leader_with_another_sponsor_now_is_left_out(house, cast, smtp_server):
    tell(house, cast, cast.ada)
    with within(house.organisation):
        Enrolment.objects.filter(leader=cast.ada).update(sponsor=cast.max)

    assert deliver(house) == {MailState.SKIPPED: 1}


def test_a_silent_sponsor_hears_what_waits_for_them(house, cast, smtp_server):
    write(house, cast, cast.sol)
    deliver(house)

    (mail,) = mails(smtp_server)
    text = text_of(mail)
    assert "1 leader has you as their sponsor." in text
    assert "/o/acme/" in text


def test_a_leader_who_is_not_quiet_is_refused(house, cast):
    with within(house.organisation):
        Enrolment.objects.filter(leader=cast.ada).update(last_practice_on=TODAY)

    with pytest.raises(NotNow, match="quiet now"):
        tell(house, cast, cast.ada)


def test_a_sponsor_who_is_not_silent_is_refused(house, cast):
    with pytest.raises(NotNow, match="silent now"):
        write(house, cast, cast.max)


def test_another_house_is_not_written_to(house, cast):
    with pytest.raises(NotNow):
        tell(house, cast, cast.zoe)
    with pytest.raises(NotNow):
        write(house, cast, cast.zac)


def test_a_sponsor_who_switched_mails_off_is_refused(house, cast):
    change(cast.sol, digest_on=False)

    with pytest.raises(NotNow, match="switched our mails off"):
        tell(house, cast, cast.ada)
    assert notes(house) == []


def test_one_mail_of_a_kind_in_seven_days(house, cast):
    tell(house, cast, cast.ada)
    write(house, cast, cast.sol)

    with pytest.raises(NotNow, match="may go on 18 March"):
        tell(house, cast, cast.ada, now=NOW + timedelta(days=7) - MINUTE)
    assert len(tell(house, cast, cast.ada, now=NOW + timedelta(days=7))) == 1


def test_only_those_not_written_to_lately_get_another(house, cast):
    tell(house, cast, cast.ada)
    tell(house, cast, cast.ada, cast.bo, now=NOW + timedelta(days=1))

    assert sorted(note.sponsor_id for note in notes(house)) == sorted([cast.sol.pk, cast.max.pk])


def test_a_mail_that_never_arrived_does_not_count(house, cast):
    tell(house, cast, cast.ada)
    with within(house.organisation):
        SponsorNote.objects.update(state="failed", reason="refused")

    assert len(tell(house, cast, cast.ada, now=NOW + timedelta(days=1))) == 1


def test_two_admins_at_once_wait_for_each_other(house, cast, count_queries):
    queries = count_queries(lambda: tell(house, cast, cast.ada))

    locked = next(at for at, sql in enumerate(queries) if "cohorts_membership" in sql and "FOR NO KEY UPDATE" in sql)
    looked = next(at for at, sql in enumerate(queries) if "cohorts_sponsornote" in sql)
    assert locked < looked


def test_within_the_minute_it_is_taken_back_as_if_never_asked(house, cast, smtp_server):
    changes = tell(house, cast, cast.ada)

    assert take_back(house, cast, changes) == 1
    assert notes(house) == []
    assert deliver(house) == {}
    assert len(tell(house, cast, cast.ada)) == 1
    with within(house.organisation):
        verbs = list(AuditEntry.objects.order_by("-number").values_list("verb", flat=True)[:3])
    assert verbs == ["wrote to sponsor", "took back mail to sponsor", "wrote to sponsor"]


@pytest.mark.parametrize("left", [{"state": "sending", "attempts": 1}, {"state": "due", "attempts": 1}])
def test_a_mail_that_may_have_left_is_not_taken_back(house, cast, left):
    changes = tell(house, cast, cast.ada)
    with within(house.organisation):
        SponsorNote.objects.update(**left)

    assert take_back(house, cast, changes) == 0
    assert len(notes(house)) == 1


def group(answer, key):
    return next(each for each in answer.context["groups"] if each.key == key)


def press(hana, house, found):
    data = {"act": found.act, "chosen": found.about}
    return hana.post(hana.url("cohort_choices", house.cohort.pk), data, follow=True)


def undo(hana, answer):
    return hana.post(next(m.extra_tags for m in answer.context["messages"] if m.extra_tags), follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize(
    ("key", "label", "sentence"),
    [
        ("quiet", "Tell sponsors", "2 sponsors get a mail in a minute."),
        ("silent", "Write to them", "1 sponsor gets a mail in a minute."),
    ],
)
def test_the_page_writes_and_undoes(hana, house, smtp_server, key, label, sentence):
    page = hana.get(hana.url("cohort", house.cohort.pk))
    found = group(page, key)
    assert found.act_label == label
    assert f'value="{found.act}"' in page.content.decode()

    answer = press(hana, house, found)
    assert said(answer) == [sentence]
    assert notes(house) != []

    assert said(undo(hana, answer)) == ["Undone. Everything is as it was."]
    assert notes(house) == []


def test_the_page_cannot_undo_what_has_left(hana, house, smtp_server):
    answer = press(hana, house, group(hana.get(hana.url("cohort", house.cohort.pk)), "silent"))
    deliver(house, NOW + 2 * MINUTE)

    assert undo(hana, answer).status_code == 409


def test_writing_again_too_soon_is_a_refusal_with_the_date(hana, house):
    found = group(hana.get(hana.url("cohort", house.cohort.pk)), "quiet")
    press(hana, house, found)

    again = press(hana, house, found)
    assert again.status_code == 409
    assert "18 March" in again.content.decode()


def test_quiet_leaders_without_a_sponsor_have_no_button(hana, house):
    with within(house.organisation):
        Enrolment.objects.update(sponsor=None)

    assert group(hana.get(hana.url("cohort", house.cohort.pk)), "quiet").act is None


def test_two_silent_sponsors_are_both(hana, house, cast):
    change(cast.max, last_seen_on=None)
    with within(house.organisation):
        make.EnrolmentFactory(cohort=house.cohort, sponsor=cast.max)

    assert group(hana.get(hana.url("cohort", house.cohort.pk)), "silent").act_label == "Write to both"
