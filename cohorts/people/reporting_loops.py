"""Loops in reporting lines: somebody who, followed from manager to manager, reports to themselves.

A loop is allowed, since HR lists have them: following the lines stops where it comes to a repeat, and an admin is told.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext as _

from cohorts.models import Enrolment, Membership

Key = TypeVar("Key", bound=Hashable)
PAIR = 2
MAX_NAMES = 4


def loops_in(lines: Mapping[Key, Collection[Key]]) -> list[tuple[Key, ...]]:
    """Loops that share nobody, from who each one reports to; at least one where there is any. Linear."""
    left = {who: set(above) for who, above in lines.items()}
    _drop_dead_ends(left)
    found: list[tuple[Key, ...]] = []
    walked: set[Key] = set()
    for start in left:
        path: dict[Key, None] = {}
        who = start
        while who not in walked:
            walked.add(who)
            path[who] = None
            who = min(left[who])  # type: ignore[type-var]  # the same loop each time
        if who in path:
            names = list(path)
            found.append(tuple(names[names.index(who) :]))
    return found


def loop_sentence(names: Sequence[str]) -> str:
    """A loop in words, for an admin."""
    if len(names) == PAIR:
        return _("%(first)s and %(second)s report to each other.") % {"first": names[0], "second": names[1]}
    shown = " → ".join([*names[:MAX_NAMES], "…"] if len(names) > MAX_NAMES else [*names, names[0]])
    return _("These reporting lines go round in a circle: %(names)s.") % {"names": shown}


def reporting_loops() -> list[str]:
    """What an admin of the open organisation is told: loops over managers and the sponsors of leaders under way.

    Only somebody who has people below can be part of one, so nobody else is read.
    """
    has_people = Q(Exists(Membership.objects.active().filter(manager=OuterRef("pk")))) | Q(
        Exists(Enrolment.objects.active().filter(sponsor=OuterRef("pk")))
    )
    above = Membership.objects.active().filter(has_people)
    names: dict[int, str] = {}
    lines: dict[int, set[int]] = {}
    current = FilteredRelation("enrolments", condition=Q(enrolments__left_on=None))
    rows = above.annotate(current=current).values_list("pk", "name", "manager_id", "current__sponsor_id")
    for pk, name, manager_id, sponsor_id in rows:
        names[pk] = name
        lines.setdefault(pk, set()).update(key for key in (manager_id, sponsor_id) if key)
    return [loop_sentence([names[pk] for pk in loop]) for loop in loops_in(lines)]


def _drop_dead_ends(left: dict[Key, set[Key]]) -> None:
    """Take out, again and again, everybody who reports to nobody that is still in."""
    below: dict[Key, set[Key]] = {}
    for who, above in left.items():
        above -= {each for each in above if each not in left}  # intersection_update would walk all of `left`
        for each in above:
            below.setdefault(each, set()).add(who)
    ended = [who for who, above in left.items() if not above]
    while ended:
        gone = ended.pop()
        del left[gone]
        for who in below.get(gone, ()):
            left[who].discard(gone)
            if not left[who]:
                ended.append(who)
