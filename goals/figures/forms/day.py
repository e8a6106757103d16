from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zlib import crc32

from django.utils.translation import gettext as _

from cohorts.web.edit_form import EditedField, EditForm
from cohorts.web.inputs import FigureField
from cohorts.web.refusals import Invalid
from goals.figures.actions.entering import Counted, Counts
from goals.figures.rules import MAX_DIGITS, ensure_counted
from goals.models import Family, Kpi, Unit


@dataclass(frozen=True)
class Boxes:
    """The boxes of one KPI."""

    kpi: Kpi
    above: EditedField
    below: EditedField | None
    asked: EditedField | None


class DayForm(EditForm):
    """What was counted on one day: two boxes a KPI, one for a plain number, a third for how many were asked.

    What the page showed counts as its revision, so that two who enter the same day do not overwrite each other.
    """

    def __init__(
        self, *args: Any, kpis: Sequence[Kpi], there: Mapping[int, Counted], on: date, today: date, **kwargs: Any
    ) -> None:
        initial = {name: value for pk, counted in there.items() for name, value in _boxes_of(pk, counted).items()}
        super().__init__(*args, initial=initial, revision=crc32(repr(sorted(initial.items())).encode()), **kwargs)
        self.kpis, self.on, self.today = kpis, on, today
        self.TOGETHER = tuple(self._names(kpi) for kpi in kpis)  # type: ignore[misc]
        for kpi in kpis:
            labels = (kpi.numerator, kpi.denominator, _("How many were asked"))
            for name, label in zip(self._names(kpi), labels if kpi.unit != Unit.COUNT else labels[:1], strict=False):
                self.fields[name] = FigureField(label=label, required=False, max_digits=MAX_DIGITS, min_value=0)

    def boxes(self) -> Iterator[Boxes]:
        for kpi in self.kpis:
            names = self._names(kpi)
            fields: list[Any] = [self[name] for name in names] + [None] * (3 - len(names))
            yield Boxes(kpi, *fields)

    def clean(self) -> dict[str, Any]:
        super().clean()
        for kpi in self.kpis:
            if not any(name in self.errors for name in self._names(kpi)):
                self._clean_kpi(kpi)
        return self.cleaned_data

    def counts(self) -> Counts:
        return {kpi.pk: self._counted(kpi) for kpi in self.kpis}

    def _clean_kpi(self, kpi: Kpi) -> None:
        names = self._names(kpi)
        filled = [self.cleaned_data.get(name) is not None for name in names[:2]]
        if any(filled) and not all(filled):
            self.add_error(names[filled.index(False)], _("Fill in both, or neither."))
            return
        counted = self._counted(kpi)
        if counted is None:
            return
        try:
            ensure_counted(
                unit=kpi.unit,
                on=self.on,
                numerator=counted.numerator,
                denominator=counted.denominator,
                asked=counted.asked,
                today=self.today,
            )
        except Invalid as refusal:
            at = ("numerator", "denominator", "asked").index(refusal.field) if refusal.field != "on" else 0
            self.add_error(names[min(at, len(names) - 1)], refusal)

    def _counted(self, kpi: Kpi) -> Counted | None:
        above, below, asked = (*(self.cleaned_data.get(name) for name in self._names(kpi)), None, None)[:3]
        below = Decimal(1) if kpi.unit == Unit.COUNT else below
        return None if above is None or below is None else Counted(above, below, asked)

    def _names(self, kpi: Kpi) -> tuple[str, ...]:
        count = 1 if kpi.unit == Unit.COUNT else 3 if kpi.family == Family.CSAT else 2
        return tuple(f"{part}-{kpi.pk}" for part in ("above", "below", "asked")[:count])


def _boxes_of(pk: int, counted: Counted) -> dict[str, Any]:
    return {f"above-{pk}": counted.numerator, f"below-{pk}": counted.denominator, f"asked-{pk}": counted.asked}
