"""What a leader may hand over to a new partner, and the note it becomes. Nothing else of earlier talks goes along.

The note is text that the leader chose line by line; later changes of an action or a focus do not reach it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coaching.models import Action, Pairing
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Membership
from goals.models import Focus


@dataclass(frozen=True, slots=True)
class HandoverChoices:
    """What there is to tick."""

    behaviours: tuple[Behaviour, ...]
    actions: tuple[Action, ...]


def offered(pairing: Pairing, leader: Membership) -> HandoverChoices:
    """Behaviours the leader has worked on, and open actions of their other talks."""
    mine = Focus.objects.filter(enrolment__leader=leader)
    worked_on = set(mine.order_by().values_list("behaviour", flat=True))
    actions = Action.objects.open().filter(pairing__leader=leader).exclude(pairing=pairing)
    return HandoverChoices(
        tuple(each for each in Behaviour if each.value in worked_on),
        tuple(actions.order_by("made_at", "pk")),
    )


def note(*, behaviours: Collection[str], actions: Iterable[Action], sentence: str) -> str:
    """Exactly what the new partner will read. Empty if nothing was chosen."""
    parts = []
    labels = [str(each.label) for each in Behaviour if each.value in behaviours]
    if labels:
        parts.append(_("Worked on: %(themes)s.") % {"themes": ", ".join(labels)})
    lines = [_line(action) for action in actions]
    if lines:
        parts.append("\n".join([_("Still open:"), *lines]))
    if sentence.strip():
        parts.append(sentence.strip())
    return "\n\n".join(parts)


def _line(action: Action) -> str:
    if action.due_on is None:
        return f"– {action.text}"
    by = _("by %(date)s") % {"date": date_format(action.due_on, "DATE_FORMAT")}
    return f"– {action.text} ({by})"
