"""A damaged token is refused or means what it meant: it never opens something else and never fails."""

import random
import string
import struct
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.test import override_settings

from cohorts.mail import signed_links
from cohorts.mail.signed_links import BadLink, MailLink, digest_token, nudge_token, read_digest, read_nudge

ON = date(2026, 3, 13)
LINK = MailLink(organisation_id=3, subject_id=1_234_567, on=ON, version=1)
CHARACTERS = f"{string.ascii_letters}{string.digits}-_.=:%+/ \n\0éİ٣\ud800"


@pytest.fixture
def token() -> str:
    return nudge_token(3, 1_234_567, ON, 1)


@pytest.fixture
def fresh_signers() -> Iterator[None]:
    signed_links._signer.cache_clear()
    yield
    signed_links._signer.cache_clear()


def mutated(token: str, chance: random.Random) -> str:
    """The token as it might come back: cut, re-cased, doubled, with characters changed, lost, added or swapped."""
    start, end = sorted(chance.randrange(len(token) + 1) for _ in range(2))
    other = "".join(chance.choice(CHARACTERS) for _ in range(chance.randint(1, 4)))
    return chance.choice(
        [
            token[:end],
            token[start:],
            token[:start] + token[end:],
            token[:start] + other + token[start:],
            token[:start] + other + token[start + len(other) :],
            token[:start] + token[start:end].swapcase() + token[end:],
            token[:start] + token[start:end][::-1] + token[end:],
            token[end:] + token[:end],
            token.lower(),
            token.upper(),
            token + token,
        ]
    )


def test_no_mutated_token_opens_anything_or_fails(token: str) -> None:
    chance = random.Random(7)
    opened = 0
    for _ in range(20_000):
        damaged = mutated(token, chance)
        for read in (read_nudge, read_digest):
            try:
                found = read(damaged)
            except BadLink:
                continue
            assert (found, read) == (LINK, read_nudge), damaged
            opened += 1

    assert opened < 4_000  # those whose change changed nothing


@pytest.mark.parametrize("damage", [str.lower, str.upper, str.swapcase, str.title])
def test_a_recased_token_is_refused(token: str, damage) -> None:
    with pytest.raises(BadLink):
        read_nudge(damage(token))


def test_an_impossible_date_without_signature_is_refused() -> None:
    packed = struct.pack(">cIQIH", b"n", 1, 1, 2**31, 1) + bytes(16)
    for forged in (urlsafe_b64encode(packed).decode(), f"1-1-{2**31}-1.{'A' * 43}", f"1-1-{2**31}-1"):
        with pytest.raises(BadLink):
            read_nudge(forged)


def test_a_link_of_version_0_2_is_refused() -> None:
    with pytest.raises(BadLink):
        read_nudge("bgAAAAwAAAAAAA9CQAALSmsAAXRP1NsR7Nk2UU6jDjsl6ek")  # pragma: allowlist secret


def test_a_token_returns_what_was_signed(token: str) -> None:
    assert read_nudge(token) == LINK
    assert read_digest(digest_token(3, 1_234_567, ON, 1)) == LINK


def test_a_token_stays_short() -> None:
    assert len(nudge_token(999, 9_999_999, ON, 9)) <= 64


@pytest.mark.usefixtures("fresh_signers")
def test_links_survive_a_new_secret_key(token: str) -> None:
    old, new = settings.SECRET_KEY, "another key of at least fifty characters, made for this test"
    signed_links._signer.cache_clear()
    with override_settings(SECRET_KEY=new), pytest.raises(BadLink):
        read_nudge(token)

    signed_links._signer.cache_clear()
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[old]):
        assert read_nudge(token) == LINK
