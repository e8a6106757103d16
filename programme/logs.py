"""Structured logs with ids and codes. Processors remove private text and tokens.

URLs keep their path but lose query strings and the tokens of mail and report links. Exceptions keep type and location
but lose their message, which may quote private text.
"""

import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import structlog

from cohorts.web.outages import outage_of

PRIVATE = frozenset({"tried", "happened", "learned", "next", "line", "place", "cue", "response", "email", "to", "body"})
TOKEN = re.compile(r"(?<=\s)(/[acdfklmnrtuACDFKLMNRTU]/|/invitation/[-\w]+/|/o/[-\w]+/reports/\d+/)[^\s?]+")
QUERY = re.compile(r"\?\S*")
PROJECT = Path(__file__).resolve().parent.parent


def drop_outages(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop django-structlog's line about a request that an outage failed: the page that answers it writes its own."""
    if event.get("event") == "request_failed" and outage_of(sys.exc_info()[1]):
        raise structlog.DropEvent
    return event


def drop_private(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Remove fields whose names mark private text or personal data."""
    return {name: value for name, value in event.items() if name not in PRIVATE}


def drop_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Remove tokens and query strings from URLs in a line."""
    for name in ("event", "request"):
        if name in event:
            event[name] = QUERY.sub("", TOKEN.sub(r"\1…", str(event[name])))
    return event


def tell_where(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace an exception by its types and locations, outermost call first."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    exception = found[1] if isinstance(found, tuple) else found
    if isinstance(exception, BaseException):
        event["exception"] = " < ".join(_told(exception))
    return event


def _told(exception: BaseException) -> Iterator[str]:
    frames = traceback.extract_tb(exception.__traceback__)
    yield " ".join([type(exception).__name__, *(f"{_short(each.filename)}:{each.lineno}" for each in frames)])
    earlier = exception.__cause__ or exception.__context__
    if earlier is not None:
        yield from _told(earlier)


def _short(file_name: str) -> str:
    return file_name.removeprefix(f"{PROJECT}/").rpartition("site-packages/")[2]


FOREIGN = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    drop_secrets,
    tell_where,
]
RENDERER = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)

structlog.configure(
    processors=[
        drop_outages,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        drop_private,
        drop_secrets,
        tell_where,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
