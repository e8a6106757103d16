"""Authentication for Django REST framework, which `door.py` has done before the endpoint is called."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from cohorts.models import ApiKey, Membership


class ByKey(BaseAuthentication):
    """The member a key acts for, and the key. Never the person of a session."""

    def authenticate(self, request: Request) -> tuple[Membership, ApiKey]:
        behind: Any = request._request
        if getattr(behind, "api_key", None) is None:
            raise NotAuthenticated
        return behind.membership, behind.api_key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
