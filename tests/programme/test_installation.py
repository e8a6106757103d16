"""An installation for real people does not start with a mail catcher, without a mail server, or as a public demo."""

import os
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project_settings
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from programme import installation
from programme.mail_catcher import CATCHER
from tests.smtp_server import SmtpServer

SMTP = "django.core.mail.backends.smtp.EmailBackend"
PUBLIC = {"BASE_URL": "https://embed90.example", "ALLOWED_HOSTS": ["embed90.example", "127.0.0.1"]}
HERE = {"BASE_URL": "http://127.0.0.1:8090", "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"]}
REAL_MAIL = {"EMAIL_HOST": "smtp.embed90.example", "EMAIL_BACKEND": SMTP, "CATCH_MAIL": False, "MAILBOX_URL": ""}
NO_DEMO = {"DEMO": False, "PUBLIC_DEMO": False}
CAUGHT = {"CATCH_MAIL": True, "MAILBOX_URL": "http://127.0.0.1:8025/"}


@pytest.fixture
def with_settings(settings: Settings):
    """`with_settings(EMAIL_HOST="")`: a sound public installation with these differences; returns what is wrong."""

    def with_settings(**different: object) -> list[str]:
        for name, value in (PUBLIC | REAL_MAIL | NO_DEMO | different).items():
            setattr(settings, name, value)
        return [str(fault.id) for fault in installation.check_settings()]

    return with_settings


def test_a_sound_public_installation_has_no_faults(with_settings) -> None:
    assert with_settings() == []


def test_an_installation_without_a_mail_server_is_refused(with_settings) -> None:
    assert with_settings(EMAIL_HOST="") == ["programme.E001"]
    assert with_settings(**HERE, EMAIL_HOST="") == ["programme.E001"]


def test_mail_printed_to_the_log_is_no_mail_server(with_settings) -> None:
    console = "django.core.mail.backends.console.EmailBackend"

    assert with_settings(EMAIL_BACKEND=console) == ["programme.E001"]
    assert with_settings(**HERE, EMAIL_BACKEND=console) == []


def test_the_catcher_is_for_this_machine_only(with_settings) -> None:
    assert with_settings(**CAUGHT) == ["programme.E002"]
    assert with_settings(**HERE, **CAUGHT) == []


def test_a_forgotten_base_url_does_not_make_a_site_local(with_settings) -> None:
    """Strangers reach a site by a name it answers to, whatever stands in its mails."""
    assert with_settings(BASE_URL=HERE["BASE_URL"], **CAUGHT) == ["programme.E002"]
    assert with_settings(**HERE | {"ALLOWED_HOSTS": ["*"]}, **CAUGHT) == ["programme.E002"]


def test_a_mailbox_page_belongs_to_a_catcher(with_settings) -> None:
    assert with_settings(MAILBOX_URL="http://127.0.0.1:8025/") == ["programme.E003"]


def test_a_demo_on_a_public_address_must_be_meant(with_settings) -> None:
    assert with_settings(DEMO=True) == ["programme.E004"]
    assert with_settings(DEMO=True, **CAUGHT) == ["programme.E002", "programme.E004"]
    assert with_settings(DEMO=True, PUBLIC_DEMO=True, **CAUGHT) == []
    assert with_settings(PUBLIC_DEMO=True, **CAUGHT) == ["programme.E002"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("SESSION_IDLE_DAYS", 0), ("SESSION_IDLE_DAYS", 91), ("SESSION_ABSOLUTE_DAYS", 401), ("SESSION_SHARED_HOURS", 25)],
)
def test_session_limits_have_bounds(name: str, value: int, with_settings) -> None:
    assert with_settings(**{name: value}) == ["programme.E007"]


def test_an_idle_limit_beyond_the_absolute_one_is_refused(with_settings) -> None:
    assert with_settings(SESSION_IDLE_DAYS=31, SESSION_ABSOLUTE_DAYS=30) == ["programme.E008"]
    assert with_settings(SESSION_IDLE_DAYS=30, SESSION_ABSOLUTE_DAYS=30) == []


def test_the_catcher_is_recognised_whatever_its_address(settings: Settings) -> None:
    settings.CATCH_MAIL, settings.EMAIL_USE_SSL, settings.EMAIL_HOST = False, False, "127.0.0.1"
    settings.EMAIL_PORT = int(os.environ["EMAIL_URL"].rpartition(":")[2])  # the catcher of the test servers

    faults = installation.check_mail_server()

    assert [fault.id for fault in faults] == ["programme.E005"]


def test_other_mail_servers_and_silent_ones_are_accepted(settings: Settings) -> None:
    settings.CATCH_MAIL, settings.EMAIL_USE_SSL, settings.EMAIL_HOST = False, False, "127.0.0.1"
    with SmtpServer() as server:
        settings.EMAIL_PORT = server.port
        answered = installation.check_mail_server()
    gone = installation.check_mail_server()

    assert (answered, gone) == ([], [])


def test_the_catcher_greets_with_its_name() -> None:
    connection = smtplib.SMTP(timeout=5)
    _, greeting = connection.connect("127.0.0.1", int(os.environ["EMAIL_URL"].rpartition(":")[2]))
    connection.close()

    assert CATCHER in greeting.decode()


STARTS = {
    "web": ["-c", "import programme.wsgi"],
    "worker": ["-m", "celery", "--app=programme.celery", "worker", "--concurrency=1", "--queues=nobody"],
    "beat": ["-m", "celery", "--app=programme.beat", "beat", "--pidfile="],
    "manage": ["manage.py", "check"],
}


@pytest.mark.parametrize("name", STARTS)
def test_nothing_starts_with_the_catcher_on_a_public_address(name: str, tmp_path: Path) -> None:
    public = {"BASE_URL": PUBLIC["BASE_URL"], "ALLOWED_HOSTS": "embed90.example", "DEMO": "0", "CATCH_MAIL": "1"}
    environment = {**os.environ, **public, "DJANGO_SETTINGS_MODULE": "programme.settings", "DATA_DIR": str(tmp_path)}

    ended = subprocess.run(
        [sys.executable, *STARTS[name]],
        cwd=project_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode != 0
    assert "programme.E002" in ended.stderr


def test_beginning_closes_the_files_and_the_keys(settings: Settings, tmp_path: Path, with_settings) -> None:
    settings.DATA_DIR, settings.FEEDBACK_KEYS_DIR = tmp_path / "data", tmp_path / "keys"
    for folder in (settings.DATA_DIR, settings.FEEDBACK_KEYS_DIR):
        folder.mkdir()
        (folder / "file").touch()
        (folder / "file").chmod(0o644)
    assert [fault.id for fault in installation.check_private_files()] == ["programme.E006", "programme.E006"]
    assert with_settings(**HERE) == []
    before = os.umask(0)
    try:
        installation.begin()
        umask = os.umask(0)
    finally:
        os.umask(before)

    assert installation.check_private_files() == []
    assert umask == 0o077


def test_begin_refuses_and_says_what_to_do(with_settings) -> None:
    with_settings(EMAIL_HOST="")

    with pytest.raises(ImproperlyConfigured, match=r"programme\.E001: No mail server.*Set EMAIL_URL to"):
        installation.begin()
