"""The mails written one by one, when a worker is killed in the middle of them, and when two workers run at once."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings as project_settings
from django.utils import timezone

from coaching.calendars.mail import CALENDAR_MAILS
from coaching.mails import COACHING_MAILS
from cohorts.mail.outbox import MailKind
from cohorts.models import Digest, DigestClock, Enrolment, Membership, Organisation
from cohorts.people.actions.invitations import HELD_FOR, invite_all
from cohorts.people.actions.notices import tell_of_sponsors
from cohorts.people.invitation_mail import INVITATIONS
from cohorts.people.notice_mail import MEMBER_NOTICES
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.wall import within
from feedback360.models import Round, Subject
from feedback360.rounds.mails import MEMBER_MAILS, RATER_MAILS
from programme.digests.mail import DIGESTS
from programme.digests.note_mail import SPONSOR_NOTES
from programme.digests.planner import plan_digests
from programme.mails import WRITTEN_KINDS, send_written
from programme.reports.actions import announce
from programme.reports.mail import REPORT_MAILS
from programme.tasks import send_mails
from tests import factories as make
from tests.crowd import crowd
from tests.faults.test_crashes import deliveries, queue, wait_until
from tests.outbox import end_leases
from tests.smtp_server import SmtpServer
from tests.workers import celery_worker, worker_environment

__all__ = ["queue"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.timeout(600)]

MAILS = 150
PROCESSES = 2


def invitations(organisation: Organisation) -> None:
    with within(organisation):
        invite_all(Membership.objects.all(), now=timezone.now())


def digests(organisation: Organisation) -> None:
    """Everybody follows the one after them, and their digest is due."""
    now = timezone.now()
    with within(organisation):
        members = list(Membership.objects.order_by("pk"))
        enrolments = {each.leader_id: each for each in Enrolment.objects.all()}
        for sponsor, leader in zip(members, [*members[1:], members[0]], strict=True):
            enrolments[leader.pk].sponsor = sponsor
        Enrolment.objects.bulk_update(enrolments.values(), ["sponsor"])
        Membership.objects.update(roles=["leader", "sponsor"])
        DigestClock.objects.bulk_create(DigestClock(sponsor=sponsor, next_at=now) for sponsor in members)
    plan_digests(organisation, now=now)


def sponsor_notes(organisation: Organisation) -> None:
    """As many sponsors, each told of the leader after them."""
    digests(organisation)
    now = timezone.now()
    with within(organisation):
        Digest.objects.all().delete()
        for enrolment in Enrolment.objects.select_related("sponsor", "cohort"):
            make.SponsorNoteFactory(
                kind="quiet",
                sponsor=enrolment.sponsor,
                cohort=enrolment.cohort,
                enrolments=[enrolment.pk],
                requested_by=enrolment.sponsor,
                state="due",
                requested_at=now,
                not_before=now,
            )
        Enrolment.objects.update(day1_on=now.date() - timedelta(days=30), last_practice_on=None)


def report_mails(organisation: Organisation) -> None:
    with within(organisation):
        now = timezone.now()
        for enrolment in Enrolment.objects.select_related("leader"):
            report = make.ReportFactory(enrolment=enrolment, by_mail=True, expires_at=now + timedelta(days=7))
            announce(report.pk, now=now)


def open_360(organisation: Organisation) -> Round:
    """A round about each of the crowd."""
    now = timezone.now()
    with within(organisation):
        enrolments = list(Enrolment.objects.select_related("cohort", "leader"))
        round_ = make.RoundFactory(
            cohort=enrolments[0].cohort,
            reminds_at=now + timedelta(days=4),
            closes_at=now + timedelta(days=7),
            releases_at=now + timedelta(days=8),
        )
        Subject.objects.bulk_create(
            Subject(round=round_, enrolment=each, replacements={"team": 1}) for each in enrolments
        )
    return round_


def rater_mails(organisation: Organisation) -> None:
    """As many raters, each asked about a leader."""
    now, round_ = timezone.now(), open_360(organisation)
    with within(organisation):
        for subject in Subject.objects.filter(round=round_):
            rater = make.RaterFactory(round=round_)
            make.RequestFactory(subject=subject, rater=rater)
            make.RaterMailFactory(rater=rater, state="due", due_at=now, not_before=now)


def member_mails(organisation: Organisation) -> None:
    """Every leader of the crowd is asked for one more name."""
    now, round_ = timezone.now(), open_360(organisation)
    with within(organisation):
        for subject in Subject.objects.select_related("enrolment__leader").filter(round=round_):
            leader = subject.enrolment.leader
            make.MemberMailFactory(
                round=round_, recipient=leader, kind="replace", state="due", due_at=now, not_before=now
            )


def calendar_mails(organisation: Organisation) -> None:
    """Every leader of the crowd is invited to a 1:1 with the next one."""
    now = timezone.now()
    with within(organisation):
        members = list(Membership.objects.order_by("pk"))
        for leader, partner in zip(members, [*members[1:], members[0]], strict=True):
            pairing = make.PairingFactory(leader=leader, partner=partner)
            session = make.SessionFactory(pairing=pairing, starts_at=now + timedelta(days=2))
            make.CalendarMailFactory(session=session, due_at=now, not_before=now)


def coaching_mails(organisation: Organisation) -> None:
    """Everybody met the one after them yesterday, and is reminded of it."""
    now = timezone.now()
    with within(organisation):
        members = list(Membership.objects.order_by("pk"))
        for leader, partner in zip(members, [*members[1:], members[0]], strict=True):
            pairing = make.PairingFactory(leader=leader, partner=partner)
            then = now - timedelta(days=1)
            session = make.SessionFactory(pairing=pairing, starts_at=then, state="held", held_at=then)
            cycle = local_date(then, partner.zone)
            make.ReminderFactory(recipient=partner, kind="after", about=session.pk, cycle=cycle, on=now.date())
            make.CoachingMailFactory(recipient=partner, about=now.date().toordinal(), due_at=now, not_before=now)


def member_notices(organisation: Organisation) -> None:
    """Every leader of the crowd has the next one as sponsor from now on."""
    now = timezone.now()
    with within(organisation):
        members = list(Membership.objects.order_by("pk"))
        enrolments = {each.leader_id: each for each in Enrolment.objects.all()}
        for leader, sponsor in zip(members, [*members[1:], members[0]], strict=True):
            enrolments[leader.pk].sponsor = sponsor
        Enrolment.objects.bulk_update(enrolments.values(), ["sponsor"])
        tell_of_sponsors([(each, None) for each in enrolments.values()], by=members[0], now=now - HELD_FOR)


MAKE_DUE: dict[str, Callable[[Organisation], None]] = {
    INVITATIONS.name: invitations,
    MEMBER_NOTICES.name: member_notices,
    DIGESTS.name: digests,
    SPONSOR_NOTES.name: sponsor_notes,
    REPORT_MAILS.name: report_mails,
    RATER_MAILS.name: rater_mails,
    MEMBER_MAILS.name: member_mails,
    CALENDAR_MAILS.name: calendar_mails,
    COACHING_MAILS.name: coaching_mails,
}


@pytest.fixture(params=WRITTEN_KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> MailKind:
    return request.param


@pytest.fixture
def house(cast: object, kind: MailKind) -> Organisation:
    """A crowd with a mail of this kind due to each."""
    organisation, _ = crowd(MAILS)
    organisation.refresh_from_db()
    MAKE_DUE[kind.name](organisation)
    return organisation


def states(house: Organisation, kind: MailKind) -> Counter[str]:
    with within(house):
        return Counter(kind.model.objects.values_list("state", flat=True))


def expected_ids(house: Organisation, kind: MailKind) -> set[str]:
    with within(house):
        keys = kind.model.objects.values_list("pk", flat=True)
        return {f"<{kind.name}-{key}@{project_settings.MAIL_DOMAIN}>" for key in keys}


def hand_out(house: Organisation, queue: str) -> None:
    for _ in range(PROCESSES):
        send_mails.apply_async([house.pk], queue=queue)


def swept(house: Organisation, kind: MailKind) -> Counter[str]:
    end_leases(kind, house)
    send_written(house, now=timezone.now)
    return states(house, kind)


def test_a_worker_killed_mid_batch_loses_nothing(
    house: Organisation, kind: MailKind, queue: str, smtp_server: SmtpServer
) -> None:
    smtp_server.script.delay("DOT", 0.02)
    with celery_worker(worker_environment(smtp_server.port), queue=queue, processes=PROCESSES) as worker:
        hand_out(house, queue)
        wait_until(lambda: len(smtp_server.accepted) > 20)
        os.killpg(worker.pid, signal.SIGKILL)
    assert states(house, kind)["sending"] > 0, "The kill came too late to prove anything."
    assert set(deliveries(smtp_server)) < expected_ids(house, kind)

    wait_until(lambda: swept(house, kind) == {"sent": MAILS})

    got = deliveries(smtp_server)
    assert states(house, kind) == {"sent": MAILS}
    assert set(got) == expected_ids(house, kind)
    assert sum(got.values()) - MAILS <= PROCESSES * kind.mails_per_batch
    assert max(got.values()) <= 2


def test_two_workers_at_once_send_each_mail_once(
    house: Organisation, kind: MailKind, queue: str, smtp_server: SmtpServer
) -> None:
    with celery_worker(worker_environment(smtp_server.port), queue=queue, processes=PROCESSES):
        for _ in range(3):
            hand_out(house, queue)
        wait_until(lambda: states(house, kind)["sent"] == MAILS)

    assert deliveries(smtp_server) == dict.fromkeys(expected_ids(house, kind), 1)
