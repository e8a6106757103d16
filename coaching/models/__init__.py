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
from coaching.models.sponsoring import ActKind, Ask, Moment, Obstacle, ProtectedTime, SponsorAct, SupportAnswer

__all__ = [
    "NOTE",
    "Acknowledgement",
    "ActKind",
    "Action",
    "ActionState",
    "AgendaItem",
    "Ask",
    "Cadence",
    "Host",
    "HostBlackout",
    "HostFormat",
    "HostingOffer",
    "HouseRules",
    "Invited",
    "ItemState",
    "Moment",
    "Obstacle",
    "OfferState",
    "Pairing",
    "PairingKind",
    "PairingState",
    "ProtectedTime",
    "QuestionState",
    "Session",
    "SessionKind",
    "SessionState",
    "SessionText",
    "SessionTextVersion",
    "SpokenLanguage",
    "SponsorAct",
    "SupportAnswer",
    "TalkQuestion",
    "TalkVote",
    "Visit",
    "VisitState",
]
