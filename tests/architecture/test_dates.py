"""Every date on a page is a `<time>`: templates write it by the filters of `cohorts.templatetags.dates`, sentences put
together in Python by `cohorts.schedule.date_words`. `tests/architecture/test_access.py` looks at every page for others.
"""

import re

import pytest

from tests.architecture.pages import torn_tags, unstyled_classes, written_dates
from tests.architecture.test_templates import ROOT, TEMPLATES, name

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


# Where a formatted date is words alone, and what it is for.
ELSEWHERE = {
    "cohorts/people/actions/recovery.py": "a mail",
    "cohorts/people/sign_in_notices.py": "a mail",
    "coaching/mentors/handover.py": "a note, copied into a text field",
    "coaching/reminders/mail.py": "a mail",
    "coaching/visiting/mail_kinds.py": "a mail",
    "cohorts/enrolment/views/cohorts.py": "a file",
    "cohorts/schedule/date_words.py": "writes the element",
    "feedback360/rounds/overview.py": "the name of a round, which stands in titles of pages, too",
    "goals/figures/numbers.py": "a drawing",
    "goals/leader_goals/goal_chart.py": "a drawing",
    "programme/membership/correction_mails.py": "a mail",
}
APPS = ("coaching", "cohorts", "feedback360", "goals", "programme")


def test_python_writes_dates_for_pages_in_one_way() -> None:
    found = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"\bdate_format\(", path.read_text())
    }

    assert found == ELSEWHERE.keys()


@pytest.mark.parametrize("date", ["3 March", "12. mars", "30 Nov", "1. januar 2027"])
def test_the_walk_finds_a_date_in_words(date: str) -> None:
    assert written_dates(f"<p>Since {date}.</p>")
    assert not written_dates(f'<p>Since <time datetime="2026-03-12">{date}</time>.</p>')
    assert not written_dates(f"<title>{date}</title><option>{date}</option><svg><text>{date}</text></svg>")
    assert not written_dates(f'<p title="{date}">May I?</p>')


def test_the_walk_finds_an_element_inside_an_attribute() -> None:
    assert torn_tags('<svg aria-label="since <time datetime="2026-03-12">12 March</time>">')
    assert not torn_tags('<p class="quiet"><time datetime="2026-03-12">12 March</time></p>')


def test_the_walk_finds_a_class_whose_sheet_is_not_loaded() -> None:
    link = '<link rel="stylesheet" href="/static/css/{}.css">'

    assert unstyled_classes(link.format("site") + '<p class="smart">') == {"smart"}
    assert not unstyled_classes(link.format("site") + link.format("goals") + '<p class="smart sheet">')
