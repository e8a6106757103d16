"""What is read from the HTML of a page that the walk over all pages has fetched."""

import re
from functools import cache
from pathlib import Path

MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
    "|januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember"
    "|jan|feb|mar|apr|jun|jul|aug|sep|okt|nov|des"
)
WRITTEN = re.compile(rf"\b\d{{1,2}}\.? (?:{MONTHS})\b")
# An element that is a date, those that can hold no element, and what stands between < and >.
LEFT_OUT = re.compile(r"<(time|title|option|textarea|script|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
TORN = re.compile(r'="[^"<>]*<time\b')


def written_dates(html: str) -> list[str]:
    """Dates in words that are not in a `<time>`, although they could be."""
    return WRITTEN.findall(LEFT_OUT.sub(" ", html))


def torn_tags(html: str) -> list[str]:
    """Attributes that were given a date as an element: they end in the middle of it."""
    return TORN.findall(html)


HOLLOW = re.compile(r"<(ul|ol|dl|tbody)\b[^>]*>\s*</\1>")


def hollow_lists(html: str) -> list[str]:
    """Lists and tables with nothing in them, where a sentence should say why and what comes next."""
    return [match.group() for match in HOLLOW.finditer(html)]


SHEETS = Path(__file__).resolve().parents[2] / "static" / "css"
IMPORTED = re.compile(r'@import url\("([^"]+)"\)')
NAMED = re.compile(r"\.([a-z][\w-]*)")
LINKED = re.compile(r'<link\b[^>]*href="[^"]*/css/([\w-]+)(?:\.\w{12})?\.css"')
CLASSES = re.compile(r'\sclass="([^"]*)"')


def unstyled_classes(html: str) -> set[str]:
    """Classes for which a sheet of ours has a rule, but none that this page loads. A mail and a fragment load none."""
    used = {each for value in CLASSES.findall(html) for each in value.split()}
    sheets = LINKED.findall(html)
    if "site" not in sheets:
        return set()
    return (used & named_in_any()) - set().union(*(named_in(f"{sheet}.css") for sheet in sheets))


@cache
def named_in(sheet: str) -> frozenset[str]:
    text = (SHEETS / sheet).read_text()
    return frozenset(NAMED.findall(text)).union(*(named_in(each) for each in IMPORTED.findall(text)))


@cache
def named_in_any() -> frozenset[str]:
    pages = (each.name for each in SHEETS.glob("*.css") if not each.name.startswith("report"))
    return frozenset().union(*(named_in(each) for each in pages))


FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
TEXT_BOX = re.compile(r"<textarea\b(?![^>]*\b(?:readonly|hidden)\b)")


def boxes_without_readers(html: str) -> list[str]:
    """Text boxes of a form on a page that says nowhere who reads what is written: `components/readers.html`."""
    if 'class="readers' in html or "-readers" in html:
        return []
    return [box for form in FORM.findall(html) for box in TEXT_BOX.findall(form)]
