"""Student's t distribution: tail, CDF and quantile for any positive degrees of freedom. Pure, without NumPy or SciPy.

Both rest on the regularised incomplete beta function I_x(a, b), summed as a continued fraction (Lentz's method):
P(|T| > t) = I_x(df/2, 1/2) with x = df / (df + t²). The tests compare with SciPy: the difference is at most 1e-9.
"""

from collections.abc import Callable
from functools import lru_cache
from math import exp, inf, isfinite, lgamma, log, log1p, pi, sqrt

TINY = 1e-300
PRECISION = 1e-15
MAX_TERMS = 500
MAX_STEPS = 200


def _continued_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 / _not_zero(1.0 - (a + b) * x / (a + 1.0))
    total = d
    for m in range(1, MAX_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        for term in (even, odd):
            d = 1.0 / _not_zero(1.0 + term * d)
            c = _not_zero(1.0 + term / c)
            total *= c * d
        if abs(c * d - 1.0) < PRECISION:
            break
    return total


def _not_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY


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


def cdf(t: float, df: float) -> float:
    """P(T ≤ t). Raises ValueError for df ≤ 0."""
    return tail(-t, df)


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
    return _root(lambda t: _between(t, df) - share, share / _density(0.0, df), df)


def _extreme(share: float, df: float) -> float:
    """The t with P(T > t) = share."""
    high = 1.0
    while _beyond(high, df) > share:
        high *= 2.0
    return _root(lambda t: share - _beyond(t, df), high, df)


def _root(excess: Callable[[float], float], start: float, df: float) -> float:
    """Newton's method inside a bracket that shrinks: `excess` rises with t and is zero at the answer."""
    low, high, t = 0.0, max(start * 2.0, sqrt(df)) * 2.0, start
    while excess(high) < 0.0:
        high *= 2.0
    for _step in range(MAX_STEPS):
        off = excess(t)
        low, high = (t, high) if off < 0.0 else (low, t)
        density = _density(t, df)
        guess = t - off / density if density > 0.0 else low
        if not low < guess < high:
            guess = (low + high) / 2.0
        if abs(guess - t) <= PRECISION * max(t, PRECISION):
            return guess
        t = guess
    return t


def _check(df: float) -> None:
    if not (df > 0.0 and isfinite(df)):
        raise ValueError(f"degrees of freedom are positive: {df}")
