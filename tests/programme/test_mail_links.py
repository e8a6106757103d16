"""The links in mails: each does its one thing for its one person, on POST alone, and nothing can be made of it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from cohorts.enrolment.actions.enrolments import leave
from cohorts.mail.signed_links import BadLink, digest_token, nudge_token, read_digest, read_nudge
from cohorts.models import AuditEntry, Enrolment, Membership
from cohorts.tenancy.wall import within
from goals.models import Practice
from tests.cast import Cast
from tests.times import NOW, TODAY

pytestmark = pytest.mark.usefixtures("clock")
SAID = {"did_it": "yes", "went": "4"}


@pytest.fixture
def scanner() -> Client:
    """Nobody: no session, no cookie, and the checks of a browser's forms are on."""
    return Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)


@pytest.fixture
def token(cast: Cast) -> str:
    return nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, TODAY, 1)


def channels(cast: Cast) -> list[str]:
    with within(cast.acme):
        return Enrolment.objects.get(pk=cast.enrolment(cast.ada).pk).channels


def has_digest(cast: Cast) -> bool:
    with within(cast.acme):
        return Membership.objects.get(pk=cast.sol.pk).digest_on


def test_one_bit_changed_anywhere_opens_nothing(token: str) -> None:
    raw = bytearray(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    for at in range(len(raw)):
        raw[at] ^= 1
        with pytest.raises(BadLink):
            read_nudge(urlsafe_b64encode(bytes(raw)).decode())
        raw[at] ^= 1
    assert read_nudge(urlsafe_b64encode(bytes(raw)).decode()).on == TODAY


@pytest.mark.parametrize("cut", [0, 1, 27, 43, -1])
def test_a_cut_or_strange_token_is_no_error(token: str, cut: int, scanner: Client) -> None:
    for where in ("t", "u", "d"):
        for said in (token[:cut] or "x", "é" * 9, token + token, "%00"):
            assert scanner.get(f"/{where}/{said}/").status_code in (404, 410)


def test_a_nudge_link_stops_no_digest_and_a_digest_link_logs_nothing(cast: Cast, scanner: Client) -> None:
    """The keys are chosen to be the same number, so that only the scope tells them apart."""
    same = cast.enrolment(cast.ada).pk
    nudge, digest = nudge_token(cast.acme.pk, same, TODAY, 1), digest_token(cast.acme.pk, same, TODAY, 1)

    assert scanner.post(f"/d/{nudge}/").status_code == 404
    assert scanner.post(f"/u/{digest}/").status_code == 404
    assert scanner.post(f"/t/{digest}/", SAID).status_code == 410
    with pytest.raises(BadLink):
        read_digest(nudge)
    assert channels(cast) == ["app", "mail"]


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(method: str, token: str, cast: Cast, scanner: Client) -> None:
    digest = digest_token(cast.acme.pk, cast.sol.pk, TODAY, 1)
    for where in (f"/t/{token}/", f"/u/{token}/", f"/d/{digest}/", f"/u/{token}/?on=0", f"/t/{token}/?did_it=yes"):
        answer = getattr(scanner, method)(where)
        assert (answer.status_code, answer["Referrer-Policy"]) == (200, "no-referrer")

    assert (channels(cast), has_digest(cast)) == (["app", "mail"], True)
    with within(cast.acme):
        assert not Practice.objects.filter(enrolment=cast.enrolment(cast.ada), on=TODAY).exists()


def test_one_click_stops_and_the_page_takes_it_back(token: str, cast: Cast, scanner: Client) -> None:
    scanner.post(f"/u/{token}/", {"List-Unsubscribe": "One-Click"})
    assert channels(cast) == ["app"]

    scanner.post(f"/u/{token}/", {"on": "1"})
    assert channels(cast) == ["app", "mail"]


def test_the_same_click_ten_times_leaves_one_trace(token: str, cast: Cast, scanner: Client) -> None:
    digest = digest_token(cast.acme.pk, cast.sol.pk, TODAY, 1)
    for _ in range(10):
        scanner.post(f"/u/{token}/")
        scanner.post(f"/d/{digest}/")

    with within(cast.acme):
        off = AuditEntry.objects.filter(verb__in=["switched mail off", "switched digest off"])
        assert off.count() == 2


@pytest.mark.parametrize("ago", [-1, 4, 400])
def test_a_link_logs_its_own_days_only(ago: int, cast: Cast, scanner: Client) -> None:
    old = nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, TODAY - timedelta(days=ago), 1)

    assert scanner.post(f"/t/{old}/", SAID).status_code == 410


def test_an_old_link_still_stops_mails(cast: Cast, scanner: Client) -> None:
    old = nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, TODAY - timedelta(days=400), 1)

    scanner.post(f"/u/{old}/")

    assert channels(cast) == ["app"]


def test_a_raised_version_revokes_every_link(token: str, cast: Cast, scanner: Client) -> None:
    digest = digest_token(cast.acme.pk, cast.sol.pk, TODAY, 1)
    with within(cast.acme):
        Membership.objects.filter(pk__in=[cast.ada.pk, cast.sol.pk]).update(link_version=2)

    answers = [
        scanner.post(f"/{where}/{said}/", SAID).status_code
        for where, said in zip("tud", [token, token, digest], strict=True)
    ]

    assert answers == [410, 404, 404]


def test_a_leader_who_left_cannot_use_the_link(token: str, cast: Cast, scanner: Client) -> None:
    with within(cast.acme):
        leave(enrolment=cast.enrolment(cast.ada), on=TODAY, by=cast.hana, now=NOW)

    assert scanner.post(f"/t/{token}/", SAID).status_code == 410
    assert scanner.post(f"/u/{token}/").status_code == 404


def test_a_link_does_not_work_in_another_organisation(cast: Cast, scanner: Client) -> None:
    crossed = nudge_token(cast.zenith.pk, cast.enrolment(cast.ada).pk, TODAY, 1)

    assert scanner.post(f"/t/{crossed}/", SAID).status_code == 410
    assert channels(cast) == ["app", "mail"]


def test_a_link_shows_nothing_of_what_was_written(
    token: str, cast: Cast, scanner: Client, client_for: Callable
) -> None:
    """Forwarded, it may log the day; it reads no line, no place, and signs nobody in."""
    ada = client_for(cast.ada)
    ada.post(ada.url("practice_new"), {**SAID, "line": "acme bait line", "place": "acme bait place"})

    pages = [scanner.get(f"/t/{token}/"), scanner.post(f"/t/{token}/", {"did_it": "no"}), scanner.get(f"/u/{token}/")]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert not [page for page in pages if "acme bait line" in page.content.decode() + str(page.headers)]
    assert not [page for page in pages if "acme bait place" in page.content.decode()]
    assert "_auth_user_id" not in scanner.session
