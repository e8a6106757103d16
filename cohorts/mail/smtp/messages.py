"""Messages in wire format, and their outcomes."""

import re
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

Key = TypeVar("Key")

ADDRESS = re.compile(r"""(?:[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+|"(?:[ !#-\[\]-~]|\\[ -~])+")@[A-Za-z0-9.:\[\]-]+""")
LINE_END = re.compile(rb"\r\n|\r|\n")


class Kind(StrEnum):
    """The outcome of a message."""

    SENT = "sent"  # the server answered the final dot with 2xx and is responsible now
    TRANSIENT = "transient"  # not accepted; retry later
    PERMANENT = "permanent"  # permanently refused
    AMBIGUOUS = "ambiguous"  # sent completely, but no answer came: it may or may not have been accepted


class Outgoing(NamedTuple, Generic[Key]):
    """One message: `content` is 7-bit, headers and body. Line ends and leading dots are normalised.

    `is_ready` promises wire format: CRLF only, also at the end, and no line begins with a dot.
    `cohorts.mail.compiled` makes such content; checking it again would cost as much as rendering it.
    """

    key: Key
    sender: str
    recipient: str
    content: bytes
    is_ready: bool = False


class Outcome(NamedTuple, Generic[Key]):
    """The outcome of the message with this key; `code` is None if the server gave none."""

    key: Key
    kind: Kind
    code: int | None
    text: str


class Unsendable(ValueError):
    """The message cannot be sent as it is; no server was contacted."""


class WireMessage(NamedTuple, Generic[Key]):
    """A checked message in wire format: MAIL, RCPT and DATA; content and final dot."""

    key: Key
    envelope: bytes
    body: bytes


def as_wire_message(message: Outgoing[Key]) -> WireMessage[Key]:
    """Raises Unsendable."""
    sender = ascii_address(message.sender) if message.sender else ""
    envelope = f"MAIL FROM:<{sender}>\r\nRCPT TO:<{ascii_address(message.recipient)}>\r\nDATA\r\n"
    body = message.content + b".\r\n" if message.is_ready else wire_form(message.content)
    return WireMessage(message.key, envelope.encode("ascii"), body)


def ascii_address(address: str) -> str:
    """The address with an international domain in its ASCII form (IDNA). Raises Unsendable."""
    if not address.isascii():
        local, at, domain = address.rpartition("@")
        try:
            address = f"{local}{at}{domain.encode('idna').decode('ascii')}"
        except UnicodeError:
            raise Unsendable("not an e-mail domain") from None
    if len(address) > 254 or not ADDRESS.fullmatch(address):
        raise Unsendable("not an address that plain SMTP can carry")
    return address


def wire_form(content: bytes) -> bytes:
    """The content with CRLF line ends only, leading dots doubled and the final dot. Raises Unsendable.

    Lone CR and LF are never passed on: servers disagree about them, and a message could smuggle in a second one.
    """
    if not content.isascii() or b"\0" in content:
        raise Unsendable("content is not 7-bit")
    ends = content.count(b"\r\n")
    if content.count(b"\n") != ends or content.count(b"\r") != ends:
        content = LINE_END.sub(b"\r\n", content)
    if b"\n." in content or content.startswith(b"."):
        content = (b"\n" + content).replace(b"\n.", b"\n..")[1:]
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")
