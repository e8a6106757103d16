"""One turn of an organisation's coaching, by its clock.

Tasks and the demo both call `turn`. It is idempotent: every step looks at what is there and is one transaction, or as
many as it needs. A step that fails is logged and stops no other; a worker that dies leaves the rest to the next turn.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from coaching.calendars import clock
from coaching.meetings.actions.pairings import follow_sponsors, refresh_due
from coaching.mentors.turning import turn_mentors
from coaching.reminders.actions.daily import write_reminders
from coaching.sponsoring.actions.prompting import prompt_sponsors
from coaching.visiting.actions.turning import turn_visits
from cohorts.failures import logged
from cohorts.models import Organisation
from cohorts.tenancy.wall import within


def _follow_sponsors(organisation: Organisation, *, now: datetime) -> None:
    follow_sponsors(organisation=organisation, now=now)


def _refresh_due(organisation: Organisation, *, now: datetime) -> None:
    refresh_due()


# In this order: reminders need pairings and due dates that are true. Each is one transaction.
STEPS: tuple[Callable[..., None], ...] = (
    _follow_sponsors,
    turn_mentors,
    _refresh_due,
    write_reminders,
    prompt_sponsors,
)
# These open the organisation themselves, once for each thing they settle.
LONG_STEPS: tuple[Callable[..., None], ...] = (turn_visits,)


def turn(organisation: Organisation, *, now: datetime) -> None:
    """Do everything that is due at `now`. Opens the organisation itself."""
    with within(organisation):
        clock.stop()  # first, so that no call of `wake` from now on is lost
    for step in STEPS:
        with _alone(step, organisation), within(organisation):
            step(organisation, now=now)
    for step in LONG_STEPS:
        with _alone(step, organisation):
            step(organisation, now=now)


def _alone(step: Callable[..., None], organisation: Organisation) -> AbstractContextManager[None]:
    return logged("a step of coaching failed", step=step.__name__, organisation_id=organisation.pk)
