"""The links in mails: each does its one thing for its one person, on POST alone, and nothing can be made of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from cohorts.enrolment.actions.enrolments import leave
from cohorts.mail.signed_links import BadLink, digest_token, nudge_token, read_digest
from cohorts.models import AuditEntry, Enrolment, Membership, Person
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


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("where", ["t", "u", "d", "m", "n"])
def test_every_damaged_link_says_what_to_do(where: str, language: str, token: str, scanner: Client) -> None:
    heading, sign_in = {"en": ("This link does not work", "Sign in"), "nb": ("Denne lenka virker ikke", "Logg inn")}[
        language
    ]
    middle = len(token) // 2
    paths = [
        *(f"/{where}/{token[:cut]}/" for cut in range(1, len(token), 7)),
        *(f"/{where}/{damaged}/" for damaged in (token.lower(), token.upper(), token + token, "é" * 9, "%00", "%ff")),
        *(
            f"/{where}/{token[:middle]}{extra}{token[middle:]}/"
            for extra in ("=", "%3D", "%0D%0A", "%20", "/", "//", ".")
        ),
        *(f"/{where}/{token}{extra}/" for extra in (">", ")", ".", "%22", "/x", "%3Futm")),
        f"/{where}/",
        f"/{where}//{token}/",
        f"/{where.upper()}/{token}/",
    ]

    for path in paths:
        page = scanner.get(path, headers={"Accept-Language": language})
        assert page.status_code == 404, path
        assert heading in page.content.decode(), path
        assert sign_in in page.content.decode()
        assert 'href="/"' in page.content.decode()
        assert (page["Content-Language"], page["Referrer-Policy"]) == (language, "no-referrer")


@pytest.mark.parametrize("path", ["/invitation/acme/x/", "/invitation/ACME/x/", "/invitation/acme/", "/invitation/"])
def test_a_damaged_invitation_says_what_to_do(path: str, cast: Cast, scanner: Client) -> None:
    page = scanner.get(path)

    assert page.status_code == 404
    assert "You can also sign in" in page.content.decode()


def test_a_link_without_its_last_slash_still_opens(token: str, scanner: Client) -> None:
    for where in ("t", "u"):
        assert scanner.get(f"/{where}/{token}", follow=True).status_code == 200


@pytest.mark.parametrize("date", ["", "0001-01-01", "9999-12-31", "2026-02-30", "2026-03", "20260310&", "%00", "٢٠٢٦"])
def test_a_damaged_date_in_a_link_to_today_opens_a_day(date: str, cast: Cast, client_for: Callable) -> None:
    ada = client_for(cast.ada)

    assert ada.get(f"/o/acme/today/?on={date}").status_code == 200


def test_a_nudge_link_stops_no_digest_and_a_digest_link_logs_nothing(cast: Cast, scanner: Client) -> None:
    """The keys are chosen to be the same number, so that only the scope tells them apart."""
    same = cast.enrolment(cast.ada).pk
    nudge, digest = nudge_token(cast.acme.pk, same, TODAY, 1), digest_token(cast.acme.pk, same, TODAY, 1)

    assert scanner.post(f"/d/{nudge}/").status_code == 404
    assert scanner.post(f"/u/{digest}/").status_code == 404
    assert scanner.post(f"/t/{digest}/", SAID).status_code == 404
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

    assert answers == [410, 410, 410]


def test_a_leader_who_left_cannot_use_the_link(token: str, cast: Cast, scanner: Client) -> None:
    with within(cast.acme):
        leave(enrolment=cast.enrolment(cast.ada), on=TODAY, by=cast.hana, now=NOW)

    assert scanner.post(f"/t/{token}/", SAID).status_code == 410
    assert scanner.post(f"/u/{token}/").status_code == 410


def test_a_closed_link_speaks_its_readers_language(cast: Cast, scanner: Client) -> None:
    Person.objects.filter(pk__in=[cast.ada.person_id, cast.sol.person_id]).update(language="nb")
    enrolment, long_ago = cast.enrolment(cast.ada).pk, TODAY - timedelta(days=9)
    closed = {
        f"/t/{nudge_token(cast.acme.pk, enrolment, long_ago, 1)}/": "Denne lenka har gått ut",
        f"/t/{nudge_token(cast.acme.pk, enrolment, TODAY, 9)}/": "Denne lenka virker ikke",
        f"/u/{nudge_token(cast.acme.pk, enrolment, TODAY, 9)}/": "Denne lenka virker ikke",
        f"/d/{digest_token(cast.acme.pk, cast.sol.pk, TODAY, 9)}/": "Denne lenka virker ikke",
    }

    for path, heading in closed.items():
        page = scanner.get(path)
        assert (page.status_code, page["Content-Language"]) == (410, "nb")
        assert heading in page.content.decode()
        assert "Logg inn" in page.content.decode()


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
