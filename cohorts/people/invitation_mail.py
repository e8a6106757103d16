"""The mail that asks somebody in, in their language."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from cohorts.models import Organisation
from cohorts.nudges.mail import inline_styles, sender
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.addresses import absolute, front_door


class Message(NamedTuple):
    """A mail ready for the wire: the sender's address, and the whole message as 7-bit bytes."""

    sender: str
    content: bytes


def invitation_mail(
    *,
    organisation: Organisation,
    email: str,
    name: str,
    language: str,
    role: str,
    token: str,
    expires_at: datetime,
) -> Message:
    """Subject, text and HTML. The link is in the body only, never in a header."""
    context = {
        "organisation_name": organisation.name,
        "name": name,
        "email": email,
        "language": language,
        "role": role,
        "link": absolute(front_door("invitation", organisation.slug, token)),
        "expires_on": local_date(expires_at, organisation.zone),
    }
    with translation.override(language):
        subject = render_to_string("emails/invitation.subject", context).strip()
        text = render_to_string("emails/invitation.txt", context).strip() + "\n"
        html = inline_styles(render_to_string("emails/invitation.html", {**context, "subject": subject}))
    return _message(email, language, subject, text, html)


def _message(email: str, language: str, subject: str, text: str, html: str) -> Message:
    mailbox = sender()
    message = EmailMessage()
    message["From"] = Address(mailbox.name, addr_spec=mailbox.address)
    message["To"] = Address(addr_spec=email)
    message["Subject"] = subject
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = make_msgid("invitation", domain=settings.MAIL_DOMAIN)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # last, since setting content removes it
    return Message(mailbox.address, message.as_bytes(policy=SMTP))
