"""The page of the search. It needs no JavaScript: what was asked stands in the address."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from programme.search.finding import asked_of, find


@allow(Permission.SEARCH)
@require_safe
def search(request: MemberRequest) -> HttpResponse:
    asked = asked_of(request.GET.get("q", ""))
    groups = find(asked, by=request.membership, language=page_language())
    context = {"asked": asked, "groups": groups, "count": sum(len(group.hits) for group in groups)}
    return render(request, "programme/search.html", context)
