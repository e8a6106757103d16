"""The API for people: a way in, its description (OpenAPI 3.1), and a page to try it on. For every member."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.tenancy.addresses import absolute, inside
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission, may
from programme.developers.description import described
from programme.developers.examples import examples_for
from programme.developers.promises import promises


@allow(Permission.READ_PROGRAMME)
@require_safe
def api_page(request: MemberRequest) -> HttpResponse:
    base = _address(request)
    context = {
        "base": base,
        "examples": examples_for(base),
        "promises": promises(),
        "may_make_keys": may(request.membership, Permission.OWN),
    }
    return render(request, "programme/developers/api.html", context)


@allow(Permission.READ_PROGRAMME)
@require_safe
def api_description(request: MemberRequest) -> HttpResponse:
    return JsonResponse(described(server=_address(request)))


@allow(Permission.READ_PROGRAMME)
@require_safe
def api_browser(request: MemberRequest) -> HttpResponse:
    return render(request, "programme/developers/browser.html")


def _address(request: MemberRequest) -> str:
    return absolute(f"{inside(request.organisation.slug, 'api_page')}v1")
