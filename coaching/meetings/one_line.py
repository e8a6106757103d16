"""An action in one line, such as “Ingrid: try the three-line handover by Friday”: who, what, by when. Pure.

English and Norwegian, whatever the language of the page. What it does not understand stays in the text, so nothing that
somebody typed is dropped: a name counts only at the beginning, a date only at the end.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

ME = ("i", "me", "jeg", "meg", "eg")
YOU = ("you", "du", "deg")
BY = r"(?:by|before|until|till|due|on|innen|før|til|senest|på)"
WEEKDAYS = (
    ("monday", "mon", "mandag", "man"),
    ("tuesday", "tue", "tues", "tirsdag", "tir"),
    ("wednesday", "wed", "onsdag", "ons"),
    ("thursday", "thu", "thur", "thurs", "torsdag", "tor"),
    ("friday", "fri", "fredag", "fre"),
    ("saturday", "sat", "lørdag", "lør"),
    ("sunday", "sun", "søndag", "søn"),
)
MONTHS = (
    ("january", "jan", "januar"),
    ("february", "feb", "februar"),
    ("march", "mar", "mars"),
    ("april", "apr"),
    ("may", "mai"),
    ("june", "jun", "juni"),
    ("july", "jul", "juli"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("october", "oct", "oktober", "okt"),
    ("november", "nov"),
    ("december", "dec", "desember", "des"),
)
WEEKDAY_OF = {name: number for number, names in enumerate(WEEKDAYS) for name in names}
MONTH_OF = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}
NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "en": 1, "ei": 1, "to": 2, "tre": 3, "fire": 4}
UNITS = {"day": 1, "days": 1, "dag": 1, "dager": 1, "week": 7, "weeks": 7, "uke": 7, "uker": 7, "veke": 7}
RELATIVE = {"today": 0, "i dag": 0, "idag": 0, "tomorrow": 1, "i morgen": 1, "imorgen": 1}


def _any(names: Mapping[str, object]) -> str:
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


WHEN = re.compile(
    rf"""(?P<iso>\d{{4}}-\d\d-\d\d)
    | (?P<relative>{_any(RELATIVE)})
    | (?P<next_week>next\ week|neste\ uke)
    | (?:in|om)\ (?P<count>\d{{1,2}}|{_any(NUMBERS)})\ (?P<unit>{_any(UNITS)})
    | (?:(?:{_any(WEEKDAY_OF)})\.?,?\ )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\ ?(?P<month>{_any(MONTH_OF)})\.?
    | (?P<month_first>{_any(MONTH_OF)})\.?\ (?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?
    | (?P<digits_day>\d{{1,2}})[./](?P<digits_month>\d{{1,2}})\.?
    | (?:next\ |neste\ |this\ |denne\ )?(?P<weekday>{_any(WEEKDAY_OF)})\.?
    """,
    re.IGNORECASE | re.VERBOSE,
)
ENDING = re.compile(rf"(?:[\s,;(–-]+)(?P<by>{BY}\s+)?(?P<when>{WHEN.pattern})[\s.!)]*$", re.IGNORECASE | re.VERBOSE)
LONGEST_DATE = 60  # characters at the end of a line among which a date is looked for
AFTER_NAME = re.compile(r"\s*(?:[:,–-]|will\b|shall\b|skal\b|should\b)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Understood:
    """Who (a key of the names, or nobody), what, and by when."""

    owner: int | None
    text: str
    due_on: date | None


def understand(line: str, names: Mapping[str, int], *, me: int, you: int, today: date) -> Understood:
    """`names` are first and full names of the two by key; `me` and `you` are the writer's and the other's key."""
    text = " ".join(line.split())
    owner, text = _owner(text, {**dict.fromkeys(ME, me), **dict.fromkeys(YOU, you), **_small(names)})
    due_on, text = _due(text, today)
    return Understood(owner, text[:1].upper() + text[1:], due_on)


def _small(names: Mapping[str, int]) -> dict[str, int]:
    return {name.casefold(): key for name, key in names.items() if name}


def _owner(text: str, names: Mapping[str, int]) -> tuple[int | None, str]:
    """A name in front, if words follow it. A bare name needs a colon, a comma, *will* or *skal* behind it."""
    small = text.casefold()
    for name in sorted(names, key=len, reverse=True):
        if not small.startswith(name):
            continue
        mark = AFTER_NAME.match(text, len(name))
        if mark and text[mark.end() :]:
            return names[name], text[mark.end() :]
    return None, text


def _due(text: str, today: date) -> tuple[date | None, str]:
    found = ENDING.search(text, max(0, len(text) - LONGEST_DATE))
    if found is None or not text[: found.start()].strip():
        return None, text
    # Without “by”, a date at the end counts when a comma or a dash parts it off, or it cannot be anything else.
    parted = found["by"] or re.match(r"\s*[,;(–-]", found[0])
    if not (parted or found["relative"] or found["iso"] or found["next_week"] or found["unit"]):
        return None, text
    due_on = _date(found, today)
    return (None, text) if due_on is None else (due_on, text[: found.start()].rstrip(" ,;–-"))


def _date(found: re.Match[str], today: date) -> date | None:
    said = {name: (value or "").casefold() for name, value in found.groupdict().items()}
    if said["iso"]:
        return _real(*map(int, said["iso"].split("-")))
    if said["relative"]:
        return today + timedelta(days=RELATIVE[said["relative"]])
    if said["next_week"]:
        return today + timedelta(days=11 - today.weekday())  # its Friday
    if said["unit"]:
        count = NUMBERS.get(said["count"]) or int(said["count"])
        return today + timedelta(days=count * UNITS[said["unit"]])
    if said["weekday"]:
        ahead = (WEEKDAY_OF[said["weekday"]] - today.weekday()) % 7 or 7
        return today + timedelta(days=ahead)
    day = int(said["day"] or said["day_after"] or said["digits_day"])
    name = said["month"] or said["month_first"]
    return _coming(day, MONTH_OF[name] if name else int(said["digits_month"]), today)


def _coming(day: int, month: int, today: date) -> date | None:
    """The next such date: 2 January said in December is in the next year, and yesterday is last week's slip."""
    this_year = _real(today.year, month, day)
    if this_year is None or this_year >= today - timedelta(days=60):
        return this_year
    return _real(today.year + 1, month, day)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def names_of(people: Iterable[tuple[int, str]]) -> dict[str, int]:
    """Full and first names by key; a first name that both have says nothing."""
    names: dict[str, int] = {}
    twice: set[str] = set()
    for key, name in people:
        first = name.split()[0] if name.split() else ""
        twice |= {first} & names.keys()
        names |= {name: key, first: key}
    return {name: key for name, key in names.items() if name not in twice}
