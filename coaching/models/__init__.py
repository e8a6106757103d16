"""Tables of coaching. Private notes are not exported: a contract says who imports `coaching.models.private_note`."""

from coaching.models import private_note as private_note  # registers its table
from coaching.models.action import Action, ActionState
from coaching.models.invited import Invited
from coaching.models.pairing import Cadence, Pairing, PairingKind, PairingState
from coaching.models.session import (
    NOTE,
    Acknowledgement,
    AgendaItem,
    ItemState,
    Session,
    SessionKind,
    SessionState,
    SessionText,
    SessionTextVersion,
)

__all__ = [
    "NOTE",
    "Acknowledgement",
    "Action",
    "ActionState",
    "AgendaItem",
    "Cadence",
    "Invited",
    "ItemState",
    "Pairing",
    "PairingKind",
    "PairingState",
    "Session",
    "SessionKind",
    "SessionState",
    "SessionText",
    "SessionTextVersion",
]
