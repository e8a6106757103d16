"""Sentences with dates: an element on a page, words elsewhere."""

import json
from copy import copy
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template import Context, Template
from django.utils import translation

from cohorts.schedule.date_words import date_words, dated_text, fill, join, moment_words, near_words
from cohorts.web.message_cookie import MessageStorage
from cohorts.web.refusals import Invalid, NotNow

FRIDAY = date(2026, 3, 13)
AT = datetime(2026, 3, 13, 8, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Lisbon"))
ELEMENT = '<time datetime="2026-03-13">13 March</time>'
SINCE = "%(name)s, since %(date)s"
PARTS = {"name": "<Ada>", "date": date_words(FRIDAY, "MONTH_DAY_FORMAT")}


def shown(value: object, template: str = "{{ value }}") -> str:
    return Template(template).render(Context({"value": value}))


def test_a_page_gets_the_element_and_the_rest_escaped() -> None:
    assert shown(fill(SINCE, PARTS)) == f"&lt;Ada&gt;, since {ELEMENT}"
    assert shown(join(" · ", ["<b>", fill(SINCE, PARTS)])) == f"&lt;b&gt; · &lt;Ada&gt;, since {ELEMENT}"
    assert shown(fill("“<i>” %(count)d", {"count": 3})) == "“&lt;i&gt;” 3"


def test_a_mail_a_file_and_the_api_get_words() -> None:
    sentence = fill(SINCE, PARTS)

    assert sentence == "<Ada>, since 13 March"
    assert shown(sentence, "{% autoescape off %}{{ value }}{% endautoescape %}") == sentence
    assert json.loads(json.dumps({"why": sentence})) == {"why": sentence}
    assert copy(sentence).html == sentence.html


def test_an_instant_names_the_clock_it_was_read_from() -> None:
    assert moment_words(AT, "TIME_FORMAT").html == (
        '<time datetime="2026-03-13T08:30:00+00:00" title="Lisbon time">08:30</time>'
    )


def test_a_norwegian_line_begins_with_a_capital() -> None:
    with translation.override("nb"):
        assert date_words(FRIDAY, "WEEKDAY_FORMAT") == "fredag 13. mars"
        assert shown(date_words(FRIDAY, "WEEKDAY_FORMAT", is_first=True)) == (
            '<time datetime="2026-03-13">Fredag 13. mars</time>'
        )
    assert shown(dated_text(FRIDAY, "tomorrow")) == '<time datetime="2026-03-13">tomorrow</time>'


def test_a_date_less_than_a_week_ahead_is_its_weekday() -> None:
    assert near_words(FRIDAY, date(2026, 3, 7)) == "Friday"
    assert near_words(FRIDAY, date(2026, 3, 6)) == "13 March"


def test_a_refusal_keeps_the_element() -> None:
    refusal = fill("Not before %(date)s.", PARTS)

    assert shown(NotNow(refusal)) == shown(refusal) == f"Not before {ELEMENT}."
    assert shown(Invalid("on", refusal).messages[0]) == shown(refusal)


def test_a_message_keeps_the_element_on_its_way_to_the_next_page() -> None:
    request = HttpRequest()
    request.session = {}  # type: ignore[assignment]
    storage = MessageStorage(request)
    storage.add(25, fill(SINCE, PARTS))
    storage.add(25, "<b>")
    kept = storage.storages[0]._encode(list(storage._queued_messages))
    request._messages = [storage.storages[0]._decode(kept)]  # type: ignore[attr-defined]

    assert [shown(message) for message in get_messages(request)[0]] == [shown(fill(SINCE, PARTS)), "&lt;b&gt;"]
