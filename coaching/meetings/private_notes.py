"""A member's own notes about a session: the only module that reads or writes them.

PostgreSQL shows a note only while its author is the open member (`as_member`), so nothing else, a job, an export, an
admin or the operator's commands, has a way to read one.
"""

from datetime import datetime

from coaching.models import Session
from coaching.models.private_note import PrivateNote
from cohorts.models import Membership
from cohorts.tenancy.wall import as_member

MAX_CHARACTERS = 10_000


def own_note(session: Session, member: Membership) -> PrivateNote | None:
    """The member's own note about this session, or None."""
    with as_member(member):
        return PrivateNote.objects.filter(session=session).first()


def keep_own_note(
    *, session: Session, text: str, by: Membership, now: datetime, edition: int | None = None
) -> PrivateNote:
    """Write the member's own note, whole. Words older than those saved (`edition`) change nothing.

    The caller has asked whether `by` belongs to the session. Leaves no line in the audit trail: that somebody wrote
    about somebody is theirs to know.
    """
    with as_member(by):
        note = PrivateNote.objects.select_for_update().filter(session=session).first()
        if note is None:
            note = PrivateNote(session=session, author=by)
        elif edition is not None and note.edition is not None and edition < note.edition:
            return note
        note.text, note.edition, note.saved_at = text, edition, now
        note.save()
        return note
