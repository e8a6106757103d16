"""An uploaded logo, read in a process of its own; what came back is looked at before it is stored."""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from cohorts.imports.apart import Limits, read_apart
from cohorts.imports.records import Garbled, Refused
from cohorts.logos.png import Size, size_of
from cohorts.models.logo import Ink
from cohorts.web.refusals import Invalid

READER = "cohorts.logos.reader"
LIMITS = Limits(memory_bytes=160 * 1024 * 1024, answer_bytes=256 * 1024)  # the largest WebP takes 118 MB
MAX_UPLOAD_BYTES = 2 * 1024 * 1024
PAGE, PAGE_BYTES = Size(480, 192), 64 * 1024
MAIL, MAIL_BYTES = Size(320, 96), 8 * 1024  # comes with every mail, in base64

SENTENCES: dict[str, str | Promise] = {
    "busy": gettext_lazy("Several files are being read just now. Wait a minute and upload yours again."),
    "damaged": gettext_lazy("This picture is damaged or cut short. Export it again and upload that."),
    "empty": gettext_lazy("This file is empty."),
    "moves": gettext_lazy("This picture is animated. Upload a still one."),
    "no_picture": gettext_lazy("This is not a PNG, JPEG or WebP picture. Export the logo as PNG and upload that."),
    "nothing": gettext_lazy("There is nothing to see in this picture: all of it is transparent."),
    "odd_shape": gettext_lazy(
        "A logo can be at most ten times as wide as high, and at most twice as high as wide. Upload another form of it."
    ),
    "other_name": gettext_lazy("This is a %(kind)s picture, but its name says something else. Rename it."),
    "too_large": gettext_lazy("This picture is larger than 2 MB. Nothing was stored. Export a smaller one."),
    "too_many_pixels": gettext_lazy(
        "This picture has more than six million pixels. A logo 1,000 pixels wide is plenty."
    ),
    "too_small": gettext_lazy("This picture is smaller than 32 pixels. Upload a larger one."),
    "too_much": gettext_lazy("Reading this picture takes more time or memory than a logo needs. Export it as PNG."),
    "unreadable": gettext_lazy("This picture cannot be read. Export the logo as PNG and upload that."),
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A logo as it is stored."""

    image: bytes
    mail_image: bytes
    ink: Ink

    @property
    def sha(self) -> str:
        return sha256(self.image).hexdigest()


def read_logo(file: BinaryIO, file_name: str) -> Drawn:
    """Raises Invalid with a sentence for who uploads."""
    asked = {
        "ending": file_name.rpartition(".")[2].lower()[:20],
        "max_bytes": MAX_UPLOAD_BYTES,
        "page": PAGE,
        "page_bytes": PAGE_BYTES,
        "mail": MAIL,
        "mail_bytes": MAIL_BYTES,
    }
    try:
        lines = list(read_apart(READER, file, asked, limits=LIMITS))
        return _drawn(lines)
    except Refused as refusal:
        raise Invalid("logo", _sentence(refusal)) from refusal
    except (Garbled, binascii.Error, ValueError) as error:
        raise Invalid("logo", str(SENTENCES["unreadable"])) from error


def _drawn(lines: list[list[str]]) -> Drawn:
    """The reader may be in the hands of who made the file: only two small pictures of pixels get through."""
    match lines:
        case [["logo", ink, page, mail]]:
            return Drawn(_png(page, PAGE, PAGE_BYTES), _png(mail, MAIL, MAIL_BYTES), Ink(ink))
    raise Garbled


def _png(text: str, most: Size, most_bytes: int) -> bytes:
    data = b64decode(text, validate=True)
    size = size_of(data)
    if len(data) > most_bytes or not (0 < size.width <= most.width and 0 < size.height <= most.height):
        raise Garbled
    return data


def _sentence(refusal: Refused) -> str:
    kind = next((kind for kind in ("PNG", "JPEG", "WebP") if refusal.values == (kind.upper(),)), "")
    return str(SENTENCES.get(refusal.key, SENTENCES["unreadable"])) % {"kind": kind}
