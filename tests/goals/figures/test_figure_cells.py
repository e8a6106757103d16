"""What a cell of a list of figures may say."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cohorts.imports.cell_texts import counted_text, written
from goals.figures.imports.cells import Order, Unclear, read_date, read_number

DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        *["2026-03-04", "20260304", "2026/03/04", "2026-3-4", "2026.03.04", "4.3.2026", "04.03.2026", "04.03.26"],
        *["2026-03-04 00:00:00", "2026-03-04T14:30", "04.03.2026 14.30"],
    ],
)
def test_a_date_is_read_in_every_way_that_is_clear(text):
    assert read_date(text, Order.UNSAID) == DAY


@pytest.mark.parametrize(
    ("text", "order", "on"),
    [
        ("13/04/2026", Order.UNSAID, date(2026, 4, 13)),
        ("04/13/2026", Order.UNSAID, date(2026, 4, 13)),
        ("05/05/2026", Order.UNSAID, date(2026, 5, 5)),
        ("03/04/2026", Order.DAY, date(2026, 4, 3)),
        ("03/04/2026", Order.MONTH, date(2026, 3, 4)),
        ("3-4-2026", Order.DAY, date(2026, 4, 3)),
    ],
)
def test_a_date_with_slashes_is_read_by_the_order_said(text, order, on):
    assert read_date(text, order) == on


@pytest.mark.parametrize(
    ("text", "order", "sentence"),
    [
        ("03/04/2026", Order.UNSAID, "can be two days"),
        ("13/04/2026", Order.MONTH, "There is no 13/04/2026 in the calendar"),
        ("31.2.2026", Order.UNSAID, "There is no 31.2.2026"),
        ("46085", Order.UNSAID, "is not a date"),
        ("4 March 2026", Order.UNSAID, "is not a date"),
        ("week 10", Order.UNSAID, "is not a date"),
        ("2026-03-08T23:30:00Z", Order.UNSAID, "has a time zone"),
        ("2026-03-08 23:30+01:00", Order.UNSAID, "has a time zone"),
    ],
)
def test_a_date_that_is_not_clear_is_refused_with_a_sentence(text, order, sentence):
    with pytest.raises(Unclear, match=sentence):
        read_date(text, order)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("40", "40"),
        ("34,5", "34.5"),
        ("34.5", "34.5"),
        (",5", "0.5"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1234.567", "1234.567"),
        ("1 234", "1234"),
        ("1 234 567,25", "1234567.25"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1’234.5", "1234.5"),
        ("0.30000000000000004", "0.3"),
        ("-3", "-3"),
        ("\u22123", "-3"),
    ],
)
def test_a_number_is_read_in_every_way_that_is_clear(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1.234", "can be two numbers. Write 1234, or 1.2340"),
        ("1,234", "can be two numbers"),
        ("85%", "This is a percentage"),
        ("85 prosent", "This is a percentage"),
        *[(text, "is not a number") for text in ("n/a", "1 23", "1,23,456", "1.2.3", "12:30", "5.", "1e3", "٣", "=4")],
    ],
)
def test_a_number_that_is_not_clear_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(Unclear, match=sentence):
        read_number(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.234, "1.2340"),
        (34.0, "34"),
        (34, "34"),
        (datetime(2026, 3, 4, tzinfo=UTC), "2026-03-04"),
        ("x", "x"),
    ],
)
def test_a_number_of_a_workbook_is_never_taken_for_a_thousand(value, text):
    assert counted_text(value) == text


@pytest.mark.parametrize("number", ["0", "34", "1.234", "123.456", "1234567.5", "0.001"])
def test_a_number_we_write_is_read_as_the_same(number):
    assert read_number(written(Decimal(number))) == Decimal(number)
