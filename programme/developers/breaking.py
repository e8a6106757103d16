"""Which changes of the API's description would break a program written for the old one. Pure.

Version 1 of the API only grows (CHANGELOG.md). Seen from a program: what it sends must still be taken, what it reads
must still be there and of the same kind. A new field in an answer, a new filter or a new endpoint breaks nothing.
"""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
AT_MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
AT_LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")


def breaking_changes(before: Json, after: Json) -> list[str]:
    """One line for each, beginning with method and path. Both are whole OpenAPI 3.1 documents."""
    return list(dict.fromkeys(_of_paths(before, after)))


def _of_paths(before: Json, after: Json) -> Iterator[str]:
    for path, item in before.get("paths", {}).items():
        for method in (each for each in METHODS if each in item):
            name, now = f"{method.upper()} {path}", after.get("paths", {}).get(path, {}).get(method)
            if now is None:
                yield f"{name}: is gone"
            else:
                yield from (f"{name}: {said}" for said in _of_operation(item[method], now, (before, after)))


def _of_operation(old: Json, new: Json, whole: tuple[Json, Json]) -> Iterator[str]:
    yield from _of_parameters(_parameters(old), _parameters(new), whole)
    if "requestBody" in new:
        is_new = "requestBody" not in old
        if new["requestBody"].get("required") and (is_new or not old["requestBody"].get("required")):
            yield "a body is required"
        if not is_new:
            yield from _of_content(old["requestBody"], new["requestBody"], whole, is_sent=True)
    for status, answer in old.get("responses", {}).items():
        if not status.startswith("2"):
            continue
        if status not in new.get("responses", {}):
            yield f"never answers {status} any more"
        else:
            yield from _of_content(answer, new["responses"][status], whole, is_sent=False)


def _parameters(operation: Json) -> dict[tuple[str, str], Json]:
    return {(each["in"], each["name"]): each for each in operation.get("parameters", ())}


def _of_parameters(
    old: dict[tuple[str, str], Json], new: dict[tuple[str, str], Json], whole: tuple[Json, Json]
) -> Iterator[str]:
    for key, each in old.items():
        if key not in new:
            yield f"parameter {key[1]} is gone"
        else:
            place = f"parameter {key[1]}"
            yield from _of_schema(each.get("schema", {}), new[key].get("schema", {}), whole, place, is_sent=True)
    for key, each in new.items():
        if each.get("required") and not old.get(key, {}).get("required"):
            yield f"parameter {key[1]} is required"


def _of_content(old: Json, new: Json, whole: tuple[Json, Json], *, is_sent: bool) -> Iterator[str]:
    for kind, media in old.get("content", {}).items():
        if kind not in new.get("content", {}):
            yield f"{kind} is {'taken' if is_sent else 'answered'} no more"
        else:
            schemas = media.get("schema", {}), new["content"][kind].get("schema", {})
            yield from _of_schema(*schemas, whole, "", is_sent=is_sent)


def _of_schema(
    old: Json, new: Json, whole: tuple[Json, Json], place: str, *, is_sent: bool, seen: frozenset[str] = frozenset()
) -> Iterator[str]:
    references = _references(old)
    if references & seen:
        return
    seen |= references
    old, new = _resolved(old, whole[0]), _resolved(new, whole[1])
    what = place or ("the body" if is_sent else "the answer")
    yield from (f"{what} {said}" for said in _of_values(old, new, is_sent=is_sent))
    yield from _of_properties(old, new, whole, place, is_sent=is_sent, seen=seen)
    if "items" in old and "items" in new:
        yield from _of_schema(old["items"], new["items"], whole, f"{place}[]", is_sent=is_sent, seen=seen)


def _of_values(old: Json, new: Json, *, is_sent: bool) -> Iterator[str]:
    was, now = _types(old), _types(new)
    lost, gained = was - now, now - was
    if was and now and (lost if is_sent else gained) and not (is_sent and lost == {"integer"} and "number" in now):
        yield f"is {' or '.join(sorted(now))}, and was {' or '.join(sorted(was))}"
    if gone := [str(each) for each in _choices(old) if _choices(new) and each not in _choices(new)]:
        yield f"is never {', '.join(gone)} any more"
    if is_sent:
        yield from _of_bounds(old, new)


def _of_bounds(old: Json, new: Json) -> Iterator[str]:
    """What is sent is refused more often."""
    if _choices(new) and not _choices(old):
        yield "is one of a few values"
    for name in AT_MOST:
        if name in new and new[name] < old.get(name, float("inf")):
            yield f"has a {name} of {new[name]}"
    for name in AT_LEAST:
        if name in new and new[name] > old.get(name, float("-inf")):
            yield f"has a {name} of {new[name]}"
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        yield f"must look like {new['pattern']}"


def _of_properties(
    old: Json, new: Json, whole: tuple[Json, Json], place: str, *, is_sent: bool, seen: frozenset[str]
) -> Iterator[str]:
    if "properties" not in old:
        return
    there = new.get("properties", {})
    for name, inner in old["properties"].items():
        path = f"{place}.{name}".lstrip(".")
        if name not in there:
            yield f"{path} is gone"
        else:
            yield from _of_schema(inner, there[name], whole, path, is_sent=is_sent, seen=seen)
    was, now = {*old.get("required", ())}, {*new.get("required", ())}
    for name in sorted(now - was if is_sent else (was - now) & there.keys()):
        yield f"{place}.{name}".lstrip(".") + (" is required" if is_sent else " may be missing")


def _types(schema: Json) -> set[str]:
    said = schema.get("type", [])
    types = {said} if isinstance(said, str) else {*said}
    return types | ({"null"} if types and (schema.get("nullable") or None in schema.get("enum", ())) else set())


def _choices(schema: Json) -> list[Any]:
    return list(schema.get("enum", ()))


def _references(schema: Json) -> frozenset[str]:
    """Names this schema refers to, itself or through `oneOf`, `allOf` and `anyOf`."""
    several = schema.get("oneOf") or schema.get("allOf") or schema.get("anyOf") or ()
    return frozenset(each["$ref"] for each in (schema, *several) if "$ref" in each)


def _resolved(schema: Json, whole: Json) -> Json:
    """Follow references, and merge alternatives into one schema (`oneOf` with null, `allOf` of one)."""
    if "$ref" in schema:
        found: Any = whole
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found.get(part, {})
        return _resolved(found, whole)
    several = schema.get("oneOf") or schema.get("allOf") or schema.get("anyOf")
    if not several:
        return schema
    inner = [_resolved(each, whole) for each in several]
    merged: Json = {key: value for key, value in schema.items() if key not in ("oneOf", "allOf", "anyOf")}
    types: set[str] = set()
    choices: list[Any] = []
    for each in inner:
        merged = {**each, **merged}
        types |= _types(each)
        choices += _choices(each)
    return merged | ({"type": sorted(types)} if types else {}) | ({"enum": choices} if choices else {})
