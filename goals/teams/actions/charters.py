"""Save a team's charter."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from cohorts.models import Membership
from cohorts.web.revisions import Stale, lock, save_revision
from goals.models import Charter, Team
from goals.teams.policies import ensure_leads
from goals.teams.rules import CHARTER_TEXTS, charter_values


@transaction.atomic
def save_charter(
    *,
    team: Team,
    texts: Mapping[str, str],
    review_on: date | None,
    made_with: int | None,
    by: Membership,
    today: date,
    now: datetime,
    expected_revision: int | None = None,
) -> Charter:
    """Write the charter; before the first writing its revision is 0. Raises Stale and Invalid."""
    ensure_leads(by, team)
    values = charter_values(
        texts={name: texts.get(name, "") for name in CHARTER_TEXTS},
        review_on=review_on,
        made_with=made_with,
        today=today,
    )
    lock(team)
    charter = Charter.objects.filter(team=team).first()
    if expected_revision is not None and expected_revision != (charter.revision if charter else 0):
        raise Stale({name: getattr(charter, name, "") for name in values})
    if charter is None:
        return Charter.objects.create(team=team, saved_at=now, **values)
    if any(getattr(charter, name) != value for name, value in values.items()):
        save_revision(charter, saved_at=now, **values)
    return charter
