"""Student's t distribution: tail and quantile for any positive degrees of freedom. Pure, without NumPy or SciPy.

Both rest on the regularised incomplete beta function I_x(a, b), summed as a continued fraction (Lentz's method):
P(|T| > t) = I_x(df/2, 1/2) with x = df / (df + t²). The tests compare with SciPy: the difference is at most 1e-9.
"""

from collections.abc import Callable
from functools import lru_cache
from math import exp, inf, isfinite, lgamma, log, log1p, pi
from statistics import NormalDist

TINY = 1e-300
PRECISION = 1e-15
MAX_TERMS = 500
MAX_STEPS = 500
CLOSE = 1e-6  # of t itself: the error after a step is about the cube of the step
NORMAL = NormalDist()


def _continued_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0) or TINY)
    total = d
    for m in range(1, MAX_TERMS):
        term = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d = 1.0 / (1.0 + term * d or TINY)
        c = 1.0 + term / c or TINY
        total *= c * d
        term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 / (1.0 + term * d or TINY)
        c = 1.0 + term / c or TINY
        total *= c * d
        if abs(c * d - 1.0) < PRECISION:
            break
    return total


def _incomplete_beta(a: float, b: float, x: float, rest: float) -> float:
    """I_x(a, b). `rest` is 1 − x, handed over because subtracting would lose its digits."""
    if x <= 0.0:
        return 0.0
    if rest <= 0.0:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(rest))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _continued_fraction(a, b, x) / a
    return 1.0 - front * _continued_fraction(b, a, rest) / b


def tail(t: float, df: float) -> float:
    """P(T > t). Raises ValueError for df ≤ 0."""
    _check(df)
    return _beyond(t, df) if t >= 0.0 else 1.0 - _beyond(-t, df)


def _beyond(t: float, df: float) -> float:
    """P(T > t) for t ≥ 0."""
    square = t * t
    return 0.5 * _incomplete_beta(df / 2.0, 0.5, df / (df + square), square / (df + square))


def _between(t: float, df: float) -> float:
    """P(0 < T < t) for t ≥ 0: keeps its digits where t is small."""
    square = t * t
    return 0.5 * _incomplete_beta(0.5, df / 2.0, square / (df + square), df / (df + square))


def _density(t: float, df: float) -> float:
    constant = lgamma((df + 1.0) / 2.0) - lgamma(df / 2.0) - 0.5 * log(df * pi)
    return exp(constant - (df + 1.0) / 2.0 * log1p(t * t / df))


@lru_cache(maxsize=4096)
def quantile(p: float, df: float) -> float:
    """The t below which a share p lies. Raises ValueError for df ≤ 0 or p outside 0 to 1; ±inf at 0 and 1."""
    _check(df)
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"a share lies between 0 and 1: {p}")
    if p in {0.0, 1.0}:
        return inf if p else -inf
    upper = min(p, 1.0 - p)
    size = _central(0.5 - upper, df) if upper > 0.25 else _extreme(upper, df)
    return size if p >= 0.5 else -size


def _central(share: float, df: float) -> float:
    """The t with P(0 < T < t) = share."""
    return _root(lambda t: _between(t, df) - share, _near(0.5 + share, df), df)


def _extreme(share: float, df: float) -> float:
    """The t with P(T > t) = share."""
    return _root(lambda t: share - _beyond(t, df), _near(1.0 - share, df), df)


def _near(p: float, df: float) -> float:
    """A first guess: the normal quantile with two terms of the Cornish–Fisher expansion."""
    z = NORMAL.inv_cdf(min(p, 1.0 - 1e-15))
    return z + (z**3 + z) / (4.0 * df) + (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * df**2)


def _root(excess: Callable[[float], float], t: float, df: float) -> float:
    """Halley's method inside a bracket that shrinks: `excess` rises with t, with the density as its slope."""
    low, high = 0.0, inf
    for _step in range(MAX_STEPS):
        off = excess(t)
        low, high = (t, high) if off < 0.0 else (low, t)
        density = _density(t, df)
        step = off / density if density > 0.0 else inf
        bent = 1.0 + 0.5 * step * (df + 1.0) * t / (df + t * t)  # the density falls with t
        guess = t - step / bent if bent > 0.0 else inf
        if abs(guess - t) <= CLOSE * t:
            return guess
        t = guess if low < guess < high else (low + high) / 2.0 if high < inf else 2.0 * t
    return t


def _check(df: float) -> None:
    if not (df > 0.0 and isfinite(df)):
        raise ValueError(f"degrees of freedom are positive: {df}")
