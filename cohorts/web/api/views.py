"""What every endpoint starts from: a permission, a noun for its scopes, strict JSON, the refusals of the actions."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.urls import get_script_prefix, set_script_prefix, set_urlconf
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cohorts.models import ApiKey, Membership, Organisation
from cohorts.web.api.authentication import ByKey
from cohorts.web.api.idempotency import Repeated, Turn, take_turn
from cohorts.web.api.json_parser import StrictJsonParser
from cohorts.web.api.scopes import SAFE_METHODS, covers, in_present_words, scope_for, scopes_of
from cohorts.web.api.serializers import StrictSerializer, valid
from cohorts.web.api.throttles import ByKeyThrottle
from cohorts.web.permissions import Permission, may
from cohorts.web.refusals import Invalid, NotYours


class ApiRequest(Request):
    """Type of a request behind the door, with what `cohorts.web.api.door` and `entering` set."""

    organisation: Organisation
    membership: Membership
    api_key: ApiKey
    today: date
    now: datetime


class InScope(BasePermission):
    """The key was made for this noun and verb, and its member's role includes it. A kind of key has its own nouns."""

    def has_permission(self, request: Any, view: Any) -> bool:
        scope = scope_for(view.noun, request.method)
        offered = scopes_of(is_personal=request.api_key.kind == ApiKey.Kind.PERSONAL)
        if not covers({*in_present_words(request.api_key.scopes)} & {*offered}, scope):
            raise NotYours(_("This key was not made for %(scope)s.") % {"scope": scope})
        if not may(request.membership, view.permission):
            raise NotYours(_("Your role in this organisation does not include this."))
        return True


class ApiView(APIView):
    """An endpoint. It says its `permission`, as a page does with `allow`, and the `noun` of its scopes.

    Where nothing is to be said, `takes_body` is false, and a field that is sent all the same is refused by its name.
    """

    permission: ClassVar[Permission]
    noun: ClassVar[str]
    takes_body: ClassVar[bool] = True
    max_bytes: ClassVar[int | None] = None  # of a body; None: DATA_UPLOAD_MAX_MEMORY_SIZE, as for every form
    has_revision: ClassVar[bool] = False  # whether edits ask `expected_revision`, and say so with `IF_MATCH`

    authentication_classes = [ByKey]
    permission_classes = [InScope]
    throttle_classes = [ByKeyThrottle]
    renderer_classes = [JSONRenderer]
    parser_classes = [StrictJsonParser]
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    _turn: Turn | None = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        _lead_to_pages()
        super().initial(request, *args, **kwargs)
        if self.max_bytes is not None and int(request.META.get("CONTENT_LENGTH") or 0) > self.max_bytes:
            raise RequestDataTooBig  # before a byte of it is read
        if request.method == "POST":
            self._turn = take_turn(request)  # reads the body as it came, before anybody parses it
        if request.method == "DELETE" or (request.method == "POST" and not self.takes_body):
            valid(StrictSerializer, request.data)
        if not (self.has_revision or request.method in SAFE_METHODS) and request.headers.get("If-Match", "*") != "*":
            raise Invalid("If-Match", _("There is no revision to compare with here. Leave this header out."))

    def check_permissions(self, request: Any) -> None:
        """What is refused counts, too: the framework would count afterwards."""
        super().check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Any) -> None:
        """It was counted before."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Repeated):
            return exc.response
        self._turn = None
        return super().handle_exception(exc)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        if self._turn is not None:
            self._turn.remember(response)
        return response


def _lead_to_pages() -> None:
    """Let the addresses that actions write, in a mail for instance, be those of pages, as they are from a page."""
    set_urlconf(settings.ORGANISATION_URLCONF)
    set_script_prefix(get_script_prefix().removesuffix("api/v1/"))
