"""The nudge as a mail: compiled once per step, language and organisation, filled in per person."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from email import message_from_bytes, policy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import NamedTuple

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from cohorts.mail.compiled import CompiledMail, Mailbox, SlotKind, Slots, compile_mail
from cohorts.mail.signed_links import nudge_token
from cohorts.mail.smtp import Kind, Outgoing, Pipeline, Server
from cohorts.models import Membership, Organisation, Step
from cohorts.nudges.delivery import Answer, Claimed
from cohorts.tenancy.addresses import absolute, front_door, inside

_inliner = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)


class Preview(NamedTuple):
    """A mail as its reader gets it."""

    subject: str
    text: str
    html: str


def server() -> Server:
    """Where mail goes, from EMAIL_URL."""
    return Server(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        username=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        use_tls=settings.EMAIL_USE_TLS,
        use_ssl=settings.EMAIL_USE_SSL,
        timeout=settings.SMTP_TIMEOUT,
    )


def sender() -> Mailbox:
    """Who nudges come from, from MAIL_FROM."""
    name, address = parseaddr(settings.MAIL_FROM)
    return Mailbox(address, name)


@lru_cache(maxsize=1)
def pipeline() -> "Pipeline[int]":
    """This process's connection to the mail server, kept between batches; opened at first use, so after the fork."""
    return Pipeline(server(), recycle_after=settings.SMTP_MESSAGES_PER_CONNECTION)


def inline_styles(html: str) -> str:
    """Mail clients drop style sheets; this writes each rule onto its elements."""
    return _inliner.inline(html)


@lru_cache(maxsize=1024)
def nudge_mail(step_id: int, language: str, slug: str, organisation_name: str) -> CompiledMail:
    """The shared part of one step's mail. A published step never changes, so this is built once a process."""
    return step_mail(Step.objects.get(pk=step_id), language, slug, organisation_name)


def step_mail(step: Step, language: str, slug: str, organisation_name: str) -> CompiledMail:
    """The shared part of the mail of a step as it stands; a draft's may change at any time."""
    text = step.in_language(language)
    slots = Slots(name=SlotKind.TEXT, day=SlotKind.TEXT, log_url=SlotKind.URL, today_url=SlotKind.URL)
    context = {
        "step": text,
        "minutes": step.minutes,
        "language": text.language,
        "subject": text.title,
        "organisation_name": organisation_name,
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
    )


class Writer:
    """Fills in and sends the nudges of one organisation. Make one per batch run: it reads the date once."""

    def __init__(self, organisation: Organisation, now: datetime) -> None:
        self._organisation = organisation
        self._date = format_datetime(now)
        self._log = absolute(front_door("one_tap", "TOKEN")).replace("TOKEN", "%s")
        self._stop = absolute(front_door("unsubscribe", "TOKEN")).replace("TOKEN", "%s")
        self._today = absolute(inside(organisation.slug, "today")) + "?on=%s"
        self._sender = sender().address

    def prepare(self, nudges: Iterable[Claimed]) -> None:
        """Compile what these need, in the open organisation."""
        for step_id, language in {(nudge.step_id, nudge.language) for nudge in nudges}:
            self._mail(step_id, language)

    def post(self, nudges: Iterable[Claimed]) -> Iterator[Answer]:
        """Send these over this process's connection; one answer each, also for one that cannot be written."""
        unfit: list[Answer] = []
        for outcome in pipeline().send(self._outgoing(nudges, unfit)):
            yield Answer(outcome.key, outcome.kind, outcome.code)
        yield from unfit

    def content(self, nudge: Claimed) -> bytes:
        """The complete message of one nudge."""
        return self.fill(self._mail(nudge.step_id, nudge.language), nudge)

    def fill(self, mail: CompiledMail, nudge: Claimed) -> bytes:
        """A compiled mail with everything that is one person's own."""
        organisation = self._organisation
        token = nudge_token(organisation.pk, nudge.enrolment_id, nudge.on, nudge.link_version)
        return mail.render(
            {
                "to": nudge.email,
                "date": self._date,
                "message_id": f"nudge-{nudge.id}@{settings.MAIL_DOMAIN}",
                "unsubscribe": self._stop % token,
                "name": first_name(nudge.name),
                "day": str(nudge.day),
                "log_url": self._log % token,
                "today_url": self._today % nudge.on.isoformat(),
            }
        )

    def _mail(self, step_id: int, language: str) -> CompiledMail:
        return nudge_mail(step_id, language, self._organisation.slug, self._organisation.name)

    def _outgoing(self, nudges: Iterable[Claimed], unfit: list[Answer]) -> Iterator[Outgoing[int]]:
        for nudge in nudges:
            try:
                content = self.content(nudge)
            except ValueError:
                unfit.append(Answer(nudge.id, Kind.PERMANENT, None))
            else:
                yield Outgoing(nudge.id, self._sender, nudge.email, content, is_ready=True)


def first_name(name: str) -> str:
    """What the mail calls somebody: the first word of their name, or all of it when there is no other."""
    return name.split(maxsplit=1)[0] if name.strip() else name


def preview(
    *, step: Step, membership: Membership, language: str, on: date, organisation: Organisation, now: datetime
) -> Preview:
    """The very mail a leader called like this member would get for a step; nothing is sent, stored or remembered.

    The step may be a draft's, or not saved at all.
    """
    mail = step_mail(step, language, organisation.slug, organisation.name)
    content = Writer(organisation, now).fill(mail, sample(step, membership, language, on, now))
    message = message_from_bytes(content, policy=policy.default)
    bodies = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
    return Preview(str(message["Subject"]), bodies["text/plain"], bodies["text/html"])


def send_test(
    *, step: Step, membership: Membership, language: str, on: date, organisation: Organisation, now: datetime
) -> bool:
    """Send the mail of a step to this member alone. Its links belong to no enrolment. Returns whether it went."""
    nudge = sample(step, membership, language, on, now)
    return all(answer.kind == "sent" for answer in Writer(organisation, now).post([nudge]))


def sample(step: Step, membership: Membership, language: str, on: date, now: datetime) -> Claimed:
    """A nudge to look at: enrolment 0 does not exist, so its links open nothing."""
    return Claimed(
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
