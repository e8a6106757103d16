"""Every date on a page is a `<time>`, written by the filters of `cohorts.templatetags.dates`."""

import re

import pytest

from tests.architecture.test_templates import TEMPLATES, name

PAPER = {"goals", "charter", "progress", "result"}  # templates/reports/: WeasyPrint prints them, no browser reads them
PAGES = [
    path
    for path in TEMPLATES
    if "emails" not in path.parts and not ("reports" in path.parts and path.stem.removeprefix("_") in PAPER)
]
BARE = re.compile(r"""[\w.]+\|(?:date|time)\b(?!:["'](?:Y-m-d|c)["'])(?::(["']).*?\1)?""")
# An hour of the day as somebody chose it, or on the clock of a host, has no date; its place stands beside it in words.
HOUR_ALONE = re.compile(r"(?:\bhour|_hour|\.hours_from|\.hours_to|\bthere)\|time:")
# No element may stand in an attribute or in the title of a drawing.
WORDS_ALONE = {
    ("goals/_answers.html", 'log.on|date:"WEEKDAY_FORMAT"'),
    ("components/charts/_heat_strip.html", 'cell.day.on|date:"SHORT_DATE_FORMAT"'),
}


def bare_dates(text: str) -> list[str]:
    return [match.group() for match in BARE.finditer(text) if not HOUR_ALONE.search(match.group())]


def test_every_date_on_a_page_is_a_time_element() -> None:
    found = {(name(path), bare) for path in PAGES for bare in bare_dates(path.read_text())}

    assert found == WORDS_ALONE


@pytest.mark.parametrize(
    "bait", ["{{ on|date }}", '{% x with date=a.b|date:"DATE_FORMAT"|capfirst %}', "{{ at|time:'H:i' }}"]
)
def test_the_search_finds_a_bare_date(bait: str) -> None:
    assert bare_dates(bait)


def test_a_chosen_hour_and_a_machines_date_are_not_found() -> None:
    assert bare_dates("""<a href="?on={{ on|date:'Y-m-d' }}">{{ enrolment.nudge_hour|time:"H:i" }}</a>""") == []
