"""One turn of an organisation's goals, by its clock.

Tasks and the demo both call `turn`. It is idempotent, and each thing it does is one transaction: what fails is logged
and stops nothing else, and a worker that dies leaves the rest to the next turn.
"""

from contextlib import AbstractContextManager
from datetime import datetime

from django.db.models import Model

from cohorts.failures import logged
from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from goals.leader_goals.actions.busy import begin_if_due
from goals.leader_goals.busy import waiting_to_begin
from goals.teams.actions.names import expire_names, teams_to_check


def turn(organisation: Organisation, *, now: datetime) -> None:
    """Begin the busy periods whose first day has come where a leader is, and erase names of teams whose last day has
    passed. Opens the organisation itself.
    """
    with within(organisation):
        waiting, teams = list(waiting_to_begin(now)), teams_to_check()
    for answer in waiting:
        with _alone("a busy period did not begin", organisation, answer), within(organisation):
            begin_if_due(answer=answer, now=now)
    for team in teams:
        with _alone("the names of a team did not expire", organisation, team), within(organisation):
            expire_names(team=team, now=now)


def _alone(event: str, organisation: Organisation, thing: Model) -> AbstractContextManager[None]:
    return logged(event, key=thing.pk, organisation_id=organisation.pk)
