"""A member's own notes about a session: the only module that reads or writes them.

PostgreSQL shows a note only while its author is the open member (`as_member`), so nothing else, a job, an export, an
admin or the operator's commands, has a way to read one.
"""

from datetime import datetime
from uuid import UUID

from coaching.meetings.policies import ensure_of
from coaching.meetings.rules import MAX_NOTE_CHARACTERS
from coaching.models import Session
from coaching.models.private_note import PrivateNote
from cohorts.models import Membership
from cohorts.tenancy.wall import as_member
from cohorts.web.arrivals import ensure_edition, was_overtaken
from cohorts.web.bounds import ensure_text
from cohorts.web.revisions import lock


def own_note(session: Session, member: Membership) -> PrivateNote:
    """The member's own note about this session; one that is not saved yet has revision 0."""
    with as_member(member):
        found = PrivateNote.objects.filter(session=session).first()
    return found or PrivateNote(session=session, author=member, revision=0)


def keep_own_note(
    *,
    session: Session,
    text: str,
    by: Membership,
    now: datetime,
    key: UUID | None = None,
    edition: int | None = None,
) -> PrivateNote:
    """Write the member's own note, whole. Words of the same form older than those saved (`edition`) change nothing.

    One of the two writes, also when their 1:1s have ended. Leaves no line in the audit trail: that somebody wrote
    about somebody is theirs to know.
    """
    ensure_of(by, session.pairing)
    ensure_text("text", text, most=MAX_NOTE_CHARACTERS, is_required=False)
    ensure_edition(edition)
    lock(session)  # the first words of two pages would both be the first
    with as_member(by):
        found = PrivateNote.objects.filter(session=session).first()
        note = found or PrivateNote(session=session, author=by, revision=0)
        if key is not None and note.key == key and was_overtaken(edition, note.edition):
            return note
        if note.text != text or note.pk is None:
            note.text, note.saved_at, note.revision = text, now, note.revision + 1
        note.key, note.edition = key, edition
        note.save()
        return note


def hand_over_notes(*, before: Membership, after: Membership) -> None:
    """Move the notes of a merged member to the one that stays, except where that one has a note of the same 1:1."""
    with as_member(before):
        notes = list(PrivateNote.objects.all())
    with as_member(after):
        own = set(PrivateNote.objects.values_list("session_id", flat=True))
        for note in notes:
            if note.session_id not in own:
                said = {"text": note.text, "saved_at": note.saved_at, "revision": note.revision}
                PrivateNote.objects.create(session_id=note.session_id, author=after, **said)
    with as_member(before):
        PrivateNote.objects.filter(pk__in=[note.pk for note in notes if note.session_id not in own]).delete()
