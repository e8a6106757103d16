"""`python -m programme.local.mailbox`: the mail catcher and its page, until a signal ends them."""

import argparse
import asyncio
import logging
import signal
import sys
import threading
from pathlib import Path

from programme.local.mailbox.page import PageServer
from programme.local.mailbox.smtp import serve
from programme.local.mailbox.store import MailStore
from programme.private_files import keep_to_ourselves


def main() -> int:
    keep_to_ourselves()
    parser = argparse.ArgumentParser(prog="python -m programme.local.mailbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, default=2525)
    parser.add_argument("--page-port", type=int, default=8025)
    parser.add_argument("--folder", type=Path, default=Path(".data/mail"))
    options = parser.parse_args()
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd logs every command
    try:
        asyncio.run(_serve(options))
    except OSError as error:
        print(f"The mail catcher cannot listen on {options.smtp_port} and {options.page_port}: {error.strerror}.")
        return 1
    return 0


async def _serve(options: argparse.Namespace) -> None:
    store, ended = MailStore(options.folder), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    page = PageServer(store, options.host, options.page_port)
    async with await serve(store, options.host, options.smtp_port):
        threading.Thread(target=page.serve_forever, daemon=True).start()  # an answer says that mail is taken, too
        print(
            f"Mail to {options.host}:{options.smtp_port} is readable at http://{options.host}:{options.page_port}/",
            flush=True,
        )
        await ended.wait()
    page.server_close()


if __name__ == "__main__":
    sys.exit(main())
