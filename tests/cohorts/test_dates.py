"""The filters that write dates on pages."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

FRIDAY = date(2026, 3, 13)
AT = datetime(2026, 3, 13, 8, 30, tzinfo=UTC)


def shown(template: str, language: str = "en", **context: object) -> str:
    with translation.override(language), timezone.override(ZoneInfo("Europe/Oslo")):
        return Template(template).render(Context(context))


@pytest.mark.parametrize(
    ("template", "language", "expected"),
    [
        ("{{ on|day }}", "en", '<time datetime="2026-03-13">13 March 2026</time>'),
        ('{{ on|day:"WEEKDAY_FORMAT" }}', "nb", '<time datetime="2026-03-13">fredag 13. mars</time>'),
        ("{{ on|capital_day }}", "nb", '<time datetime="2026-03-13">Fredag 13. mars</time>'),
        ('{{ none|day|default:"–" }}{{ none|capital_day }}{{ none|moment }}{{ none|ago }}', "en", "–"),
        (
            '{{ at|moment:"TIME_FORMAT" }}',
            "nb",
            '<time datetime="2026-03-13T09:30:00+01:00" title="Oslo-tid">09:30</time>',
        ),
        ('{{ wall|moment:"TIME_FORMAT" }}', "en", '<time datetime="2026-03-13T08:30:00">08:30</time>'),
        ('{{ at|day:"SHORT_DATE_FORMAT" }}', "en", '<time datetime="2026-03-13T09:30:00+01:00">13 Mar 2026</time>'),
    ],
)
def test_a_date_is_written_as_a_time_element(template, language, expected):
    assert shown(template, language, on=FRIDAY, at=AT, wall=AT.replace(tzinfo=None), none=None) == expected


def test_a_translated_sentence_holds_the_element_and_escapes_the_rest():
    tag = "{% blocktranslate with date=on|day:'MONTH_DAY_FORMAT' %}{{ name }} on {{ date }}{% endblocktranslate %}"

    assert (
        shown("{% load i18n %}" + tag, on=FRIDAY, name="<b>")
        == '&lt;b&gt; on <time datetime="2026-03-13">13 March</time>'
    )


def test_how_long_ago_names_its_moment_and_clock():
    assert 'title="13 March 2026, 09:30, Oslo time"' in shown("{{ at|ago }}", at=AT)
