"""What is refused of a day's figures, in which words."""

from datetime import timedelta
from decimal import Decimal

import pytest

from cohorts.web.refusals import Invalid
from goals.figures.rules import ensure_counted
from tests.times import TODAY


def refused(unit="share", numerator="34", denominator="40", asked=None, on=TODAY):
    with pytest.raises(Invalid) as refusal:
        ensure_counted(
            unit=unit,
            on=on,
            numerator=Decimal(numerator),
            denominator=Decimal(denominator),
            asked=asked and Decimal(asked),
            today=TODAY,
        )
    return refusal.value.field, refusal.value.sentence


def test_a_share_above_the_whole_is_refused():
    assert refused(numerator="41") == ("numerator", "This is more than there were in all.")


@pytest.mark.parametrize("numerator", ["85", "2"])
def test_a_percentage_typed_as_a_count_is_explained(numerator):
    assert refused(numerator=numerator, denominator="1")[1].startswith("A share is at most 100 %")


def test_a_fraction_typed_as_a_count_is_explained():
    assert refused(numerator="0.85", denominator="1")[1].startswith("Enter counts here")


@pytest.mark.parametrize("unit", ["seconds", "rate", "count", "share"])
@pytest.mark.parametrize(("field", "value"), [("numerator", "-1"), ("denominator", "-1")])
def test_nothing_is_below_nought(unit, field, value):
    assert refused(unit=unit, **{field: value}) == (field, "This cannot be below 0.")


def test_a_day_to_come_is_refused():
    assert refused(on=TODAY + timedelta(days=1)) == ("on", "That day has not come yet. Choose today or an earlier day.")


def test_seconds_without_a_contact_are_refused():
    assert refused(unit="seconds", numerator="500", denominator="0")[0] == "denominator"


@pytest.mark.parametrize("value", ["1e12", "NaN", "Infinity"])
def test_numbers_that_cannot_be_stored_are_refused(value):
    assert refused(unit="seconds", numerator=value)[0] == "numerator"


def test_more_answers_than_were_asked_are_refused():
    assert refused(asked="39") == ("asked", "More answered than were asked.")


@pytest.mark.parametrize(
    ("unit", "numerator", "denominator", "asked"),
    [("share", 0, 0, None), ("share", 40, 40, 40), ("seconds", "12000.5", 40, None), ("count", 12, 1, None)],
)
def test_what_can_be_is_taken(unit, numerator, denominator, asked):
    ensure_counted(
        unit=unit,
        on=TODAY,
        numerator=Decimal(numerator),
        denominator=Decimal(denominator),
        asked=asked and Decimal(asked),
        today=TODAY,
    )
