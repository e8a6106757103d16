"""The SMTP server. Accepts everything: pipelined, 8-bit, UTF-8 addresses."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from programme.local.mailbox.store import MailStore
from programme.mail_catcher import CATCHER

MAX_MAIL_BYTES = 20 * 1024 * 1024  # bytes


class Catcher:
    """Handlers that aiosmtpd calls by name."""

    def __init__(self, store: MailStore) -> None:
        self.store = store

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer PIPELINING: commands are read line by line anyway."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        number = self.store.add(envelope.content, sender=envelope.mail_from or "", recipients=envelope.rcpt_tos)
        return f"250 2.0.0 Kept as {number}"


async def serve(store: MailStore, host: str, port: int) -> asyncio.Server:
    """Start listening. The host name is passed because looking it up can take seconds."""

    def connection() -> SMTP:
        return SMTP(
            Catcher(store), hostname="localhost", ident=CATCHER, data_size_limit=MAX_MAIL_BYTES, enable_SMTPUTF8=True
        )

    return await asyncio.get_running_loop().create_server(connection, host, port, backlog=512)
