"""What a report on several leaders says, from the cells that `visibility.cohort_cells` gives. No database."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.charts.dot_plot import Answer
from cohorts.curriculum.behaviours import Behaviour
from feedback360.models import Group
from feedback360.questionnaires.areas import Area
from feedback360.results import words
from feedback360.statistics.agreement import Category
from feedback360.statistics.change import Outcome
from feedback360.statistics.verdicts import CLAIMING_GROUPS
from feedback360.visibility import CohortCell, Release, cohort_cells
from feedback360.visibility.cohort import LEVELS

GROUPS: Mapping[str, str | Promise] = {
    Group.TEAM: gettext_lazy("Teams"),
    Group.COLLEAGUES: gettext_lazy("Teams and peers together"),
    Group.PEERS: gettext_lazy("Peers"),
}
LEVEL_NAMES: Mapping[str, str | Promise] = dict(
    zip(LEVELS, (gettext_lazy("below 3"), gettext_lazy("3 to below 4"), gettext_lazy("4 or more")), strict=True)
)
CATEGORY_NAMES: Mapping[str, str | Promise] = {
    Category.OVER: gettext_lazy("rate themselves higher"),
    Category.IN_LINE: gettext_lazy("see it alike"),
    Category.UNDER: gettext_lazy("rate themselves lower"),
    Category.CANNOT_TELL: gettext_lazy("cannot be told yet"),
}
OUTCOME_NAMES: Mapping[str, str | Promise] = {
    Outcome.IMPROVED: gettext_lazy("improved"),
    Outcome.NOT_SHOWN: gettext_lazy("no change shows"),
    Outcome.DECLINED: gettext_lazy("declined"),
    Outcome.NOT_TESTED: gettext_lazy("not judged"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: what it is about, how many leaders, the value, and shares of leaders in quarters."""

    label: str
    leaders: int
    value: str
    shares: tuple[tuple[str, int], ...]

    @property
    def in_words(self) -> str:
        """Quarters need not add up to a hundred; what no quarter of the leaders is, is left out."""
        return ", ".join(f"{share} % {name}" for name, share in self.shares if share)


@dataclass(frozen=True, slots=True)
class GroupReport:
    """How one group sees the leaders. The rows of the plot are the behaviours, highest first."""

    key: str
    name: str
    responses: str
    title: str
    rows: tuple[Answer, ...]
    levels: tuple[Line, ...]
    categories: tuple[Line, ...]
    changes: tuple[Line, ...]


def group_reports(cells: Sequence[CohortCell]) -> tuple[GroupReport, ...]:
    """One for each group of which at least five leaders have something."""
    return tuple(_group(group, of_group) for group in CLAIMING_GROUPS if (of_group := _of(cells, group)))


def cells_together(cohorts: Sequence[Sequence[Release]]) -> tuple[CohortCell, ...]:
    """Cells over several cohorts, each of which has that cell by itself.

    Who reads the reports of the cohorts, too, can subtract them: what is left must be at least five leaders again. So a
    cohort in which fewer have a cell plays no part in it.
    """
    has = [{_place(cell) for cell in cohort_cells(releases)} for releases in cohorts]
    together: dict[frozenset[int], set[Hashable]] = {}
    for place in dict.fromkeys(place for places in has for place in places):
        together.setdefault(frozenset(n for n, places in enumerate(has) if place in places), set()).add(place)
    found = []
    for numbers, places in together.items():
        releases = [release for number in sorted(numbers) for release in cohorts[number]]
        found += [cell for cell in cohort_cells(releases) if _place(cell) in places]
    return tuple(found)


def csv_rows(reports: Iterable[GroupReport]) -> Iterator[tuple[str, str, str, int, str, str]]:
    """Group, table, row, number of leaders, value and shares."""
    for report in reports:
        yield report.name, _("Answered"), "", 0, report.responses, ""
        tables = ((_("Level"), report.levels), (_("Agreement"), report.categories), (_("Change"), report.changes))
        for table, lines in tables:
            for line in lines:
                yield report.name, table, line.label, line.leaders, line.value, line.in_words


def _place(cell: CohortCell) -> Hashable:
    return cell.kind, cell.group, cell.key


def _of(cells: Sequence[CohortCell], group: str) -> dict[str, dict[str, CohortCell]]:
    """The cells of one group by kind and key."""
    found: dict[str, dict[str, CohortCell]] = {}
    for cell in cells:
        if cell.group == group:
            found.setdefault(cell.kind, {})[cell.key] = cell
    return found


def _group(group: str, cells: Mapping[str, Mapping[str, CohortCell]]) -> GroupReport:
    behaviours = sorted(cells.get("behaviour", {}).values(), key=lambda cell: -(cell.value or 0.0))
    responses = cells.get("responses", {}).get("")
    return GroupReport(
        key=group,
        name=str(GROUPS[group]),
        responses=_responses(responses) if responses else "",
        title=_title(behaviours),
        rows=tuple(_row(cell) for cell in behaviours),
        levels=tuple(
            _line(cell, LEVEL_NAMES) for kind in ("behaviour", "area", "all") for cell in cells.get(kind, {}).values()
        ),
        categories=tuple(_line(cell, CATEGORY_NAMES) for cell in cells.get("category", {}).values()),
        changes=tuple(_line(cell, OUTCOME_NAMES) for cell in cells.get("change", {}).values()),
    )


def _responses(cell: CohortCell) -> str:
    share = round(100 * (cell.value or 0.0))
    return _("About %(share)d %% of those asked answered, over %(leaders)d leaders.") % {
        "share": share,
        "leaders": cell.leaders,
    }


def _title(behaviours: Sequence[CohortCell]) -> str:
    if len(behaviours) < 2:
        return _("The behaviours")
    return _("Seen most often: %(highest)s. Least often: %(lowest)s.") % {
        "highest": _name(behaviours[0]),
        "lowest": _name(behaviours[-1]),
    }


def _row(cell: CohortCell) -> Answer:
    high = (cell.shares or {}).get("high")
    says = _("%(share)d %% at 4 or more") % {"share": high} if high is not None else ""
    return Answer(_name(cell), says, cell.leaders, group=cell.value, group_says=_value(cell))


def _line(cell: CohortCell, names: Mapping[str, str | Promise]) -> Line:
    shares = tuple((str(name), cell.shares[key]) for key, name in names.items() if cell.shares and key in cell.shares)
    value = _signed(cell) if cell.kind == "change" else _value(cell)
    return Line(_name(cell), cell.leaders, value, shares)


def _name(cell: CohortCell) -> str:
    if cell.key in Behaviour:
        return str(Behaviour(cell.key).label)
    if cell.key in Area:
        return str(Area(cell.key).label)
    return _("The scale named before the round") if cell.key == "primary" else _("All items together")


def _value(cell: CohortCell) -> str:
    return words.bounded(cell.value, cell.bound) if cell.value is not None else ""


def _signed(cell: CohortCell) -> str:
    if cell.value is None:
        return ""
    return f"+{words.number(cell.value)}" if cell.value > 0 else words.number(cell.value)
