"""One turn of an organisation's goals, by its clock.

Tasks and the demo both call `turn`. It is idempotent, and each thing it does is one transaction: what fails is logged
and stops nothing else, and a worker that dies leaves the rest to the next turn.
"""

from datetime import datetime

import structlog

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from goals.leader_goals.actions.busy import begin_if_due
from goals.leader_goals.busy import waiting_to_begin

logger = structlog.get_logger(__name__)


def turn(organisation: Organisation, *, now: datetime) -> None:
    """Begin the busy periods whose first day has come where a leader is. Opens the organisation itself."""
    with within(organisation):
        waiting = list(waiting_to_begin(now))
    for answer in waiting:
        try:
            with within(organisation):
                begin_if_due(answer=answer, now=now)
        except Exception:
            logger.exception("a busy period did not begin", answer_id=answer.pk, organisation_id=organisation.pk)
