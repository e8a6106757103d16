"""Invalid bodies, made from the description of an operation and one body it accepts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from programme.developers.description import in_repository

HUGE = 10**30
ROWS = 10_000
TEXTS = {"null character": "a\0b", "a lone surrogate": "\ud800"}
DATES = {"the year 1": "0001-01-01", "the last year": "9999-12-31", "no such date": "2026-02-30"}
WHOLE = {
    "no JSON": (b"{", 400),
    "no UTF-8": (b'{"\xff": 1}', 400),
    "a list": (b"[]", 422),
    "a text": (b'"text"', 422),
    "a number": (b"1", 422),
    "too deep": (b"[" * 100_000, 400),
    "ten megabytes": (b'{"x": "' + b"x" * 10 * 1024 * 1024 + b'"}', 413),
    "an unknown field": (b'{"no_such_field": 1}', 422),
    "an unknown field twice": (b'{"no_such_field": 1, "no_such_field": 1}', 400),
    "NaN": (b'{"no_such_field": NaN}', 400),
    "Infinity": (b'{"no_such_field": -Infinity}', 400),
}

# Bytes instead of a zip; what is wrong inside one is tried by `tests/cohorts/test_hostile_uploads.py`.
NO_ZIPS = {
    "nothing": (lambda good, most: b"", 422),
    "a text": (lambda good, most: b"Once upon a time", 422),
    "JSON": (lambda good, most: b"{}", 422),
    "half of it": (lambda good, most: good[: len(good) // 2], 422),
    "its end alone": (lambda good, most: good[-200:], 422),
    "other bytes inside": (lambda good, most: good[:2_000] + bytes(2_000) + good[4_000:], 422),
    "as much as is read": (lambda good, most: bytes(most), 422),
    "a byte more": (lambda good, most: bytes(most + 1), 413),
    "ten megabytes": (lambda good, most: bytes(10 * 1024 * 1024), 413),
}


@dataclass(frozen=True, slots=True)
class Bad:
    """A body, and the field the answer must name; empty where the whole body is wrong."""

    kind: str
    body: bytes
    field: str = ""
    status: int | None = None


def operations() -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation | {"method": method.upper(), "path": path}
        for path, methods in in_repository()["paths"].items()
        for method, operation in methods.items()
    }


def schema_of(operation: dict[str, Any]) -> dict[str, Any] | None:
    """Of the JSON that it takes; None where it takes none."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return None if content is None else _whole(content["schema"])


def bad_files(good: bytes, most: int) -> Iterator[Bad]:
    """Of an operation that takes a zip of at most so many bytes."""
    for kind, (made, status) in NO_ZIPS.items():
        yield Bad(kind, made(good, most), status=status)


def bad_bodies(schema: dict[str, Any] | None, good: dict[str, Any]) -> Iterator[Bad]:
    """Every kind for the whole body, then for each field, and for each field of a row."""
    for kind, (body, status) in WHOLE.items():
        yield Bad(kind, body, "no_such_field" if kind == "an unknown field" else "", status)
    for name, described in (schema or {}).get("properties", {}).items():
        field = _whole(described)
        yield from _twice(name, good)
        for kind, value in _wrong_values(field):
            yield Bad(f"{name}: {kind}", _json(good | {name: value}), name)
        if field.get("type") == "array":
            yield from _bad_rows(name, _whole(field["items"]), good)


def _bad_rows(name: str, item: dict[str, Any], good: dict[str, Any]) -> Iterator[Bad]:
    row = good[name][0] if good[name] else "word"
    yield Bad(f"{name}: one row more than {ROWS:,}", _json(good | {name: [row] * (ROWS + 1)}), name)
    yield Bad(f"{name}: {ROWS:,} wrong rows", _json(good | {name: [{"no_such_field": 1}] * ROWS}), name)
    for kind, value in _wrong_values(item):
        yield Bad(f"{name}.0: {kind}", _json(good | {name: [value]}), f"{name}.0")
    for inner, field in item.get("properties", {}).items():
        for kind, value in _wrong_values(_whole(field)):
            yield Bad(f"{name}.0.{inner}: {kind}", _json(good | {name: [row | {inner: value}]}), f"{name}.0.{inner}")
    if item.get("properties"):
        yield Bad(f"{name}.0: unknown", _json(good | {name: [row | {"no_such": 1}]}), f"{name}.0.no_such")


def _twice(name: str, good: dict[str, Any]) -> Iterator[Bad]:
    if name in good:
        one = json.dumps(good[name])
        yield Bad(f"{name}: twice", f'{{"{name}": {one}, "{name}": {one}}}'.encode(), status=400)


def _wrong_values(field: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    kinds = {field["type"]} if isinstance(field.get("type"), str) else {*field.get("type", [])}
    if "object" not in kinds:
        yield "an object", {"a": 1}
    if "array" not in kinds:
        yield "a list", [1]
    if not kinds & {"null"}:
        yield "null", None
    if kinds & {"integer", "boolean", "array", "object"}:
        yield "a word", "word"
    if "integer" in kinds:
        yield "very large", HUGE
        yield "very small", -HUGE
        yield "a fraction", 1.5
    if "boolean" in kinds:
        yield "a number", 7
    if "string" in kinds:
        yield from _wrong_texts(field)


def _wrong_texts(field: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "a truth", True
    yield from TEXTS.items()
    if field.get("format") == "date":
        yield from DATES.items()
    elif field.get("format") == "decimal":
        yield from {"no number": "many", "an exponent": "1e1000000", "very large": HUGE, "NaN": "NaN"}.items()
    else:
        yield "a hundred thousand letters", "x" * 100_000


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()  # half letters as \\ud800


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = in_repository()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "oneOf" in schema or "anyOf" in schema:
        choices = [_whole(each) for each in schema.get("oneOf") or schema["anyOf"]]
        return {"type": [each["type"] for each in choices if "type" in each]}
    return schema
