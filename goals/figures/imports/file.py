"""Read a list of figures: which columns it has, and what each row says. Pure; the reader is `cohorts.imports.file`.

A row is one KPI of one team on one day. A row with a problem is left out entirely.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.imports.file import ListKind, headers_of
from cohorts.imports.header_words import spellings
from cohorts.people.imports.values import spelled
from cohorts.web.bounds import EARLIEST_YEAR, ensure_not_ahead
from cohorts.web.refusals import Invalid
from goals.figures.imports.cells import (
    Order,
    Unclear,
    read_date,
    read_number,
)
from goals.figures.rules import ensure_counted
from goals.models import Unit

MAX_FILE_BYTES = 10 * 1024 * 1024  # below MAX_REQUEST_BYTES, so that the form can say it
MAX_ROWS = 200_000
EARLIEST = date(EARLIEST_YEAR, 1, 1)
MAX_TEXT_CHARACTERS = 120
MAX_SUGGESTED_NAMES = 3
CACHED = 4_096
FIELDS = ("on", "team", "kpi", "numerator", "denominator", "asked")
SURPLUS = "surplus"
SYNONYMS = spellings(Path(__file__).with_name("headers.yaml"))


def figures_list(*, is_kpi_chosen: bool, is_team_known: bool) -> ListKind:
    """The columns a list of figures needs. One KPI may be chosen for the whole file; a leader may have one team."""
    no_kpi = gettext_lazy(
        "No column for the KPI among: %(columns)s. Call one of them KPI, or choose one KPI for the file."
    )
    no_team = gettext_lazy("No column for the team among: %(columns)s. Call one of them Team.")
    no_counts = gettext_lazy(
        "No columns for numerator and denominator among: %(columns)s. Weeks cannot be added up from percentages or"
        " averages: give the two numbers they were worked out from."
    )
    return ListKind(
        headers=headers_of(SYNONYMS),
        label=column_label,
        fields=FIELDS,
        needs=(
            ({"on"}, gettext_lazy("No column for the date among: %(columns)s. Call one of them Date.")),
            *([] if is_team_known else [({"team"}, no_team)]),
            *([] if is_kpi_chosen else [({"kpi"}, no_kpi)]),
            ({"numerator"}, no_counts),
        ),
        max_bytes=MAX_FILE_BYTES,
        max_rows=MAX_ROWS,
        too_large=gettext_lazy("This file is larger than 10 MB. Split it in two."),
        too_many_rows=gettext_lazy("This file has more than 200,000 rows. Split it in two."),
        too_many_columns=gettext_lazy("This file has more than 200 columns. Keep only those for figures."),
        too_large_unpacked=gettext_lazy("This workbook is too large to read. Save it as .csv and upload that."),
        no_rows=gettext_lazy("The headers are there, but no figures under them."),
        counts=True,
        surplus=SURPLUS,
    )


def column_label(name: str) -> str:
    """The label of a field without a column in the file."""
    return {
        "on": _("Date"),
        "team": _("Team"),
        "kpi": _("KPI"),
        "numerator": _("Numerator"),
        "denominator": _("Denominator"),
        "asked": _("How many were asked"),
    }[name]


@dataclass(frozen=True, slots=True)
class KnownKpi:
    pk: int
    unit: str


@dataclass(frozen=True, slots=True)
class Names:
    """Teams and KPIs by name as `spelled`. `others` are teams of other leaders: a refusal, not a mystery.

    `team` and `kpi` hold for the whole file where they are given.
    """

    teams: Mapping[str, int]
    others: frozenset[str]
    kpis: Mapping[str, KnownKpi]
    shown: Mapping[str, str]  # spelled -> as people write it
    team: int | None = None
    kpi: KnownKpi | None = None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """What a row says; values are there if it has no problems. Problems are pairs of field and sentence."""

    on: date | None = None
    team: int | None = None
    kpi: int | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    asked: Decimal | None = None
    problems: tuple[tuple[str, str], ...] = ()


def row_reader(names: Names, *, order: Order, today: date, suggests: bool) -> Callable[[Mapping[str, str]], FigureRow]:
    """Reads rows of one file. `suggests`: say which names come close to one that is not known."""
    reader = _RowReader(names, order, today, suggests)
    return reader.row


class _RowReader:
    """What cells of a file say is looked up once: names, days and numbers come again and again."""

    def __init__(self, names: Names, order: Order, today: date, suggests: bool) -> None:
        self.names, self.order, self.today, self.suggests = names, order, today, suggests
        self.date, self.team = lru_cache(CACHED)(self._date), lru_cache(CACHED)(self._team)
        self.kpi = lru_cache(CACHED)(self._kpi)
        self.ensure_counts = lru_cache(CACHED)(self._ensure_counts)

    def row(self, said: Mapping[str, str]) -> FigureRow:
        get = said.get
        try:
            kpi = self.kpi(get("kpi", ""))
            denominator = _denominator(get("denominator", ""), kpi.unit)
            asked = read_number(said["asked"]) if get("asked") else None
            on, team, numerator = self.date(get("on", "")), self.team(get("team", "")), _numerator(get("numerator", ""))
            self.ensure_counts(kpi.unit, numerator, denominator, asked)
        except (Unclear, Invalid):
            return FigureRow(problems=self._problems(said))
        if get(SURPLUS):
            return FigureRow(problems=self._problems(said))
        return FigureRow(on, team, kpi.pk, numerator, denominator, asked)

    def _problems(self, said: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Everything that is wrong with a row, so that it is corrected once."""
        problems: list[tuple[str, str]] = []
        self._value(problems, "on", said, self.date)
        self._value(problems, "team", said, self.team)
        kpi = self._value(problems, "kpi", said, self.kpi)
        unit = kpi.unit if kpi else ""
        numerator = self._value(problems, "numerator", said, _numerator)
        denominator = self._value(problems, "denominator", said, lambda text: _denominator(text, unit))
        asked = self._value(problems, "asked", said, read_number) if said.get("asked") else None
        if said.get(SURPLUS):
            problems.append(("numerator", _surplus(said[SURPLUS])))
        elif kpi is not None and numerator is not None and denominator is not None:
            try:
                self.ensure_counts(unit, numerator, denominator, asked)
            except Invalid as refusal:
                problems.append((refusal.field, refusal.sentence))
        return tuple(problems)

    def _value(
        self, problems: list[tuple[str, str]], field: str, said: Mapping[str, str], read: Callable[[str], Any]
    ) -> Any:
        try:
            return read(said.get(field, ""))
        except (Unclear, Invalid) as refusal:
            problems.append((field, str(refusal)))
            return None

    def _ensure_counts(self, unit: str, numerator: Decimal, denominator: Decimal, asked: Decimal | None) -> None:
        ensure_counted(
            unit=unit, on=self.today, numerator=numerator, denominator=denominator, asked=asked, today=self.today
        )

    def _date(self, text: str) -> date:
        if not text:
            raise Unclear(_("The date is missing."))
        on = read_date(text, self.order)
        if on < EARLIEST:
            raise Unclear(_("This day is before the year 2000."))
        ensure_not_ahead("on", on, today=self.today)
        return on

    def _team(self, text: str) -> int:
        name = spelled(text)
        if not name:
            if self.names.team is not None:
                return self.names.team
            raise Unclear(_("The team is missing."))
        found = self.names.teams.get(name)
        if found is None:
            if name in self.names.others:
                raise Unclear(_("This is another leader's team. You can import figures of your own team."))
            raise Unclear(_("No team is called %(name)s.") % {"name": text[:60]} + self._close(name, self.names.teams))
        return found

    def _kpi(self, text: str) -> KnownKpi:
        if self.names.kpi is not None:
            return self.names.kpi
        name = spelled(text)
        if not name:
            raise Unclear(_("The KPI is missing."))
        found = self.names.kpis.get(name)
        if found is None:
            raise Unclear(_("No KPI is called %(name)s.") % {"name": text[:60]} + self._close(name, self.names.kpis))
        return found

    def _close(self, name: str, known: Iterable[str]) -> str:
        if not self.suggests:
            return ""
        close = get_close_matches(name[:60], known, n=MAX_SUGGESTED_NAMES, cutoff=0.5)
        names = ", ".join(self.names.shown[each] for each in close)
        return " " + _("Did you mean %(names)s?") % {"names": names} if close else ""


def _numerator(text: str) -> Decimal:
    if not text:
        raise Unclear(_("The numerator is missing."))
    return read_number(text)


def _denominator(text: str, unit: str) -> Decimal:
    if text:
        return read_number(text)
    if unit == Unit.COUNT:
        return Decimal(1)
    raise Unclear(_("The denominator is missing. A percentage or an average alone cannot be added up to a week."))


def _surplus(text: str) -> str:
    return _("“%(text)s” is to the right of the last column. A decimal comma may have split a number.") % {
        "text": text[:40]
    }


def kept_text(said: Mapping[str, str]) -> dict[str, str]:
    """What a row says, as it is kept for somebody to correct. PostgreSQL stores neither NUL nor half a letter."""
    return {
        field: text[:MAX_TEXT_CHARACTERS].replace("\0", "").encode("utf-8", "replace").decode()
        for field, text in said.items()
        if text
    }
