"""Write in the boxes of a talk's template; the leader may skip their own."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from coaching.meetings.actions.notes import save_note
from coaching.meetings.boxes import author_of, leader_is_in, may_write_box, talk_of
from coaching.meetings.policies import ensure_leader, ensure_may_meet
from coaching.models import Session, SessionText
from coaching.talk_templates.content import LEADER, Box, Talk
from cohorts.models import Membership
from cohorts.web.bounds import ensure_text
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock


@transaction.atomic
def save_box(*, session: Session, part: str, text: str, by: Membership, now: datetime) -> SessionText:
    """Write one box, whole. A shared one that waits for the leader's own view is refused until that is in."""
    ensure_may_meet(by, session.pairing)
    talk, box = _box(session, part)
    ensure_text("text", text, most=box.most, is_required=False)
    lock(session)
    is_in = leader_is_in(talk, session.pairing, session.texts.all())
    if not may_write_box(box, session.pairing, by, is_in=is_in):
        name = {"name": session.pairing.leader.first_name}
        raise NotNow(_("This box waits for what %(name)s writes first.") % name)
    return save_note(session=session, text=text, by=by, now=now, part=part, author=author_of(box, session.pairing))


@transaction.atomic
def skip_own_view(*, session: Session, by: Membership, now: datetime) -> None:
    """The leader leaves their own boxes empty, which opens the others. What they wrote stays."""
    ensure_may_meet(by, session.pairing)
    ensure_leader(by, session.pairing)
    talk = talk_of(session)
    for box in talk.boxes if talk else ():
        if box.whose == LEADER and not session.texts.filter(part=box.key, author=by).exists():
            save_note(session=session, text="", by=by, now=now, part=box.key, author=by)


def _box(session: Session, part: str) -> tuple[Talk, Box]:
    talk = talk_of(session)
    box = next((each for each in talk.boxes if each.key == part), None) if talk else None
    if talk is None or box is None:
        raise Http404
    return talk, box
