"""The invitation page, in the language of its mail. Opening it changes nothing; signing in accepts it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe
from django_ratelimit.decorators import ratelimit

from cohorts.models import Organisation
from cohorts.people.actions.invitations import find_invitation, is_only_expired
from cohorts.people.invitation_mail import main_role
from cohorts.tenancy.wall import within
from cohorts.web.dead_links import Reason, dead_link
from cohorts.web.language import page_language, remember_language

WHY_DEAD = {
    None: Reason.DAMAGED,
    True: Reason.INVITATION_EXPIRED,
    False: Reason.INVITATION_WITHDRAWN,
}


@ratelimit(key="ip", rate="60/m")
@require_safe
def invitation(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        return dead_link(request, Reason.DAMAGED)
    with within(organisation):
        found = find_invitation(token=token, now=organisation.now(timezone.now()))
        if found is None:
            return dead_link(request, WHY_DEAD[is_only_expired(token=token)])
        context = {
            "house": organisation,
            "organisation_name": organisation.name,
            "role": main_role(found.membership.roles),
            "name": found.membership.first_name,
            "email": found.membership.person.email,
        }
        theirs = found.membership.person.language
    # No stricter Referrer-Policy than the site's: without an origin, the form that follows would be refused.
    language = page_language() if settings.LANGUAGE_COOKIE_NAME in request.COOKIES else theirs
    with translation.override(language):
        response = render(request, "front/invitation.html", context)
    remember_language(response, language)  # the sign-in pages that follow know nobody yet
    return response
