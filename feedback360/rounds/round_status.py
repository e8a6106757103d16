"""What leader and sponsor are told about a round, in a few words: never a count of answers, never who."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback360.models import State, Subject


@dataclass(frozen=True, slots=True)
class RoundStatus:
    """One status in the words of the kit."""

    tone: str
    text: str


def status_for_leader(subject: Subject, chosen: int) -> RoundStatus:
    """Open, enough or closed. `has_enough` was set once for all leaders of the round, so no answer moves it."""
    state = subject.round.state
    if state == State.NOMINATING:
        return status_of_list(subject, chosen)
    if state == State.COLLECTING:
        return _of_open_round(subject)
    return {
        State.CLOSED: RoundStatus("waiting", pgettext("a round", "Closed")),
        State.RELEASED: RoundStatus("good", _("Report released")),
    }.get(State(state), RoundStatus("quiet", _("Planned")))


def _of_open_round(subject: Subject) -> RoundStatus:
    if any(count > 0 for count in subject.replacements.values()):
        return RoundStatus("asks", _("More people are needed"))
    return (
        RoundStatus("good", _("Enough answers"))
        if subject.has_enough
        else RoundStatus("waiting", _("Open for answers"))
    )


def status_of_list(subject: Subject, chosen: int) -> RoundStatus:
    """Where a list is that can still be changed."""
    if not chosen:
        return RoundStatus("asks", _("No raters yet"))
    if subject.approved_at is None:
        return RoundStatus("waiting", _("Waiting for approval"))
    return RoundStatus("good", _("List approved"))
