import io
import zipfile
from itertools import cycle

import openpyxl
import pytest
from django.utils import translation

from cohorts.imports.chosen import Chosen
from cohorts.imports.file import ListKind, UnreadableFile, asked_of
from cohorts.imports.parts import Bounds
from cohorts.imports.records import Refused
from cohorts.imports.tables import OLD_EXCEL, ZIP, read
from cohorts.people.imports.file import MAX_LIST_BYTES, MAX_ROWS, PEOPLE, PersonRow
from cohorts.people.imports.person_names import in_order
from cohorts.people.imports.values import column_label
from tests.hostile_files import packed, parts, sheets_at
from tests.people_files import read_people

ASE = PersonRow(number=2, name="Åse Bjørnstad", email="ase@firm.test")


def workbook(*rows: tuple[object, ...], sheets: tuple[str, ...] = ("People",)) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in sheets:
        sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


PLAIN = "Navn;E-post\nÅse Bjørnstad;ase@firm.test\n"

MESS = {
    "utf-8": PLAIN.encode(),
    "byte order mark": PLAIN.encode("utf-8-sig"),
    "utf-16 with a mark": PLAIN.encode("utf-16"),
    "utf-16 without a mark": PLAIN.encode("utf-16-le"),
    "big-endian utf-16": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "windows-1252": PLAIN.encode("cp1252"),
    "commas": PLAIN.replace(";", ",").encode(),
    "tabs": PLAIN.replace(";", "\t").encode(),
    "windows line ends": PLAIN.replace("\n", "\r\n").encode(),
    "old mac line ends": PLAIN.replace("\n", "\r").encode(),
    "no last line end": PLAIN.rstrip("\n").encode(),
    "blank lines after": (PLAIN + ";\n\n  ; \n").encode(),
    "quoted": b'"Navn";"E-post"\n"\xc3\x85se Bj\xc3\xb8rnstad";"ase@firm.test"\n',
    "a line break in a cell": 'Navn;E-post\n"Åse\nBjørnstad";ase@firm.test\n'.encode(),
    "a separator in a cell": 'Navn,E-post\n"Bjørnstad, Åse",ase@firm.test\n'.encode(),
    "last, first": "Navn;E-post\nBjørnstad, Åse;ase@firm.test\n".encode(),
    "two name columns": "Fornavn;Etternavn;Epost\nÅse;Bjørnstad;ase@firm.test\n".encode(),
    "english headers": "Last name,First name,E-mail address\nBjørnstad,Åse,ase@firm.test\n".encode(),
    "shouted headers": "NAVN;E-POST\nÅse Bjørnstad;ase@firm.test\n".encode(),
    "other columns": "Avdelingsnr;Navn;Stilling;E-post\n7;Åse Bjørnstad;Teamleder;ase@firm.test\n".encode(),
    "short rows": "Navn;E-post;Leder\nÅse Bjørnstad;ase@firm.test\n".encode(),
    "letters in two parts": "Navn;E-post\nA\u030ase Bjørnstad;ase@firm.test\n".encode(),
    "invisible signs": "Navn;E-post\n\u200bÅse\u00a0Bjørnstad ; ase@firm.test\u200b\n".encode(),
}


@pytest.mark.parametrize("data", MESS.values(), ids=MESS.keys())
def test_the_same_person_comes_out_of_every_mess(data):
    assert read_people(data, "people.csv").rows == (ASE,)


def test_a_workbook_is_read_from_the_sheet_with_the_people():
    data = workbook(("Navn", "E-post"), ("Åse Bjørnstad", "ase@firm.test"), (None, None), sheets=("Info", "Ansatte"))

    assert read_people(data, "People.XLSX").rows == (ASE,)


def test_titles_above_headers_are_skipped_and_rows_keep_numbers():
    data = "Rapport per mars\n\nNavn;E-post\n\nÅse Bjørnstad;ase@firm.test\n".encode()

    assert read_people(data, "r.csv").rows == (PersonRow(number=5, name="Åse Bjørnstad", email="ase@firm.test"),)


def test_the_reader_reports_used_and_unused_columns():
    read = read_people("Navn;E-post;Nærmeste leder;Avdeling\nA;a@f.test;B;Kø 3\n".encode(), "r.csv")

    assert read.columns == {"name": "Navn", "email": "E-post", "manager_name": "Nærmeste leder"}
    assert read.unused == ("Avdeling",)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Manager", "manager_name"),
        ("Line Manager", "manager_name"),
        ("Nærmeste leder", "manager_name"),
        ("Leder", "manager_name"),
        ("Manager's e-mail", "manager_email"),
        ("Manager’s email", "manager_email"),
        ("Leders e-post", "manager_email"),
        ("LEDER_EPOST", "manager_email"),
        ("Sponsor", "sponsor_name"),
        ("Sponsor's e-mail", "sponsor_email"),
        ("Sponsors e-post", "sponsor_email"),
        ("Tidssone", "zone"),
        ("Time zone", "zone"),
        ("Språk", "language"),
        ("Rolle", "role"),
    ],
)
def test_headers_are_known_in_both_languages(header, field):
    cell = "leader" if field == "role" else "x@f.test"
    read = read_people(f"Navn;E-post;{header}\nA;a@f.test;{cell}\n".encode(), "r.csv")

    assert getattr(read.rows[0], field) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+47 99 99", "-3", "@SUM(A1)", "=cmd|' /C calc'!A0"])
@pytest.mark.parametrize("is_workbook", [False, True])
def test_cells_that_look_like_formulas_stay_text(cell, is_workbook):
    if is_workbook:
        data, name = workbook(("Navn", "E-post"), ("", "a@f.test")), "r.xlsx"
        book = openpyxl.load_workbook(io.BytesIO(data))
        book.active["A2"].value, book.active["A2"].data_type = cell, "s"
        packed = io.BytesIO()
        book.save(packed)
        data = packed.getvalue()
    else:
        data, name = f'Navn;E-post\n"{cell}";a@f.test\n'.encode(), "r.csv"

    assert read_people(data, name).rows[0].name == cell


def test_numbers_and_dates_in_a_workbook_become_text():
    data = workbook(
        ("Name", "E-mail", "Zone", "Language"), (7.0, "a@f.test", 3.5, True), ("A", "b@f.test", "Oslo", None)
    )

    assert read_people(data, "r.xlsx").rows[0] == PersonRow(
        number=2, name="7", email="a@f.test", zone="3.5", language="True"
    )


def zipped(**entries: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return packed.getvalue()


NOT_WHAT_IT_SAYS = {
    "empty": (b"", "a.csv", "This file is empty."),
    "only space": (b" \n\n ", "a.csv", "This file is empty."),
    "another kind": (b"x", "a.pdf", "Upload a .csv or .xlsx file."),
    "no ending": (b"x", "people", "Upload a .csv or .xlsx file."),
    "a workbook called csv": (workbook(("Navn", "E-post")), "a.csv", "This file is called .csv, but it is an Excel"),
    "text called xlsx": (PLAIN.encode(), "a.xlsx", "This file is called .xlsx, but it is not an Excel workbook."),
    "old excel": (OLD_EXCEL + b"\0" * 600, "a.xlsx", "This is an old Excel file"),
    "a zip": (zipped(readme=b"x"), "a.xlsx", "This is a zip file, but not an Excel workbook."),
    "a cut-off workbook": (workbook(("Navn", "E-post"))[:900], "a.xlsx", "This workbook is damaged."),
    "a hollow workbook": (zipped(xl__workbook_xml=b"<x/>"), "a.xlsx", "This workbook is damaged."),
    "250 sheets": (packed(parts() | sheets_at(*251 * ["x.xml"])), "a.xlsx", "This workbook has more than 250 sheets."),
    "a web page": (b"<html><table><tr><td>Navn", "a.csv", "This is a document or a web page"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x01", "a.csv", "This file is not text."),
    "one column": (b"Navn\nA\n", "a.csv", "No column for e-mail among: Navn."),
    "letters of no language": ("Navn;E-post\n田中;a@f.test\n".encode("shift_jis"), "a.csv", "The characters in this"),
    "a web page called xls": (b"<html><table>", "a.xls", "This file is called .xls, but it is a web page"),
    "another office": (ZIP + b"x", "a.ods", "This is a spreadsheet of another program."),
    "no people": (b"Navn;E-post\n", "a.csv", "The headers are there, but no people under them."),
    "a quote never closed": (b'Navn;E-post\n"A;a@f.test\nB;b@f.test\n', "a.csv", "A quotation mark near line 3"),
    "too many columns": (b"Navn;E-post" + b";x" * 300, "a.csv", "This file has more than 200 columns."),
}


@pytest.mark.parametrize(("data", "name", "sentence"), NOT_WHAT_IT_SAYS.values(), ids=NOT_WHAT_IT_SAYS.keys())
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(data, name, sentence):
    with pytest.raises(UnreadableFile) as refusal:
        read_people(data, name)

    assert str(refusal.value).startswith(sentence)


def test_empty_cells_right_of_the_list_do_not_count():
    """Excel saves thousands where somebody once formatted a whole row."""
    empty = b";" * 16_000

    rows = read_people(b"Navn;E-post" + empty + b"\nA;a@f.test" + empty + b"\nB;b@f.test\n", "a.csv").rows

    assert [(row.name, row.email) for row in rows] == [("A", "a@f.test"), ("B", "b@f.test")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Navn;Avdeling\nA;B\n", "No column for e-mail among: Navn, Avdeling. Call one of them E-mail."),
        (b"E-post;Avdeling\na@f.test;B\n", "No column for names."),
    ],
)
def test_a_missing_column_is_said_and_can_be_chosen(data, sentence):
    assert read_people(data, "a.csv").missing.startswith(sentence)

    chosen = read_people(data, "a.csv", Chosen(columns={"0": "email", "1": "name"}))

    assert (chosen.missing, len(chosen.rows)) == ("", 1)


def test_sizes_have_a_limit():
    with pytest.raises(UnreadableFile, match="larger than 20 MB"):
        read_people(b"x" * (MAX_LIST_BYTES + 1), "a.csv")

    with pytest.raises(UnreadableFile, match="more than 100,000 rows"):
        read_people(b"Navn;E-post\n" + b"A;a@f.test\n" * 100_100, "a.csv")


def with_sheet(xml: str) -> bytes:
    """A workbook whose sheet is this text."""
    whole, packed = zipfile.ZipFile(io.BytesIO(workbook(("Navn", "E-post")))), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in whole.namelist():
            changed.writestr(name, xml if name.startswith("xl/worksheets/sheet") else whole.read(name))
    return packed.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">{}</row>'
SHEET += "</sheetData></worksheet>"
ENTITIES = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(8))
BOMBS = {
    "ten million cells in 40 kB": SHEET.format("<c/>" * 10_000_000),
    "a cell in the last column": SHEET.format('<c r="XFD1" t="inlineStr"><is><t>A</t></is></c>'),
    "a billion laughs": f'<!DOCTYPE x [<!ENTITY a0 "{"a" * 999}">{ENTITIES}]>{SHEET.format("<c><v>&a8;</v></c>")}',
    "a file of the server": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{SHEET.format("<c><v>&e;</v></c>")}',
    "a string that is not there": SHEET.format('<c r="A1" t="s"><v>99</v></c>'),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_made_to_hurt_is_refused_with_a_sentence(name):
    with pytest.raises(UnreadableFile, match=r"unpacked|damaged|200 columns"):
        read_people(with_sheet(BOMBS[name]), "a.xlsx")


def asked(kind: ListKind = PEOPLE, **more: object) -> dict[str, object]:
    """What the reader is told about a list of people."""
    return asked_of(kind, ending="xlsx") | more


def test_the_longest_list_with_fifteen_columns_is_within_bounds():
    """A fiftieth of it, with a fiftieth of the bounds."""
    header, count = ("Navn", "E-post", *(f"Extra {number}" for number in range(13))), MAX_ROWS // 50
    people = [(f"Person {number}", f"p{number}@firm.test", *["x"] * 13) for number in range(count)]
    bounds = Bounds(elements=Bounds().elements // 50, unpacked_bytes=Bounds().unpacked_bytes // 50)

    lines = list(read(io.BytesIO(workbook(header, *people)), asked(), bounds))

    assert sum(line[0].isdigit() for line in lines) == count


@pytest.mark.parametrize("bound", ["entries", "unpacked_bytes", "elements", "cell_characters"])
def test_each_bound_of_a_workbook_is_asked_about(bound):
    data = io.BytesIO(workbook(("Navn", "E-post"), ("Åse", "ase@firm.test")))

    with pytest.raises(Refused):
        list(read(data, asked(), Bounds(**{bound: 1})))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Nordmann, Kari", "Kari Nordmann"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("Kari Nordmann", "Kari Nordmann"),
        ("Nordmann,", "Nordmann,"),
        ("", ""),
    ],
)
def test_last_comma_first_is_turned_round(said, meant):
    assert in_order(said) == meant


@pytest.mark.parametrize("language", ["en", "nb"])
def test_the_headers_we_name_are_headers_we_know(language):
    fields = [
        "name",
        "email",
        "zone",
        "language",
        "role",
        "manager_name",
        "manager_email",
        "sponsor_name",
        "sponsor_email",
    ]
    with translation.override(language):
        header = ";".join(column_label(field) for field in fields)

    cells = {field: f"{field}@f.test" if "email" in field else "leader" for field in fields}
    read = read_people(f"{header}\n{';'.join(cells.values())}\n".encode(), "again.csv")

    assert read.rows == (PersonRow(number=2, **cells),)


@pytest.mark.parametrize("ends", [("\r\n", "\r"), ("\r", "\n"), ("\r", "\r\n", "\n")])
def test_line_ends_of_several_systems_in_one_file_are_line_ends(ends: tuple[str, ...]) -> None:
    """Lists that people paste together: no two rows become one, and none becomes half."""
    lines = ["Navn;E-post", *(f"Kari {letter.upper()}nes;{letter}@firm.test" for letter in "abcdef")]
    text = "".join(f"{line}{end}" for line, end in zip(lines, cycle(ends), strict=False))

    read = read_people(text.encode(), "list.csv")

    assert [row.name for row in read.rows] == [line.partition(";")[0] for line in lines[1:]]
    assert [row.email for row in read.rows] == [f"{letter}@firm.test" for letter in "abcdef"]
