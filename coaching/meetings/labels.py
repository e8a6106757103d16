"""Who reads a box, and the sentence under it: both from one function, so that the sentence cannot promise too much."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from coaching.models import Pairing
from cohorts.models import Membership


class Box(StrEnum):
    """A box of the meeting page, by who can ever read it."""

    SHARED = "shared"
    PRIVATE = "private"


@dataclass(frozen=True)
class Readers:
    """Who reads what is typed into this box, by key, and how to say it to its writer: `who` in bold, then `rest`."""

    members: frozenset[int]
    who: str
    rest: str

    @property
    def is_shared(self) -> bool:
        return len(self.members) > 1

    @property
    def sentence(self) -> str:
        return f"{self.who} {self.rest}"


def readers_of(box: Box, pairing: Pairing, writer: Membership) -> Readers:
    """The readers of a box. `writer` is one of the two."""
    other = other_of(pairing, writer)
    name = {"name": other.first_name}
    if box == Box.SHARED:
        return Readers(
            frozenset({writer.pk, other.pk}),
            _("You and %(name)s") % name,
            _("read this. Admins can’t."),
        )
    return Readers(
        frozenset({writer.pk}),
        _("Only you read this here."),
        _(
            "Not %(name)s, not admins, and those who run Embed90 have no page for it. It is about %(name)s, who may by "
            "law ask the organisation for a copy."
        )
        % name,
    )


def may_read(box: Box, pairing: Pairing, writer: Membership, reader: Membership) -> bool:
    return reader.pk in readers_of(box, pairing, writer).members


def other_of(pairing: Pairing, member: Membership) -> Membership:
    """The other of the two."""
    return pairing.partner if member.pk == pairing.leader_id else pairing.leader
