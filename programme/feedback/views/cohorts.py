"""Reports on the leaders of a cohort and of the organisation, for admins."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohorts.access.fresh import fresh_file
from cohorts.models import Cohort
from cohorts.web.csv_download import csv_response
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from feedback360.models import Round
from feedback360.results.cohort_report import csv_rows
from feedback360.visibility.cohort import MIN_LEADERS
from programme.feedback.cohorts import drawn_groups, leaders_in, newest_of_each_cohort, released_rounds, reports_of


@allow(Permission.RUN_COHORTS)
@require_safe
def cohort_results(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the newest released round of a cohort, or the one that `?round=` names."""
    cohort = get_object_or_404(Cohort, pk=pk)
    rounds = released_rounds(cohort)
    chosen = _chosen(request, rounds)
    return render(request, "programme/feedback/cohort.html", _page(chosen, rounds=rounds, cohort=cohort))


@allow(Permission.RUN_COHORTS)
@require_safe
@fresh_file
def cohort_results_download(request: MemberRequest, pk: int) -> HttpResponse:
    """The same as a table."""
    cohort = get_object_or_404(Cohort, pk=pk)
    return _download(f"360-{cohort.name}", _chosen(request, released_rounds(cohort)))


@allow(Permission.RUN_COHORTS)
@require_safe
def organisation_results(request: MemberRequest) -> HttpResponse:
    """Show the newest released round of every cohort, together."""
    return render(request, "programme/feedback/cohort.html", _page(newest_of_each_cohort(released_rounds())))


@allow(Permission.RUN_COHORTS)
@require_safe
@fresh_file
def organisation_results_download(request: MemberRequest) -> HttpResponse:
    """The same as a table."""
    return _download("360", newest_of_each_cohort(released_rounds()))


def _chosen(request: MemberRequest, rounds: Sequence[Round]) -> list[Round]:
    asked = request.GET.get("round", "")
    return [round_ for round_ in rounds if str(round_.pk) == asked] or list(rounds[:1])


def _page(chosen: Sequence[Round], *, rounds: Sequence[Round] = (), cohort: Cohort | None = None) -> dict[str, object]:
    return {
        "cohort": cohort,
        "rounds": rounds,
        "chosen": chosen,
        "leaders": leaders_in(chosen),
        "min_leaders": MIN_LEADERS,
        "groups": drawn_groups(reports_of(chosen), chosen, page_language()),
    }


def _download(name: str, rounds: Sequence[Round]) -> HttpResponse:
    header = [_("Group"), _("Table"), _("What"), _("Leaders"), _("Value"), _("Shares of leaders")]
    return csv_response(name, header, csv_rows(reports_of(rounds)), language=page_language())
