"""`Idempotency-Key`: a POST that is sent again within a day gets the first answer. Another request with it: 409.

The answer is stored in the transaction of the change, so that there is never one without the other. Two at the same
moment take turns: the second one waits at the unique key, and gets 409 after ten seconds of that. What was refused
is not stored, since nothing was done.

An answer may be what somebody wrote for themselves. It is sealed with the secret of the key that asked, which comes
with each request and is stored nowhere: decision 56.
"""

import hmac
import json
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import OperationalError, connection
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable
from rest_framework.response import Response

from cohorts.models import ApiReply
from cohorts.web.api.errors import SentTwice, UnderWay
from cohorts.web.refusals import Invalid

HEADER = "Idempotency-Key"
MAX_CHARACTERS = 200
KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("ETag", "Location")
PATIENCE = timedelta(seconds=10)  # for the same request under way
NONCE_BYTES = 12


class Repeated(Exception):
    """This request was answered before."""

    def __init__(self, response: Response) -> None:
        self.response = response


class Turn:
    """One request with its key, which nobody else makes meanwhile; `remember` stores what it is answered."""

    def __init__(self, reply: ApiReply, secret: str) -> None:
        self._reply, self._secret = reply, secret

    def remember(self, response: Response) -> None:
        """Store the answer, as it is sent."""
        body = json.loads(response.rendered_content) if response.data is not None else None
        headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
        nonce = token_bytes(NONCE_BYTES)
        said = json.dumps([headers, body]).encode()
        self._reply.status = response.status_code
        self._reply.sealed = nonce + self._cipher().encrypt(nonce, said, None)
        self._reply.save(update_fields=["status", "sealed"])

    def first_answer(self) -> Response:
        sealed = bytes(self._reply.sealed)
        headers, body = json.loads(self._cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None))
        return Response(body, status=self._reply.status, headers={**headers, "Idempotent-Replay": "true"})

    def _cipher(self) -> AESGCM:
        return AESGCM(_derived(self._secret, b"reply", self._reply.token.encode()))


def take_turn(request: Any) -> Turn | None:
    """This request's turn; None without the header.

    Raises Repeated with the stored answer, SentTwice, UnderWay, and Invalid for a malformed key.
    """
    token = request.headers.get(HEADER)
    if token is None:
        return None
    if not (0 < len(token) <= MAX_CHARACTERS and token.isascii() and token.isprintable()):
        raise Invalid(HEADER, _("Between 1 and 200 printable ASCII characters."))
    key, secret, now = request.api_key, request.key_secret, request.now
    digest = _derived(secret, request.method.encode(), request.get_full_path().encode(), request.body).hex()
    theirs = ApiReply.objects.filter(api_key=key, token=token)
    _wait_for(PATIENCE)
    try:
        theirs.filter(created_at__lte=now - KEPT_FOR).delete()
        row = ApiReply(api_key=key, token=token, digest=digest, created_at=now)
        ApiReply.objects.bulk_create([row], ignore_conflicts=True)
        reply: ApiReply = theirs.select_for_update().get()
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise UnderWay(_("The same request is being carried out. Send it again in a moment.")) from None
        raise
    _wait_for(None)
    if reply.digest != digest:
        raise SentTwice(_("This key was used for another request. Take a new one for each request."))
    turn = Turn(reply, secret)
    if reply.status:
        raise Repeated(turn.first_answer())
    return turn


def forget_replies(*, now: datetime) -> int:
    """Erase answers older than a day. Returns how many."""
    return int(ApiReply.objects.filter(created_at__lte=now - KEPT_FOR).delete()[0])


def _wait_for(patience: timedelta | None) -> None:
    """Set how long statements of this transaction wait for locks; None restores the default."""
    said = f"'{round(patience.total_seconds() * 1000)}ms'" if patience else "DEFAULT"
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout TO {said}")


def _derived(secret: str, *parts: bytes) -> bytes:
    return hmac.new(secret.encode(), b"\0".join(parts), sha256).digest()
