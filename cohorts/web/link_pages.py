"""Pages behind a link, for people without an account: how often they may post, and that nobody keeps the page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt  # noqa: TID251
from django.views.decorators.http import require_http_methods
from django_ratelimit.decorators import ratelimit

LinkView = Callable[..., HttpResponse]


def opened_by_link(view: LinkView) -> LinkView:
    """`view` for somebody with a link of ours, whose token stands second in the address, such as `/r/<token>/…`.

    CSRF-exempt: a page without a referrer posts `Origin: null`. The signed link authenticates, for its own page alone.
    """
    limited = ratelimit(key=per_link, rate="120/m", method="POST")(require_http_methods(["GET", "HEAD", "POST"])(view))
    # A whole contact centre may answer at nine from one IP address.
    return csrf_exempt(ratelimit(key="ip", rate="3000/m", method="POST")(limited))


def per_link(_group: str, request: HttpRequest) -> str:
    return request.path_info.split("/")[2]


def quiet(response: HttpResponse) -> HttpResponse:
    """No proxy or browser keeps it, and the next site does not learn the link."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
