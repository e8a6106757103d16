"""The development mail catcher of one data directory, as a server among the others."""

import subprocess
import sys
import urllib.error
import urllib.request

from programme.local.data_directory import LOOPBACK, PROJECT, DataDirectory
from programme.local.errors import LocalError
from programme.local.processes import ORDERLY_STOP, end, launch, wait_for

SECONDS_TO_START = 30


class MailCatcher:
    """Stores every mail under `mail/` and shows them on a page."""

    def __init__(self, data: DataDirectory) -> None:
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "programme.local.mailbox", f"--folder={self.data.path / 'mail'}"]
        command += [f"--smtp-port={self.data.free_port('smtp', 2525)}"]
        command += [f"--page-port={self.data.free_port('mailbox', 8025)}"]
        with self.data.log("mailbox").open("ab") as output:
            self.process = launch(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=PROJECT, start_new_session=True
            )

    def wait_until_ready(self) -> None:
        for _ in range(3):  # another process may take the port between the check and the catcher's start
            wait_for(lambda: self._answers() or not self.is_running(), SECONDS_TO_START)
            if self.is_running() and self._answers():
                return
            self.stop()
            self.start()
        self.stop()
        raise LocalError(f"The mail catcher did not start. See {self.data.log('mailbox')}.")

    def stop(self) -> None:
        if self.process:
            end(self.process, ORDERLY_STOP)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def smtp_url(self) -> str:
        return f"smtp://{LOOPBACK}:{self.data.port('smtp')}"

    def page_url(self) -> str:
        return f"http://{LOOPBACK}:{self.data.port('mailbox')}/"

    def _answers(self) -> bool:
        """True when it is ours that answers, and not one of another folder that took the port first."""
        try:
            with urllib.request.urlopen(f"{self.page_url()}health", timeout=2) as answer:
                return self.process is not None and answer.read() == str(self.process.pid).encode()
        except (urllib.error.URLError, OSError):
            return False
