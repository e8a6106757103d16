"""Each kind of mail with one of it due, for tests that hold every kind to the same promises."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models.functions import Now

from coaching.calendars.choices import Switch, set_mails
from coaching.calendars.invitations import invite
from coaching.calendars.mail import CALENDAR_MAILS
from coaching.mails import COACHING_MAILS
from coaching.models import CalendarMail, CoachingMail, Session
from coaching.models.mail import MAIL_DELAY
from cohorts.enrolment.actions.enrolments import set_mail
from cohorts.enrolment.actions.sponsor_notes import tell_sponsors
from cohorts.mail import outbox
from cohorts.mail.outbox import MailKind
from cohorts.models import (
    Clock,
    Digest,
    DigestClock,
    Enrolment,
    Invitation,
    MemberNotice,
    Membership,
    Nudge,
    Organisation,
    SponsorNote,
)
from cohorts.models.mail import MailState, OutboxRow
from cohorts.nudges.mail import NUDGES
from cohorts.nudges.planner import claim_due, plan_again
from cohorts.people.actions.invitations import HELD_FOR, invite_all, revoke_invitation
from cohorts.people.actions.members import change_sponsor
from cohorts.people.invitation_mail import INVITATIONS
from cohorts.people.notice_mail import MEMBER_NOTICES
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.wall import within
from feedback360.models import MemberMail, Rater, RaterMail, Subject
from feedback360.rounds.mails import MEMBER_MAILS, RATER_MAILS
from programme.digests.mail import DIGESTS
from programme.digests.note_mail import SPONSOR_NOTES
from programme.digests.planner import plan_digests
from programme.models import ReportMail
from programme.reports.actions import announce
from programme.reports.mail import REPORT_MAILS
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

MORNING = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)  # nine in Oslo
MONDAY = datetime(2026, 3, 16, 7, 0, tzinfo=UTC)  # eight in Oslo, day 15


def send(kind: MailKind, organisation: Organisation, *, now: datetime) -> Counter[MailState]:
    """What a worker does with what is due."""
    return outbox.deliver(kind, organisation, now=lambda: now, limit=2000)


def end_leases(kind: MailKind, organisation: Organisation) -> int:
    """As if nobody had renewed them for long enough. Returns how many mails were held."""
    with within(organisation):
        held = kind.model.objects.filter(state=MailState.SENDING)
        return held.update(lease_until=Now() - timedelta(seconds=1))


@dataclass(frozen=True)
class Case:
    """`make_due` leaves one mail of this kind due in Zenith at `at`; `stop` is a stop condition, with its reason."""

    kind: MailKind
    at: datetime
    recipient: str
    make_due: Callable[[Cast], None]
    stop: Callable[[Cast], None]
    reason: str

    def row(self, cast: Cast) -> OutboxRow:
        with within(cast.zenith):
            return self.kind.model.objects.get()

    def send(self, cast: Cast, *, after: timedelta = timedelta(0)) -> Counter[MailState]:
        return send(self.kind, cast.zenith, now=self.at + after)

    def message_id(self, cast: Cast) -> str:
        return f"<{self.kind.name}-{self.row(cast).pk}@embed90.example>"


def _nudge(cast: Cast) -> None:
    with within(cast.zenith):
        Nudge.objects.all().delete()
        plan_again(list(Clock.objects.values_list("enrolment_id", flat=True)), now=MORNING - timedelta(hours=3))
    claim_due(now=MORNING)
    with within(cast.zenith):
        Nudge.objects.exclude(channel="mail").delete()


def _no_mails(cast: Cast) -> None:
    with within(cast.zenith):
        set_mail(enrolment=cast.enrolment(cast.zoe), is_on=False, by=None, now=MORNING)


def _invitation(cast: Cast) -> None:
    with within(cast.zenith):
        Invitation.objects.all().delete()
        invite_all([cast.zoe], now=NOW)


def _revoked(cast: Cast) -> None:
    with within(cast.zenith):
        revoke_invitation(member=cast.zoe, by=cast.zara, now=NOW)


def _digest(cast: Cast) -> None:
    with within(cast.zenith):
        Digest.objects.all().delete()
        DigestClock.objects.update_or_create(sponsor=cast.zac, defaults={"next_at": MONDAY})
    plan_digests(cast.zenith, now=MONDAY)


def _no_digests(cast: Cast) -> None:
    with within(cast.zenith):
        Membership.objects.filter(pk=cast.zac.pk).update(digest_on=False)


def _sponsor_note(cast: Cast) -> None:
    with within(cast.zenith):
        SponsorNote.objects.all().delete()
        Enrolment.objects.filter(leader=cast.zoe).update(last_practice_on=None)
        tell_sponsors(
            cohort=cast.house_of(cast.zenith).cohort,
            enrolments=[cast.enrolment(cast.zoe).pk],
            by=cast.zara,
            organisation=cast.zenith,
            now=MONDAY - HELD_FOR,
        )


def _report_mail(cast: Cast) -> None:
    with within(cast.zenith):
        ReportMail.objects.all().delete()
        report = make.ReportFactory(enrolment=cast.enrolment(cast.zoe), by_mail=True, state="ready")
        announce(report.pk, now=NOW)


def _rater_mail(cast: Cast) -> None:
    with within(cast.zenith):
        RaterMail.objects.all().delete()
        Rater.objects.update(email="rater@zenith.test")
        make.RaterMailFactory(rater=Rater.objects.get(), state="due")


def _no_more_mails(cast: Cast) -> None:
    with within(cast.zenith):
        Rater.objects.update(mails_on=False)


def _member_mail(cast: Cast) -> None:
    with within(cast.zenith):
        MemberMail.objects.all().delete()
        Subject.objects.update(replacements={"team": 1})
        round_ = Subject.objects.select_related("round").get().round
        make.MemberMailFactory(round=round_, recipient=cast.zoe, kind="replace", state="due")


def _calendar_mail(cast: Cast) -> None:
    with within(cast.zenith):
        CalendarMail.objects.all().delete()
        invite(Session.objects.get(pairing__partner=cast.zac, state="planned"), now=NOW - MAIL_DELAY)
        CalendarMail.objects.exclude(recipient=cast.zoe).delete()


def _no_invitations(cast: Cast) -> None:
    with within(cast.zenith):
        set_mails(member=cast.zoe, switch=Switch.INVITATIONS, is_on=False, by=None, now=NOW)


def _coaching_mail(cast: Cast) -> None:
    """The talk of ten days ago, which Zac has not been reminded of."""
    with within(cast.zenith):
        CoachingMail.objects.all().delete()
        session = Session.objects.get(pairing__partner=cast.zac, state="held")
        held_on = local_date(session.starts_at, cast.zac.zone)
        make.ReminderFactory(recipient=cast.zac, kind="after", about=session.pk, cycle=held_on, on=TODAY)
        make.CoachingMailFactory(recipient=cast.zac, kind="reminders", about=TODAY.toordinal())


def _no_reminders(cast: Cast) -> None:
    with within(cast.zenith):
        set_mails(member=cast.zac, switch=Switch.REMINDERS, is_on=False, by=None, now=NOW)


def _member_notice(cast: Cast) -> None:
    with within(cast.zenith):
        MemberNotice.objects.all().delete()
        change_sponsor(enrolment=cast.enrolment(cast.zoe), sponsor=None, by=cast.zara, now=NOW - HELD_FOR)


def _left(cast: Cast) -> None:
    with within(cast.zenith):
        Membership.objects.filter(pk=cast.zoe.pk).update(left_at=NOW)


CASES = {
    case.kind.name: case
    for case in (
        Case(NUDGES, MORNING, "zoe@zenith.test", _nudge, _no_mails, "unsubscribed"),
        Case(INVITATIONS, NOW, "zoe@zenith.test", _invitation, _revoked, "revoked"),
        Case(DIGESTS, MONDAY, "zac@zenith.test", _digest, _no_digests, "unsubscribed"),
        Case(SPONSOR_NOTES, MONDAY, "zac@zenith.test", _sponsor_note, _no_digests, "unsubscribed"),
        Case(MEMBER_NOTICES, NOW, "zoe@zenith.test", _member_notice, _left, "left"),
        Case(REPORT_MAILS, NOW, "zoe@zenith.test", _report_mail, _left, "left"),
        Case(RATER_MAILS, NOW, "rater@zenith.test", _rater_mail, _no_more_mails, "unsubscribed"),
        Case(CALENDAR_MAILS, NOW, "zoe@zenith.test", _calendar_mail, _no_invitations, "unsubscribed"),
        Case(COACHING_MAILS, NOW, "zac@zenith.test", _coaching_mail, _no_reminders, "unsubscribed"),
        Case(MEMBER_MAILS, NOW, "zoe@zenith.test", _member_mail, _left, "left"),
    )
}
