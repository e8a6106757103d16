"""Write many figures in one call: all of them, or none and what is wrong with each."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership, Organisation
from cohorts.web.bounds import ensure_not_ahead, missing
from cohorts.web.refusals import Invalid
from goals.figures.actions.intakes import only_leader
from goals.figures.bulk import FigureLine, Written, write_lines
from goals.figures.policies import ensure_may_import
from goals.figures.rules import ensure_counted
from goals.models import Followed, Kpi, Team, Unit

MAX_LINES = 10_000
MAX_WRONG_LINES = 100  # as many are said at once


class WrongLines(Exception):
    """What is wrong, by the position of the line from 0."""

    def __init__(self, wrong: Mapping[int, Invalid]) -> None:
        self.wrong = wrong


@transaction.atomic
def write_figures(
    *, lines: Sequence[FigureLine], organisation: Organisation, by: Membership, today: date, now: datetime
) -> Written:
    """Save what was counted; the newer figure replaces the older one. Teams follow the KPIs they get figures of.

    Raises WrongLines, and then saves nothing.
    """
    ensure_may_import(by)
    ensure_many(len(lines))
    teams = _held_teams({line.team for line in lines}, by)
    units = dict(Kpi.objects.filter(archived_on=None).values_list("pk", "unit"))
    lines = _checked(lines, teams, units, today)
    pairs = {(line.team, line.kpi) for line in lines}
    known = set(Followed.objects.filter(team__in=teams).values_list("team_id", "kpi_id"))
    Followed.objects.bulk_create(Followed(team_id=team, kpi_id=kpi) for team, kpi in sorted(pairs - known))
    written = write_lines(lines, now=now)
    counts = {"added": written.added, "replaced": written.replaced, "unchanged": written.unchanged}
    record(by=by, verb="wrote figures", thing=organisation, now=now, **counts)
    return written


def ensure_many(count: int) -> None:
    """Asked before any line is read, too: reading is what takes long."""
    if not count:
        raise missing("figures")
    if count > MAX_LINES:
        raise Invalid("figures", _("At most 10,000 figures at once. Send the others in another request."))


def _held_teams(wanted: set[int], by: Membership) -> set[int]:
    """Those that may be written, held until the transaction ends: entering their figures waits."""
    teams = Team.objects.filter(pk__in=wanted)
    if (leader := only_leader(by)) is not None:
        teams = teams.filter(leader=leader)
    return set(teams.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _checked(lines: Sequence[FigureLine], teams: set[int], units: Mapping[int, str], today: date) -> list[FigureLine]:
    """The lines with their denominators. The same days and numbers come again and again: each is checked once."""
    ensure_day = lru_cache(partial(ensure_not_ahead, "on", today=today))
    ensure_counts = lru_cache(4_096)(partial(_ensure_counts, today=today))
    sound: list[FigureLine] = []
    wrong: dict[int, Invalid] = {}
    first: dict[tuple[int, int, date], int] = {}
    for number, line in enumerate(lines):
        try:
            unit = _unit(line, teams, units)
            denominator = _denominator(unit) if line.denominator is None else line.denominator
            ensure_day(line.on)
            ensure_counts(unit, line.numerator, denominator, line.asked)
            _ensure_first(number, first.setdefault(line[:3], number))
        except Invalid as refusal:
            wrong[number] = refusal
            if len(wrong) == MAX_WRONG_LINES:
                break
        else:
            sound.append(line if line.denominator is not None else line._replace(denominator=denominator))
    if wrong:
        raise WrongLines(wrong)
    return sound


def _unit(line: FigureLine, teams: set[int], units: Mapping[int, str]) -> str:
    if line.team not in teams:
        raise Invalid("team", _("There is no such team."))
    if line.kpi not in units:
        raise Invalid("kpi", _("There is no such KPI in use."))
    return units[line.kpi]


def _denominator(unit: str) -> Decimal:
    if unit == Unit.COUNT:
        return Decimal(1)
    raise missing("denominator")


def _ensure_counts(unit: str, numerator: Decimal, denominator: Decimal, asked: Decimal | None, *, today: date) -> None:
    ensure_counted(unit=unit, on=today, numerator=numerator, denominator=denominator, asked=asked, today=today)


def _ensure_first(number: int, first: int) -> None:
    if number != first:
        raise Invalid("on", _("The same team, KPI and day as in figures.%(number)d.") % {"number": first})
