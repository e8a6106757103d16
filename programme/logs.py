"""One line per event, with ids and codes. A processor drops anything that could hold private text."""

from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

PRIVATE = frozenset({"tried", "happened", "learned", "next", "line", "place", "cue", "response", "email", "to", "body"})


def drop_private(logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Remove fields whose names say that a person wrote them or can be found by them."""
    return {name: value for name, value in event.items() if name not in PRIVATE}


FOREIGN = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]
RENDERER = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        drop_private,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
