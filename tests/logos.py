"""Pictures to upload as a logo: honest ones, and ones made to hurt."""

import io
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

from cohorts.models import Organisation, OrganisationLogo
from cohorts.tenancy.wall import within
from tests import factories as make

SCRIPT = b"<script>alert(1)</script>PK\x03\x04"


def written(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def wordmark(colour: str = "#0e2a47", size: tuple[int, int] = (1000, 200), ground: str = "#00000000") -> Image.Image:
    """Bars of one colour in the middle of a picture, as wide as a word."""
    picture = Image.new("RGBA", size, ground)
    width, height = size
    for bar in range(5):
        left = width * (1 + 1.7 * bar) / 10
        ImageDraw.Draw(picture).rectangle((left, height * 0.2, left + width * 0.1, height * 0.8), fill=colour)
    return picture


def logo_png(colour: str = "#0e2a47", size: tuple[int, int] = (1000, 200)) -> bytes:
    return written(wordmark(colour, size))


def moving(kind: str) -> bytes:
    return written(Image.new("RGB", (90, 60)), kind, save_all=True, append_images=[Image.new("RGB", (90, 60), "red")])


def packed_chunk() -> bytes:
    """A PNG with a text of 60 MB in 60 kB."""
    text = b"zTXtComment\0\0" + zlib.compress(bytes(60_000_000), 9)
    chunk = (len(text) - 4).to_bytes(4) + text + zlib.crc32(text).to_bytes(4)
    honest = logo_png()
    return honest[:33] + chunk + honest[33:]


def with_head(width: int, height: int) -> bytes:
    """A PNG whose head promises so many pixels and whose data holds a few."""
    honest = written(Image.new("L", (64, 64)))
    head = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + honest[24:29]
    return honest[:12] + head + zlib.crc32(head).to_bytes(4) + honest[33:]


# File name and content of what is refused, with the words of the sentence beside the field.
REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zero bytes": ("logo.png", lambda: b"", "empty"),
    "an SVG": ("logo.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG, JPEG or WebP"),
    "a page called PNG": ("logo.png", lambda: b"<!doctype html>" + SCRIPT, "not a PNG, JPEG or WebP"),
    "a GIF": ("logo.gif", lambda: written(Image.new("P", (90, 60)), "GIF"), "not a PNG, JPEG or WebP"),
    "another ending": ("logo.jpg", logo_png, "is a PNG picture"),
    "cut short": ("logo.png", lambda: logo_png()[:-400], "damaged"),
    "cut short JPEG": ("a.jpg", lambda: written(Image.effect_noise((300, 200), 90), "JPEG")[:-4000], "damaged"),
    "a head alone": ("logo.png", lambda: logo_png()[:20], "damaged"),
    "a head that lies": ("logo.png", lambda: with_head(3_000, 2_000), "damaged"),
    "30,000 pixels square": ("a.png", lambda: with_head(30_000, 30_000), "six million pixels"),
    "a packed text": ("logo.png", packed_chunk, "damaged"),
    "a moving PNG": ("logo.png", lambda: moving("PNG"), "animated"),
    "a moving WebP": ("logo.webp", lambda: moving("WEBP"), "animated"),
    "all transparent": ("logo.png", lambda: written(Image.new("RGBA", (90, 60))), "nothing to see"),
    "a dot": ("logo.png", lambda: written(Image.new("RGB", (16, 16))), "smaller than 32"),
    "a line": ("logo.png", lambda: written(Image.new("RGB", (900, 20))), "ten times as wide"),
    "over 2 MB": ("logo.png", lambda: logo_png() + bytes(2 * 1024 * 1024), "larger than 2 MB"),
}


def grey_of_sixteen_bits() -> bytes:
    """Half grey; read as eight bits by its lower half it would be another."""
    picture = Image.new("I;16", (90, 60))
    picture.putdata([0x80FF] * 90 * 60)
    return written(picture)


# What looks odd and is a picture all the same, with the colour that stays in its middle.
READ: dict[str, tuple[str, Callable[[], bytes], tuple[int, int, int]]] = {
    "grey of 16 bits": ("logo.png", grey_of_sixteen_bits, (128, 128, 128)),
    "CMYK": ("logo.JPEG", lambda: written(Image.new("CMYK", (90, 60), (0, 255, 255, 0)), "JPEG"), (255, 0, 0)),
    "a palette with gaps": (
        "logo.png",
        lambda: written(wordmark("#1e6432").quantize(8), transparency=0),
        (30, 100, 50),
    ),
    "a WebP": ("logo.webp", lambda: written(wordmark("#1e6432"), "WEBP", lossless=True), (30, 100, 50)),
    "with a script behind it": ("logo.png", lambda: logo_png("#1e6432") + SCRIPT, (30, 100, 50)),
}


def give_logo(
    organisation: Organisation, colour: str = "#0e2a47", size: tuple[int, int] = (480, 96)
) -> OrganisationLogo:
    """As an upload leaves it, without reading one."""
    page, mail = (written(wordmark(colour, times)) for times in (size, (size[0] // 2, size[1] // 2)))
    with within(organisation):
        logo: OrganisationLogo = make.OrganisationLogoFactory(image=page, mail_image=mail, put_away_at=None)
    organisation.shown_logo = {"sha": logo.sha, "width": size[0], "height": size[1], "ink": logo.ink}
    organisation.save(update_fields=["shown_logo"])
    return logo
