"""The printed report: the same page of a leader after ninety days, in one warm process.

*naive* is what a newcomer writes: `HTML(string=…).write_pdf(stylesheets=[file])`, with a font configuration of its own,
the web font that every page of the site has, and tables that find their widths by themselves. *naive, with our fonts*
already has the two small fonts we keep for paper. *ours* is `print_page`. All read the same rules, tag their PDF alike
and set the same words on the same number of pages.
"""

import gc
import logging
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
import weasyprint
from django.conf import settings
from django.utils import translation

from cohorts.tenancy.wall import within
from programme.models import Report
from programme.reports.facts import facts_of
from programme.reports.pdf import STYLES, VARIANT, print_page, static_file
from programme.reports.printing import page_of
from tests import cast as the_cast
from tests.database import own_database
from tests.performance.harness import Bench, Contender, Sample, Target
from tests.programme.ninety_days import walk
from tests.times import NOW

PAGES = 4
OUR_FONTS = ("../vendor/figtree/figtree-regular.ttf", "../vendor/figtree/figtree-bold.ttf")
WEB_FONT = "../vendor/figtree/figtree-latin.woff2"


@contextmanager
def contenders() -> Iterator[Mapping[str, Contender]]:
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)  # formatting its lines would count as layout
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    html = page_after_ninety_days()
    with TemporaryDirectory() as folder:
        ways: dict[str, Callable[[], bytes]] = {
            "naive": partial(_naive, html, _newcomers(Path(folder), WEB_FONT)),
            "naive, with our fonts": partial(_naive, html, _newcomers(Path(folder))),
            "ours": lambda: print_page(html).content,
        }
        _verify([way() for way in ways.values()])
        yield {name: _timed(way) for name, way in ways.items()}


def page_after_ninety_days() -> str:
    """The leader's own copy: every part is full."""
    with own_database():
        cast = the_cast.load()
        enrolment = cast.enrolment(cast.bo)
        with within(cast.acme), translation.override("en"):
            on = walk(enrolment, days=100)
            report = Report(
                enrolment=enrolment, asked_by=cast.bo, copy=Report.Copy.OWN, language="en", on=on, asked_at=NOW
            )
            return page_of(facts_of(report, cast.acme), "en")


def _newcomers(folder: Path, font: str | None = None) -> Path:
    """The style sheet as a file, its tables without fixed columns; with another font when one is named."""
    rules = static_file(STYLES).read_text().replace("table-layout: fixed;", "")
    for ours in OUR_FONTS:
        rules = rules.replace(ours, font or ours)
    sheet = folder / "css" / f"{'web' if font else 'paper'}.css"
    sheet.parent.mkdir(exist_ok=True)
    sheet.write_text(rules)
    vendor = folder / "vendor"
    if not vendor.exists():
        vendor.symlink_to(Path(settings.BASE_DIR) / "static" / "vendor")
    return sheet


def _naive(html: str, sheet: Path) -> bytes:
    page = weasyprint.HTML(string=html, base_url=str(settings.BASE_DIR))
    return page.write_pdf(stylesheets=[str(sheet)], pdf_variant=VARIANT)


def _verify(printed: list[bytes]) -> None:
    """All set the same letters, on as many pages."""
    letters = [_letters(content) for content in printed]
    assert letters == [letters[0]] * len(printed)
    assert [len(pypdfium2.PdfDocument(content)) for content in printed] == [PAGES] * len(printed)


def _letters(content: bytes) -> Counter[str]:
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))
    return Counter(letter for letter in text if letter.isalnum())


def _timed(way: Callable[[], bytes]) -> Contender:
    def timed() -> Sample:
        gc.collect()  # what the one before left would else be counted here
        began = time.process_time()
        size = len(way())
        passed = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return Sample(1 / passed, {"ms of CPU": passed * 1000, "kB of PDF": size / 1000, "peak MB": peak})

    return timed


BENCH = Bench(
    title="The four-page report, warm",
    unit="reports per second of CPU",
    reference="naive",
    contenders=contenders,
    targets=(Target("ours", "naive", 3.0),),
    rounds=15,
    notes=(
        "One process, one core. A report that says the same as one printed before is not printed again at all; "
        "that is not measured here.",
    ),
)
