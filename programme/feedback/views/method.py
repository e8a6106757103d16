"""How the figures of a report are made, and how often they were right in simulated rounds."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from feedback360.statistics.calibration import Calibration, measured

ANSWERS = (5, 6, 8, 10, 12)
# What a reader sees: figures as they are printed, rounded and cut off.
FIGURES: Mapping[str, str | Promise] = {
    "printed_mean_covered": gettext_lazy("The range of a value holds the truth"),
    "printed_change_covered": gettext_lazy("The range of a change holds the truth"),
    "printed_false_improved": gettext_lazy("Says “more than last time” where nothing rose"),
    "printed_false_declined": gettext_lazy("Says “less than last time” where nothing fell"),
    "printed_found": gettext_lazy("Finds a change that is there"),
    "printed_false_category": gettext_lazy("Says wrongly whether you and a group see it alike"),
    "printed_says_in_line": gettext_lazy("Says that you see it alike where you do"),
    "printed_says_over": gettext_lazy("Says that you rate yourself higher where you do"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure in one situation: per cent by number of answers, None where it was not measured."""

    figure: str
    case: str
    shares: tuple[int | None, ...]


@allow(Permission.READ_PROGRAMME)
@require_safe
def result_method(request: MemberRequest) -> HttpResponse:
    """Say what is shown, what is left out, and how often the words are right."""
    calibration = measured()
    context = {"answers": ANSWERS, "rows": _rows(calibration), "runs": calibration.runs}
    return render(request, "programme/feedback/method.html", context)


def _rows(calibration: Calibration) -> list[Measured]:
    return [
        Measured(str(name), row.case, tuple(_per_cent(row.by_n.get(number)) for number in ANSWERS))
        for key, name in FIGURES.items()
        for row in calibration.rows
        if row.figure == key
    ]


def _per_cent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)
