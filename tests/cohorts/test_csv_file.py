import pytest

from cohorts.web.csv_download import csv_response
from cohorts.web.formulas import escaped
from tests.people_files import read_people


@pytest.mark.parametrize(
    "cell", ["=1+1", "+47", "-3", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0", " =1+1", "\n\0@x", "\uff1d1"]
)
def test_what_a_spreadsheet_would_run_is_escaped(cell):
    assert escaped(cell) == "'" + cell


@pytest.mark.parametrize(("cell", "text"), [("Åse", "Åse"), (7, "7"), (None, ""), ("", ""), ("a=b", "a=b")])
def test_everything_else_stays(cell, text):
    assert escaped(cell) == text


def test_a_download_opens_with_its_letters_and_columns():
    response = csv_response("Oslo vår", ["Navn", "E-post"], [["Åse; Ødegård", "a@f.test"]], language="nb")

    assert response.content == 'Navn;E-post\r\n"Åse; Ødegård";a@f.test\r\n'.encode("utf-8-sig")
    assert (
        response["Content-Disposition"] == "attachment; filename=\"oslo-var.csv\"; filename*=UTF-8''oslo-v%C3%A5r.csv"
    )
    assert read_people(response.content, "x.csv").rows[0].name == "Åse; Ødegård"
    assert b"," in csv_response("x", ["a", "b"], [], language="en").content
