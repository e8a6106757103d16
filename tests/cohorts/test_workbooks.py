"""Our reader of workbooks beside openpyxl: the same values out of the same files."""

import io
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles.numbers import is_date_format, is_timedelta_format

from cohorts.imports.cell_texts import plain_text
from cohorts.imports.parts import Bounds
from cohorts.imports.records import Refused
from cohorts.imports.workbooks import Workbook, _Styles
from cohorts.web.letters import cleaned
from tests.hostile_files import HEADER, book, packed, parts, sheet, sheets_at

YEARS = datetime(1901, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 - Excel knows no zones
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14),
    st.datetimes(*YEARS).map(lambda on: on.replace(microsecond=0)),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.timedeltas(timedelta(0), timedelta(days=400)).map(lambda long: timedelta(seconds=long // timedelta(seconds=1))),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).filter(lambda text: "_x" not in text),
)


def saved(rows: list[list[object]], *, is_1904: bool = False) -> bytes:
    made = openpyxl.Workbook()
    if is_1904:
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in rows:
        made.active.append(row)
        for cell in made.active[made.active.max_row]:
            if cell.data_type == "f":
                cell.data_type = "s"
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def ours(data: bytes, bounds: Bounds = Bounds()) -> dict[int, list[str]]:  # noqa: B008 - frozen
    workbook = Workbook(io.BytesIO(data), plain_text, bounds, max_columns=200)
    return dict(workbook.rows(workbook.sheets[0]))


def theirs(data: bytes) -> dict[int, list[str]]:
    read = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
    rows = {}
    for number, row in enumerate(read.iter_rows(values_only=True), start=1):
        texts = ["" if value is None else cleaned(plain_text(value)) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            rows[number] = texts
    return rows


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(VALUES, max_size=6), max_size=6), st.booleans())
def test_any_value_reads_as_openpyxl_reads_it(rows, is_1904):
    data = saved(rows, is_1904=is_1904)

    assert ours(data) == theirs(data)


def test_what_is_laid_over_all_sheets_is_sought_within_one_bound():
    """A sheet of blanks packs to a thousandth, and there may be 250 of them."""
    sheets = {f"xl/worksheets/sheet{number}.xml": sheet(HEADER, after=" " * 600_000) for number in (1, 2)}
    data = packed(parts() | sheets_at("worksheets/sheet1.xml", "worksheets/sheet2.xml") | sheets)
    workbook = Workbook(
        io.BytesIO(data), plain_text, Bounds(unpacked_bytes=1_000_000), max_columns=9, is_laid_over=True
    )

    assert next(workbook.rows(workbook.sheets[0])) == (1, ["Name", "E-mail"])
    with pytest.raises(Refused, match="too_large_unpacked"):
        next(workbook.rows(workbook.sheets[1]))


FORMATS = [
    *("General", "0", "0.00", "@", "0%", "# ?/?", "0.00E+00", '"y"0', '0" days"', "[Red]0", "[$-414]0", "\\d0", "_d0"),
    *(
        "yyyy-mm-dd",
        "d/m/y",
        "[$-414]d. mmmm yyyy",
        "h:mm",
        "[h]:mm:ss",
        "[mm]:ss",
        "mm:ss.0",
        "[Red]d",
        'd" y"',
        "0;d",
    ),
]


@pytest.mark.parametrize("code", FORMATS)
def test_a_number_format_is_a_date_where_openpyxl_says_so(code):
    styles = _Styles(Bounds())
    styles.start("numFmts", [])
    styles.start("numFmt", ["numFmtId", "200", "formatCode", code])
    styles.end("numFmts")
    styles.start("cellXfs", [])
    styles.start("xf", ["numFmtId", "200"])

    assert ("0" in styles.dates) == is_date_format(code)
    assert ("0" in styles.spans) == is_timedelta_format(code)


def test_strings_that_cells_share_lose_their_looks_and_sounds():
    runs = "<si><r><rPr><b/></rPr><t>Å</t></r><r><t xml:space='preserve'>se </t></r><rPh><t>O-se</t></rPh></si>"
    escaped = "<si><t>a_x000D_b_x005F_x0041_</t></si><si/>"
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(3))

    assert ours(book(f"<row>{cells}<c><v>1</v></c></row>", strings=runs + escaped)) == {
        1: ["Åse", "a b_x0041_", "", "1"]
    }


def test_cells_and_rows_stand_where_they_say():
    rows = '<row r="3"><c r="B3"><v>1</v></c><c><v>2</v></c></row><row><c r="aa4"><v>3</v></c></row><row r="2"/>'

    assert ours(book(rows)) == {3: ["", "1", "2"], 4: [*[""] * 26, "3"]}


def test_what_stands_after_the_rows_is_not_looked_at():
    data = book(sheet("<row><c><v>1</v></c></row>", after=" " * 20_000 + "<x>" * 5_000))

    assert ours(data) == {1: ["1"]}


BOUNDED = {
    "entries": book,
    "unpacked_bytes": book,
    "elements": book,
    "attributes": lambda: book('<row r="1" s="1" ht="1"/>'),
    "depth": book,
    "names": book,
    "tag_bytes": lambda: book(f'<row a="{"x" * 20_000}"><c/></row>'),
    "strings_bytes": lambda: book(strings="<si><t>ab</t></si>"),
    "row_cells": book,
    "cell_characters": book,
    "styles": lambda: book(styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="0"/></cellXfs>'),
    "formats": lambda: book(styles='<numFmts><numFmt numFmtId="200"/><numFmt numFmtId="201"/></numFmts>'),
}


@pytest.mark.parametrize("bound", BOUNDED)
def test_no_bound_of_a_workbook_is_only_written_down(bound):
    data = BOUNDED[bound]()
    ours(data)

    with pytest.raises(Refused):
        ours(data, Bounds(**{bound: 1}))


def test_a_sheet_that_packs_too_well_is_refused():
    data = book(HEADER + "<row/>" * 50_000)
    ours(data)

    with pytest.raises(Refused):
        ours(data, Bounds(ratio_from_bytes=1, ratio=100))


def test_every_bound_has_its_test():
    assert {*BOUNDED, "ratio", "ratio_from_bytes"} == set(Bounds.__dataclass_fields__)


def test_times_of_day_are_read():
    assert ours(saved([[time(13, 30)]])) == {1: ["13:30:00"]}
