"""The two charts of a leader's ninety days, for pages and the printed report."""

from dataclasses import dataclass

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from cohorts.charts.geometry import DayState, HeatStrip, LineChart, Series, Tick, heat_strip, line_chart
from programme.progress import sentences
from programme.progress.leader_progress import Progress
from programme.progress.measures import WEEKS

PRACTISED = {DayState.DONE, DayState.FILLED_IN}


@dataclass(frozen=True)
class Strip:
    """The heat strip and the sentence that says what it shows."""

    strip: HeatStrip
    finding: str


@dataclass(frozen=True)
class WeeklyLine:
    """Practice days a week beside what was planned, and the sentence that says what it shows."""

    chart: LineChart
    finding: str


def strip_of(progress: Progress, *, is_for_sponsor: bool = False) -> Strip:
    days = progress.days
    drawn = heat_strip(days, weekday_names=[str(WEEKDAYS_ABBR[number]) for number in range(7)])
    done = sum(day.state in PRACTISED for day in days)
    quiet = None if is_for_sponsor else sum(day.state is DayState.QUIET for day in days)
    return Strip(drawn, sentences.strip(done, quiet))


def weekly_line_of(progress: Progress) -> WeeklyLine | None:
    """Whole weeks of the thirteen; a week still under way would look like a fall. None before two are over."""
    whole = {week.number: week for week in progress.weeks if week.is_over}
    if len(whole) < 2:
        return None
    weeks = [whole.get(number) for number in range(1, WEEKS + 1)]
    series = [
        Series(_("Practised"), tuple(week.done if week else None for week in weeks)),
        Series(_("Planned"), tuple(week.planned if week else None for week in weeks)),
    ]
    labels = [str(number) for number in range(1, WEEKS + 1)]
    chart = line_chart(series, labels=labels, ticks=[Tick(days, str(days)) for days in (0, 2, 4, 6)])
    return WeeklyLine(chart, sentences.weekly(progress.weeks))
