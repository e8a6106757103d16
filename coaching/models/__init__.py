"""Tables of coaching. Private notes are not exported: a contract says who imports `coaching.models.private_note`."""

from coaching.models import private_note as private_note  # registers its table
from coaching.models.action import Action, ActionState
from coaching.models.hosting import (
    Host,
    HostBlackout,
    HostFormat,
    HostingOffer,
    HouseRules,
    OfferState,
    QuestionState,
    TalkQuestion,
    TalkVote,
    Visit,
    VisitState,
)
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
from coaching.models.spoken import SpokenLanguage

__all__ = [
    "NOTE",
    "Acknowledgement",
    "Action",
    "ActionState",
    "AgendaItem",
    "Cadence",
    "Host",
    "HostBlackout",
    "HostFormat",
    "HostingOffer",
    "HouseRules",
    "Invited",
    "ItemState",
    "OfferState",
    "Pairing",
    "PairingKind",
    "PairingState",
    "QuestionState",
    "Session",
    "SessionKind",
    "SessionState",
    "SessionText",
    "SessionTextVersion",
    "SpokenLanguage",
    "TalkQuestion",
    "TalkVote",
    "Visit",
    "VisitState",
]
