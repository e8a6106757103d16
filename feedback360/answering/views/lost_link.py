"""For raters whose link is lost or damaged: send it again, without saying whether the address is asked at all."""

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_ratelimit.decorators import ratelimit

from cohorts.web.forms import form_page, posted
from feedback360.answering.actions.lost_link import send_link_again
from feedback360.answering.forms.answers import AgainForm
from feedback360.answering.views.by_link import gone

ANSWER_SECONDS = 0.4  # longer than writing a mail takes: the time of the answer does not tell whether one was written


@ratelimit(key="ip", rate="10/m", method="POST")
@ratelimit(key="post:email", rate="3/h", method="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """The same page for everybody, after the same time."""
    began = time.monotonic()
    form = AgainForm(posted(request))

    def save() -> HttpResponse:
        send_link_again(email=form.cleaned_data["email"], now=timezone.now())
        time.sleep(max(0.0, began + ANSWER_SECONDS - time.monotonic()))
        return redirect(f"{request.path}?sent=1")

    response = form_page(request, form, save, "feedback360/answering/again.html", {"sent": "sent" in request.GET})
    response["Cache-Control"] = "no-store"
    return response


def damaged(request: HttpRequest) -> HttpResponse:
    """An address that was cut off or changed on its way."""
    return gone(request, "damaged")
