"""The committed table of the method page: complete, and within the bars of the issue."""

import pytest

from feedback360.statistics.calibration import Calibration, Row, measured
from tests.feedback360.calibration.__main__ import SEED, as_text
from tests.feedback360.calibration.figures import LEVELS
from tests.feedback360.calibration.table import table

NOISE = 0.005  # two and a half standard errors of a share of .05 in 12,000 runs


def share_of(figure: str, case: str) -> dict[int, float]:
    (row,) = [row for row in measured().rows if (row.figure, row.case) == (figure, case)]
    return dict(row.by_n)


def test_the_committed_table_has_every_figure():
    expected = [(figure.name, figure.case, tuple(figure.numbers)) for figure in table(seed=0)]

    assert [(row.figure, row.case, tuple(row.by_n)) for row in measured().rows] == expected
    assert measured().runs >= 5000


def test_the_table_is_read_as_it_was_written(tmp_path):
    rows = [Row("found", "primary, change 0.3", {5: 0.1, 12: 0.25}), Row("other", "", {3: 1.0})]
    (tmp_path / "table.json").write_text(as_text(20, rows))

    assert measured(tmp_path / "table.json") == Calibration(SEED, 20, tuple(rows))


@pytest.mark.parametrize("level", ["middle", "lenient"])
def test_the_committed_intervals_are_calibrated(level):
    rows = [share_of("mean_covered", f"{scale}, {level}") for scale in ("primary", "area")]
    changes = [share_of("change_covered", f"{scale}, {level}, change 0.0") for scale in ("behaviour", "primary")]
    shares = [share for row in rows for share in row.values()]
    shares += [share for row in changes for n, share in row.items() if n >= 5]

    assert min(shares) >= 0.88
    assert max(shares) <= 0.92


@pytest.mark.parametrize("figure", ["false_improved", "printed_false_improved"])
def test_the_committed_reports_rarely_say_improved(figure):
    cases = [*LEVELS, "five unchanged behaviours beside two that rose"]
    by_n = [share_of(figure, case) for case in cases]

    for shares in by_n:
        assert sum(shares.values()) / len(shares) <= 0.055
        assert max(shares.values()) <= 0.055 + NOISE


def test_the_committed_categories_are_rarely_false():
    for gap in ("0.0", "1.0"):
        assert max(share_of("printed_false_category", f"true gap {gap}, own answers wobble").values()) <= 0.05
        assert max(share_of("false_category", f"true gap {gap}, own answers exact").values()) <= 0.05
