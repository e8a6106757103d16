"""The states of a round and who may take each move. Pure.

```
 draft ──▶ nominating ──▶ collecting ──▶ closed ──▶ released
   └───────────┴──────────────┴──▶ cancelled
```

Nothing leads back: answers are never reopened, and a released report never changes. After close a round can no longer
be cancelled, since raters were told that their answers would be read.
"""

from enum import StrEnum

DRAFT, NOMINATING, COLLECTING = "draft", "nominating", "collecting"
CLOSED, RELEASED, CANCELLED = "closed", "released", "cancelled"


class By(StrEnum):
    """Who takes a move: the clock at its time, or an admin earlier."""

    CLOCK = "clock"
    ADMIN = "admin"


BOTH = frozenset({By.CLOCK, By.ADMIN})
MOVES: dict[tuple[str, str], frozenset[By]] = {
    (DRAFT, NOMINATING): BOTH,
    (NOMINATING, COLLECTING): BOTH,
    (COLLECTING, CLOSED): BOTH,
    (CLOSED, RELEASED): BOTH,
    (DRAFT, CANCELLED): frozenset({By.ADMIN}),
    (NOMINATING, CANCELLED): frozenset({By.ADMIN}),
    (COLLECTING, CANCELLED): frozenset({By.ADMIN}),
}


def may_move(before: str, after: str, by: By) -> bool:
    return by in MOVES.get((before, after), frozenset())
