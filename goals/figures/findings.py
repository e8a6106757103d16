"""What a KPI's chart shows, one sentence each. Nothing here calls chance a success or a failure."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from goals.figures.numbers import says, short
from goals.figures.weeks import Week
from goals.models import Better, Followed, Kpi, Unit
from goals.spc import (
    BASELINE,
    FALSE_ALARMS_P,
    Bound,
    Kind,
    Reach,
    Signal,
    Stretch,
    band_reach,
    interval,
    reach,
)

MAX_DENOMINATOR_FOR_INTERVAL = 1000
LATELY = timedelta(weeks=26)


def finding(kpi: Kpi, stretches: Sequence[Stretch]) -> str:
    """The newest signal of the newest stretch; else that there is none, or that it is too early."""
    if not stretches:
        return _("No figures yet.")
    newest = stretches[-1]
    if newest.mean is None:
        weeks = sum(point.is_complete for point in newest.points)
        return _("Too early to tell: %(weeks)d of %(needed)d complete weeks.") % {"weeks": weeks, "needed": BASELINE}
    lately = newest.points[-1].on - LATELY
    if newest.signals and newest.signals[-1].on > lately:
        return _signal(kpi, newest.signals[-1])
    return _("Nothing but chance: no week of the last half-year stands out.")


def _signal(kpi: Kpi, signal: Signal) -> str:
    words = {
        (Kind.ROW, 1): _("Eight weeks in a row above the mean, up to the week of %(week)s: a real change%(way)s."),
        (Kind.ROW, -1): _("Eight weeks in a row below the mean, up to the week of %(week)s: a real change%(way)s."),
        (Kind.OUTSIDE, 1): _("The week of %(week)s was higher than chance explains%(way)s."),
        (Kind.OUTSIDE, -1): _("The week of %(week)s was lower than chance explains%(way)s."),
    }
    ways = {1: _(", for the better"), -1: _(", for the worse"), 0: ""}
    direction = {Better.UP: 1, Better.DOWN: -1}.get(Better(kpi.better), 0)
    return words[signal.kind, signal.side] % {"week": short(signal.on), "way": ways[direction * signal.side]}


def target(followed: Followed, bound: Bound | None) -> str:
    """Where the target lies to the limits. `bound` is that of the newest week, in the unit shown."""
    kpi = followed.kpi
    is_band = kpi.better == Better.BAND
    if kpi.better == Better.NEITHER or (followed.target is None and not is_band):
        return ""
    if bound is None:
        return _("Whether the target can be met is too early to tell.")
    if is_band:
        where = band_reach(float(kpi.low or 0), float(kpi.high or 0), bound)
    else:
        where = reach(float(followed.target or 0), bound, upwards=kpi.better == Better.UP)
    return {
        Reach.MISSED: _("The target will be missed nearly every week unless the way of working changes."),
        Reach.CHANCE: _("The target is hit and missed by chance."),
        Reach.MET: _("The target is met nearly every week."),
    }[where]


def aim(followed: Followed) -> str:
    """The target or band as a few words; empty without one."""
    kpi = followed.kpi
    if kpi.better == Better.BAND and kpi.low is not None and kpi.high is not None:
        return _("between %(low)s and %(high)s") % {"low": says(kpi.unit, kpi.low), "high": says(kpi.unit, kpi.high)}
    return _("target %(value)s") % {"value": says(kpi.unit, followed.target)} if followed.target is not None else ""


def false_alarms(stretch: Stretch | None) -> str:
    """How often chance alone raises a signal."""
    if stretch is None or stretch.mean is None:
        return ""
    if stretch.false_alarms == FALSE_ALARMS_P:
        return _("Even if nothing changes, about one chart in four like this shows a signal within half a year.")
    return _("Even if nothing changes, about one chart in three like this shows a signal within half a year.")


def expected_false_alarms(stretches: Sequence[Stretch]) -> str:
    """The same for a page of charts: how many would show a signal though nothing changed."""
    judged = [stretch for stretch in stretches if stretch.mean is not None]
    if len(judged) < 2:
        return ""
    expected = max(round(sum(stretch.false_alarms for stretch in judged)), 1)
    return _(
        "If nothing changed at all, about %(count)d of these %(charts)d charts would still show a signal"
        " within half a year."
    ) % {"count": expected, "charts": len(judged)}


def about_week(kpi: Kpi, week: Week, note: str, expected_days: int) -> str:
    """What stands beside a week's value in the table."""
    parts = []
    if kpi.unit == Unit.SHARE:
        counts = {"above": f"{week.numerator:g}", "below": f"{week.denominator:g}"}
        parts.append(_("%(above)s of %(below)s") % counts)
        if week.denominator <= MAX_DENOMINATOR_FOR_INTERVAL:
            low, high = interval(week.numerator, week.denominator)
            parts.append(_("probably %(low)d–%(high)d %%") % {"low": round(100 * low), "high": round(100 * high)})
    if week.answer_rate is not None:
        parts.append(_("%(share)d %% of those asked") % {"share": round(100 * week.answer_rate)})
    if not week.is_complete:
        parts.append(_("%(days)d of %(expected)d days") % {"days": week.days, "expected": expected_days})
    if week.is_open:
        parts.append(_("still open"))
    return ", ".join([*parts, note] if note else parts)


def practices_heading() -> str:
    return _("Practices a week")
