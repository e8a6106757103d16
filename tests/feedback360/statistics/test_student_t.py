"""Our own t distribution against SciPy's, and against the printed table."""

from math import inf

import pytest
from scipy.stats import t as scipy_t

from feedback360.statistics.student_t import quantile, tail

DF = [0.5, 0.7, 1, 1.5, 2, 2.7, 3, 4, 5, 7.31, 9.6, 12, 20, 33.3, 64, 120.5, 200]
SHARES = [1e-9, 1e-6, 0.0005, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5]
POINTS = [0.0, 0.001, 0.01, 0.1, 0.3, 0.674, 1.0, 1.645, 1.96, 2.5, 3.0, 5.0, 8.0, 13.0, 40.0, 1000.0]


@pytest.mark.parametrize("df", DF)
def test_the_t_quantile_is_that_of_scipy(df):
    for share in SHARES + [1 - share for share in SHARES]:
        expected = scipy_t.ppf(share, df)
        assert abs(quantile(share, df) - expected) <= 1e-9 * max(1.0, abs(expected)), share


@pytest.mark.parametrize("df", DF)
def test_the_t_distribution_is_that_of_scipy(df):
    for point in POINTS + [-point for point in POINTS]:
        assert abs(tail(point, df) - scipy_t.sf(point, df)) <= 1e-9, point


@pytest.mark.parametrize("df", DF)
def test_the_t_quantile_undoes_the_distribution(df):
    for share in SHARES[2:]:
        assert tail(quantile(1 - share, df), df) == pytest.approx(share, rel=1e-9)


PRINTED = [(0.95, 1, 6.314), (0.95, 2, 2.920), (0.95, 4, 2.132), (0.95, 9.6, 1.820), (0.80, 9.6, 0.881)]
PRINTED += [(0.975, 10, 2.228), (0.90, 4, 1.533), (0.995, 30, 2.750), (0.05, 4, -2.132)]


@pytest.mark.parametrize(("share", "df", "value"), PRINTED)
def test_the_t_quantile_is_that_of_the_printed_table(share, df, value):
    assert quantile(share, df) == pytest.approx(value, abs=0.0006)


def test_the_t_quantile_ends_at_infinity():
    assert (quantile(0.0, 3), quantile(1.0, 3), quantile(0.5, 3)) == (-inf, inf, 0.0)


@pytest.mark.parametrize(("share", "df"), [(0.9, 0.0), (0.9, -1.0), (0.9, inf), (1.1, 3.0), (-0.1, 3.0)])
def test_the_t_quantile_refuses_what_is_no_share_or_df(share, df):
    with pytest.raises(ValueError):
        quantile(share, df)


def test_the_t_distribution_refuses_no_degrees_of_freedom():
    with pytest.raises(ValueError):
        tail(1.0, 0.0)
