"""Sessions in the database that end there, too, at their idle or absolute limit: the cookie alone proves nothing.

Django finds `SessionStore` by its name, and so do sessions from before: the name is part of what they are signed with.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from cohorts.access.limits import SignIn

NOTED_EVERY = timedelta(hours=1)


class SessionStore(db.SessionStore):
    expires_at: datetime | None = None  # as the database says
    is_gone = False  # the cookie names a session that has ended

    def load(self) -> dict[str, Any]:
        key, row = self.session_key, self._get_session_from_db()  # type: ignore[attr-defined]
        data: dict[str, Any] = self.decode(row.session_data) if row else {}
        sign_in = SignIn.of(data)
        if sign_in and timezone.now() >= sign_in.last_moment:
            self.delete(key)
            row = None
        if row is None:
            self._session_key, self.is_gone = None, True
            return {}
        self.expires_at = row.expire_date
        return data

    def get_expiry_date(self, **_kwargs: Any) -> datetime:
        now, sign_in = timezone.now(), SignIn.of(self)
        if sign_in:
            return sign_in.ends_at(now)
        if SESSION_KEY in self:  # signed in before there were limits
            return now + timedelta(days=settings.SESSION_IDLE_DAYS)
        return now + timedelta(seconds=settings.SESSION_COOKIE_AGE)

    def get_expiry_age(self, **_kwargs: Any) -> int:
        """The cookie lives until the absolute limit, so that use need not renew it."""
        sign_in = SignIn.of(self)
        until = sign_in.last_moment if sign_in else self.get_expiry_date()
        return max(0, int((until - timezone.now()).total_seconds()))

    def get_expire_at_browser_close(self) -> bool:
        sign_in = SignIn.of(self)
        return sign_in is not None and sign_in.is_shared

    def note_use(self, now: datetime) -> None:
        """Move the idle limit, at most once an hour, by a statement that touches nothing else of the session."""
        if self.expires_at is None or (sign_in := SignIn.of(self)) is None:
            return
        if abs(sign_in.ends_at(now) - self.expires_at) >= NOTED_EVERY:
            mine = self.model.objects.filter(session_key=self.session_key, expire_date__gt=now)
            mine.update(expire_date=sign_in.ends_at(now))


class Sessions(SessionMiddleware):
    """Django's, which notes use. It leaves the cookie of a session that is gone: another tab may have a new one."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session: Any = request.session
        if session.is_gone and session.is_empty():
            patch_vary_headers(response, ("Cookie",))
            return response
        if response.status_code < 500 and not session.modified:
            session.note_use(timezone.now())
        return super().process_response(request, response)
