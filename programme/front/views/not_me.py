"""*This was not me*: the link in a mail about a factor or a device. GET asks, POST does it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from cohorts.mail.signed_links import BadLink
from cohorts.models import Person
from cohorts.people.sign_in_notices import ExpiredLink, disown, read_not_me
from cohorts.web.dead_links import Reason, dead_link
from cohorts.web.link_pages import opened_by_link, quiet


@opened_by_link
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    try:
        notice = read_not_me(token, timezone.now())
        person = Person.objects.get(pk=notice.person_id)
    except ExpiredLink:
        return dead_link(request, Reason.NOT_ME_EXPIRED)
    except (BadLink, Person.DoesNotExist):
        return dead_link(request, Reason.DAMAGED)
    if request.method == "POST":
        disown(notice, now=timezone.now())
    with translation.override(person.language):
        context = {"what": notice.what.value, "email": person.email, "is_done": request.method == "POST"}
        response = render(request, "front/not_me.html", context)
        response["Content-Language"] = person.language
    return quiet(response)
