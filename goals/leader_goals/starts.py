"""Goals of contact-centre leaders to start from. The figures of today are the leader's own to fill in."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from goals.models import Direction


@dataclass(frozen=True, slots=True)
class Start:
    """An outcome with its measure, in lazy words."""

    key: str
    outcome: Any
    measure: Any
    unit: Any
    direction: Direction

    def fields(self) -> dict[str, str]:
        """In the reader's language, by the names of the form fields."""
        words = {name: str(getattr(self, name)) for name in ("outcome", "measure", "unit")}
        return {**words, "direction": self.direction}


STARTS = (
    Start(
        "first-contact",
        _("Customers get it solved in the first contact"),
        _("First-contact resolution, my team"),
        "%",
        Direction.UP,
    ),
    Start(
        "satisfied",
        _("Customers leave a call feeling understood"),
        _("Customers who are satisfied or very satisfied, my team"),
        "%",
        Direction.UP,
    ),
    Start(
        "come-back",
        _("Fewer customers have to call again about the same thing"),
        _("Contacts that come back within seven days"),
        "%",
        Direction.DOWN,
    ),
    Start(
        "beside",
        _("Everybody in my team hears from me what they do well, every week"),
        _("Side-by-side talks I hold in a week"),
        _("talks"),
        Direction.UP,
    ),
    Start(
        "stay",
        _("New colleagues are still here after six months"),
        _("New colleagues who left within six months"),
        "%",
        Direction.DOWN,
    ),
)
START_BY_KEY = {start.key: start for start in STARTS}
