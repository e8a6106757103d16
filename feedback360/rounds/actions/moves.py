"""Hold a round, and move it by the table of moves."""

from datetime import datetime

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.revisions import save_revision
from feedback360.models import Round
from feedback360.rounds.round_rules import ensure_move
from feedback360.rounds.transitions import By


def hold(round_id: int) -> Round:
    """The round as it is now, held until the transaction ends: who moves it next waits for this move."""
    rows = Round.objects.select_for_update(of=("self",), no_key=True).select_related("cohort", "questionnaire")
    return rows.get(pk=round_id)


def move(round_: Round, after: str, *, by: Membership | None, now: datetime) -> None:
    """Take a held round to this state. Without a member it is the clock. Raises NotNow for any other move."""
    ensure_move(round_, after, By.ADMIN if by else By.CLOCK)
    save_revision(round_, state=after)
    record(by=by, verb=f"moved a round to {after}", thing=round_, now=now, key=round_.key)
