"""How many were asked and answered in each group, and how many raters differ from the round before. Pure."""

from collections.abc import Mapping, Set

Turnout = dict[str, dict[str, int | None]]
Raters = Mapping[str, Set[str] | None]  # group -> addresses of those who answered; None where one of them was erased


def turnout(
    asked: Mapping[str, int], answered: Mapping[str, int], now: Raters, before: Raters, *, since: int | None = None
) -> Turnout:
    """By group: asked, answered, `changed`, the raters who answered in only one of the two rounds, and `since`.

    `changed` is None where nobody can know: no earlier round, a group it did not have, or an erased rater. `since` is
    the subject of the earlier round: beside any other round, `changed` says nothing.
    """
    return {
        group: {
            "asked": asked[group],
            "answered": answered.get(group, 0),
            "changed": _changed(group, now, before),
            "since": since,
        }
        for group in sorted(asked)
    }


def _changed(group: str, now: Raters, before: Raters) -> int | None:
    then = before.get(group)
    these = now.get(group, frozenset())
    return None if then is None or these is None else len(these ^ then)
