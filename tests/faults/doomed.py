"""One turn of the engine in a process that kills itself at a named point, as a power cut would.

python -m tests.faults.doomed POINT ORGANISATION
"""

import os
import signal
import sys
from importlib import import_module
from typing import Any
from unittest.mock import patch

import django

POINTS = {
    "claimed": "cohorts.mail.outbox.delivery.post",  # F2: the mails are ours, none is on its way
    "accepted": "cohorts.mail.outbox.delivery.write_outcomes",  # F3: the server took them, nothing is stored
    "committed": "programme.tasks.deliver.delay",  # F10: nudges are written, no worker has heard of them
}


def main(point: str, organisation_id: int) -> None:
    django.setup()
    tasks, delivery = import_module("programme.tasks"), import_module("cohorts.mail.outbox.delivery")
    original = delivery.write_outcomes

    def die(*arguments: Any, **named: Any) -> None:
        if point == "accepted" and not arguments[1]:  # before the first batch there are no outcomes
            original(*arguments, **named)
        else:
            os.kill(os.getpid(), signal.SIGKILL)

    with patch(POINTS[point], die):
        if point == "committed":
            tasks.tick()
        else:
            tasks.deliver([organisation_id])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
