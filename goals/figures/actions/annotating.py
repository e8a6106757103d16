"""New limits from a week on, and what was special about a week."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership
from cohorts.web.refusals import Invalid
from cohorts.web.revisions import lock
from goals.figures.charting import chart_of
from goals.figures.policies import ensure_may_keep
from goals.figures.reading import series_of_kpi
from goals.figures.rules import ensure_note, ensure_rebase
from goals.models import Followed, Rebase, WeekNote
from goals.spc import FEWEST


@transaction.atomic
def rebase(*, followed: Followed, from_on: date, change: str, by: Membership, today: date, now: datetime) -> Rebase:
    """Compute limits anew from a Monday on, because of a change somebody names. The old limits stay on the chart.

    Raises Invalid with fewer than six settled weeks after it.
    """
    ensure_may_keep(by, followed)
    lock(followed)
    ensure_rebase(from_on=from_on, change=change, weeks_after=weeks_after(followed, from_on, today), fewest=FEWEST)
    if followed.rebases.filter(from_on=from_on).exists():
        raise Invalid("from_on", _("New limits begin here already."))
    made = Rebase.objects.create(followed=followed, from_on=from_on, change=change, by=by, at=now)
    record(by=by, verb="rebased KPI", thing=followed, now=now, from_on=str(from_on))
    return made


@transaction.atomic
def take_back_rebase(*, rebase: Rebase, by: Membership, now: datetime) -> None:
    """The limits from before hold on."""
    ensure_may_keep(by, rebase.followed)
    record(by=by, verb="took back rebase", thing=rebase.followed, now=now, from_on=str(rebase.from_on))
    rebase.delete()


@transaction.atomic
def note_week(*, followed: Followed, monday_on: date, text: str, by: Membership, today: date, now: datetime) -> None:
    """Say what was special about a week; without words the note goes. The week stays on the chart. Raises Invalid."""
    ensure_may_keep(by, followed)
    ensure_note(monday_on=monday_on, text=text, today=today)
    lock(followed)
    if text:
        WeekNote.objects.update_or_create(followed=followed, monday_on=monday_on, defaults={"text": text, "at": now})
    else:
        followed.notes.filter(monday_on=monday_on).delete()


def weeks_after(followed: Followed, from_on: date, today: date) -> int:
    """Settled weeks from a Monday up to the next break."""
    days = series_of_kpi(followed.team_id, followed.kpi_id, until=today)
    chart = chart_of(followed, days, today=today)
    later = [rebase.from_on for rebase in followed.rebases.all() if rebase.from_on > from_on]
    later += [method.from_on for method in followed.kpi.methods.all()[1:] if method.from_on > from_on]
    end = min(later, default=date.max)
    return sum(week.is_settled and from_on <= week.monday < end for week in chart.weeks)
