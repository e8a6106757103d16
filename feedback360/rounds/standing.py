"""What leader and sponsor are told about a round, in a few words: never a count of answers, never who."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback360.models import State, Subject


@dataclass(frozen=True, slots=True)
class Standing:
    """One status in the words of the kit."""

    tone: str
    text: str


def standing_for_leader(subject: Subject, chosen: int) -> Standing:
    """Open, enough or closed. `has_enough` was set once for all leaders of the round, so no answer moves it."""
    state = subject.round.state
    if state == State.NOMINATING:
        return standing_of_list(subject, chosen)
    if state == State.COLLECTING:
        return _of_open_round(subject)
    return {
        State.CLOSED: Standing("waiting", pgettext("a round", "Closed")),
        State.RELEASED: Standing("good", _("Report released")),
    }.get(State(state), Standing("quiet", _("Planned")))


def _of_open_round(subject: Subject) -> Standing:
    if any(count > 0 for count in subject.replacements.values()):
        return Standing("asks", _("More people are needed"))
    return Standing("good", _("Enough answers")) if subject.has_enough else Standing("waiting", _("Open for answers"))


def standing_of_list(subject: Subject, chosen: int) -> Standing:
    """Where a list is that can still be changed."""
    if not chosen:
        return Standing("asks", _("No raters yet"))
    if subject.approved_at is None:
        return Standing("waiting", _("Waiting for approval"))
    return Standing("good", _("List approved"))
