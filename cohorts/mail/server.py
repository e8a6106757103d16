"""The mail server of this installation, who mails come from, and this process's connection."""

from email.utils import parseaddr
from functools import lru_cache
from threading import get_ident

from django.conf import settings

from cohorts.mail.compiled import Mailbox
from cohorts.mail.smtp import Pipeline, Server


def server() -> Server:
    """Where mail goes, from EMAIL_URL."""
    return Server(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        username=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        use_tls=settings.EMAIL_USE_TLS,
        use_ssl=settings.EMAIL_USE_SSL,
        timeout=settings.SMTP_TIMEOUT,
    )


def sender() -> Mailbox:
    """Who mails come from, from MAIL_FROM."""
    name, address = parseaddr(settings.MAIL_FROM)
    return Mailbox(address, name)


def pipeline() -> "Pipeline[int]":
    """This thread's connection to the mail server, kept between batches; opened at first use, so after the fork."""
    return kept(get_ident())


@lru_cache(maxsize=64)
def kept(thread: int) -> "Pipeline[int]":
    return Pipeline(server(), recycle_after=settings.SMTP_MESSAGES_PER_CONNECTION)


def message_id(kind: str, key: int) -> str:
    """The same for every attempt at one mail, so that a mail program recognises a second copy. Without brackets."""
    return f"{kind}-{key}@{settings.MAIL_DOMAIN}"
