"""The boxes of a talk's template: who writes in each, what is in them, and when each of the two may see it.

Where a template says *the leader first*, the other's boxes stay closed to the leader, and shared ones to both, until
the leader has written how they see it, or skipped that: a view of one's own is no reaction to another's.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coaching.models import Pairing, Session, SessionText
from coaching.talk_templates.content import LEADER, PARTNER, SHARED, Box, Talk
from coaching.talk_templates.files import template
from cohorts.models import Membership


@dataclass(frozen=True)
class FilledBox:
    """One box as one of the two meets it. Texts they may not read yet are not in it."""

    box: Box
    text: SessionText | None
    may_write: bool
    waits: str  # why the reader cannot write or read here yet

    @property
    def words(self) -> str:
        return self.text.text if self.text else ""

    @property
    def revision(self) -> int:
        return self.text.revision if self.text else 0


def talk_of(session: Session) -> Talk | None:
    """The template of this talk in the language of the page, in the version it was planned with."""
    found = template(session.template, session.template_version)
    return found.in_language(get_language() or "en") if found else None


def author_of(box: Box, pairing: Pairing) -> Membership | None:
    """Who alone writes in a box; nobody for one that both write."""
    return {LEADER: pairing.leader, PARTNER: pairing.partner, SHARED: None}[box.whose]


def leader_is_in(talk: Talk, pairing: Pairing, texts: Iterable[SessionText]) -> bool:
    """Whether each of the leader's own boxes is written or skipped. A row without words is a skipped one."""
    written = {text.part for text in texts if text.author_id == pairing.leader_id}
    return all(box.key in written for box in talk.boxes if box.whose == LEADER)


def may_write_box(box: Box, pairing: Pairing, member: Membership, *, is_in: bool) -> bool:
    """Its own writer; in a shared one both. The partner may draft before the leader is in, and is not read yet."""
    if box.whose == SHARED:
        return is_in or not box.leader_first
    author = author_of(box, pairing)
    return author is not None and author.pk == member.pk


def may_read_box(box: Box, pairing: Pairing, member: Membership, *, is_in: bool) -> bool:
    """The writer at once; the other, too, unless it waits for the leader."""
    author = author_of(box, pairing)
    is_own = author is not None and author.pk == member.pk
    return is_own or is_in or not box.leader_first


def filled_boxes(
    session: Session, member: Membership, texts: Iterable[SessionText] | None = None
) -> tuple[FilledBox, ...]:
    """The boxes of a talk as this member may see them: one query, or none for `texts` that were read already."""
    talk = talk_of(session)
    if talk is None or not talk.boxes:
        return ()
    pairing = session.pairing
    texts = list(session.texts.all() if texts is None else texts)
    is_in = leader_is_in(talk, pairing, texts)
    by_part = {(text.part, text.author_id): text for text in texts}
    filled = []
    for box in talk.boxes:
        author = author_of(box, pairing)
        may_read = may_read_box(box, pairing, member, is_in=is_in)
        text = by_part.get((box.key, author.pk if author else None)) if may_read else None
        may_write = may_write_box(box, pairing, member, is_in=is_in)
        filled.append(FilledBox(box, text, may_write, _waits(box, pairing, member, is_in=is_in)))
    return tuple(filled)


def _waits(box: Box, pairing: Pairing, member: Membership, *, is_in: bool) -> str:
    """The sentence of a box that waits for the leader, from the same rule that closes it."""
    if is_in or not box.leader_first:
        return ""
    name = {"name": pairing.leader.first_name}
    if member.pk == pairing.leader_id:
        return _("Opens when you have written how you see it, or skipped that.")
    if may_write_box(box, pairing, member, is_in=is_in):
        return _("%(name)s reads this when they have written how they see it, or skipped that.") % name
    return _("Opens when %(name)s has written how they see it, or skipped that.") % name
