"""What the raters of a round answered, as tallies for `visibility`. The only reader of answers after close.

Three queries for any number of leaders: answers grouped in the database, spreads, comments.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from cohorts.tenancy.wall import current_organisation_id
from feedback360.models.answers import Comment, ScaleStatistic
from feedback360.visibility import inputs

# One row per leader, group and item, so that a value nobody gave costs nothing to send.
TALLIES = """
SELECT subject_id, "group", item,
    count(*) FILTER (WHERE value = 1), count(*) FILTER (WHERE value = 2), count(*) FILTER (WHERE value = 3),
    count(*) FILTER (WHERE value = 4), count(*) FILTER (WHERE value = 5)
FROM feedback360_answer WHERE organisation_id = %s AND subject_id = ANY(%s)
GROUP BY subject_id, "group", item
"""

Tallies = Mapping[str, Mapping[str, inputs.Tally]]
Spreads = Mapping[str, Mapping[str, inputs.Spread]]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What was answered about one leader: by group and item, by group and scale, and in words."""

    tallies: Tallies = field(default_factory=dict)
    spreads: Spreads = field(default_factory=dict)
    comments: Sequence[inputs.Comment] = ()


def aggregates_of(subject_ids: Sequence[int]) -> dict[int, Aggregate]:
    """By subject; every subject asked for is in it."""
    tallies, spreads, comments = tallies_of(subject_ids), spreads_of(subject_ids), _comments_of(subject_ids)
    return {key: Aggregate(tallies.get(key, {}), spreads.get(key, {}), comments.get(key, ())) for key in subject_ids}


def tallies_of(subject_ids: Sequence[int]) -> dict[int, dict[str, dict[str, inputs.Tally]]]:
    """Subject -> group -> item -> how many gave 1, 2, 3, 4, 5."""
    found: dict[int, dict[str, dict[str, inputs.Tally]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(TALLIES, [current_organisation_id(), list(subject_ids)])
        for subject_id, group, item, *tally in cursor.fetchall():
            found.setdefault(subject_id, {}).setdefault(group, {})[item] = tuple(tally)
    return found


def spreads_of(subject_ids: Sequence[int]) -> dict[int, dict[str, dict[str, inputs.Spread]]]:
    """Subject -> group -> scale -> spread of the raters' own means."""
    found: dict[int, dict[str, dict[str, inputs.Spread]]] = {}
    rows = ScaleStatistic.objects.filter(subject__in=subject_ids)
    for subject_id, group, scale, raters, variance in rows.values_list(
        "subject_id", "group", "scale", "raters", "variance"
    ):
        found.setdefault(subject_id, {}).setdefault(group, {})[scale] = inputs.Spread(raters, variance)
    return found


def _comments_of(subject_ids: Sequence[int]) -> Mapping[int, list[inputs.Comment]]:
    """In the shuffled order that was stored at close."""
    found: dict[int, list[inputs.Comment]] = defaultdict(list)
    for subject_id, comment in _stored_comments(subject_ids):
        found[subject_id].append(comment)
    return found


def _stored_comments(subject_ids: Sequence[int]) -> Iterator[tuple[int, inputs.Comment]]:
    rows = Comment.objects.filter(subject__in=subject_ids).order_by("subject", "question", "place")
    for subject_id, question, group, text in rows.values_list("subject_id", "question", "group", "text"):
        yield subject_id, inputs.Comment(question, group, text)
