"""The leader's answer to a held talk: acknowledged, which is not the same as agreed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.meetings.policies import ensure_leader, ensure_of
from coaching.meetings.rules import MAX_WORDS_CHARACTERS
from coaching.models import Acknowledgement, Session, SessionState
from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.bounds import ensure_choice, ensure_text
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock


@transaction.atomic
def answer_session(*, session: Session, saw_it_so: bool, words: str, by: Membership, now: datetime) -> Acknowledgement:
    """Say whether it was so. Another answer later stands beside the first; the same one again changes nothing."""
    ensure_of(by, session.pairing)
    ensure_leader(by, session.pairing)
    ensure_choice("saw_it_so", saw_it_so, {True, False})
    ensure_text("words", words, most=MAX_WORDS_CHARACTERS, is_required=False)
    lock(session)
    if session.state != SessionState.HELD:
        raise NotNow(_("You can answer a talk once it is closed."))
    newest = session.acknowledgements.last()
    if newest is not None and (newest.saw_it_so, newest.words) == (saw_it_so, words.strip()):
        return newest
    answer = Acknowledgement.objects.create(session=session, saw_it_so=saw_it_so, words=words.strip(), at=now)
    record(by=by, verb="answered session", thing=session, now=now)
    return answer
