"""How much one key may ask in a minute. Counted in the cache; without it nobody is refused."""

from typing import Any

from django_ratelimit.core import get_usage
from rest_framework.throttling import BaseThrottle

from cohorts.web.api.scopes import SAFE_METHODS

READS, WRITES = "600/m", "240/m"


class ByKeyThrottle(BaseThrottle):
    """Each key has a budget for reading and one for writing. The answer says what is left of it."""

    seconds: int | None = None

    def allow_request(self, request: Any, view: Any) -> bool:
        reads = request.method in SAFE_METHODS
        usage = get_usage(
            request._request,
            group="api:reads" if reads else "api:writes",
            key=lambda _group, asked: str(asked.api_key.pk),
            rate=READS if reads else WRITES,
            increment=True,
        )
        if usage is None:
            return True
        self.seconds = usage["time_left"]
        left = max(usage["limit"] - usage["count"], 0)
        view.headers["RateLimit"] = f"limit={usage['limit']}, remaining={left}, reset={self.seconds}"
        return not usage["should_limit"]

    def wait(self) -> float | None:
        return self.seconds
