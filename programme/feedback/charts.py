"""The dot plots of a report, placed for page and paper."""

from dataclasses import dataclass

from cohorts.charts.dot_plot import DESK, PAPER, PHONE, DotPlot, dot_plot
from feedback360.results.report import Plot, Report


@dataclass(frozen=True, slots=True)
class Drawn:
    """As `components/charts/_dot_plot.html` shows it."""

    plot: Plot
    desk: DotPlot
    phone: DotPlot
    paper: DotPlot

    @property
    def id(self) -> str:
        return f"plot-{self.plot.group or 'attributed'}"


def drawn(report: Report) -> list[Drawn]:
    return [
        Drawn(
            plot,
            dot_plot(plot.rows, ticks=report.ticks, layout=DESK),
            dot_plot(plot.rows, ticks=report.ticks, layout=PHONE),
            dot_plot(plot.rows, ticks=report.ticks, layout=PAPER),
        )
        for plot in report.plots
    ]
