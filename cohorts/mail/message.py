"""Mails written whole, one person at a time, from the templates `emails/<name>.subject`, `.txt` and `.html`."""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

import css_inline
from django.template.loader import render_to_string
from django.utils import translation

from cohorts.mail.server import sender

_inliner = css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)


def inline_styles(html: str) -> str:
    """Mail clients drop style sheets; this writes each rule onto its elements."""
    return _inliner.inline(html)


def first_name(name: str) -> str:
    """What a mail calls somebody: the first word of their name, or all of it when there is no other."""
    return name.split(maxsplit=1)[0] if name.strip() else name


def whole_message(
    name: str,
    context: Mapping[str, Any],
    *,
    to: str,
    language: str,
    message_id: str,
    now: datetime,
    unsubscribe: str | None = None,
) -> bytes:
    """The complete mail in the reader's language; with an address for it, programs offer to unsubscribe (RFC 8058)."""
    with translation.override(language):
        subject = " ".join(render_to_string(f"emails/{name}.subject", dict(context)).split())
        text = render_to_string(f"emails/{name}.txt", dict(context)).strip() + "\n"
        html = inline_styles(render_to_string(f"emails/{name}.html", {**context, "subject": subject}))
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
    message["Content-Language"] = language  # last, since setting content removes it
    return message.as_bytes(policy=SMTP)
