"""Work done piece by piece: what fails in one is logged, and stops none of the others."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from billiard.exceptions import SoftTimeLimitExceeded

logger = structlog.get_logger(__name__)


@contextmanager
def logged(event: str, **ids: object) -> Iterator[None]:
    """Log what fails inside, with these ids, and go on after it.

    A worker's soft time limit is raised again and ends the task: after it, the hard limit kills the process.
    """
    try:
        yield
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        logger.exception(event, **ids)
