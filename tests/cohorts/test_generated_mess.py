"""Lists of any bytes end as people or as a sentence: encodings, separators, quotes, widths, types, sheets."""

import io
from itertools import cycle

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts.imports.file import asked_of
from cohorts.imports.parts import Bounds
from cohorts.imports.records import Refused
from cohorts.imports.tables import read
from cohorts.people.imports.file import PEOPLE, read_line
from cohorts.people.imports.plan import Defaults, Happens, plan_intake

NAMES = """Åse Berg|Berg, Åse|Šárka Dvořáková|王小明|#N/A|-|10023|"Ase" Berg|King, Jr., Martin|TRUE|""".split("|")
ADDRESSES = "a@f.test|A <a@f.test>|mailto:b@f.test|kari@bø.no|İPEK@F.TEST|x|n/a".split("|")
OTHERS = "Ola Dal|ola@f.test|NO_MANAGER|2|Total|Name|E-mail|East|nb-NO|\u202egnp".split("|")
CELLS = st.one_of(st.sampled_from([*NAMES, *ADDRESSES, *OTHERS]), st.text(max_size=8))
HEADERS = st.sampled_from("Name|E-post|Manager|Employee|Role|Zone|#|Legal Name - First Name||Ÿ".split("|"))
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=6)
LISTS = st.tuples(st.lists(HEADERS, min_size=1, max_size=6), ROWS).map(lambda parts: [parts[0], *parts[1]])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp1250", "mac_roman", "cp850", "shift_jis"])


@st.composite
def text_files(draw):
    separator, quote = draw(st.sampled_from(";,\t|")), draw(st.sampled_from(["", '"']))
    ends = draw(st.lists(st.sampled_from(["\n", "\r", "\r\n"]), min_size=1, max_size=3))  # in turn: mixed in one file
    lines = (separator.join(f"{quote}{cell}{quote}" for cell in row) for row in draw(LISTS))
    text = "".join(f"{line}{end}" for line, end in zip(lines, cycle(ends), strict=False))
    data = text.encode(draw(ENCODINGS), "replace")
    cut = draw(st.integers(0, 3))
    return data[: len(data) - cut]


@st.composite
def workbooks(draw):
    book = openpyxl.Workbook()
    for _number in range(draw(st.integers(0, 2))):
        book.create_sheet()
    for sheet in book.worksheets:
        for row in draw(LISTS):
            sheet.append([cell for cell in row if cell.isprintable()])
        if draw(st.booleans()):
            sheet.merge_cells("A1:B2")
        sheet.row_dimensions[2].hidden = draw(st.booleans())
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def outcome(data: bytes, ending: str) -> None:
    try:
        lines = list(read(io.BytesIO(data), asked_of(PEOPLE, ending=ending), Bounds()))
    except Refused:
        return
    fields = lines[0][1::2]
    rows = [read_line(int(line[0]), dict(zip(fields, line[1:], strict=True))) for line in lines if line[0].isdigit()]
    plan = plan_intake(rows, [], {}, Defaults(zone="Europe/Oslo", language="en"))
    for each in plan.outcomes:
        assert each.happens == Happens.LEFT_OUT or each.problems == ()
        if each.happens == Happens.NEW_LEADER:
            assert any(map(str.isalpha, each.row.name))
            assert "@" in each.email


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(text_files(), st.binary(max_size=200)))
def test_any_text_ends_as_people_or_as_a_refusal(data):
    outcome(data, "csv")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(workbooks())
def test_any_workbook_ends_as_people_or_as_a_refusal(data):
    outcome(data, "xlsx")
