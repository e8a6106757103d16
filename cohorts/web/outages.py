"""When PostgreSQL, Valkey or the disk is away: which failures mean that, and which requests are tried once more."""

import errno
from collections.abc import Callable, Iterator
from enum import StrEnum

import psycopg
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import set_urlconf
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from redis.exceptions import RedisError

RETRY_AFTER_SECONDS = 15
SAFE = {"GET", "HEAD"}
SHUT_DOWN = {"57P01", "57P02", "57P03"}  # by its operator, by a crash, not ready yet
READ_ONLY = "25006"  # a standby
DISK_FULL = "53100"
NO_RESOURCES, SYSTEM_ERROR = "53", "58"
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


class Outage(StrEnum):
    """What is away."""

    CONNECTION = "connection"  # to the database, lost on the way: another one may work
    DATABASE = "database"
    VALKEY = "valkey"
    DISK = "disk"


class Unavailable(HttpResponse):
    """A 503 that remembers why."""

    status_code = 503

    def __init__(self, content: str, outage: Outage) -> None:
        super().__init__(content, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
        self.outage = outage
        self._has_been_logged = True  # by the view that made it, in one line; Django would write a traceback


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage that this exception, or one it came from, tells of."""
    return next((found for each in _chain(error) if (found := _told_by(each))), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _told_by(error: BaseException) -> Outage | None:
    if isinstance(error, psycopg.Error):
        return _of_database(error)
    if isinstance(error, RedisError):
        return Outage.VALKEY
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        return Outage.DISK
    return None


def _of_database(error: psycopg.Error) -> Outage | None:
    if isinstance(error, PoolTimeout | PoolClosed | TooManyRequests):
        return Outage.DATABASE
    state = error.sqlstate
    if state is None:  # not said by the server
        return Outage.CONNECTION if isinstance(error, psycopg.OperationalError) else None
    if state in SHUT_DOWN or state.startswith("08"):
        return Outage.CONNECTION
    if state == DISK_FULL:
        return Outage.DISK
    return Outage.DATABASE if state == READ_ONLY or state[:2] in {NO_RESOURCES, SYSTEM_ERROR} else None


def try_again(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer a request once more, from the start, when its connection to the database was lost and that is safe.

    Safe is what only reads, and a POST whose view had not begun: nothing of it had been done.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not (_has_lost_its_connection(response) and (request.method in SAFE or not hasattr(request, "view_began"))):
            return response
        close_old_connections()
        set_urlconf(settings.ROOT_URLCONF)
        return get_response(WSGIRequest(request.META))  # nothing that the first try left behind

    def process_view(request: HttpRequest, *given: object) -> None:
        request.view_began = True  # type: ignore[attr-defined]

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _has_lost_its_connection(response: HttpResponseBase) -> bool:
    return isinstance(response, Unavailable) and response.outage is Outage.CONNECTION
