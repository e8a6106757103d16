"""A workbook that somebody has cared for since 2014, as its owner sees it."""

import io
from datetime import date

import openpyxl
import pytest

from cohorts.imports import file as reading
from cohorts.imports.cell_texts import NO_VALUE
from cohorts.imports.chosen import Chosen
from cohorts.imports.columns import AboutUpload
from cohorts.imports.encodings import encoding_of, once_decoded
from cohorts.imports.file import UnreadableFile
from cohorts.imports.records import Refused
from cohorts.imports.tables import read
from tests.people_files import read_people

HEADER = ("Name", "E-mail", "Manager")


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    def read_here(_reader, file, asked):
        return iter([list(map(str, line)) for line in read(file, asked)])

    monkeypatch.setattr(reading, "read_apart", read_here)


def saved(change, *rows):
    book = openpyxl.Workbook()
    book.active.title = "People"
    for row in rows:
        book.active.append(row)
    change(book)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def names(data, **chosen):
    return [row.name for row in read_people(data, "a.xlsx", Chosen(**chosen)).rows]


def test_hidden_rows_are_counted_and_read_when_wanted():
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    data = saved(hide, HEADER, ("Ada", "a@f.test"), ("Gone", "g@f.test"), ("Bo", "b@f.test"))

    people = read_people(data, "a.xlsx")
    assert ([row.name for row in people.rows], people.about.passed) == (["Ada", "Bo"], {"hidden": 1})
    assert names(data, hidden=True) == ["Ada", "Gone", "Bo"]


def test_a_list_whose_rows_are_all_hidden_can_still_be_read():
    def hide(book):
        book.active.row_dimensions[2].hidden = True

    data = saved(hide, HEADER, ("Ada", "a@f.test"))

    assert names(data) == []
    assert names(data, hidden=True) == ["Ada"]


def test_sheets_are_named_and_another_one_can_be_chosen():
    def add(book):
        for title, name in (("Bergen", "Bo"), ("Old", "Gone")):
            sheet = book.create_sheet(title)
            sheet.append(HEADER)
            sheet.append((name, f"{name}@f.test"))
        book["Old"].sheet_state = "hidden"

    data = saved(add, HEADER, ("Ada", "a@f.test"))

    sheets = [
        (each.name, each.is_visible, each.has_rows, each.is_read) for each in read_people(data, "a.xlsx").about.sheets
    ]
    assert sheets == [("People", True, True, True), ("Bergen", True, True, False), ("Old", False, True, False)]
    assert names(data, sheet=1) == ["Bo"]
    assert names(data, sheet=2) == ["Gone"]


def test_a_list_behind_many_sheets_is_found_and_every_sheet_is_named():
    def add(book):
        for number in range(1, 12):
            book.create_sheet(f"Week {number}").append(HEADER)
        book["Week 11"].append(("Bo", "b@f.test"))

    data = saved(add, ("Notes",))

    assert names(data) == ["Bo"]
    assert [each.name for each in read_people(data, "a.xlsx").about.sheets][-1] == "Week 11"


def test_a_sheet_too_wide_for_a_list_does_not_keep_the_others_from_being_read():
    def add(book):
        book.create_sheet("Matrix").append(["x"] * 300)

    data = saved(add, HEADER, ("Ada", "a@f.test"))

    assert names(data) == ["Ada"]
    with pytest.raises(UnreadableFile, match="more than 200 columns"):
        names(data, sheet=1)


def test_of_many_other_sheets_some_are_named_and_the_others_counted():
    sheets = [(f"Week {number}", True, True, number == 0) for number in range(11)]

    assert AboutUpload(sheets=sheets).others_named == (
        "Week 1, Week 2, Week 3, Week 4, Week 5, Week 6, Week 7, Week 8 and 2 more"
    )


def test_a_merged_cell_says_the_same_in_every_row_it_covers():
    def merge(book):
        book.active.merge_cells("C2:C3")

    data = saved(merge, HEADER, ("Ada", "a@f.test", "Liv Lie"), ("Bo", "b@f.test"), ("Kim", "k@f.test"))

    assert [row.manager_name for row in read_people(data, "a.xlsx").rows] == ["Liv Lie", "Liv Lie", ""]


def test_a_title_over_the_whole_width_is_no_header():
    def merge(book):
        book.active.merge_cells("A1:C1")

    assert names(saved(merge, ("List of names",), HEADER, ("Ada", "a@f.test"))) == ["Ada"]


def test_headers_that_come_again_and_sums_are_passed_over():
    rows = [HEADER, ("Ada", "a@f.test"), HEADER, ("Bo", "b@f.test"), ("Total: 2", ""), ("Summer Lie", "s@f.test")]
    people = read_people(saved(lambda book: None, *rows), "a.xlsx")

    assert [row.name for row in people.rows] == ["Ada", "Bo", "Summer Lie"]
    assert people.about.passed == {"headers": 1, "sums": 1}


def test_a_formula_without_a_value_says_so():
    data = saved(lambda book: None, HEADER, ("Ada", '=CONCATENATE("a","@f.test")'))

    assert read_people(data, "a.xlsx").rows[0].email == NO_VALUE


def test_a_link_gives_its_address():
    def link(book):
        book.active["B2"].hyperlink = "mailto:a@f.test?subject=Hei"

    data = saved(link, HEADER, ("Ada", "Write"), ("Bo", '=HYPERLINK("mailto:b@f.test","Write")'))

    assert [row.email for row in read_people(data, "a.xlsx").rows] == ["a@f.test", "b@f.test"]


def test_dates_of_1904_are_dates_and_no_names():
    def old(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    data = saved(old, ("Name", "E-mail"), (date(2026, 3, 1), "a@f.test"))

    assert names(data) == ["2026-03-01T00:00:00"]


def test_columns_that_were_chosen_count():
    data = saved(lambda book: None, ("Kallenavn", "Navn", "E-mail"), ("Ada", "7", "a@f.test"))

    assert names(data, columns={"0": "name", "2": "email"}) == ["Ada"]


def test_columns_are_shown_with_their_first_values():
    rows = [("Navn", "E-post", "Kø"), ("Ada", "a@f.test", "3"), ("Bo", "b@f.test", "3"), ("Kim", "k@f.test", "4")]
    about = read_people(saved(lambda book: None, *rows), "a.xlsx").about

    assert [(each.field, each.header, each.samples) for each in about.columns] == [
        ("name", "Navn", ("Ada", "Bo", "Kim")),
        ("email", "E-post", ("a@f.test", "b@f.test", "k@f.test")),
        ("", "Kø", ("3", "4")),
    ]


# Letters

LIST = "Navn;E-post\nÅse Bjørnstad;a@f.test\nKåre Lie;k@f.test\n"
WRITTEN_IN = {
    "cp1252": LIST,
    "mac_roman": LIST,
    "cp850": LIST,
    "utf-16": LIST,
    "cp1250": "Name;Email\nŁukasz Wójcik;l@f.test\nŠárka Dvořáková;s@f.test\n",
    "cp1257": "Name;Email\nJānis Bērziņš;j@f.test\nŽydrūnė;z@f.test\n",
    "cp1254": "Name;Email\nIlgın Çağ;i@f.test\nŞahin Doğan;s@f.test\n",
    "cp1251": "Name;Email\nИван Петров;i@f.test\n",
    "cp1253": "Name;Email\nΓιώργος Παππάς;g@f.test\n",
}


@pytest.mark.parametrize(("encoding", "text"), WRITTEN_IN.items())
def test_letters_are_read_in_the_encoding_they_were_written_in(encoding, text):
    found, other = encoding_of(io.BytesIO(text.encode(encoding)))

    assert (found, other) == (encoding, "cp1253" if encoding == "cp1251" else "")
    assert read_people(text.encode(encoding), "a.csv").rows[0].name == text.split("\n")[1].split(";")[0]


def test_letters_that_could_be_others_are_told_and_can_be_chosen():
    data = "Name;Email\nИван Петров;z@f.test\n".encode("cp1251")

    about = read_people(data, "a.csv").about

    assert (about.encoding, about.other_encoding) == ("cp1251", "cp1253")
    chosen = read_people(data, "a.csv", Chosen(encoding="cp1253"))
    assert chosen.rows[0].name == "Иван Петров".encode("cp1251").decode("cp1253")


def test_letters_of_no_language_are_refused():
    with pytest.raises(UnreadableFile) as refusal:
        read_people("Name;Email\n田中太郎;t@f.test\n".encode("shift_jis"), "a.csv")
    assert isinstance(refusal.value.__cause__, Refused)


@pytest.mark.parametrize("broken", ["Ã…se BjÃ¸rnstad", "√Öse Bj√∏rnstad"])
def test_letters_encoded_twice_are_decoded_once_more(broken):
    assert once_decoded(broken) == "Åse Bjørnstad"
    assert once_decoded("Ängel Ûçar") == "Ängel Ûçar"
