"""A member's calendar feed, at the front door: the signed address is all a calendar service has."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from django_ratelimit.decorators import ratelimit

from coaching.calendars.choices import choice_of
from coaching.calendars.feed import entries_of, feed_content, fingerprint
from coaching.calendars.feed_links import FeedLink, read_feed
from cohorts.mail.signed_links import BadLink
from cohorts.models import Membership, Organisation
from cohorts.tenancy.wall import within


def per_link(group: str, request: HttpRequest) -> str:
    return request.path_info


@ratelimit(key=per_link, rate="30/m")
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The feed, or a bare 404 that tells nothing: not even whether it ever was one."""
    try:
        link = read_feed(token)
    except BadLink:
        return HttpResponse(status=404)
    organisation = Organisation.objects.filter(pk=link.organisation_id).first()
    if organisation is None:
        return HttpResponse(status=404)
    with within(organisation):
        member = _reader(link)
        if member is None:
            return HttpResponse(status=404)
        now = organisation.now(timezone.now())
        with translation.override(member.person.language):
            entries = entries_of(member, organisation, now=now)
            content = feed_content(entries, organisation, now=now)
    etag = f'"{fingerprint(entries)}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Content-Disposition"] = 'inline; filename="embed90.ics"'
    response["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=etag, response=response) or response


def _reader(link: FeedLink) -> Membership | None:
    member = Membership.objects.active().select_related("person").filter(pk=link.member_id).first()
    if member is None or not member.person.is_active:
        return None
    choice = choice_of(member)
    return member if choice.feed_on and choice.feed_version == link.version else None
