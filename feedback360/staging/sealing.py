"""Seal one rater's answers about one leader under the round's key, and find them again by the request.

The database alone tells neither whose a sealed row is (`slot` is an HMAC) nor what it says (AES-256-GCM), nor, by its
length, how much was written. A row moved to another slot does not open.
"""

import hashlib
import hmac
import json
from secrets import token_bytes
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SMALLEST_BYTES = 4096  # all items and about a page of comments; longer texts double it
_NONCE_BYTES = 12


class Unreadable(Exception):
    """A sealed row that this key does not open: altered, moved to another slot, or sealed under another key."""


def slot_of(key: bytes, request_id: int) -> bytes:
    """Where the answers of this request lie."""
    return _derive(key, f"slot-{request_id}")


def seal(key: bytes, slot: bytes, content: dict[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    size = SMALLEST_BYTES
    while size < len(text):
        size *= 2
    nonce = token_bytes(_NONCE_BYTES)
    return nonce + _cipher(key).encrypt(nonce, text.ljust(size), slot)


def unseal(key: bytes, slot: bytes, sealed: bytes) -> dict[str, Any]:
    """What was sealed into this slot. Raises Unreadable."""
    try:
        text = _cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], slot)
    except (InvalidTag, ValueError) as problem:
        raise Unreadable from problem
    return json.loads(text)


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(_derive(key, "seal"))


def _derive(key: bytes, label: str) -> bytes:
    """One key for each use: labels never meet."""
    return hmac.new(key, label.encode(), hashlib.sha256).digest()
