"""Which of two arrivals of one form is the newer."""

import pytest

from cohorts.web.arrivals import was_overtaken


@pytest.mark.parametrize(
    ("edition", "newest", "overtaken"),
    [
        (2, 1, False),  # typed on
        (1, 2, True),  # delivered late
        (2, 2, False),  # the same words again, or two that nobody numbered
        (None, 2, False),  # without JavaScript the arrival decides
        (1, None, False),
        (None, None, False),
    ],
)
def test_what_was_typed_last_wins(edition: int | None, newest: int | None, *, overtaken: bool) -> None:
    assert was_overtaken(edition, newest) is overtaken
