"""The secret in an invitation's link. Only its hash is kept.

It is made from the invitation's key, so each attempt at the mail carries the same link: a second copy of a mail that
had arrived after all does not stop the link in the first. A new invitation has a new one.
"""

import hashlib
from base64 import urlsafe_b64encode

from django.utils.crypto import salted_hmac

SALT = "cohorts.people.invitation"


def invitation_token(organisation_id: int, invitation_id: int) -> str:
    signed = salted_hmac(SALT, f"{organisation_id}/{invitation_id}", algorithm="sha256").digest()
    return urlsafe_b64encode(signed).decode().rstrip("=")


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
