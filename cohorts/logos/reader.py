"""Read an uploaded logo: a picture in, two small PNGs out. Pure; runs in the process of `cohorts/imports/child.py`.

1. What the bytes are decides, and the name must agree: PNG, JPEG or WebP. An SVG is a program and never read.
2. Width and height come from the head of the file and are refused before any pixel is unpacked.
3. Only pixels go on. Places, cameras, profiles, text and whatever is appended stay behind.
4. Transparent edges are cut off; what is left is made small enough for every page, and once more for mails.

The line: `logo`, the ink, the picture and the picture for mails, both as base64. Mails have no style sheet for a dark
theme, so theirs stands on a plate of its own.
"""

import io
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from cohorts.imports.records import Refused

# Pillow loads plugins when it first opens a picture, which nobody may in the process of readers.
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
Image.preinit()
Image.MAX_IMAGE_PIXELS = None  # ours is smaller, and refuses with a sentence

KINDS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff", "WEBP": b"RIFF"}
ENDINGS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP"}
HEAD_BYTES = 16
MAX_PIXELS = 6_000_000
MIN_SIDE = 32  # of the longer one
MAX_TIMES_AS_WIDE, MAX_TIMES_AS_HIGH = 10, 2
PLATES = {"dark": "#fbf6ee", "light": "#1c2b2b", "any": "#fbf6ee"}  # by ink; the light one is the paper of our mails
PLATE_EDGE = 10
LOST_ON_DARK, LOST_ON_LIGHT = 80, 200  # grey values that a dark and a light page swallow: contrast below 2.2 and 1.7
LOST_SHARE = 0.1
OPAQUE = 250
COLOURS = (256, 64, 16)  # as few as it takes


def read(file: BinaryIO, asked: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    """The logo in two sizes, `asked` says which. Raises Refused."""
    kind = _kind_of(file, asked["ending"], asked["max_bytes"])
    logo = _trimmed(_pixels(file, kind))
    ink = _ink(logo)
    width, height = asked["page"]
    page = _png(_fitting(logo, width, height), asked["page_bytes"])
    mail = _png(_on_plate(logo, ink, *asked["mail"]), asked["mail_bytes"])
    yield "logo", ink, b64encode(page).decode(), b64encode(mail).decode()


def _kind_of(file: BinaryIO, ending: str, most: int) -> str:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if not head:
        raise Refused("empty")
    if size > most:
        raise Refused("too_large")
    kind = next((kind for kind, start in KINDS.items() if head.startswith(start)), None)
    if kind is None or (kind == "WEBP" and head[8:12] != b"WEBP"):
        raise Refused("no_picture")
    if ENDINGS.get(ending) != kind:
        raise Refused("other_name", kind)
    return kind


def _pixels(file: BinaryIO, kind: str) -> Image.Image:
    """Every pixel in eight bits a colour, upright, with how opaque it is."""
    try:
        picture = Image.open(file, formats=[kind])
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused("too_many_pixels")
        if kind != "JPEG" and getattr(picture, "n_frames", 1) > 1:  # a JPEG may hold a preview of itself
            raise Refused("moves")
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        return _in_eight_bits(upright).convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError, LookupError, ArithmeticError, TypeError) as error:
        raise Refused("damaged") from error


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """A grey picture may have sixteen bits, of which converting would take the lower half."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value / 256).convert("L")


def _trimmed(picture: Image.Image) -> Image.Image:
    """What is to be seen, refused when it is nothing or no shape for a page."""
    box = picture.getchannel("A").point(lambda value: 255 if value > 8 else 0).getbbox()
    if box is None:
        raise Refused("nothing")
    seen = picture.crop(box)
    if max(seen.size) < MIN_SIDE:
        raise Refused("too_small")
    if seen.width > MAX_TIMES_AS_WIDE * seen.height or seen.height > MAX_TIMES_AS_HIGH * seen.width:
        raise Refused("odd_shape")
    return seen


def _ink(picture: Image.Image) -> str:
    """`dark` is lost on a dark page, `light` on a light one, `any` on neither; a picture without gaps has its own."""
    if _is_opaque(picture):
        return "any"
    counts = picture.convert("L").histogram(picture.getchannel("A").point(lambda value: 255 if value > 127 else 0))
    enough = LOST_SHARE * sum(counts)
    if sum(counts[:LOST_ON_DARK]) > enough:
        return "dark"
    return "light" if sum(counts[LOST_ON_LIGHT:]) > enough else "any"


def _is_opaque(picture: Image.Image) -> bool:
    return not any(picture.getchannel("A").histogram()[:OPAQUE])


def _fitting(picture: Image.Image, width: int, height: int) -> Image.Image:
    copy = picture.copy()
    copy.thumbnail((width, height), Image.Resampling.LANCZOS)
    return copy


def _on_plate(picture: Image.Image, ink: str, width: int, height: int) -> Image.Image:
    """On a plate in the colour that shows it; a picture without gaps is its own plate."""
    if _is_opaque(picture):
        return _fitting(picture, width, height).convert("RGB")
    inner = _fitting(picture, width - 2 * PLATE_EDGE, height - 2 * PLATE_EDGE)
    plate = Image.new("RGB", (inner.width + 2 * PLATE_EDGE, inner.height + 2 * PLATE_EDGE), PLATES[ink])
    plate.paste(inner, (PLATE_EDGE, PLATE_EDGE), inner)
    return plate


def _png(picture: Image.Image, most: int) -> bytes:
    """Exact if it is small enough, else in fewer colours, else smaller."""
    while True:
        for few in (_exact(picture), *(_with(picture, colours) for colours in COLOURS)):
            written = io.BytesIO()
            few.save(written, "PNG", optimize=True)
            if written.tell() <= most:
                return written.getvalue()
        picture = _fitting(picture, picture.width * 2 // 3, picture.height * 2 // 3)


def _exact(picture: Image.Image) -> Image.Image:
    """Pixels alone: `save` would write what the file said of itself."""
    exact = picture.copy()
    exact.info = {}
    return exact


def _with(picture: Image.Image, colours: int) -> Image.Image:
    few = picture.quantize(colours, method=Image.Quantize.FASTOCTREE)
    few.info = {}
    return few
