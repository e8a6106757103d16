"""Kombu's transport for Redis and Valkey, which lives through what it cannot parse."""

from queue import Empty
from typing import Any

from kombu.transport import redis as kombu_redis
from redis.exceptions import ConnectionError as BrokerLost
from redis.exceptions import RedisError

from programme.broker.dropped import log_dropped

MAX_BODY_BYTES = 1_000_000  # our largest message names fifty organisations: 1 kB
OF_THE_CONNECTION = (Empty, OSError, RedisError)  # says nothing about a message, and Celery knows what to do


class QoS(kombu_redis.QoS):
    def ack(self, delivery_tag: str) -> None:
        """A broker that is silent now does not take the worker's place for the next message with it.

        The message comes back after its visibility timeout and finds its work done. Otherwise a worker whose
        acknowledgement failed waits for ever, connected and idle.
        """
        try:
            super().ack(delivery_tag)
        except OF_THE_CONNECTION:
            self._quick_ack(delivery_tag)  # type: ignore[attr-defined]  # no stub
            raise

    def restore_by_tag(self, tag: str, *arguments: Any, **named: Any) -> None:
        """Put a message back that a dead worker left. A worker does this as it starts, too."""
        try:
            super().restore_by_tag(tag, *arguments, **named)
        except OF_THE_CONNECTION:
            raise
        except Exception as error:
            log_dropped("not restorable", queue=self.unacked_key, error=error)
            self._remove_from_indices(tag).execute()  # type: ignore[attr-defined]  # no stub


class Channel(kombu_redis.Channel):
    QoS = QoS

    def _connparams(self, *arguments: Any, **named: Any) -> dict[str, Any]:
        """A channel whose connection was given up knows no broker: kombu's AttributeError would end the worker.

        It happens as the broker is lost with a task under way, and again as that task is acknowledged.
        """
        if self.connection is None or self.connection.client is None:
            raise BrokerLost("this connection was given up")
        return super()._connparams(*arguments, **named)  # type: ignore[misc]  # no stub

    def _brpop_read(self, **options: Any) -> bool | None:
        """What is no JSON has left the queue already and stands in no other list: going on is dropping it."""
        try:
            return super()._brpop_read(**options)  # type: ignore[misc]  # no stub
        except OF_THE_CONNECTION:
            raise
        except Exception as error:  # a parser fails in many ways, and none may end the worker
            log_dropped("not readable", queue=",".join(self.active_queues), error=error)
            return True


class Transport(kombu_redis.Transport):
    Channel = Channel

    def _deliver(self, message: Any, queue: str | None) -> None:
        """One message, parsed, to its consumer: of a queue, or of the workers' remote control."""
        reason = reason_to_drop(message)
        headers = message.get("headers") if isinstance(message, dict) else None
        if reason is not None:
            log_dropped(reason, queue=queue, headers=headers)
            return
        try:
            super()._deliver(message, queue)
        except OF_THE_CONNECTION:
            raise
        except Exception as error:
            log_dropped("not deliverable", queue=queue, headers=headers, error=error)


def reason_to_drop(message: Any) -> str | None:
    """What is wrong with the envelope; kombu's own code needs these parts before it can refuse a message."""
    if not isinstance(message, dict):
        return "not an envelope"
    properties = message.get("properties")
    if not isinstance(properties, dict) or not isinstance(properties.get("delivery_info"), dict):
        return "no delivery information"
    if not isinstance(properties.get("delivery_tag"), str):
        return "no delivery tag"
    if not isinstance(message.get("headers") or {}, dict):
        return "headers are no mapping"
    if len(str(message.get("body") or "")) > MAX_BODY_BYTES:
        return "too long"
    return None
