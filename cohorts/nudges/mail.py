"""The nudge as a mail: compiled once per step, language and organisation, filled in per person."""

from collections.abc import Sequence
from datetime import date, datetime
from email import message_from_bytes, policy
from email.utils import format_datetime
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import translation

from cohorts.logos.stored import MailLogo, mail_logo
from cohorts.mail.compiled import CompiledMail, Picture, SlotKind, Slots, compile_mail
from cohorts.mail.message import first_name, inline_styles
from cohorts.mail.outbox import BULK_MAILS_PER_BATCH, MailKind, post
from cohorts.mail.pictures import html_with_pictures
from cohorts.mail.server import message_id, sender
from cohorts.mail.signed_links import nudge_token
from cohorts.mail.smtp import Kind
from cohorts.models import Membership, Nudge, Organisation, Step
from cohorts.models.mail import Reason
from cohorts.nudges.delivery import COHORT_IS_SENDING, DETAILS, ClaimedNudge, QuietHours, reason_to_skip
from cohorts.nudges.planner import NUDGE_TOO_LATE
from cohorts.tenancy.addresses import absolute, front_door, inside


class Preview(NamedTuple):
    """A mail as its reader gets it."""

    subject: str
    text: str
    html: str


@lru_cache(maxsize=1024)
def nudge_mail(
    step_id: int, language: str, slug: str, organisation_name: str, logo: MailLogo | None = None
) -> CompiledMail:
    """The shared part of one step's mail. A published step never changes, so this is built once a process."""
    return step_mail(Step.objects.get(pk=step_id), language, slug, organisation_name, logo)


def step_mail(step: Step, language: str, slug: str, organisation_name: str, logo: MailLogo | None) -> CompiledMail:
    """The shared part of the mail of a step as it stands; a draft's may change at any time."""
    text = step.in_language(language)
    slots = Slots(name=SlotKind.TEXT, day=SlotKind.TEXT, log_url=SlotKind.URL, today_url=SlotKind.URL)
    context = {
        "step": text,
        "minutes": step.minutes,
        "language": text.language,
        "subject": text.title,
        "organisation_name": organisation_name,
        "logo": logo,
        "schedule_url": absolute(inside(slug, "schedule")),
        "unsubscribe_url": slots.markers["unsubscribe"],
        **slots.markers,
    }
    with translation.override(text.language):
        plain = render_to_string("emails/nudge.txt", context)
        html = inline_styles(render_to_string("emails/nudge.html", context))
    return compile_mail(
        slots,
        sender=sender(),
        subject=text.title,
        language=text.language,
        text=plain.strip() + "\n",
        html=html,
        picture=Picture(logo.cid, logo.content) if logo else None,
    )


class Writer:
    """Fills in the nudges of one organisation. Make one per batch: it reads the date once."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._date = format_datetime(now)
        self._log = absolute(front_door("one_tap", "TOKEN")).replace("TOKEN", "%s")
        self._stop = absolute(front_door("unsubscribe", "TOKEN")).replace("TOKEN", "%s")
        self._today = absolute(inside(organisation.slug, "today")) + "?on=%s"
        self._quiet = QuietHours(organisation.quiet_from, organisation.quiet_until)
        self._logo = mail_logo(organisation)

    def prepare(self, nudges: Sequence[ClaimedNudge]) -> None:
        """Compile what these need, in the open organisation."""
        for step_id, language in {(nudge.step_id, nudge.language) for nudge in nudges}:
            self._mail(step_id, language)

    def reason_to_skip(self, nudge: ClaimedNudge, now: datetime) -> Reason | None:
        return reason_to_skip(nudge, now, self._quiet)

    def content(self, nudge: ClaimedNudge) -> bytes:
        """The complete message of one nudge."""
        return self.fill(self._mail(nudge.step_id, nudge.language), nudge)

    def fill(self, mail: CompiledMail, nudge: ClaimedNudge) -> bytes:
        """A compiled mail with everything that is one person's own."""
        organisation = self._organisation
        token = nudge_token(organisation.pk, nudge.enrolment_id, nudge.on, nudge.link_version)
        return mail.render(
            {
                "to": nudge.email,
                "date": self._date,
                "message_id": message_id(NUDGES.name, nudge.id),
                "unsubscribe": self._stop % token,
                "name": first_name(nudge.name),
                "day": str(nudge.day),
                "log_url": self._log % token,
                "today_url": self._today % nudge.on.isoformat(),
            }
        )

    def _mail(self, step_id: int, language: str) -> CompiledMail:
        return nudge_mail(step_id, language, self._organisation.slug, self._organisation.name, self._logo)


NUDGES = MailKind(
    name="nudge",
    model=Nudge,
    row=ClaimedNudge,
    details=DETAILS,
    writer=Writer,
    may_go=COHORT_IS_SENDING,
    too_late=NUDGE_TOO_LATE,
    mails_per_batch=BULK_MAILS_PER_BATCH,
    is_compiled=True,
)


def preview(
    *, step: Step, membership: Membership, language: str, on: date, organisation: Organisation, now: datetime
) -> Preview:
    """The very mail a leader called like this member would get for a step; nothing is sent, stored or remembered.

    The step may be a draft's, or not saved at all.
    """
    mail = step_mail(step, language, organisation.slug, organisation.name, mail_logo(organisation))
    content = Writer(organisation, now).fill(mail, sample(step, membership, language, on, now))
    message = message_from_bytes(content, policy=policy.default)
    plain = message.get_body(("plain",))
    assert plain is not None
    return Preview(str(message["Subject"]), str(plain.get_content()), html_with_pictures(message))


def send_test(
    *, step: Step, membership: Membership, language: str, on: date, organisation: Organisation, now: datetime
) -> bool:
    """Send the mail of a step to this member alone. Its links belong to no enrolment. Returns whether it went."""
    nudge = sample(step, membership, language, on, now)
    return all(outcome.kind is Kind.SENT for outcome in post(NUDGES, Writer(organisation, now), [nudge]))


def sample(step: Step, membership: Membership, language: str, on: date, now: datetime) -> ClaimedNudge:
    """A nudge to look at: enrolment 0 does not exist, so its links open nothing."""
    return ClaimedNudge(
        id=0,
        enrolment_id=0,
        step_id=step.pk or 0,
        on=on,
        day=step.day,
        due_at=now,
        attempts=1,
        email=membership.person.email,
        language=language,
        name=membership.name,
        link_version=membership.link_version,
        zone=str(membership.zone),
        has_left=False,
        is_unsubscribed=False,
        has_practised=None,
        is_paused=False,
    )
