"""One log line for each message that was dropped. It holds ids, sizes and counts, never a body."""

from collections.abc import Mapping
from itertools import count
from typing import Any

import structlog

logger = structlog.get_logger(__name__)

MAX_LOGGED = 100  # of an id or a name, which may be anything
_numbers = count(1)


def log_dropped(reason: str, *, queue: object, headers: object = None, error: BaseException | None = None) -> None:
    """`dropped` counts those of this process: a monitor alerts on the newest number."""
    ids = _ids(headers) if isinstance(headers, Mapping) else {}
    logger.error("message dropped", reason=reason, queue=_short(queue), dropped=next(_numbers), exc_info=error, **ids)


def _ids(headers: Mapping[str, Any]) -> dict[str, str]:
    return {f"message_{name}": _short(headers.get(name)) for name in ("id", "task") if headers.get(name) is not None}


def _short(value: object) -> str:
    return str(value)[:MAX_LOGGED] if isinstance(value, str | int) else type(value).__name__
