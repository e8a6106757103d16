"""The tree: what an objective may stand below, at most five levels, and never below itself.

Two moves at once could make a circle that neither of them sees. So each takes the organisation's lock before it looks,
and looks with one recursive query in the same transaction.
"""

from django.db import connection
from django.utils.translation import gettext as _

from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.refusals import Invalid
from goals.models import Objective, ObjectiveState, Place

MAX_LEVELS = 5
# What may stand above each, besides the same place.
ABOVE = {
    Place.ORGANISATION: (Place.ORGANISATION,),
    Place.DEPARTMENT: (Place.ORGANISATION, Place.DEPARTMENT),
    Place.TEAM: (Place.ORGANISATION, Place.DEPARTMENT, Place.TEAM),
}
ENDED = (ObjectiveState.DONE, ObjectiveState.LET_GO)

LINE = """
WITH RECURSIVE above AS (
    SELECT id, parent_id, 1 AS level FROM goals_objective WHERE organisation_id = %(organisation)s AND id = %(parent)s
    UNION ALL
    SELECT next.id, next.parent_id, above.level + 1
    FROM above JOIN goals_objective AS next
        ON next.organisation_id = %(organisation)s AND next.id = above.parent_id
) CYCLE id SET is_repeat USING way, below AS (
    SELECT id, 1 AS level FROM goals_objective WHERE organisation_id = %(organisation)s AND id = %(moved)s
    UNION ALL
    SELECT next.id, below.level + 1
    FROM below JOIN goals_objective AS next
        ON next.organisation_id = %(organisation)s AND next.parent_id = below.id
) CYCLE id SET is_repeat USING way
SELECT coalesce(bool_or(id = %(moved)s), false), coalesce(max(level), 0),
    greatest((SELECT max(level) FROM below), 1)
FROM above
"""


def take_tree_turns() -> None:
    """The next change of the tree waits here until this transaction ends. Taken before any row of it is held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(91, %s)", [current_organisation_id() % 2**31])


def ensure_parent(parent: Objective, *, place: str, team_id: int | None, moved: Objective | None = None) -> None:
    """Refuse a parent of the wrong kind, a circle, or a sixth level. Call `take_tree_turns` before.

    `moved` is the objective that moves, with everything below it; a new one has none.
    """
    parent.refresh_from_db(fields=["state", "parent"])
    if parent.place not in ABOVE[Place(place)] or (parent.place == Place.TEAM and parent.team_id != team_id):
        raise Invalid("parent", _("Choose an objective of the organisation, of a department or of this team."))
    is_moved = moved is None or moved.parent_id != parent.pk
    if is_moved and (parent.state in ENDED or parent.state == ObjectiveState.DRAFT):
        raise Invalid("parent", _("Choose an objective that is under way."))
    with connection.cursor() as cursor:
        cursor.execute(
            LINE,
            {
                "organisation": current_organisation_id(),
                "parent": parent.pk,
                "moved": moved.pk if moved else None,
            },
        )
        is_below_itself, above, height = cursor.fetchone()
    if is_below_itself:
        raise Invalid("parent", _("That one is below this objective: the line would run in a circle."))
    if above + height > MAX_LEVELS:
        raise Invalid("parent", _("The line would have more than five levels. Choose one that is higher up."))
