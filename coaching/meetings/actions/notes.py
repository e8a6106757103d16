"""The shared note of a talk: written by both, saved while they type. After an answer, how it read before is kept."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.meetings.policies import ensure_may_meet
from coaching.meetings.rules import MAX_NOTE_CHARACTERS
from coaching.models import NOTE, Session, SessionState, SessionText, SessionTextVersion
from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.arrivals import ensure_edition, was_overtaken
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import lock


def shared_text(session: Session, part: str = NOTE, author: Membership | None = None) -> SessionText:
    """The part both write, or that of one author, as it is saved by now; not saved yet, it has revision 0."""
    found = session.texts.filter(part=part, author=author).first()
    return found or SessionText(session=session, part=part, author=author, revision=0)


@transaction.atomic
def save_note(
    *,
    session: Session,
    text: str,
    by: Membership,
    now: datetime,
    part: str = NOTE,
    author: Membership | None = None,
    key: UUID | None = None,
    edition: int | None = None,
) -> SessionText:
    """Write one part both share, whole. The page has merged what the other wrote meanwhile.

    Words of the same form that arrive after newer ones change nothing. Once the leader has answered the talk, the
    words before are kept as a version.
    """
    ensure_may_meet(by, session.pairing)
    ensure_text("text", text, most=MAX_NOTE_CHARACTERS, is_required=False)
    ensure_edition(edition)
    lock(session)
    if session.state in (SessionState.CANCELLED, SessionState.MISSED):
        raise NotNow(_("This talk did not happen. Plan another one to write in."))
    note = shared_text(session, part, author)
    if key is not None and note.key == key and was_overtaken(edition, note.edition):
        return note
    is_other = note.text != text
    if is_other and note.pk and session.acknowledgements.exists():
        SessionTextVersion.objects.create(of=note, text=note.text, until=now)
        record(by=by, verb="changed note after answer", thing=session, now=now)
    note.text, note.key, note.edition = text, key, edition
    if is_other or note.pk is None:
        note.revision, note.saved_at = note.revision + 1, now
    note.save()
    return note


@transaction.atomic
def share_words(*, session: Session, words: str, by: Membership, now: datetime) -> SessionText:
    """Copy chosen words of one's own to the end of the shared note. The note they come from stays as it is.

    Words that stand there last are there already: the same form came twice.
    """
    ensure_may_meet(by, session.pairing)
    ensure_text("words", words, most=MAX_NOTE_CHARACTERS)
    lock(session)
    note, words = shared_text(session), words.strip()
    if f"\n\n{note.text.rstrip()}".endswith(f"\n\n{words}"):
        return note
    text = "\n\n".join(each for each in (note.text.rstrip(), words) if each)
    if len(text) > MAX_NOTE_CHARACTERS:
        raise Invalid("words", _("The shared note has no room for this. Shorten one of the two."))
    return save_note(session=session, text=text, by=by, now=now)
