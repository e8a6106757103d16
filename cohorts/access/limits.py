"""How long somebody stays signed in on a device: their own until it goes unused for weeks, a shared one for a shift."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.conf import settings

KEY = "sign_in"


@dataclass(frozen=True, slots=True)
class SignIn:
    """When a session began, and on what kind of device."""

    at: datetime
    is_shared: bool

    @classmethod
    def of(cls, data: Any) -> Self | None:
        """The sign-in that this session remembers; None when nobody is signed in, or since before there were limits."""
        if KEY not in data:
            return None
        at, is_shared = data[KEY]
        return cls(datetime.fromtimestamp(at, UTC), is_shared)

    def remembered(self) -> dict[str, Any]:
        return {KEY: [self.at.timestamp(), self.is_shared]}

    @property
    def last_moment(self) -> datetime:
        """The absolute limit, however much the session is used."""
        if self.is_shared:
            return self.at + timedelta(hours=settings.SESSION_SHARED_HOURS)
        return self.at + timedelta(days=settings.SESSION_ABSOLUTE_DAYS)

    def ends_at(self, now: datetime) -> datetime:
        """When a session ends that is used now and then never again."""
        if self.is_shared:
            return self.last_moment
        return min(self.last_moment, now + timedelta(days=settings.SESSION_IDLE_DAYS))
