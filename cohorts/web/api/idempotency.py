"""`Idempotency-Key`: a POST that is sent again within a day gets the first answer. Another request with it: 409.

The answer is stored in the transaction of the change, so that there is never one without the other. Two at the same
moment take turns: the second one waits at the unique key. What was refused is not stored, since nothing was done.
"""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.response import Response

from cohorts.models import ApiKey, ApiReply
from cohorts.web.api.errors import SentTwice
from cohorts.web.refusals import Invalid

HEADER = "Idempotency-Key"
MAX_CHARACTERS = 200
KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("ETag", "Location")


class Repeated(Exception):
    """This request was answered before."""

    def __init__(self, response: Response) -> None:
        self.response = response


def take_turn(request: Any, *, key: ApiKey, now: datetime) -> ApiReply | None:
    """The row that will hold the answer; None without the header. Raises Repeated with the answer there is."""
    token = request.headers.get(HEADER)
    if token is None:
        return None
    if not (0 < len(token) <= MAX_CHARACTERS and token.isascii() and token.isprintable()):
        raise Invalid(HEADER, _("Between 1 and 200 printable ASCII characters."))
    digest = sha256(b"\0".join([request.method.encode(), request.get_full_path().encode(), request.body])).hexdigest()
    theirs = ApiReply.objects.filter(api_key=key, token=token)
    theirs.filter(created_at__lte=now - KEPT_FOR).delete()
    row = ApiReply(api_key=key, token=token, digest=digest, created_at=now)
    ApiReply.objects.bulk_create([row], ignore_conflicts=True)
    reply: ApiReply = theirs.select_for_update().get()
    if reply.digest != digest:
        raise SentTwice(_("This key was used for another request. Take a new one for each request."))
    if reply.status:
        raise Repeated(
            Response(reply.body, status=reply.status, headers={**reply.headers, "Idempotent-Replay": "true"})
        )
    return reply


def remember(reply: ApiReply, response: Response) -> None:
    """Store the answer, as it is sent."""
    reply.status, reply.body = response.status_code, _plain(response)
    reply.headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    reply.save(update_fields=["status", "headers", "body"])


def forget_replies(*, now: datetime) -> int:
    """Erase answers older than a day. Returns how many."""
    return int(ApiReply.objects.filter(created_at__lte=now - KEPT_FOR).delete()[0])


def _plain(response: Response) -> Any:
    return json.loads(response.rendered_content) if response.data is not None else None
