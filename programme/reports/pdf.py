"""HTML page to tagged PDF. The only importer of WeasyPrint.

For speed, a process reads fonts and style sheets once, parses the well-formed page with the C parser, moves drawings
out first, and switches garbage collection off during layout. The fetcher refuses every address except our own fonts,
the page's drawings and the logo it was handed, before anything is opened.
"""

import gc
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple
from xml.etree import ElementTree

import weasyprint
from cssselect2 import ElementWrapper
from django.contrib.staticfiles import finders
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from programme.reports.drawings import take_out

BASE = "https://report.invalid/"  # a host name that never resolves; only OnlyOurs answers it
BASE_STYLES, STYLES = "css/report-base.css", "css/report.css"
FONTS = ("vendor/figtree/figtree-regular.ttf", "vendor/figtree/figtree-bold.ttf")
VARIANT = "pdf/ua-1"
SIZES = ("huge", "large", "middle", "small", "dense")  # of what must fit on one page, as report.css sets them
NEVER_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
_one_at_a_time = Lock()  # the shared font configuration is not thread-safe


class Printed(NamedTuple):
    """A PDF, its number of pages, and the letters that no font of this machine has: they are printed as boxes."""

    content: bytes
    pages: int
    missing: frozenset[str] = frozenset()


class OnlyOurs(URLFetcher):
    """Fetcher for our own fonts and this page's pictures. Refuses everything else before opening it."""

    def __init__(self, pictures: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=())
        self._pictures = pictures or {}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if url in self._pictures:
            kind = "image/png" if url.endswith(".png") else "image/svg+xml"
            return URLFetcherResponse(url, self._pictures[url], {"Content-Type": kind})
        name = url.removeprefix(BASE)
        if name not in FONTS:
            raise ValueError("A report fetches nothing but its own fonts and pictures.")
        return URLFetcherResponse(url, static_file(name).read_bytes(), {"Content-Type": "font/ttf"})


class Press(NamedTuple):
    """What a process keeps between reports."""

    fonts: FontConfiguration
    base: weasyprint.CSS
    styles: weasyprint.CSS


class Page(weasyprint.HTML):
    """A parsed page of ours. Raises ParseError if its template is not well-formed."""

    def __init__(self, html: str, base: weasyprint.CSS, pictures: Mapping[str, bytes]) -> None:
        root = ElementTree.fromstring(NEVER_IN_XML.sub("", html))  # noqa: S314  our own page, with all text escaped
        handed = {f"{BASE}{name}": content for name, content in pictures.items()}
        self.url_fetcher = OnlyOurs({**handed, **take_out(root, f"{BASE}drawings/")})
        self.base_url, self.media_type = BASE, "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element
        self._base = base

    def _ua_stylesheets(self, forms: bool = False) -> list[weasyprint.CSS]:
        return [self._base]


def static_file(name: str) -> Path:
    """The path of a static file of ours. Raises FileNotFoundError."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)


@lru_cache(maxsize=1)
def press() -> Press:
    """Created at the first report of a process, so after the fork."""
    fonts = FontConfiguration()
    return Press(fonts, _styles(BASE_STYLES, fonts), _styles(STYLES, fonts))


def _styles(name: str, fonts: FontConfiguration) -> weasyprint.CSS:
    content = static_file(name).read_text()
    return weasyprint.CSS(string=content, base_url=BASE + name, url_fetcher=OnlyOurs(), font_config=fonts)


@lru_cache(maxsize=1)
def edition() -> str:
    """Changes whenever the same text would be laid out differently: new style sheet or WeasyPrint version."""
    sheets = b"".join(static_file(name).read_bytes() for name in (BASE_STYLES, STYLES))
    return sha256(sheets + weasyprint.__version__.encode()).hexdigest()


def print_page(html: str, pictures: Mapping[str, bytes] = MappingProxyType({})) -> Printed:
    """Lay out a page of ours as PDF/UA-1. `pictures` are PNGs of ours by the address the page names them by."""
    with _one_at_a_time, _collector_resting():
        warm = press()
        page = Page(html, warm.base, pictures)
        document = page.render(stylesheets=[warm.styles], font_config=warm.fonts, pdf_variant=VARIANT)
        with _missing_letters() as missing:
            content = document.write_pdf(pdf_variant=VARIANT)
        return Printed(content, len(document.pages), frozenset(missing))


def print_on_one_page(html: str, pictures: Mapping[str, bytes] = MappingProxyType({})) -> Printed:
    """The same in the largest letters with which it fits on one page. Its body has the class `one-page`."""
    for size in SIZES:
        printed = print_page(html.replace('<body class="one-page"', f'<body class="one-page {size}"', 1), pictures)
        if printed.pages == 1:
            break
    return printed


@contextmanager
def _missing_letters() -> Iterator[set[str]]:
    """Collect the letters WeasyPrint warns of. Its warnings stay out of the log, because they quote what is printed."""
    log, missing = logging.getLogger("weasyprint"), set[str]()

    def collect(record: logging.LogRecord) -> bool:
        if str(record.msg).startswith(".notdef glyph") and isinstance(record.args, tuple):
            missing.add(str(record.args[0]))
        return record.levelno > logging.WARNING

    level = log.level
    log.addFilter(collect)
    log.setLevel(logging.WARNING)
    try:
        yield missing
    finally:
        log.setLevel(level)
        log.removeFilter(collect)


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Disable garbage collection: layout creates a hundred thousand objects that all live until it ends."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
