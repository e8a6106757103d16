"""One e-mail to many people: the shared parts are encoded once, and only the personal values are filled in.

Declare what differs as slots and render the templates once, with a marker in place of each value:

    slots = Slots(name=SlotKind.TEXT, link=SlotKind.URL)
    text = render_to_string("emails/nudge.txt", {"step": step, **slots.markers})
    …
    mail = compile_mail(slots, sender=Mailbox("nudge@…", "Acme"), subject=…, language="nb", text=text, html=html)
    content = mail.render({"to": …, "date": …, "message_id": …, "unsubscribe": …, "name": …, "link": …})

Four slots are in every mail: the recipient's address, the Date header, the Message-ID without its brackets and the
address for one-click unsubscribing, whose marker the templates may use as well.

`render` returns the same message as rendering the templates with the values: escaped in the HTML part, as they are in
the text part, as encoded words in headers. The result is 7-bit with CRLF line ends, body lines of at most 76
characters and no line beginning with a dot. Raises ValueError for an unfit value: a line break in a header, an invalid
address or URL.

A template may not transform a marker (`|upper`, `|truncatechars`), which compiling detects, nor branch on it
(`{% if name %}`), which it cannot detect.
"""

import html as html_library
import re
import secrets
from base64 import encodebytes
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from cohorts.mail.smtp import ascii_address


class SlotKind(StrEnum):
    """What a slot holds: text, or an absolute http(s) URL."""

    TEXT = "text"
    URL = "url"


LINE_WIDTH = 76
WORD_WIDTH = 52  # leaves room for the delimiters of an encoded word and the header's name
SOFT_BREAK = b"=\r\n"

# Characters that need no escaping in quoted-printable or HTML, and are safe at either end of a line.
UNTOUCHED = re.compile(r"(?!\.)[ !#$%()*+,\-./0-9:;?@A-Z\[\\\]^_`a-z{|}~]{0,75}(?<! )").fullmatch
PLAIN_HEADER = re.compile(r"(?! )[ -~]{1,66}(?<! )").fullmatch
HEADER_VALUE = re.compile(r"[ -~]{1,900}").fullmatch
MESSAGE_ID = re.compile(r"[!-;=?A-~]{1,400}@[!-;=?A-~]{1,400}").fullmatch
WEB_ADDRESS = re.compile(r"https?://[!#-;=?-\[\]_a-z~]{1,900}").fullmatch
LINE_END = re.compile(rb"\r\n|\r|\n")
UNSAFE = re.compile(rb"[^ -<>-~]")

# RFC 2047 §5(3): the characters that are safe in an encoded word anywhere.
WORD_QUOTED = [b"%c" % byte if chr(byte).isalnum() and byte < 128 else b"=%02X" % byte for byte in range(256)]
WORD_QUOTED[32] = b"_"

Encoder = Callable[[str], bytes]


class Slots:
    """The personal values of a mail. Markers are random letters and digits, so that no text can contain one."""

    def __init__(self, **kinds: SlotKind) -> None:
        self._nonce = f"q{secrets.token_hex(10)}"
        self.kinds: dict[str, SlotKind] = {"unsubscribe": SlotKind.URL} | kinds
        self.markers = {name: f"{self._nonce}x{index}z" for index, name in enumerate(self.kinds)}
        self._names = {marker: name for name, marker in self.markers.items()}
        self._marker = re.compile(f"({self._nonce}x[0-9]+z)")

    def split(self, text: str) -> list[str]:
        """Split into text and slot names in turn, text first and last. Raises ValueError if a marker was changed."""
        pieces = self._marker.split(text)
        remains = (self._nonce[:10], self._nonce[10:])
        if any(remain in piece.lower() for piece in pieces[::2] for remain in remains):
            raise ValueError("a template changed the marker of a slot")
        pieces[1::2] = [self._names[marker] for marker in pieces[1::2]]
        return pieces


class Mailbox(NamedTuple):
    """A sender or reply-to address with its name."""

    address: str
    name: str = ""


class Filling(NamedTuple):
    """A slot in one encoding, and its positions in the message."""

    name: str
    encode: Encoder
    positions: list[int]


class CompiledMail:
    """The shared segments of a mail, with gaps for the slots."""

    def __init__(self, segments: list[bytes | tuple[str, Encoder]]) -> None:
        fillings: dict[tuple[str, Encoder], Filling] = {}
        self._segments = [segment if isinstance(segment, bytes) else b"" for segment in segments]
        for position, segment in enumerate(segments):
            if not isinstance(segment, bytes):
                fillings.setdefault(segment, Filling(*segment, [])).positions.append(position)
        self._fillings = list(fillings.values())

    def render(self, slots: Mapping[str, str]) -> bytes:
        """The complete message for one person. Raises KeyError for a missing slot, ValueError for an unfit value."""
        segments = self._segments.copy()
        for name, encode, positions in self._fillings:
            value = encode(slots[name])
            for position in positions:
                segments[position] = value
        return b"".join(segments)


class Picture(NamedTuple):
    """A PNG that the HTML part shows: `<img src="cid:{cid}">`."""

    cid: str
    content: bytes


def compile_mail(
    slots: Slots,
    *,
    sender: Mailbox,
    subject: str,
    language: str,
    text: str,
    html: str,
    reply_to: Mailbox | None = None,
    picture: Picture | None = None,
) -> CompiledMail:
    """Compile a mail with a text and an HTML part; a picture comes along with the latter (RFC 2387)."""
    boundary = _boundary()
    builder = Builder(slots)
    builder.add(b"From: ", _mailbox(sender), b"\r\nTo: ", ("to", _address), b"\r\n")
    if reply_to is not None:
        builder.add(b"Reply-To: ", _mailbox(reply_to), b"\r\n")
    builder.add_subject(subject)
    builder.add(b"Date: ", ("date", _header_value), b"\r\nMessage-ID: <", ("message_id", _message_id), b">\r\n")
    builder.add(b"List-Unsubscribe: <", ("unsubscribe", _web_address), b">\r\n")
    builder.add(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
    # Auto-Submitted is the standard way to prevent automatic replies; X-Auto-Response-Suppress works for Exchange.
    builder.add(b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: OOF, AutoReply\r\n")
    builder.add(b"Content-Language: ", _header_value(language), b"\r\nMIME-Version: 1.0\r\n")
    builder.add(b'Content-Type: multipart/alternative; boundary="', boundary, b'"\r\n\r\n')
    builder.add(b"--", boundary, b"\r\n")
    builder.add_part("plain", text, {SlotKind.TEXT: _text, SlotKind.URL: _text_address})
    builder.add(b"\r\n--", boundary, b"\r\n")
    encoders = {SlotKind.TEXT: _html, SlotKind.URL: _html_address}
    if picture is None:
        builder.add_part("html", html, encoders)
    else:
        builder.add_with_picture(html, encoders, picture)
    builder.add(b"\r\n--", boundary, b"--\r\n")
    return CompiledMail(builder.segments)


class Builder:
    """Collects segments, merging adjacent shared ones."""

    def __init__(self, slots: Slots) -> None:
        self.segments: list[bytes | tuple[str, Encoder]] = []
        self._slots = slots

    def add(self, *segments: bytes | tuple[str, Encoder]) -> None:
        for segment in segments:
            if isinstance(segment, bytes) and self.segments and isinstance(self.segments[-1], bytes):
                self.segments[-1] += segment
            else:
                self.segments.append(segment)

    def add_subject(self, subject: str) -> None:
        """Add the subject; with a slot, all as encoded words, because white space between two of those is ignored."""
        pieces = self._slots.split(subject)
        if len(pieces) == 1 and PLAIN_HEADER(subject) and "=?" not in subject:
            self.add(b"Subject: ", subject.encode("ascii"), b"\r\n")
            return
        self.add(b"Subject:")
        for index, piece in enumerate(pieces):
            is_first = index == 0 or (index == 1 and not pieces[0])
            encode = _first_encoded_words if is_first else _encoded_words
            self.add((piece, encode) if index % 2 else encode(piece))
        self.add(b"\r\n")

    def add_part(self, subtype: str, content: str, encoders: Mapping[SlotKind, Encoder]) -> None:
        self.add(b'Content-Type: text/%b; charset="utf-8"\r\n' % subtype.encode("ascii"))
        self.add(b"Content-Transfer-Encoding: quoted-printable\r\n\r\n")
        pieces = self._slots.split(content)
        for index, piece in enumerate(pieces):
            if index % 2:
                self.add((piece, encoders[self._slots.kinds[piece]]))
            else:
                self.add(_between_slots(piece, is_first=index == 0, is_last=index == len(pieces) - 1))

    def add_with_picture(self, html: str, encoders: Mapping[SlotKind, Encoder], picture: Picture) -> None:
        boundary = _boundary()
        self.add(b'Content-Type: multipart/related; type="text/html"; boundary="', boundary, b'"\r\n\r\n')
        self.add(b"--", boundary, b"\r\n")
        self.add_part("html", html, encoders)
        self.add(b"\r\n--", boundary, b"\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n")
        self.add(b"Content-ID: <", _message_id(picture.cid), b">\r\nContent-Disposition: inline\r\n\r\n")
        self.add(encodebytes(picture.content).replace(b"\n", b"\r\n"), b"--", boundary, b"--\r\n")


def _boundary() -> bytes:
    """`=_` never occurs in quoted-printable or base64, whatever the values."""
    return f"=_{secrets.token_hex(12)}".encode()


def _between_slots(piece: str, *, is_first: bool, is_last: bool) -> bytes:
    """Put each slot at the start of its own line, so that lengths do not matter."""
    encoded = quoted_printable(piece)
    starts_line = encoded.startswith(b"\r\n") or (is_last and not encoded)
    ends_line = encoded.endswith(b"\r\n") or (is_first and not encoded)
    before = b"" if is_first or starts_line else SOFT_BREAK
    after = b"" if is_last or ends_line or not encoded else SOFT_BREAK
    return before + encoded + after


def quoted_printable(text: str) -> bytes:
    """RFC 2045 with lines of at most 75 characters, so that a soft break always fits; no line begins with a dot."""
    data = text.encode("utf-8")
    if b"\n" in data or b"\r" in data:
        return b"\r\n".join(map(_quoted_line, LINE_END.split(data)))
    return _quoted_line(data)


def _quoted_line(line: bytes) -> bytes:
    quoted = UNSAFE.sub(_quoted_byte, line)
    if quoted.endswith(b" "):
        quoted = quoted[:-1] + b"=20"
    return _folded(quoted)


def _folded(quoted: bytes) -> bytes:
    """Fold the line with soft breaks, never inside an escaped byte."""
    if len(quoted) < LINE_WIDTH and not quoted.startswith(b"."):
        return quoted
    lines, start = [], 0
    while start < len(quoted):
        dot = b"=2E" if quoted.startswith(b".", start) else b""
        end = start + LINE_WIDTH - 1 - (2 if dot else 0)
        if end < len(quoted) and (split := quoted.find(b"=", end - 2, end)) >= 0:
            end = split
        lines.append(dot + quoted[start + 1 : end] if dot else quoted[start:end])
        start = end
    return SOFT_BREAK.join(lines)


def _quoted_byte(match: re.Match[bytes]) -> bytes:
    return b"=%02X" % ord(match[0])


def _text(value: str) -> bytes:
    return value.encode("ascii") if UNTOUCHED(value) else quoted_printable(value)


def _html(value: str) -> bytes:
    return value.encode("ascii") if UNTOUCHED(value) else quoted_printable(html_library.escape(value))


def _text_address(value: str) -> bytes:
    return _folded(_web_address(value).replace(b"=", b"=3D"))


def _html_address(value: str) -> bytes:
    return _folded(_web_address(value).replace(b"&", b"&amp;").replace(b"'", b"&#x27;").replace(b"=", b"=3D"))


def _web_address(value: str) -> bytes:
    if not WEB_ADDRESS(value):
        raise ValueError("not an absolute http address in ASCII")
    return value.encode("ascii")


def _address(value: str) -> bytes:
    return ascii_address(value).encode("ascii")


def _message_id(value: str) -> bytes:
    if not MESSAGE_ID(value):
        raise ValueError("not a message id")
    return value.encode("ascii")


def _header_value(value: str) -> bytes:
    if not HEADER_VALUE(value):
        raise ValueError("not a header value in one line of ASCII")
    return value.encode("ascii")


def _mailbox(mailbox: Mailbox) -> bytes:
    address = _address(mailbox.address)
    if not mailbox.name:
        return address
    if PLAIN_HEADER(mailbox.name) and "=?" not in mailbox.name:
        quoted = re.sub(r'(["\\])', r"\\\1", mailbox.name)
        return b'"%b" <%b>' % (quoted.encode("ascii"), address)
    return b"%b\r\n <%b>" % (_first_encoded_words(mailbox.name).lstrip(), address)


def _encoded_words(value: str) -> bytes:
    """Encoded words of whole characters, each on its own folded line; empty for empty text."""
    if any(character < " " or character == "\x7f" for character in value):
        raise ValueError("control character in a header")
    words: list[bytes] = []
    room = 0
    for character in value:
        token = b"".join(WORD_QUOTED[byte] for byte in character.encode("utf-8"))
        if len(token) > room:
            words.append(b"")
            room = WORD_WIDTH
        words[-1] += token
        room -= len(token)
    return b"".join(b"\r\n =?utf-8?q?%b?=" % word for word in words)


def _first_encoded_words(value: str) -> bytes:
    """The same without the first fold, which some mail clients show as a space."""
    return _encoded_words(value).removeprefix(b"\r\n")
