"""Any bytes uploaded as a list end in a preview or a sentence, write nothing, and cost no more than their length.

`make test ARGS="tests/cohorts/test_mess_through_the_page.py --hypothesis-profile=mess"` tries fifty times as many, and
10,000 rows where it is 2,000 otherwise.
"""

import io
import random
import tracemalloc

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohorts.imports.file import asked_of
from cohorts.imports.parts import Bounds
from cohorts.imports.records import Refused
from cohorts.imports.tables import read
from cohorts.models import Clock, Enrolment, Intake, Invitation, Membership, Person
from cohorts.people.imports.file import PEOPLE, read_line
from cohorts.people.imports.plan import Defaults, plan_intake
from cohorts.tenancy.wall import within
from tests.work import work

USUAL = 100  # examples of hypothesis, where nobody asks for more
IS_USUAL = settings.default.max_examples == USUAL
LONGEST = 10_000
LONG = LONGEST // 5 if IS_USUAL else LONGEST
SPARINGLY = {"deadline": None, "suppress_health_check": list(HealthCheck)}
NAMES = "Åse Berg|Berg, Åse|Šárka Dvořáková|王小明|#N/A|-|10023|King, Jr., Martin|TRUE||\u202egnp|'=1+1".split("|")
ADDRESSES = "a@f.test|A <a@f.test>|mailto:b@f.test|kari@bø.no|İPEK@F.TEST|x|n/a||ola@f.test".split("|")
MANAGERS = "Ola Dal|ola@f.test|NO_MANAGER|Åse Berg|Dal, Ola (10023)|vacant||Nobody At All".split("|")
OTHERS = "Total|Name|E-mail|nb-NO|Europe/Oslo|Mars/Base|leader;sponsor|CEO|2024-01-01|=A1|\x00|{}|\ud800".split("|")
HEADERS = ["Name;E-post;Manager;Zone", "Fornavn;Etternavn;Mail;Leder", "#;Name;Work Email;Role", "a;b;c;d", ";;;"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1250", "cp1257", "mac_roman", "cp850", "cp437"]


def cell(chance: random.Random, at: int) -> str:
    if chance.random() < 0.1:
        return "".join(chance.choices("aå;,\t\"'@\n. 0", k=chance.randrange(8)))
    usual = at % 4 if chance.random() < 0.8 else chance.randrange(4)
    return chance.choice([NAMES, ADDRESSES, MANAGERS, OTHERS][usual])


def rows(chance: random.Random, count: int) -> list[list[str]]:
    """Ragged rows of what lists hold; most have a name and an address of their own."""
    found = [chance.choice(HEADERS).split(";")]
    for number in range(count):
        row = [cell(chance, at) for at in range(4 if chance.random() < 0.9 else chance.randrange(9))]
        if len(row) > 1 and chance.random() < 0.8:
            row[:2] = [f"Kari Nordmann {number}", f"kari{number}@f.test"]
        found.append(row)
    return found


def text_file(chance: random.Random, count: int) -> bytes:
    separator, quote, end = chance.choice(";,\t|"), chance.choice(["", "", '"']), chance.choice(["\n", "\r\n", "\r"])
    text = end.join(separator.join(f"{quote}{each}{quote}" for each in row) for row in rows(chance, count))
    return text.encode(chance.choice(ENCODINGS), "replace")


def workbook(chance: random.Random, count: int) -> bytes:
    book = openpyxl.Workbook()
    for _number in range(chance.randrange(3)):
        book.create_sheet()
    for sheet in book.worksheets:
        for row in rows(chance, count):
            sheet.append([_typed(chance, "".join(filter(str.isprintable, each))) for each in row])
        if chance.random() < 0.5:
            sheet.merge_cells("A1:B2")
        sheet.row_dimensions[2].hidden = chance.random() < 0.3
    book.worksheets[-1].sheet_state = chance.choice(["visible", "hidden"]) if len(book.worksheets) > 1 else "visible"
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _typed(chance: random.Random, text: str) -> object:
    if chance.random() < 0.05:
        return chance.choice([1.5, True, 45_000, None, "=A1&B1", "=1/0"])
    return text


def broken(chance: random.Random, data: bytes) -> bytes:
    """Cut off, or with bytes turned over."""
    spoiled = bytearray(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.5 else data)
    for _time in range(chance.randrange(4) if spoiled else 0):
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


@st.composite
def files(draw) -> tuple[str, bytes]:
    chance = random.Random(draw(st.integers(0, 2**32)))
    name = draw(st.sampled_from(["list.csv", "list.txt", "list.xlsx", "list.xls", "list.ods", "list"]))
    make = draw(st.sampled_from([text_file, workbook]))
    data = make(chance, draw(st.integers(0, 40)))
    return name, broken(chance, data) if draw(st.booleans()) else data


def few(count: int) -> int:
    return count * settings.default.max_examples // USUAL


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def cohort(cast, acme):
    return cast.house_of(acme).cohort


def written(acme) -> dict[type, int]:
    with within(acme):
        return {each: each.objects.count() for each in (Person, Membership, Enrolment, Clock, Invitation)}


def ends_well(hana, acme, cohort, name: str, data: bytes) -> None:
    """A page that says why not, or the columns and the preview; and nothing is written."""
    before = written(acme)
    answer = hana.post(hana.url("intake_new", cohort.pk), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code in {302, 422}
    if answer.status_code == 422:
        assert any(map(str, answer.context["form"].errors["file"]))
    else:
        with within(acme):
            key = Intake.objects.filter(state="previewed", file_name=name).latest("pk").pk
        for route in ("intake_columns", "intake", "intake_problems"):
            assert hana.get(hana.url(route, key)).status_code in {200, 302}
    assert written(acme) == before


@settings(max_examples=few(8), **SPARINGLY)
@given(file=files())
def test_any_file_ends_in_a_preview_or_a_sentence(hana, acme, cohort, file):
    ends_well(hana, acme, cohort, *file)


@settings(max_examples=few(4), **SPARINGLY)
@given(data=st.binary(max_size=400), name=st.sampled_from(["list.csv", "list.xlsx"]))
def test_any_bytes_end_in_a_preview_or_a_sentence(hana, acme, cohort, data, name):
    ends_well(hana, acme, cohort, name, data)


@pytest.mark.parametrize(
    ("name", "make", "count"),
    [("list.csv", text_file, LONGEST), ("list.xlsx", workbook, LONG)],
    ids=["text", "workbook"],
)
def test_ten_thousand_rows_of_mess_end_in_a_preview_or_a_sentence(hana, acme, cohort, name, make, count):
    ends_well(hana, acme, cohort, name, make(random.Random(5), count - 1))


def taken_in(data: bytes) -> int:
    """Read and plan it here, where its work can be counted. Returns how many rows were planned."""
    lines = list(read(io.BytesIO(data), asked_of(PEOPLE, ending="csv"), Bounds()))
    fields = lines[0][1::2]
    said = [read_line(int(line[0]), dict(zip(fields, line[1:], strict=True))) for line in lines if line[0].isdigit()]
    return len(plan_intake(said, [], {}, Defaults(zone="Europe/Oslo", language="en")).outcomes)


def mess(count: int) -> bytes:
    """So much of it that is read as a list: the rows of one seed, in one encoding."""
    chance = random.Random(1)
    lines = [["Name", "E-mail", "Manager", "Zone"], *rows(chance, count)[1:]]
    clean = str.maketrans("", "", ';"\n\r\t\ud800\x00')
    return "\n".join(";".join(each.translate(clean) for each in line) for line in lines).encode()


def test_time_grows_with_the_rows_and_no_faster():
    short, long = mess(LONG // 10), mess(LONG - 1)
    taken_in(short)  # what is remembered between files is remembered now

    assert work(lambda: taken_in(long)) < 12 * work(lambda: taken_in(short))


def test_memory_grows_with_the_rows_and_no_faster():
    def peak(data: bytes) -> int:
        tracemalloc.start()
        try:
            assert taken_in(data) > LONG // 20
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    short, long = mess(LONG // 10), mess(LONG - 1)
    taken_in(short)
    assert peak(long) < 12 * peak(short)
    assert peak(long) < 150_000_000


def test_a_refusal_of_the_reader_is_no_crash():
    with pytest.raises(Refused):
        taken_in(b"")
