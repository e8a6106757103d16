"""What a list of raters is held to. Asked by the forms, decided in the actions."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cohorts.people.rules import ensure_address
from cohorts.web.addresses import plain_address
from cohorts.web.bounds import ensure_choice, ensure_name
from cohorts.web.refusals import Invalid
from feedback360.models import Relation, RequestState, Subject

MAX_RATERS = 30  # team members and peers of one leader
MAX_RATER_NAME_CHARACTERS = 120
MONTH = timedelta(days=30)
NOMINATED = (Relation.TEAM, Relation.PEER)  # manager and self are asked without being nominated
NOT_ASKED_YET = (RequestState.PROPOSED, RequestState.APPROVED)
ANSWERING = (RequestState.ASKED, RequestState.ANSWERED)  # asked, and they have not declined


def rater_address(email: str) -> str:
    """The one spelling under which an address is compared and stored, as in an import of people."""
    return plain_address(email)


def mailbox(email: str) -> str:
    """Whose mail it is: `kari+360@firm.no` is read by kari@firm.no, so the two are one person."""
    name, _at, host = email.lower().rpartition("@")
    return f"{name.partition('+')[0] or name}@{host}"


def ensure_rater(*, name: str, email: str, relation: str) -> None:
    ensure_name("name", name, most=MAX_RATER_NAME_CHARACTERS)
    ensure_address(email)
    ensure_choice("relation", relation, NOMINATED)


def wrong_with_rater(email: str, *, leader: str, managers: Iterable[str], is_about_me: bool) -> str:
    """Why this address may not rate the leader as a team member or peer; empty when it may."""
    person = mailbox(email)
    if person == mailbox(leader):
        if is_about_me:
            return _("This is your own address. You answer about yourself in your self-assessment.")
        return _("This is the leader's own address. They answer in their self-assessment.")
    if person in {mailbox(manager) for manager in managers}:
        return _("The manager is asked anyway, as the manager, and their answers are shown with their name.")
    return ""


def is_anybody_asked(subject: Subject) -> bool:
    """Whether an open round asks anybody but manager and leader: with too few names for a group nobody is."""
    return any(subject.groups.get(relation) for relation in NOMINATED)


def has_room(asked_on: Iterable[date], on: date, most: int) -> bool:
    """Whether one more request on this date leaves every 30 days with at most `most` of them."""
    near = sorted(each for each in asked_on if abs(each - on) < MONTH)
    starts = [each for each in [*near, on] if each <= on]
    return all(sum(start <= each < start + MONTH for each in near) < most for start in starts)


def ensure_room(asked_on: Iterable[date], on: date, most: int) -> None:
    if not has_room(asked_on, on, most):
        raise Invalid("email", asked_often())


def asked_often() -> str:
    return _(
        "This person is already asked about as many leaders as one person may be in a month. Please choose someone"
        " else."
    )
