"""What an installation must be before it serves anybody: a mail server, private files, session limits, no public demo.

Web, worker and beat call `begin` and do not start otherwise; `manage.py check` names the same faults.
"""

import ipaddress
import smtplib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from programme.mail_catcher import CATCHER
from programme.private_files import close_folder, keep_to_ourselves, open_to_others

log = structlog.get_logger()

SMTP = "django.core.mail.backends.smtp.EmailBackend"
SECONDS_TO_GREET = 2
LONGEST_COOKIE_DAYS = 400  # browsers keep none longer


def begin() -> None:
    """Close the files of this installation, then refuse to start if its settings would harm somebody."""
    keep_to_ourselves()
    for folder in _folders():
        if opened := close_folder(folder):
            log.warning("files_closed", folder=str(folder), count=len(opened), first=str(opened[0]))
    if faults := [*check_settings(), *check_mail_server()]:
        raise ImproperlyConfigured("\n".join(f"{fault.id}: {fault.msg} {fault.hint}" for fault in faults))


def begin_or_exit(**_kwargs: Any) -> None:
    """`begin` as a receiver of Celery's signals, which log every other exception and go on."""
    try:
        begin()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error


def check_settings(**_kwargs: Any) -> list[CheckMessage]:
    """Faults that the settings alone show."""
    faults: list[CheckMessage] = []
    local, public_demo = _is_for_this_machine(), settings.DEMO and settings.PUBLIC_DEMO
    if not settings.EMAIL_HOST or (settings.EMAIL_BACKEND != SMTP and not local):
        example = "smtp://user:password@host:587/?tls=True"  # pragma: allowlist secret
        hint = f"Set EMAIL_URL to the address of a mail server: {example}"
        faults.append(Error("No mail server: nobody could sign in.", hint=hint, id="programme.E001"))
    if settings.CATCH_MAIL and not (local or public_demo):
        message = "The development mail catcher shows sign-in codes without a password; it is for this machine alone."
        hint = "Set EMAIL_URL to a real mail server, DEMO=0 and CATCH_MAIL=0."
        faults.append(Error(message, hint=hint, id="programme.E002"))
    if settings.MAILBOX_URL and not settings.CATCH_MAIL:
        message = "MAILBOX_URL is set, and this is no demo: nobody's mail may be readable on a page."
        faults.append(Error(message, hint="Leave MAILBOX_URL empty.", id="programme.E003"))
    if settings.DEMO and not (local or settings.PUBLIC_DEMO):
        message = "DEMO=1 on a public address: everybody could sign in as everybody."
        hint = "Set DEMO=0. If that is what you want, on an installation without a single real person: PUBLIC_DEMO=1."
        faults.append(Error(message, hint=hint, id="programme.E004"))
    return [*faults, *_session_faults()]


def _session_faults() -> list[CheckMessage]:
    bounds = {"SESSION_IDLE_DAYS": 90, "SESSION_ABSOLUTE_DAYS": LONGEST_COOKIE_DAYS, "SESSION_SHARED_HOURS": 24}
    beyond = [name for name, most in bounds.items() if not 1 <= getattr(settings, name) <= most]
    faults: list[CheckMessage] = [
        Error(f"{name}={getattr(settings, name)}.", hint=f"Choose 1 to {bounds[name]}.", id="programme.E007")
        for name in beyond
    ]
    if settings.SESSION_IDLE_DAYS > settings.SESSION_ABSOLUTE_DAYS:
        message = "SESSION_IDLE_DAYS is more than SESSION_ABSOLUTE_DAYS, so it would never end a session."
        faults.append(Error(message, hint="Lower it, or raise the other.", id="programme.E008"))
    return faults


def check_mail_server(**_kwargs: Any) -> list[CheckMessage]:
    """Asks the mail server who it is: the catcher greets with its name, whatever its address."""
    if settings.CATCH_MAIL or not settings.EMAIL_HOST or settings.EMAIL_USE_SSL:  # the catcher knows no TLS
        return []
    if CATCHER not in _greeting(settings.EMAIL_HOST, settings.EMAIL_PORT):
        return []
    message = "EMAIL_URL leads to the development mail catcher, which shows sign-in codes without a password."
    return [Error(message, hint="Set EMAIL_URL to a real mail server.", id="programme.E005")]


def check_private_files(**_kwargs: Any) -> list[CheckMessage]:
    """Every start closes files; here are those that it could not."""
    return [
        Error(
            f"{opened[0]} and {len(opened) - 1} more below {folder} are open to other users of this machine.",
            hint=f"chmod -R go= {folder}, as their owner.",
            id="programme.E006",
        )
        for folder in _folders()
        if (opened := list(open_to_others(folder)))
    ]


def _folders() -> list[Path]:
    return [Path(settings.DATA_DIR), Path(settings.FEEDBACK_KEYS_DIR)]


def _is_for_this_machine() -> bool:
    """True if the site answers to no name but this machine's own; a forgotten BASE_URL alone does not count."""
    return all(_is_loopback(name) for name in [urlsplit(settings.BASE_URL).hostname or "", *settings.ALLOWED_HOSTS])


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _greeting(host: str, port: int) -> str:
    """What that server says first; empty if it is not there, which is no reason not to start."""
    connection = smtplib.SMTP(timeout=SECONDS_TO_GREET)
    try:
        _, said = connection.connect(host, port)
    except (OSError, smtplib.SMTPException):
        return ""
    finally:
        connection.close()
    return said.decode(errors="replace")
