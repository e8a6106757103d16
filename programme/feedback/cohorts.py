"""Reports on several leaders from the database: released rounds only, one query for their reports."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cohorts.charts.dot_plot import DESK, PHONE, DotPlot, dot_plot
from cohorts.charts.geometry import Tick
from cohorts.models import Cohort
from feedback360.models import Result, Round, State, Subject
from feedback360.questionnaires.rows import content_of
from feedback360.results.cohort_report import GroupReport, cells_together, group_reports
from feedback360.visibility import Release, cohort_cells


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    """One group's part of the page, with its plot on a desk and on a phone; None without a level to draw."""

    report: GroupReport
    desk: DotPlot | None
    phone: DotPlot | None


def released_rounds(cohort: Cohort | None = None) -> list[Round]:
    """Of a cohort or of all, newest first."""
    rounds = Round.objects.filter(state=State.RELEASED).select_related("cohort", "questionnaire")
    return list((rounds.filter(cohort=cohort) if cohort else rounds).order_by("-closes_at", "-pk"))


def newest_of_each_cohort(rounds: Sequence[Round]) -> list[Round]:
    return list({round_.cohort_id: round_ for round_ in reversed(rounds)}.values())


def reports_of(rounds: Sequence[Round]) -> tuple[GroupReport, ...]:
    """Of one round, or of several cohorts together."""
    releases: dict[int, list[Release]] = defaultdict(list)
    results = Result.objects.filter(subject__round__in=[round_.pk for round_ in rounds]).order_by("subject")
    for round_id, content in results.values_list("subject__round_id", "content"):
        releases[round_id].append(Release.from_bytes(bytes(content)))
    cohorts = [releases[round_.pk] for round_ in rounds]
    return group_reports(cohort_cells(cohorts[0]) if len(cohorts) == 1 else cells_together(cohorts))


def leaders_in(rounds: Sequence[Round]) -> int:
    return Subject.objects.filter(round__in=[round_.pk for round_ in rounds], withdrawn_at=None).count()


def drawn_groups(reports: Sequence[GroupReport], rounds: Sequence[Round], language: str) -> list[DrawnGroup]:
    ticks = _ticks(rounds, language)
    return [
        DrawnGroup(
            report,
            dot_plot(report.rows, ticks=ticks, layout=DESK) if report.rows else None,
            dot_plot(report.rows, ticks=ticks, layout=PHONE) if report.rows else None,
        )
        for report in reports
    ]


def _ticks(rounds: Sequence[Round], language: str) -> list[Tick]:
    """The words of the newest questionnaire's scale."""
    if not rounds:
        return []
    questionnaire = content_of(rounds[0].questionnaire)
    steps = questionnaire.scales[questionnaire.language_for(language)].steps
    return [Tick(value, label) for value, label in enumerate(steps, 1)]
