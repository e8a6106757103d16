"""What a manager of sponsors sees of their branch: who could use a hand, ranges, what stands in the way. No ranks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coaching.branches.groups import Range, added, cells_of, range_of, share_of
from coaching.branches.obstacles import InTheWay, obstacles_in
from coaching.branches.periods import Period, branch_period
from coaching.branches.tallies import Kept, Tally, branch_tallies
from coaching.disclosure import MIN_PEOPLE
from coaching.models.sponsoring import SponsorAct
from cohorts.models import Membership, Organisation


@dataclass(frozen=True, slots=True)
class Figure:
    """One column: how many leaders of a sponsor are behind it, and the range of several sponsors together."""

    label: str | Promise
    people: Callable[[Tally], int]
    range: Callable[[Sequence[Tally]], Range | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One group of the branch: each figure's label with its range, None where the group is not shown alone."""

    label: str
    cells: tuple[tuple[str, Range | None], ...]


@dataclass(frozen=True, slots=True)
class Hand:
    """Who could use a hand, and why: somebody who reports to the reader, or how many further down."""

    who: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch as its manager may see it."""

    period: Period
    leaders: int
    sponsors: int
    hands: tuple[Hand, ...]
    rows: tuple[Row, ...]
    obstacles: tuple[InTheWay, ...]


def _kept(label: str | Promise, part: Callable[[Tally], Kept]) -> Figure:
    return Figure(
        label, lambda tally: sum(part(tally).bands), lambda group: range_of(added(part(tally).bands for tally in group))
    )


FIGURES = (
    _kept(gettext_lazy("Talks held"), lambda tally: tally.talks),
    _kept(gettext_lazy("Actions done by their date"), lambda tally: tally.actions),
    _kept(gettext_lazy("Questions answered within a week"), lambda tally: tally.asks),
    Figure(
        gettext_lazy("Leaders who confirmed a check-in"),
        lambda tally: tally.with_part,
        lambda group: share_of(sum(each.checked_in for each in group), sum(each.with_part for each in group)),
    ),
)


def branch_of(top: Membership, *, organisation: Organisation, today: date, now: datetime) -> Branch:
    """Three queries for any number of people below."""
    period = branch_period(today)
    starts, ends = period.instants(organisation.zone)
    tallies = branch_tallies(top, period=period, organisation=organisation, today=today, now=now)
    names = dict(Membership.objects.filter(pk__in={tally.via_id for tally in tallies}).values_list("pk", "name"))
    blocked = SponsorAct.objects.filter(
        sponsor__in=[tally.sponsor_id for tally in tallies], blocked_at__gte=starts, blocked_at__lt=ends
    )
    return Branch(
        period=period,
        leaders=sum(tally.leaders for tally in tallies),
        sponsors=len(tallies),
        hands=tuple(_hands(tallies, names)),
        rows=_without_empty_columns(_rows(tallies, names)),
        obstacles=tuple(obstacles_in(blocked)),
    )


def _hands(tallies: Iterable[Tally], names: Mapping[int, str]) -> Iterator[Hand]:
    """Those who report to the reader by name, in the order of their names; further down a number, of five at least."""
    direct: list[Tally] = []
    further: list[Tally] = []
    for tally in tallies:
        (direct if tally.sponsor_id == tally.via_id else further).append(tally)
    for tally in sorted(direct, key=lambda each: names[each.sponsor_id].casefold()):
        if why := tuple(_reasons([tally], alone=True)):
            yield Hand(names[tally.sponsor_id], why)
    waiting = [tally for tally in further if any(_reasons([tally], alone=False))]
    if len(further) >= MIN_PEOPLE and waiting:
        who = ngettext(
            "%(count)d of %(all)d sponsors further down", "%(count)d of %(all)d sponsors further down", len(waiting)
        )
        yield Hand(who % {"count": len(waiting), "all": len(further)}, tuple(_reasons(waiting, alone=False)))


def _reasons(group: Sequence[Tally], *, alone: bool) -> Iterator[str]:
    """What is theirs to do, and what their leaders show, the latter only of five leaders or more."""
    if any(tally.overdue for tally in group):
        yield _("Some 1:1s are more than a week late.")
    if any(tally.waiting for tally in group):
        yield _("Some questions have waited for two weeks.")
    if any(tally.quiet for tally in group if not alone or tally.leaders >= MIN_PEOPLE):
        yield _("Some leaders haven’t practised for two weeks.")


def _without_empty_columns(rows: Iterable[tuple[str, Sequence[Range | None]]]) -> tuple[Row, ...]:
    found = list(rows)
    shown = [number for number in range(len(FIGURES)) if any(ranges[number] for _label, ranges in found)]
    return tuple(
        Row(label, tuple((str(FIGURES[number].label), ranges[number]) for number in shown)) for label, ranges in found
    )


def _rows(tallies: Sequence[Tally], names: Mapping[int, str]) -> Iterator[tuple[str, Sequence[Range | None]]]:
    """The whole, then each group alone by name, then the groups that are too small to stand alone."""
    everybody = tuple(figure.range(tallies) for figure in FIGURES)
    if any(everybody):
        yield _("The whole branch"), everybody
    groups: dict[int, list[Tally]] = {}
    for tally in tallies:
        groups.setdefault(tally.via_id, []).append(tally)
    alone: dict[int, list[Range | None]] = {key: [] for key in groups}
    together: list[Range | None] = []
    for figure in FIGURES:
        cells = cells_of({key: sum(map(figure.people, group)) for key, group in groups.items()})
        ranges = {key: figure.range(groups[key]) for (key, *more) in cells if not more and len(cells) > 1}
        for key in groups:
            alone[key].append(ranges.get(key))
        joined = next((cell for cell in cells if len(cell) > 1), [])
        together.append(figure.range([tally for key in joined for tally in groups[key]]) if len(cells) > 1 else None)
    for key in sorted(groups, key=lambda key: names[key].casefold()):
        if any(alone[key]):
            yield _("%(name)s and everybody below") % {"name": names[key]}, alone[key]
    if any(together):
        yield _("The other groups, together"), together
