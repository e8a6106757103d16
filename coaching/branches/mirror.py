"""A sponsor's own figures, a week before their manager's totals include them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from coaching.branches.periods import Period, own_period
from coaching.branches.tallies import Kept, own_tally
from cohorts.models import Membership, Organisation


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, as components/figures.html shows it."""

    label: str
    number: str
    sentence: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Mirror:
    """What a sponsor reads of four weeks that are over."""

    period: Period
    figures: tuple[Figure, ...]


def mirror_of(sponsor: Membership, *, organisation: Organisation, today: date, now: datetime) -> Mirror:
    """One query."""
    period = own_period(today)
    tally = own_tally(sponsor, period=period, organisation=organisation, today=today, now=now)
    if tally is None:
        return Mirror(period, ())
    return Mirror(
        period,
        (
            _figure(_("Talks held"), tally.talks, _("Of those planned in these weeks."), _("None was planned.")),
            _figure(
                _("Actions done by their date"),
                tally.actions,
                _("Yours and your leaders’, with a date in these weeks."),
                _("None had a date in these weeks."),
            ),
            _figure(
                _("Questions answered within a week"), tally.asks, _("Of those you were asked."), _("Nobody asked.")
            ),
            Figure(
                _("Leaders who confirmed a check-in"),
                number_format(tally.checked_in),
                _("Weeks you could not, and said why, are left out.")
                if tally.with_part
                else _("No check-in was due in these weeks."),
                _("of %(count)d") % {"count": tally.with_part},
            ),
        ),
    )


def _figure(label: str, part: Kept, sentence: str, none: str) -> Figure:
    if not part.agreed:
        return Figure(label, "–", none)
    return Figure(label, number_format(part.kept), sentence, _("of %(count)d") % {"count": part.agreed})
