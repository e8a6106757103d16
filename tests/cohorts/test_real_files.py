"""Real files, each standing for its kind: what comes in is what was meant.

The files are made after public reports of people who do this job; nobody in them exists.
"""

from pathlib import Path

import pytest

from cohorts.imports import file as reading
from cohorts.imports.tables import read
from cohorts.people.imports.plan import Defaults, plan_intake
from tests.people_files import read_people

FOLDER = Path(__file__).with_name("real_files")

# Row and what happens, name, address; manager, zone and language where they are not the cohort's.
RIGHT = {
    "LIST.CSV": [
        "2 new_leader: Åse Berg <ase@f.test>",
    ],
    "backslash-quote.csv": [
        '2 new_leader: Åse "Ase" Berg <ase@firma.test>',
    ],
    "bamboohr.csv": [
        "2 new_leader: Åse Berg <ase@firma.test> manager ola@firma.test",
        "sponsor: Ola Dal <ola@firma.test>",
    ],
    "bidi.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
        "3 new_leader: Kim Li <kim@firma.test>",
        "4 left_out: RLO \u202egnp.exe <r@firma.test>",
    ],
    "circular.xlsx": [
        "2 new_leader: A A <a@firma.test> manager b@firma.test",
        "3 new_leader: B B <b@firma.test> manager a@firma.test",
    ],
    "cp1250.csv": [
        "2 new_leader: Łukasz Wójcik <l@firma.test>",
        "3 new_leader: Šárka Dvořáková <s@firma.test>",
    ],
    "double-encoded.csv": [
        "2 new_leader: Åse Bjørnstad <a@firma.test>",
    ],
    "dup-person.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
        "3 new_leader: Åse Berg <ase.berg@firma.test>",
    ],
    "employee-id-first.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "entra.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "export.xls": [
        "refused: no_excel",
    ],
    "export.xml": [
        "refused: no_excel",
    ],
    "export2.xls": [
        "refused: no_excel",
    ],
    "hidden-sheet.xlsx": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "hyperlink-formula.xlsx": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "hyperlink-text.xlsx": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "idn.xlsx": [
        "2 new_leader: Jürgen Groß <juergen@xn--gro-7ka.test>",
        "3 new_leader: Kari Sø <kari@xn--b-kommune-l8a.test>",
        "4 left_out: Örjan <örjan@firma.test>",
        "5 new_leader: İpek Şahin <ipek@firma.test>",
        "6 new_leader: Ilgın <ilgin@firma.test>",
        "7 new_leader: Bø <kari@xn--b-xga.test>",
    ],
    "inner-quote.csv": [
        '2 new_leader: Åse "Ase" Berg <ase@firma.test>',
        '3 new_leader: Ola 5" Dal <ola@firma.test>',
    ],
    "job-role.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "langs.csv": [
        "2 new_leader: A A <a@f.test> nb",
        "3 new_leader: B B <b@f.test> nb",
        "4 new_leader: C C <c@f.test>",
        "5 new_leader: D D <d@f.test>",
        "6 new_leader: E E <e@f.test>",
        "7 new_leader: F F <f@f.test> nb",
        "8 new_leader: G G <g@f.test>",
        "9 new_leader: H H <h@f.test> nb",
        "10 new_leader: I I <i@f.test> nb",
        "11 new_leader: J J <j@f.test> nb",
    ],
    "leader-first.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "left-out-roundtrip.csv": [
        "2 new_leader: Ida Vik <ida@firma.test>",
        "3 left_out: -Bo Ek <bo>",
    ],
    "list.ods": [
        "refused: other_office",
    ],
    "macroman.csv": [
        "2 new_leader: Bjørn Åsen <b@firma.test>",
    ],
    "macroman2.csv": [
        "2 new_leader: Bjørn Lie <b@firma.test>",
    ],
    "manager-id.csv": [
        "2 new_leader: Åse Berg <ase@f.test> manager ola@f.test",
        "3 new_leader: Ola Dal <ola@f.test>",
    ],
    "manager-moved.csv": [
        "2 new_leader: Ingrid Solheim <ingrid@nordlys.example> manager ola@firma.test",
        "sponsor: Ola Dal <ola@firma.test>",
    ],
    "manager-order.csv": [
        "2 new_leader: Åse Berg <ase@f.test> manager ola@f.test",
        "3 new_leader: Ola Dal <ola@f.test>",
        "4 new_leader: Kim Li <kim@f.test> manager ola@f.test",
        "5 new_leader: Bo Ek <bo@f.test> manager ola@f.test",
        "6 new_leader: Ida Vik <ida@f.test> manager ola@f.test",
    ],
    "manager-placeholder.xlsx": [
        "2 new_leader: Åse Berg <ase@firma.test>",
        "3 new_leader: Kim Li <kim@firma.test>",
        "4 new_leader: Bo Ek <bo@firma.test>",
        "5 new_leader: Ida Vik <ida@firma.test>",
        "6 new_leader: Ida Vik2 <ida2@firma.test>",
    ],
    "merged-headers.xlsx": [
        "3 new_leader: Åse Berg <ase@firma.test> manager ola@firma.test",
        "sponsor: Ola <ola@firma.test>",
    ],
    "merged-name.xlsx": [
        "3 new_leader: Åse Berg <ase@firma.test>",
    ],
    "moodle.csv": [
        "2 new_leader: Åse Berg <ase@firma.test> nb",
    ],
    "na-cells.xlsx": [
        "2 left_out: #N/A <ase@firma.test>",
        "3 left_out: Kim Li <>",
        "4 left_out: N/A <na@firma.test>",
        "5 left_out: Bo Ek <>",
        "6 left_out: Liv Ås <>",
    ],
    "names-world.csv": [
        "2 new_leader: 王小明 <w0@firma.test> manager ola@firma.test",
        "3 new_leader: أحمد بن علي <w1@firma.test> manager ola@firma.test",
        "4 new_leader: דוד כהן <w2@firma.test> manager ola@firma.test",
        "5 new_leader: Kim 🎉👩\u200d💻 Li <w3@firma.test> manager ola@firma.test",
        "6 new_leader: नरेन्द्र शर्मा <w4@firma.test> manager ola@firma.test",
        "7 new_leader: Nguyễn Thị Minh Khai <w5@firma.test> manager ola@firma.test",
        f"8 new_leader: {'X' * 150} <w6@firma.test> manager ola@firma.test",
        "9 new_leader: Sukarno <w7@firma.test> manager ola@firma.test",
        "10 new_leader: Martin King, Jr. <w8@firma.test> manager ola@firma.test",
        "11 new_leader: Kari Nordmann, PhD <w9@firma.test> manager ola@firma.test",
        "12 left_out: #N/A <w10@firma.test> manager ola@firma.test",
        "13 new_leader: สมชาย ใจดี <w11@firma.test> manager ola@firma.test",
        "14 new_leader: 김민준 <w12@firma.test> manager ola@firma.test",
        "15 new_leader: Zażółć Gęślą-Jaźń <w13@firma.test> manager ola@firma.test",
        "sponsor: Ola Dal <ola@firma.test>",
    ],
    "names.xlsx": [
        "2 new_leader: Sukarno <s@firma.test>",
        "3 new_leader: Siobhán O'Brien <ob@firma.test>",
        "4 new_leader: Jean-Luc d’Arcy <da@firma.test>",
        "5 new_leader: Åse Berg (ekstern) <eb@firma.test>",
        "6 new_leader: BERG Åse <cb@firma.test>",
        "7 new_leader: Martin King, Jr. <mk@firma.test>",
        "8 new_leader: Martin King, Jr. <mj@firma.test>",
        "9 new_leader: Kari Nordmann, PhD <phd@firma.test>",
        "10 new_leader: Åse Berg, MSc <msc@firma.test>",
        "11 new_leader: Dr. Åse Berg <dr@firma.test>",
        "12 new_leader: Åse Berg (Teamleder) <tl@firma.test>",
    ],
    "newline-header.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "nickname-first-quote.csv": [
        '2 new_leader: "Ase" Berg <ase@firma.test>',
        "3 new_leader: Ola Dal <ola@firma.test>",
    ],
    "no-header.csv": [
        "1 new_leader: Åse Berg <ase@f.test>",
        "2 new_leader: Ola Dal <ola@f.test>",
    ],
    "numbered.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "odd-types.xlsx": [
        "2 left_out: True <ase@firma.test>",
        "3 left_out: 2026-03-01T00:00:00 <mars@firma.test>",
        "4 left_out: 12345.5 <n@firma.test>",
    ],
    "outlook.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "personio-de.csv": [
        "2 new_leader: Åse Berg <ase@firma.test> manager ola@firma.test",
        "3 new_leader: Ola Dal <ola@firma.test>",
    ],
    "personio.csv": [
        "2 new_leader: Åse Berg <ase@firma.test> manager ola@firma.test",
        "3 new_leader: Ola Dal <ola@firma.test>",
    ],
    "repeated-header.csv": [
        "2 new_leader: Åse Berg <ase@f.test>",
        "4 new_leader: Ola Dal <ola@f.test>",
    ],
    "sep-comma.csv": [
        "3 new_leader: Åse Berg <ase@firma.test>",
    ],
    "sep-line.csv": [
        "3 new_leader: Åse Berg <ase@firma.test>",
    ],
    "shared-mailbox.xlsx": [
        "2 left_out: Kari Nordmann <teamleder@firma.test>",
        "3 left_out: Ola Nordmann <teamleder@firma.test>",
    ],
    "simployer.csv": [
        "2 new_leader: Åse Berg <ase@firma.test> manager ola@firma.test",
        "sponsor: Ola Dal <ola@firma.test>",
    ],
    "star.csv": [
        "2 new_leader: Åse Berg <ase@firma.test> manager ola@firma.test",
        "sponsor: Ola <ola@firma.test>",
    ],
    "successfactors.csv": [
        "3 new_leader: Åse Berg <ase@firma.test> manager ola@firma.test nb",
        "4 new_leader: Ola Dal <ola@firma.test>",
    ],
    "template-first.xlsx": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "trailing.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "two-sheets.xlsx": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "typo-apostrophe.csv": [
        "2 new_leader: Åse Berg <ase@firma.test> manager ola@firma.test",
        "sponsor: Ola <ola@firma.test>",
    ],
    "unicode-text.txt": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "whole-row-quoted.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "workday.csv": [
        "2 new_leader: Åse Berg <ase@firma.test>",
    ],
    "zones.csv": [
        "2 new_leader: A A <a@f.test>",
        "3 new_leader: B B <b@f.test>",
        "4 new_leader: C C <c@f.test>",
        "5 new_leader: D D <d@f.test>",
        "6 new_leader: E E <e@f.test> Asia/Kolkata",
        "7 new_leader: F F <f@f.test>",
        "8 new_leader: G G <g@f.test> America/New_York",
        "9 new_leader: H H <h@f.test>",
        "10 new_leader: I I <i@f.test> UTC",
        "11 new_leader: J J <j@f.test> Asia/Kathmandu",
        "12 new_leader: K K <k@f.test> Europe/Kyiv",
    ],
}


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """The process apart has tests of its own; here are sixty files."""

    def read_here(_reader, file, asked):
        return iter([list(map(str, line)) for line in read(file, asked)])

    monkeypatch.setattr(reading, "read_apart", read_here)


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_a_real_file_comes_in_as_it_was_meant(name):
    assert outcome(name) == RIGHT[name]


def test_every_real_file_has_its_right_outcome():
    assert {path.name for path in FOLDER.iterdir()} == RIGHT.keys()


def outcome(name):
    try:
        people = read_people((FOLDER / name).read_bytes(), name)
    except reading.UnreadableFile as refusal:
        return [f"refused: {refusal.__cause__.key}"]
    plan = plan_intake(people.rows, [], people.columns, Defaults(zone="Europe/Oslo", language="en"))
    return [*map(said, plan.outcomes), *(f"sponsor: {each.name} <{each.email}>" for each in plan.sponsors)]


def said(outcome):
    manager = f" manager {outcome.manager_email}" if outcome.manager_email else ""
    zone = "" if outcome.zone == "Europe/Oslo" else f" {outcome.zone}"
    language = "" if outcome.language == "en" else f" {outcome.language}"
    return f"{outcome.row.number} {outcome.happens}: {outcome.row.name} <{outcome.email}>{manager}{zone}{language}"
