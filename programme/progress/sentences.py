"""One plain sentence for each measure, in the language that is active. Says what was done, never what a person is."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coaching.meetings.figures import TalkFigures
from coaching.sponsoring.figures import SponsorFigures
from coaching.visiting.figures import VisitFigures
from programme.progress.measures import Evidence, Measure, PracticeWeek

NO_NUMBER = "–"


def percent(measure: Measure) -> str:
    """The value as a whole percentage; a dash when there is none."""
    return NO_NUMBER if measure.value is None else whole_percent(measure.value)


def whole_percent(share: float) -> str:
    return _("%(number)d%%") % {"number": round(share * 100)}


def part(measure: Measure) -> str:
    """`9 of 13`: how many of the n."""
    if measure.value is None:
        return NO_NUMBER
    return _("%(some)d of %(all)d") % {"some": _some(measure), "all": measure.n}


def ratio(measure: Measure) -> str:
    """`1.2×`, with the decimal sign of the language."""
    if measure.value is None:
        return NO_NUMBER
    whole, tenth = divmod(round(measure.value * 10), 10)
    return _("%(whole)d.%(tenth)d×") % {"whole": whole, "tenth": tenth}


def some_of(some: int, everything: int) -> str:
    """`4 of 6`; a dash when there is nothing to count."""
    return _("%(some)d of %(all)d") % {"some": some, "all": everything} if everything else NO_NUMBER


def talks(figures: TalkFigures) -> str:
    if not figures.planned:
        return _("No 1:1 has been planned yet.")
    words = ngettext(
        "%(held)d of one planned 1:1 was held.", "%(held)d of %(planned)d planned 1:1s were held.", figures.planned
    )
    return words % {"held": figures.held, "planned": figures.planned}


def actions(figures: TalkFigures) -> str:
    if not figures.due:
        return _("No action with a date has come due yet.")
    words = ngettext(
        "%(done)d of one action was done by its date.",
        "%(done)d of %(due)d actions were done by their date.",
        figures.due,
    )
    return words % {"done": figures.done_in_time, "due": figures.due}


def visits(figures: VisitFigures) -> str:
    if not figures.visits:
        return _("No visit or talk has been made yet.")
    words = ngettext(
        "%(some)d of one visit has the sheets before and after.",
        "%(some)d of %(all)d visits have the sheets before and after.",
        figures.visits,
    ) % {"some": figures.with_sheets, "all": figures.visits}
    if not figures.noted:
        return words
    tried = ngettext(
        "Of one thing noted, %(tried)d was tried.",
        "Of %(noted)d things noted, %(tried)d were tried.",
        figures.noted,
    )
    return f"{words} {tried % {'noted': figures.noted, 'tried': figures.tried}}"


def of_hundred(score: float | None) -> str:
    """`64 of 100`; a dash when nothing could be done yet."""
    return some_of(round(score), 100) if score is not None else NO_NUMBER


def support(figures: SponsorFigures) -> str:
    if figures.follow_through is None:
        return _("There was nothing your sponsor could have done yet.")
    words = _("Of the brief, the check-ins, the answers and the review. Only what you confirmed counts.")
    if not figures.protected_minutes:
        return words
    kept = ngettext(
        "%(minutes)d minute was kept free for you.",
        "%(minutes)d minutes were kept free for you.",
        figures.protected_minutes,
    )
    return f"{words} {kept % {'minutes': figures.protected_minutes}}"


def practice_rate(measure: Measure) -> str:
    if measure.state is Evidence.NONE:
        return _nothing_yet()
    if measure.state is Evidence.TOO_EARLY:
        return _("Too early to say: it takes five planned days outside reserve weeks.")
    return _("%(some)d of %(all)d planned days, reserve weeks left out.") % _parts(measure)


def practice_rate_with_reserve(measure: Measure) -> str:
    if measure.state is Evidence.NONE:
        return _nothing_yet()
    if measure.state is Evidence.TOO_EARLY:
        return _("Too early to say: it takes five planned days.")
    return _("%(some)d of %(all)d planned days, reserve weeks included.") % _parts(measure)


def regularity(measure: Measure) -> str:
    if measure.state is Evidence.NONE:
        return _nothing_yet()
    if measure.state is Evidence.TOO_EARLY:
        return _("Too early to say: the first week is still under way.")
    return _("%(some)d of %(all)d weeks so far had at least one practice.") % _parts(measure)


def sustainment(measure: Measure) -> str:
    if measure.state is Evidence.TOO_EARLY:
        return _("Too early to say: days 61–90 are compared with days 8–30 from day 67 on.")
    if measure.value is None:
        return _("Nothing to compare: no practice is logged in days 8–30.")
    if measure.value >= 0.8:
        return _("Days 61–90 against days 8–30: the practice holds.")
    return _("Days 61–90 against days 8–30: practice came less often than before.")


def debrief_rate(measure: Measure) -> str:
    if measure.state is Evidence.NONE:
        return _("No reflection with all four answers yet.") if measure.n else _nothing_yet()
    if measure.state is Evidence.TOO_EARLY:
        return _("Too early to say: it takes three practices whose 72 hours are over.")
    return _("%(some)d of %(all)d practices have all four questions answered within 72 hours.") % _parts(measure)


def weekly(weeks: tuple[PracticeWeek, ...]) -> str:
    """What the line chart of whole weeks shows."""
    planned = [week for week in weeks if week.is_over and week.planned]
    if not any(week.done for week in planned):
        return _("No practice in a whole week yet; the dashed line is what was planned.")
    mean = sum(week.done for week in planned) / len(planned)
    whole, tenth = divmod(round(mean * 10), 10)
    return _("%(whole)d.%(tenth)d practice days a week on average, over %(weeks)d whole weeks.") % {
        "whole": whole,
        "tenth": tenth,
        "weeks": len(planned),
    }


def strip(done: int, quiet: int | None) -> str:
    """What the heat strip shows: days practised, and working days without a word (None: sponsors are not told)."""
    if not done:
        return _("No practice is logged yet.")
    practised = ngettext("%(days)d day practised", "%(days)d days practised", done) % {"days": done}
    if quiet is None:
        return f"{practised}."
    without = ngettext("%(days)d working day without a log", "%(days)d working days without a log", quiet)
    return f"{practised}, {without % {'days': quiet}}."


def _some(measure: Measure) -> int:
    return round((measure.value or 0) * measure.n)


def _parts(measure: Measure) -> dict[str, int]:
    return {"some": _some(measure), "all": measure.n}


def _nothing_yet() -> str:
    return _("No practice is logged yet.")
