"""Time zones as people, Windows and HR systems write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global

from cohorts.schedule.time_zones import offered_zones
from cohorts.schedule.zone_names import closest_zone, read_zone, why_unread, zone_in_words, zone_options

OSLO = ZoneInfo("Europe/Oslo")
CASES = {
    "CET": "Europe/Oslo",
    "Central European Time": "Europe/Oslo",
    "W. Europe Standard Time": "Europe/Oslo",
    "(UTC+01:00) Amsterdam, Berlin, Bern, Oslo, Rome": "Europe/Oslo",
    "Asia/Calcutta": "Asia/Kolkata",
    "US/Eastern": "America/New_York",
    "Etc/UTC": "UTC",
    "Kathmandu": "Asia/Kathmandu",
    "Europe/Kyiv": "Europe/Kyiv",
    "Europe/Kiev": "Europe/Kyiv",
    "Katmandu": "Asia/Kathmandu",
    "København": "Europe/Copenhagen",
    "Kobenhavn": "Europe/Copenhagen",
    "Wien": "Europe/Vienna",
    "zürich": "Europe/Zurich",
    "Norge": "Europe/Oslo",
    "Sweden": "Europe/Stockholm",
    "(UTC-05:00) Eastern Time (US & Canada)": "America/New_York",
    "GMT Standard Time": "Europe/London",
    "GMT+01:00 Central European Time (Oslo)": "Europe/Oslo",
    "GMT+01:00 Central European Time (Berlin)": "Europe/Berlin",
    "GMT-08:00 Pacific Time": "America/Los_Angeles",
    "(GMT+01:00) Central European Standard Time (Europe/Stockholm)": "Europe/Stockholm",
    "Stockholm (CET)": "Europe/Stockholm",
    "London (UTC)": "Europe/London",
    "UTC, London": "Europe/London",
    "(UTC) Dublin, Edinburgh, Lisbon, London": "Europe/Dublin",
    "(UTC) Coordinated Universal Time": "UTC",
    "(UTC)": "UTC",
    "India Standard Time": "Asia/Kolkata",
    "normaltid for Sentral-Europa": "Europe/Oslo",
    "sentraleuropeisk tid": "Europe/Oslo",
    "Oslo, Norway": "Europe/Oslo",
    "europe / oslo": "Europe/Oslo",
    " OSLO ": "Europe/Oslo",
    "new york": "America/New_York",
    "Buenos Aires": "America/Argentina/Buenos_Aires",
}
SENTENCES = {
    "GMT": "“GMT” stands for several places. Write a city, such as London.",
    "EST": "“EST” stands for several places. Write a city, such as New York.",
    "UTC+5:30": "“UTC+5:30” is an offset, and does not say when the clocks change. Write a city, such as Kolkata or",
    "+01:00": "“+01:00” is an offset, and does not say when the clocks change. Write a city, such as",
    "Europe/Olso": "“Europe/Olso” is not a time zone. Did you mean Europe/Oslo?",
    "Mars/Base": "“Mars/Base” is not a time zone. Write a city, such as Oslo.",
}


@pytest.mark.parametrize(("text", "name"), CASES.items())
def test_a_zone_is_read_as_it_is_written(text, name):
    assert str(read_zone(text, near=OSLO)) == name


@pytest.mark.parametrize(("text", "sentence"), SENTENCES.items())
def test_what_is_no_zone_is_answered_with_what_to_write(text, sentence):
    assert read_zone(text, near=OSLO) is None
    assert why_unread(text).startswith(sentence)


def test_a_kind_of_time_is_a_fixed_zone_where_nobody_near_keeps_it():
    assert str(read_zone("CET")) == str(read_zone("CET", near=ZoneInfo("Asia/Tokyo"))) == "Europe/Berlin"
    assert str(read_zone("Eastern Standard Time", near=OSLO)) == "America/New_York"


def test_every_windows_name_but_offsets_is_a_zone():
    names = get_global("windows_zone_mapping")
    unread = {name for name in names if read_zone(name) is None}

    assert len(names) > 100
    assert unread == {name for name, zone in names.items() if zone.startswith("Etc/") and zone != "Etc/UTC"} - {"UTC"}


def test_every_offered_zone_and_alias_is_read_as_one_that_shows_the_same_hour():
    winter, summer = (date(2026, month, 1) for month in (1, 7))
    for name in offered_zones():
        found = read_zone(name)
        assert found is not None, name
        for on in (winter, summer):
            assert _hour(found, on) == _hour(ZoneInfo(name), on), name


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("on", [date(2026, 1, 15), date(2026, 7, 15)])
def test_every_suggestion_is_read_as_its_zone(language, on):
    options = zone_options(language, on)

    assert [str(read_zone(option.value)) for option in options] == [option.name for option in options]
    assert len({option.value for option in options}) == len(options) > 400


def test_suggestions_say_city_offset_and_country_in_the_readers_language():
    assert zone_in_words("Europe/Copenhagen", "nb", date(2026, 7, 1)) == "København (UTC+02:00)"
    assert zone_in_words("Europe/Kiev", "en", date(2026, 1, 1)) == "Kyiv (UTC+02:00)"
    assert "Danmark, Europe/Copenhagen" in {option.label for option in zone_options("nb", date(2026, 7, 1))}


def test_a_guess_is_a_zone():
    assert closest_zone("Stokholm") == "Europe/Stockholm"
    assert closest_zone("here") is None


def test_a_long_text_is_no_zone():
    assert read_zone("x" * 100_000) is None


def _hour(zone, on):
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC).astimezone(zone).utcoffset()
