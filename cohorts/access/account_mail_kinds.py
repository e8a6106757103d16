"""The kinds of account mail. The templates of one are `emails/account/<template>.subject`, `.txt` and `.html`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Kind:
    """`lasts`: how long it is worth sending."""

    template: str
    lasts: timedelta
    is_sent: bool = True


KINDS: Mapping[str, Kind] = {
    "login_code": Kind("login_code", lasts=timedelta(minutes=10)),
    "proof_code": Kind("proof_code", lasts=timedelta(minutes=10)),
    "factor_added": Kind("factor_added", lasts=timedelta(days=1)),
    "factor_removed": Kind("factor_removed", lasts=timedelta(days=1)),
    "new_device": Kind("new_device", lasts=timedelta(days=1)),
    "recovery_asked": Kind("recovery_asked", lasts=timedelta(days=1)),
    "recovery_stopped": Kind("recovery_stopped", lasts=timedelta(days=1)),
    "recovery_done": Kind("recovery_done", lasts=timedelta(days=1)),
    "address_asked": Kind("address_asked", lasts=timedelta(days=1)),
    "address_stopped": Kind("address_stopped", lasts=timedelta(days=1)),
    "address_done": Kind("address_done", lasts=timedelta(days=1)),
    # For an address that nobody has: written like a code, so that the work is the same, and then dropped.
    "nothing": Kind("login_code", lasts=timedelta(minutes=10), is_sent=False),
}
