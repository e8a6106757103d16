"""The picture of an organisation's logo, for everybody who has its address: pages give it, raters' included."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from cohorts.logos.stored import image_of
from cohorts.models import Organisation
from cohorts.tenancy.wall import within

# The address contains the hash of the content. Not for shared caches: the answer may set the session's cookie.
FOR_LONG = "private, max-age=31536000, immutable"


def _etag(request: HttpRequest, slug: str, sha: str) -> str:
    return f'"{sha}"'


@require_safe
@condition(etag_func=_etag)
def logo(request: HttpRequest, slug: str, sha: str) -> HttpResponse:
    """Answers for another hash as for an unknown organisation."""
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        raise Http404
    with within(organisation):
        image = image_of(sha)
    if image is None:
        raise Http404
    return HttpResponse(image, content_type="image/png", headers={"Cache-Control": FOR_LONG})
