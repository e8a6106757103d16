"""A mail parsed for display: its parts, its sign-in code and its links."""

import email
import re
from dataclasses import dataclass, replace
from email.header import decode_header, make_header
from email.parser import HeaderParser
from email.policy import default

from cohorts.mail.pictures import html_with_pictures

# allauth's codes, and any six digits, are alone on their line.
CODE = re.compile(r"^\s*([0-9A-Z]{4}-[0-9A-Z]{4}|[0-9A-Z]{3}-[0-9A-Z]{3}|\d{6})\s*$", re.MULTILINE)
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


@dataclass(frozen=True)
class Summary:
    """One line of the list."""

    number: int
    subject: str
    sender: str
    recipients: tuple[str, ...]
    date: str
    code: str

    def matches(self, *, recipient: str, words: str) -> bool:
        """Match recipients in full, and words anywhere in subject and addresses."""
        if recipient and recipient.casefold() not in (address.casefold() for address in self.recipients):
            return False
        text = " ".join((self.subject, self.sender, *self.recipients)).casefold()
        return all(word in text for word in words.casefold().split())


@dataclass(frozen=True)
class Letter:
    """One mail, opened."""

    summary: Summary
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str

    @property
    def links(self) -> list[str]:
        return list(dict.fromkeys(LINK.findall(self.text)))

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is a link."""
        pieces, end = [], 0
        for link in LINK.finditer(self.text):
            pieces += [(self.text[end : link.start()], False), (link.group(), True)]
            end = link.end()
        return [*pieces, (self.text[end:], False)]


def summarise(number: int, content: bytes) -> Summary:
    """Parse the headers only, so that the list is fast with thousands of mails."""
    head = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0]
    message = HeaderParser().parsestr(head.decode(errors="replace"))
    subject = _decoded(message.get("Subject", ""))
    return Summary(
        number=number,
        subject=subject or "(no subject)",
        sender=_decoded(message.get("From", "")),
        recipients=tuple(message.get_all("Delivered-To", [])),
        date=message.get("Date", ""),
        code=_code(content.decode(errors="replace").replace("\r\n", "\n")),
    )


def open_letter(number: int, content: bytes) -> Letter:
    message = email.message_from_bytes(content, policy=default)
    plain = message.get_body(("plain",))
    text = str(plain.get_content()) if plain else ""
    return Letter(
        summary=replace(summarise(number, content), code=_code(text)),
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=text,
        html=html_with_pictures(message),
    )


def _code(text: str) -> str:
    found = CODE.search(text)
    return found.group(1) if found else ""


def _decoded(header: str) -> str:
    try:
        return str(make_header(decode_header(header)))
    except (LookupError, UnicodeError):
        return header
