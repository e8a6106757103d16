"""The sponsor's weekly mail: one page, in their language, with what changed and their own two minutes."""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from cohorts.mail.signed_links import digest_token
from cohorts.models import Digest, Membership, Organisation
from cohorts.nudges.mail import first_name, inline_styles, sender
from cohorts.tenancy.addresses import absolute, front_door, inside
from programme.sponsor.overview import LeaderLine, Overview

MAX_LINES = 15  # one page of mail; the rest is a link away


def digest_mail(
    *, digest: Digest, sponsor: Membership, organisation: Organisation, overview: Overview, now: datetime
) -> bytes:
    """The whole message. Nothing that a leader wrote is in it: what was shared is named, and read in the app."""
    language = sponsor.person.language
    token = digest_token(organisation.pk, sponsor.pk, digest.week_on, sponsor.link_version)
    unsubscribe = absolute(front_door("unsubscribe_digest", token))
    with translation.override(language):
        context = {
            "organisation_name": organisation.name,
            "name": first_name(sponsor.name),
            "language": language,
            "overview": overview,
            "lines": [(line, _leader_url(organisation, line)) for line in overview.lines[:MAX_LINES]],
            "more": max(len(overview.lines) - MAX_LINES, 0),
            "home_url": absolute(inside(organisation.slug, "sponsor_home")),
            "unsubscribe_url": unsubscribe,
        }
        subject = " ".join(render_to_string("emails/digest.subject", context).split())
        text = render_to_string("emails/digest.txt", context).strip() + "\n"
        html = inline_styles(render_to_string("emails/digest.html", {**context, "subject": subject}))
    headers: dict[str, str | Address] = {
        "To": Address(addr_spec=sponsor.person.email),
        "Subject": subject,
        "Date": format_datetime(now),
        **_headers(digest, unsubscribe),
    }
    return _message(headers, text, html, language)


def _leader_url(organisation: Organisation, line: LeaderLine) -> str:
    return absolute(inside(organisation.slug, "leader", line.enrolment.pk))


def _headers(digest: Digest, unsubscribe: str) -> dict[str, str]:
    """The same Message-ID at every attempt, so that a mail program can tell a second copy; RFC 8058."""
    return {
        "Message-ID": f"<digest-{digest.pk}@{settings.MAIL_DOMAIN}>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _message(headers: Mapping[str, str | Address], text: str, html: str, language: str) -> bytes:
    mailbox = sender()
    message = EmailMessage()
    message["From"] = Address(mailbox.name, addr_spec=mailbox.address)
    for name, value in headers.items():
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # last, since setting content removes it
    return message.as_bytes(policy=SMTP)
