"""Files made to hurt: each is answered with a sentence, at little cost, by a process that can do nothing else."""

import errno
import io
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from structlog.testing import capture_logs

from cohorts.curriculum.files import CURRICULA, CurriculumInvalid, read_curriculum
from cohorts.curriculum.lines import phrase_of, value_of
from cohorts.curriculum.uploads import read_zip
from cohorts.curriculum.writer import write_files
from cohorts.curriculum.zips import zip_of
from cohorts.imports import apart, rereading
from cohorts.imports.apart import LIMITS, Limits, read_apart
from cohorts.imports.file import UnreadableFile, open_table
from cohorts.imports.records import Garbled, Refused, decoded, encoded
from cohorts.imports.rereading import read_first
from cohorts.people.imports.file import PEOPLE
from tests.hostile_files import HEADER, HOSTILE, PERSON, Hostile, book, default_attributes
from tests.people_files import read_people

MAX_SECONDS = 2
MAX_KILOBYTES = 64 * 1024


def answer(hostile: Hostile, data: bytes) -> str:
    """The sentence said; empty if the file was read."""
    try:
        if hostile.name.endswith(".zip"):
            read_zip(io.BytesIO(data))
        else:
            read_people(data, hostile.name)
    except UnreadableFile as refusal:
        return str(refusal)
    except CurriculumInvalid as refusal:
        return str(refusal.problems[0])
    return ""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_hurt_is_answered_at_little_cost(name):
    hostile = HOSTILE[name]

    with capture_logs() as lines:
        sentence = answer(hostile, hostile.build())

    (cost,) = [line for line in lines if line["event"] == "upload read"]
    assert sentence or hostile.is_read
    assert cost["status"] == 0  # it answered before any limit had to end it
    assert not cost["outcome"].startswith("crashed")
    assert cost["seconds"] <= MAX_SECONDS
    assert cost["kilobytes"] <= MAX_KILOBYTES


def test_there_are_at_least_sixty_of_them():
    assert len(HOSTILE) >= 60


UNBOUNDED = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from defusedxml.ElementTree import DefusedXMLParser
from cohorts.imports import parts, tables
resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
parts.DefusedXMLParser = lambda forbid_dtd: DefusedXMLParser(forbid_dtd=False)
wide = parts.Bounds(ratio=10_000, elements=10**9, attributes=10**9, row_cells=10**9)
asked = dict(ending="xlsx", vocabulary=dict(headers={}), needs=[["email"]], max_bytes=10**9, max_rows=10**9,
    counts=False, surplus=False, people=False, chosen={})
list(tables.read(sys.stdin.buffer, asked, wide))
"""


def test_the_workbook_of_4_kb_does_hurt_where_nothing_is_bounded(tmp_path):
    """The control: without the refusal of a DTD, and without bounds, two seconds are not enough for it."""
    command = [sys.executable, "-I", "-c", UNBOUNDED, str(apart.ROOT)]

    (tmp_path / "hostile.xlsx").write_bytes(default_attributes())
    with (tmp_path / "hostile.xlsx").open("rb") as file:
        ended = subprocess.run(command, stdin=file, capture_output=True, check=False)

    assert ended.returncode in {-signal.SIGXCPU, -signal.SIGKILL}


def test_a_workbook_as_long_as_a_list_may_be_is_within_bounds():
    """A bound that fires here would refuse honest files."""
    people = "".join(PERSON.replace("Åse", f"Åse {number}") for number in range(9_999))

    assert len(read_people(book(HEADER + people), "a.xlsx").rows) == 9_999


# A reader that does what a file would have it do, once it has the process.
PROBES = {
    "opens a file": "open('/etc/hostname')",
    "writes a file": "open('/tmp/embed90-probe', 'w')",
    "opens a socket": "__import__('_socket').socket()",
    "starts a process": "__import__('os').fork()",
    "takes memory": "bytes(80 * 1024 * 1024)",
    "lifts its limits": "__import__('resource').setrlimit(__import__('resource').RLIMIT_NOFILE, (64, 64))",
    "reads a secret": "__import__('os').environ['SECRET_KEY']",
}


@pytest.fixture
def probe_lines(tmp_path, monkeypatch):
    """Starts a reader of the test's own in the process of readers. Returns its lines, one by one."""

    def start(body: str, **limits: float) -> Iterator[list[str]]:
        (tmp_path / "probing.py").write_text(f"import os, resource, _socket, time\ndef read(file, asked):\n{body}")
        path = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); "
        monkeypatch.setattr(apart, "START", path + apart.START.removeprefix("import sys; "))
        return read_apart("probing", io.BytesIO(b"x"), {}, limits=Limits(**limits))

    return start


@pytest.fixture
def probe(probe_lines):
    def start(body: str, **limits: float) -> list[list[str]]:
        return list(probe_lines(body, **limits))

    return start


@pytest.mark.parametrize("name", PROBES)
def test_the_process_of_readers_can_do_nothing_else(probe, name):
    tried = f"    try:\n        {PROBES[name]}\n    except BaseException as e:\n        yield type(e).__name__,\n"
    if name == "starts a process":
        tried = f"    if os.getuid() == 0:\n        os.setuid(65_534)\n{tried}"  # no limit of processes holds for root

    assert probe(f"{tried}    else:\n        yield 'done',\n") != [["done"]]


def test_a_process_in_a_stranger_s_hands_is_ended_by_each_limit(probe):
    for body, limits in (
        ("    while True: pass\n", {"cpu_seconds": 1}),
        ("    time.sleep(60)\n    yield ()\n", {"wall_seconds": 0.3}),
        ("    while True: yield ('x' * 60_000,)\n", {"answer_bytes": 200_000}),
        ("    while True: os.write(1, b'x' * 60_000)\n", {"answer_bytes": 200_000}),
        ("    os.kill(os.getpid(), 9)\n", {}),
    ):
        with pytest.raises(Refused) as refusal:
            probe(body, **limits)
        assert refusal.value.key == "too_much"


def test_a_machine_five_times_as_busy_refuses_no_good_file():
    assert LIMITS.wall_seconds >= 5 * LIMITS.cpu_seconds


def test_a_reader_that_fails_is_logged_and_answered(probe):
    with capture_logs() as lines, pytest.raises(Refused) as refusal:
        probe("    yield ('7',)\n    1 / 0\n")

    assert refusal.value.key == "unreadable"
    assert [line["outcome"] for line in lines] == ["crashed ZeroDivisionError"]


@pytest.mark.parametrize(
    "line",
    [b"", b"half", b"\xff\n", b"a\0\n", b"a\\x\n", b"a\\\n"],
)
def test_a_line_that_no_reader_writes_is_refused(line):
    with pytest.raises(Garbled):
        decoded(line)


def test_any_text_comes_back_as_it_was():
    cells = ["", "a\tb", "a\nb\r", "\\", "\\t", "Åse 😀"]

    assert decoded(encoded(cells)) == cells
    assert decoded(encoded(["\ud800"])) == ["?"]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [["columns", "name"], ["unused"]],
        [["columns", "password", "Name"], ["unused"]],
        [["columns", "name", "Name"], ["rows"]],
        [["columns", "name", "Name"], ["unused"], ["x", "Åse"]],
        [["columns", "name", "Name"], ["unused"], ["2", "Åse", "more"]],
        [["columns", "name", "Name"], ["unused"], ["9" * 5_000, "Åse"]],
    ],
)
def test_an_answer_that_is_no_list_is_answered_with_a_sentence(monkeypatch, lines):
    monkeypatch.setattr("cohorts.imports.file.read_apart", lambda *_args: iter(lines))

    with pytest.raises(UnreadableFile, match="cannot be read"):
        list(open_table(io.BytesIO(b""), "a.csv", PEOPLE).rows)


@pytest.mark.parametrize(
    "cells",
    [
        [],
        ["phrase", "%(a)1000000000d", "1", "a", "number", "1"],
        ["phrase", "%(a)s", "0"],
        ["phrase", "%s", "0"],
        ["phrase", "x", "1", "template", "text", "y"],
        ["phrase", "x", "99999999999999999999"],
        ["phrase", "%(a)s", "1", "a", *["phrase", "%(a)s", "1", "a"] * 9, "text", "x"],
    ],
)
def test_a_phrase_that_nobody_here_wrote_is_refused(cells):
    with pytest.raises(Garbled):
        phrase_of(iter(cells))


@pytest.mark.parametrize(
    "lines", [[], [["items", "1"], ["item", "1"]] * 50, [["fields", "-1"]], [["number", "9" * 5_000]]]
)
def test_a_value_that_no_file_can_say_is_refused(lines):
    with pytest.raises(Garbled):
        value_of(iter(lines))


def test_the_standard_curriculum_comes_through_the_process_unchanged():
    standard = read_curriculum(CURRICULA / "adaptive-contact-centre-leadership" / "1")

    with capture_logs() as lines:
        assert read_zip(io.BytesIO(zip_of(write_files(standard)))) == standard
    assert lines[0]["kilobytes"] < MAX_KILOBYTES / 2


def test_uploads_are_read_while_threads_read_others():
    def read(number: int) -> str:
        return read_people(f"Name;E-mail\nÅse {number};a@f.test\n".encode(), "a.csv").rows[0].name

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(read, range(8))) == [f"Åse {number}" for number in range(8)]


def test_no_more_than_two_are_read_at_once(monkeypatch):
    monkeypatch.setattr(apart, "WAIT_SECONDS", 0.01)
    with apart.places, apart.places, pytest.raises(UnreadableFile, match="Wait a minute"):
        read_people(b"Name;E-mail\n", "a.csv")

    with pytest.raises(UnreadableFile, match="no people"):
        read_people(b"Name;E-mail\n", "a.csv")


def test_lines_come_early_and_closing_ends_the_reader(probe_lines):
    others = {child.pid for child in psutil.Process().children()}
    lines = probe_lines("    for _line in range(3): yield ('x' * 100_000,)\n    time.sleep(600)\n")

    assert next(lines) == ["x" * 100_000]
    (child,) = (child for child in psutil.Process().children() if child.pid not in others)
    lines.close()  # waits for as long as a reader may take, if it is not ended

    assert not child.is_running()
    assert apart.places.acquire(blocking=False)
    apart.places.release()


def test_a_reader_whose_lines_are_not_taken_to_the_end_is_logged(probe_lines):
    """Somebody may have got hold of it."""
    with capture_logs() as lines:
        with pytest.raises(Garbled):
            list(probe_lines("    yield ('7',)\n    os.write(1, b'\\xff\\n' * 9_000)\n    yield ('7',)\n"))
        dropped = probe_lines("    while True: yield ('7',)\n")
        next(dropped)
        dropped.close()

    assert [(line["event"], line["outcome"]) for line in lines] == [("upload read", "")] * 2


def test_a_file_read_as_the_one_before_takes_one_place(monkeypatch):
    """Its columns are known once it is begun; then it is read again with those that were chosen."""
    people = "".join(f"Ada;a{number}@f.test;Sol\n" for number in range(50_000)).encode()
    monkeypatch.setattr(rereading, "remembered", lambda *_args: {"0": "name", "1": "email", "2": "manager_name"})
    monkeypatch.setattr(apart, "WAIT_SECONDS", 0.01)

    with apart.places:
        table, _is_remembered = read_first(
            lambda how: open_table(io.BytesIO(b"Name;E-mail;Helped by\n" + people), "a.csv", PEOPLE, how), None, PEOPLE
        )
        assert {row["manager_name"] for _number, row in table.rows} == {"Sol"}


def test_whoever_reads_the_file_meanwhile_does_not_disturb_its_reader(tmp_path):
    people = "".join(f"Åse {number};a{number}@f.test\n" for number in range(20_000))
    (tmp_path / "a.csv").write_text(f"Name;E-mail\n{people}")

    with (tmp_path / "a.csv").open("rb") as file:
        rows = open_table(file, "a.csv", PEOPLE).rows
        next(rows)
        file.seek(0, io.SEEK_END)
        assert sum(1 for _row in rows) == 19_999


def test_a_late_refusal_has_its_sentence():
    rows = open_table(io.BytesIO(b"Name;E-mail\n" + b"Ada;a@f.test\n" * 5_000 + b";x" * 300), "a.csv", PEOPLE).rows

    assert next(rows)[1]["name"] == "Ada"
    with pytest.raises(UnreadableFile, match="more than 200 columns"):
        list(rows)


def test_a_full_disk_is_no_fault_of_the_file(monkeypatch):
    def is_full(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.pwrite", is_full)
    with pytest.raises(OSError, match="No space"):
        read_people(b"Name;E-mail\nAda;a@f.test\n", "a.csv")
