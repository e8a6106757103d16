"""Who of a team took part in an objective. Pure.

A member took part who said anything: seen, agreed, added, asked, objected. The newest thing counts for how they stand
now; a question or an objection asks until the leader marks it as talked about.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from goals.models import ObjectiveVoice, TeamMember, VoiceKind


class Stand(StrEnum):
    """How a member stands to an objective, as their chip shows it."""

    SEEN = "seen"
    ASKS = "asks"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Chip:
    """A member beside an objective."""

    name: str
    stand: Stand


@dataclass(frozen=True, slots=True)
class Involvement:
    """`took_part` of `of` members said something; `asks` wait for a word."""

    took_part: int
    of: int
    asks: int = 0

    @property
    def needed(self) -> int:
        """Half of the team: from there on an objective counts as made with it."""
        return (self.of + 1) // 2

    @property
    def is_enough(self) -> bool:
        return self.of > 0 and self.took_part >= self.needed


def stand_of(voice: ObjectiveVoice | None) -> Stand:
    """From the newest thing a member said; None when they said nothing."""
    if voice is None:
        return Stand.SILENT
    asks = voice.kind in (VoiceKind.QUESTION, VoiceKind.WRONG) and voice.answered_at is None
    return Stand.ASKS if asks else Stand.SEEN


def newest(voices: Iterable[ObjectiveVoice]) -> dict[int, ObjectiveVoice]:
    """By member, from voices in the order they came."""
    return {voice.member_id: voice for voice in voices}


def chips(members: Iterable[TeamMember], voices: Iterable[ObjectiveVoice]) -> list[Chip]:
    said = newest(voices)
    return [Chip(member.name, stand_of(said.get(member.pk))) for member in members]


def involvement(of: int, voices: Iterable[ObjectiveVoice]) -> Involvement:
    said = newest(voices)
    return Involvement(len(said), of, sum(stand_of(voice) == Stand.ASKS for voice in said.values()))
