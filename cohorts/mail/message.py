"""Mails written whole, one person at a time, from the templates `emails/<name>.subject`, `.txt` and `.html`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

import css_inline
from django.template.loader import render_to_string
from django.utils import translation

from cohorts.logos.stored import MailLogo
from cohorts.mail.server import sender
from cohorts.models.given_names import given_name

_inliner = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)


def inline_styles(html: str) -> str:
    """Mail clients drop style sheets; this writes each rule onto its elements."""
    return _inliner.inline(html)


@dataclass(frozen=True)
class CalendarPart:
    """An iCalendar object that comes with a mail; `method` stands in it and in its MIME type (RFC 6047)."""

    method: str
    content: bytes


def first_name(name: str) -> str:
    """What a mail calls somebody."""
    return given_name(name)


def whole_message(
    name: str,
    context: Mapping[str, Any],
    *,
    to: str,
    language: str,
    message_id: str,
    now: datetime,
    unsubscribe: str | None = None,
    calendar: CalendarPart | None = None,
    logo: MailLogo | None = None,
) -> bytes:
    """The complete mail in the reader's language; with an address for it, programs offer to unsubscribe (RFC 8058).

    A calendar part is the last alternative, which mail programs that know calendars show. A logo comes with the HTML.
    """
    with translation.override(language):
        subject = " ".join(render_to_string(f"emails/{name}.subject", dict(context)).split())
        text = render_to_string(f"emails/{name}.txt", dict(context)).strip() + "\n"
        html = inline_styles(render_to_string(f"emails/{name}.html", {**context, "subject": subject, "logo": logo}))
    mailbox = sender()
    message = EmailMessage()
    message["From"] = Address(mailbox.name, addr_spec=mailbox.address)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    if logo is not None and (body := message.get_body(("html",))) is not None:
        body.add_related(logo.content, maintype="image", subtype="png", cid=f"<{logo.cid}>", disposition="inline")
    if calendar is not None:
        # As bytes: text would lose the CRLF that RFC 5545 asks for.
        params = {"method": calendar.method, "charset": "utf-8"}
        message.add_alternative(calendar.content, maintype="text", subtype="calendar", params=params)
    message["Content-Language"] = language  # last, since setting content removes it
    return message.as_bytes(policy=SMTP)
