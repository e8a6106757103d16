"""Names of people as lists write them: which order, what they are compared by, what is none. Pure."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from cohorts.imports.headers import TEXT_LIKE_DATE, TRUTHS
from cohorts.models.given_names import TITLES, bare, is_suffix
from cohorts.people.imports.values import spelled
from cohorts.web.letters import folded

IN_PARENTHESES = re.compile(r"\s*(\([^()]*\)|\[[^\[\]]*\])")
AN_ID = re.compile(r"\s*\(#?\d{2,}\)$")  # Workday writes the number of a worker behind the name


def in_order(name: str) -> str:
    """Turn `Last, First` into `First Last`; titles behind a name and what is in parentheses stay last.

    A comma before a suffix separates nothing: `Martin King, Jr.` stays as it is.
    """
    if "," not in name:
        return name
    aside = "".join(f" {found}" for found in IN_PARENTHESES.findall(name))
    last, *rest = [part.strip() for part in IN_PARENTHESES.sub("", name).split(",")]
    firsts = [part for part in rest if part and not is_suffix(part)]
    if not last or len(firsts) != 1:
        return name
    return ", ".join([f"{firsts[0]} {last}", *filter(is_suffix, rest)]) + aside


def without_id(name: str) -> str:
    return AN_ID.sub("", name) if ")" in name else name


def wrong_as_name(name: str) -> str:
    """Why this can be nobody's name; empty if it can be one."""
    if "@" in name:
        return _("“%(name)s” is an e-mail address, not a name.") % {"name": name[:60]}
    if not any(letter.isalpha() for letter in name):
        return _("“%(name)s” is a number, not a name.") % {"name": name[:60]}
    if TEXT_LIKE_DATE.fullmatch(name):
        return _("“%(name)s” is a date, not a name.") % {"name": name[:60]}
    if folded(name) in TRUTHS:
        return _("“%(name)s” is a value of a spreadsheet, not a name.") % {"name": name[:60]}
    return ""


def likely(name: str) -> Iterator[tuple[str, ...]]:
    """Looser spellings of a name, from near to far: in any order, without what stands aside, with initials only."""
    words = [bare(word) for word in IN_PARENTHESES.sub(" ", spelled(name)).replace(",", " ").split()]
    words = [word for word in words if word and word not in TITLES and not is_suffix(word)]
    yield tuple(sorted(words))
    ends = [word for at, word in enumerate(words) if at in (0, len(words) - 1)]
    yield tuple(sorted(ends))
    if len(ends) == 2:
        yield (ends[0][0], ends[1])
