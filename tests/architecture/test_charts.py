"""Every chart on a page has its name, its table and its file; on paper the same drawing has its name."""

import re
from pathlib import Path

import pytest

from tests.architecture.test_templates import ROOT, TEMPLATES, name

CHARTS = ROOT / "templates" / "components" / "charts"
DRAWINGS = re.compile(r"""\{% include "components/charts/(_\w+_drawing|_\w+_printed)\.html\"""")
FIGURES = ("_dot_plot", "_heat_strip", "_line", "_run_chart")
# A drawing whose numbers stand in a table on the same page: `cohort.html` has one below its plots.
WITH_A_TABLE_BESIDE = {"programme/feedback/_plot.html"}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_chart_has_its_table_and_its_file(figure: str) -> None:
    text = (CHARTS / f"{figure}.html").read_text()

    assert "<figcaption>" in text
    assert "<table" in text
    assert '{% include "components/charts/_csv.html" %}' in text


def test_every_figure_is_among_them() -> None:
    found = {path.stem for path in CHARTS.glob("*.html") if "<figcaption>" in path.read_text()}

    assert {each for each in found if not each.endswith("_printed")} == set(FIGURES)


def test_no_page_has_a_drawing_without_its_figure() -> None:
    pages = [path for path in TEMPLATES if CHARTS not in path.parents and "reports" not in path.parts]
    bare = {name(path) for path in pages if DRAWINGS.search(path.read_text())}

    assert bare == WITH_A_TABLE_BESIDE


@pytest.mark.parametrize("path", sorted(CHARTS.glob("*.html")), ids=lambda path: path.stem)
def test_every_drawing_has_a_name_or_is_left_to_the_eye(path: Path) -> None:
    drawings = re.findall(r"<svg\b(?! x=)[^>]*>", path.read_text())  # not a sign inside a drawing

    assert [each for each in drawings if "aria-label=" not in each and "aria-hidden=" not in each] == []
