"""Celery's consumer, which refuses a message before a process of the pool gets it, and survives every one."""

from collections.abc import Callable
from typing import Any

from celery.exceptions import InvalidTaskError
from celery.utils.log import get_logger
from celery.worker.consumer import Consumer as CeleryConsumer

from programme.broker.dropped import log_dropped
from programme.broker.transport import OF_THE_CONNECTION

logger = get_logger(__name__)


NEVER_ASKED_FOR = ("eta", "group")  # by our tasks


class Consumer(CeleryConsumer):
    def create_task_handler(self, *arguments: Any, **named: Any) -> Callable[[Any], None]:
        handle = super().create_task_handler(*arguments, **named)

        def on_task_received(message: Any) -> None:
            try:
                self._ensure_ours(message)
                handle(message)
            except InvalidTaskError as error:
                self._drop("invalid task", message, error)
            except OF_THE_CONNECTION:
                raise
            except Exception as error:
                self._drop("not a task", message, error)

        return on_task_received

    def on_unknown_message(self, body: object, message: Any) -> None:
        self._drop("not a task", message)

    def on_unknown_task(self, body: object, message: Any, exc: Exception) -> None:
        self._drop("unknown task", message)

    def on_invalid_task(self, body: object, message: Any, exc: Exception) -> None:
        self._drop("invalid task", message, exc)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        self._drop("not readable", message, exc)

    def _ensure_ours(self, message: Any) -> None:
        """Whether our own code can have sent it. Arguments are asked here, because Celery asks the sender only."""
        headers = message.headers
        if not isinstance(headers.get("id"), str) or not isinstance(headers.get("task"), str):
            raise InvalidTaskError
        if any(headers.get(name) is not None for name in NEVER_ASKED_FOR) or headers.get("retries") not in (None, 0):
            raise InvalidTaskError
        if not _are_limits(headers.get("timelimit")):
            raise InvalidTaskError
        task = self.app.tasks.get(headers["task"])
        if task is not None:
            arguments, named, _links = _parts(message.payload)
            try:
                task.__header__(*arguments, **named)  # type: ignore[attr-defined]  # no stub
            except TypeError as error:
                raise InvalidTaskError from error

    def _drop(self, reason: str, message: Any, error: Exception | None = None) -> None:
        queue = message.delivery_info.get("routing_key")
        log_dropped(reason, queue=queue, headers=message.headers, error=error)
        message.reject_log_error(logger, self.connection_errors)  # type: ignore[attr-defined]  # no stub


def _parts(payload: Any) -> tuple[list[Any], dict[str, Any], dict[str, Any]]:
    if not isinstance(payload, list) or [type(part) for part in payload] != [list, dict, dict]:
        raise InvalidTaskError
    return payload[0], payload[1], payload[2]


def _are_limits(value: Any) -> bool:
    """Hard and soft, in seconds. One that is no number would end the worker when it looks at its clock."""
    if value is None:
        return True
    return isinstance(value, list) and len(value) == 2 and all(each is None or type(each) is int for each in value)
