"""Extreme values, by the type of what takes them; what of them an action may accept, and how it may answer."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

LONG = "x" * 1_000_000
DATES = (date.min, date.max)
NUMBERS = (-1, 0, 2**31, 2**63)
FIGURES = (Decimal("NaN"), Decimal("Infinity"), Decimal("1e400"), Decimal(-1))
FLOATS = (float("nan"), float("inf"))
TEXTS = ("", LONG, "a\0b", "a\ud800b", "a\r\nBcc: b@firm.test", "a\u202egnp.exe\u2066")

# Whatever stands with these, no action may take: they cannot be counted from, stored or read.
NEVER = (*DATES, 2**63, *FIGURES[:3], LONG, TEXTS[2], TEXTS[3])


def extremes(hint: Any, value: Any) -> Iterator[Any]:
    """What to hand over in the place of a value with this type; nothing for rows, keys, moments and yes or no."""
    options = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    for option in options:
        yield from _of_one(option, value)


SIMPLE: dict[Any, tuple[Any, ...]] = {date: DATES, int: NUMBERS, Decimal: FIGURES, float: FLOATS, str: TEXTS}


def _of_one(hint: Any, value: Any) -> Iterator[Any]:
    origin = get_origin(hint) or hint
    if hint in SIMPLE:
        yield from SIMPLE[hint]
    elif is_dataclass(hint):
        yield from _with_one_field(hint, value)
    elif isinstance(origin, type) and issubclass(origin, Collection) and get_args(hint):
        yield from _with_one_inside(get_args(hint), value)


def _with_one_field(hint: Any, value: Any) -> Iterator[Any]:
    for name, inner in get_type_hints(hint).items() if isinstance(value, hint) else ():
        for bad in extremes(inner, getattr(value, name)):
            yield replace(value, **{name: bad})


def _with_one_inside(inside: tuple[Any, ...], value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield {}
        for name in list(value)[:1]:
            for bad in extremes(inside[-1], value[name]):
                yield {**value, name: bad}
    else:
        for bad in extremes(inside[0], next(iter(value or ()), None)):
            yield [bad]


def is_never(bad: Any, value: Any) -> bool:
    """Whether one of the values that must be refused was handed over, alone or inside."""
    if isinstance(bad, Mapping):
        return any(is_never(each, None) for each in bad.values())
    if isinstance(bad, list):
        return any(is_never(each, None) for each in bad)
    if is_dataclass(bad) and value is not None:
        return any(
            is_never(getattr(bad, name), None)
            for name in bad.__dataclass_fields__
            if getattr(bad, name) is not getattr(value, name)
        )
    return not isinstance(bad, datetime | bool) and any(type(bad) is type(each) and _same(bad, each) for each in NEVER)


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) or (isinstance(one, Decimal) and one.is_nan() and other.is_nan())


def shown(value: Any) -> str:
    """A value in a few letters, for a list of what went wrong."""
    return ascii(value)[:60]
