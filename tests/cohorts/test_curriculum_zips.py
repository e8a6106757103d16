"""A zip holds the files of one curriculum and nothing else, and is the same bytes every time."""

import io
import zipfile
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohorts.curriculum.files import CURRICULA, MAX_FILES_BYTES, CurriculumInvalid, read_curriculum, read_files
from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.writer import write_files
from cohorts.curriculum.zips import files_of_zip, zip_of

FOLDER = CURRICULA / "adaptive-contact-centre-leadership" / "1"
SMALL = {"curriculum.yaml": b"slug: mine\n", "brief.yaml": b"minutes: 3\n"}


def zipped(*entries: tuple[str, bytes], way: int = ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", way) as archive:
        for name, data in entries:
            archive.writestr(ZipInfo(name), data, compress_type=way)
    return buffer.getvalue()


def problems_of(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(CurriculumInvalid) as caught:
        files_of_zip(data)
    return caught.value.problems


def test_a_whole_curriculum_goes_through_a_zip_unchanged() -> None:
    curriculum = read_curriculum(FOLDER)
    files = write_files(curriculum)

    assert files_of_zip(zip_of(files)) == files
    assert read_files(files_of_zip(zip_of(files))) == curriculum


def test_the_same_files_make_the_same_zip_in_any_order_at_any_time(time_machine) -> None:
    first = zip_of(SMALL)
    time_machine.move_to("2031-05-06 07:08:09")

    assert zip_of(dict(reversed(SMALL.items()))) == first


def test_a_folder_packed_by_hand_opens_with_what_the_machine_added() -> None:
    data = zipped(
        ("mine/", b""),
        ("mine/curriculum.yaml", b"slug: mine\n"),
        ("mine/.DS_Store", b"\0"),
        ("__MACOSX/mine/._curriculum.yaml", b"\0"),
    )

    assert files_of_zip(data) == {"curriculum.yaml": b"slug: mine\n"}


@pytest.mark.parametrize(
    "name",
    [
        "../brief.yaml",
        "/brief.yaml",
        "./brief.yaml",
        "mine/../brief.yaml",
        "mine/1/brief.yaml",
        "mine\\brief.yaml",
        "week-14.yaml",
        "README.md",
        "more.zip",
        "",
    ],
)
def test_only_files_of_a_curriculum_and_only_where_they_belong(name: str) -> None:
    (problem,) = problems_of(zipped(("curriculum.yaml", b""), (name, b"")))

    assert problem.file == name
    assert problem.expected.startswith("one of curriculum.yaml, brief.yaml,")


@pytest.mark.parametrize(
    "names", [("brief.yaml", "brief.yaml"), ("a/brief.yaml", "b/circle.yaml"), ("a/brief.yaml", "circle.yaml")]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_each_file_once_and_all_in_one_place(names: tuple[str, str]) -> None:
    (problem,) = problems_of(zipped(*((name, b"") for name in names)))

    assert (problem.file, problem.expected) == (names[1], "each file once, all in one place")


def test_encrypted_or_unusual_zips_are_refused() -> None:
    plain = zipped(("brief.yaml", b"x"), way=ZIP_STORED)
    flags = plain.index(b"PK\x01\x02") + 8
    locked = plain[:flags] + b"\x01" + plain[flags + 1 :]
    oddly = zipped(("brief.yaml", b"x"), way=ZIP_BZIP2)

    assert problems_of(locked)[0].expected == "a file without a password"
    assert problems_of(oddly)[0].expected == "a file packed the usual way (deflate)"


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch) -> None:
    honest = zipped(("brief.yaml", 400_000 * b" "), ("circle.yaml", 400_000 * b" "))
    unpacked: list[int] = []
    read = zipfile.ZipExtFile.read
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda file, most: unpacked.append(most) or read(file, most))

    (problem,) = problems_of(honest)

    assert problem.file == "circle.yaml"
    assert problem.expected == f"at most {MAX_FILES_BYTES} bytes in all files together"
    assert unpacked == [MAX_FILES_BYTES + 1, MAX_FILES_BYTES + 1 - 400_000]


def test_a_zip_larger_than_all_files_may_be_is_not_opened() -> None:
    (problem,) = problems_of(zipped(("brief.yaml", MAX_FILES_BYTES * b"x"), way=ZIP_STORED))

    assert (problem.file, problem.expected) == ("zip", f"at most {MAX_FILES_BYTES} bytes")


def test_a_damaged_file_in_it_is_refused() -> None:
    data = zipped(("brief.yaml", b"minutes: 3\n"), way=ZIP_STORED).replace(b"minutes: 3", b"minutes: 4")

    assert problems_of(data)[0].expected == "a zip file that opens"


@given(st.binary(max_size=200), st.integers(0, 240), st.binary(max_size=8))
def test_whatever_bytes_come_they_are_read_or_refused(noise: bytes, at: int, change: bytes) -> None:
    whole = zip_of(SMALL)
    for data in (noise, whole[:at] + change + whole[at + len(change) :], whole[:at]):
        try:
            files = files_of_zip(data)
        except CurriculumInvalid:
            continue
        assert all(name in SMALL for name in files)
