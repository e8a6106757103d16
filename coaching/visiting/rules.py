"""What bookings and sheets are held to. Actions and forms ask the same functions."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coaching.models import Host, Visit
from coaching.models.visit_sheet import MAX_LINE, MAX_NOTE, HelpWanted
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Membership
from cohorts.web.bounds import ensure_choice, ensure_text
from cohorts.web.refusals import Invalid, NotNow

SEAT_KEPT_FOR = timedelta(minutes=10)  # for a guest who left, so that Undo always works
NO_SHOW_FROM = timedelta(minutes=30)
NO_SHOW_UNTIL = timedelta(days=7)
NO_SHOW_DAYS = timedelta(days=90)
MANY_NO_SHOWS = 2

BEFORE_LINES = (
    "working_on",
    "watch_1",
    "watch_2",
    "watch_3",
    "host_question_1",
    "host_question_2",
    "agent_question",
)
DURING_NOTES = ("saw", "heard", "surprised", "would_not_work")
MAX_THANKS = 500


def ensure_house_rules(accepted: int | None, host: Host) -> None:
    """The rules somebody accepts are those the host has now."""
    if accepted != host.rules_version:
        raise Invalid("accepts", _("The house rules have changed. Read them again and tick the box."))


def ensure_companion(companion: Membership, choices: QuerySet[Membership]) -> None:
    if not choices.filter(pk=companion.pk).exists():
        raise Invalid("companion", _("Choose a leader of your own cohort."))


def ensure_before(lines: Mapping[str, str]) -> None:
    """Seven lines; the first says what for, and there is something to watch for."""
    for name in BEFORE_LINES:
        ensure_text(name, lines.get(name, ""), most=MAX_LINE, is_required=name in ("working_on", "watch_1"))


def ensure_during(notes: Mapping[str, str], behaviours: Collection[str]) -> None:
    for name in DURING_NOTES:
        ensure_text(name, notes.get(name, ""), most=MAX_NOTE, is_required=False)
    for behaviour in behaviours:
        ensure_choice("behaviours", behaviour, Behaviour.values)


def ensure_after(*, question_left: str, thanks: str, would_host: str) -> None:
    ensure_text("question_left", question_left, most=MAX_LINE, is_required=False)
    ensure_text("thanks", thanks, most=MAX_THANKS, is_required=False)
    if would_host:
        ensure_choice("would_host", would_host, Behaviour.values)


def ensure_help(wants: str) -> None:
    ensure_choice("wants", wants, HelpWanted.values)


def can_mark_no_show(visit: Visit, *, now: datetime) -> bool:
    return visit.starts_at + NO_SHOW_FROM <= now <= visit.starts_at + NO_SHOW_UNTIL


def ensure_no_show_time(visit: Visit, *, now: datetime) -> None:
    """From half an hour after the start, for a week."""
    if now < visit.starts_at + NO_SHOW_FROM:
        raise NotNow(_("You can say who did not come from half an hour after the start."))
    if not can_mark_no_show(visit, now=now):
        raise NotNow(_("This could be said for a week after the visit."))
