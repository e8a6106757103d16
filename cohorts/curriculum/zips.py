"""The files of a curriculum in one zip, in and out. What comes in is a stranger's: nothing in it is trusted or unpacked
to disk, and what a file says it will be when unpacked is not believed but counted."""

import re
import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cohorts.curriculum.files import FILES, MAX_FILES_BYTES, NOT_TOO_LARGE, ONE_OF_THE_FILES, CurriculumInvalid
from cohorts.curriculum.located_yaml import Problem
from cohorts.curriculum.phrases import Phrase

AT_TOP_OR_IN_ONE_FOLDER = re.compile(r"(?:(?!\.{1,2}/)([^/\\]+)/)?([^/\\]+)")
LITTER = re.compile(r"__MACOSX/.*|(?:.*/)?(?:\.DS_Store|Thumbs\.db|desktop\.ini)")  # what machines add by themselves
ENCRYPTED = 0x1
AT_ITS_PLACE = Phrase("%(files)s, at the top or in one folder", files=ONE_OF_THE_FILES)


def files_of_zip(data: bytes) -> dict[str, bytes]:
    """The files by name, unread. Raises CurriculumInvalid for a zip that holds, or is, anything else."""
    if len(data) > MAX_FILES_BYTES:
        raise _refused(
            "zip",
            Phrase("at most %(most)d bytes", most=MAX_FILES_BYTES),
            Phrase("%(count)d bytes", count=len(data)),
        )
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not _is_folder(entry) and not _is_litter(entry)]
            _check(entries)
            return _contents(archive, entries)
    except (BadZipFile, EOFError, NotImplementedError, OSError, ValueError, zlib.error) as error:
        raise _refused("zip", Phrase("a zip file that opens"), Phrase("something else")) from error


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """The same bytes for the same files: no clock and no machine shows in them."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, data in sorted(files.items()):
            entry = ZipInfo(name)  # dated 1 January 1980, where the calendar of zip files begins
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, data)
    return buffer.getvalue()


def _is_folder(entry: ZipInfo) -> bool:
    return entry.filename.endswith("/")  # `is_dir` does not expect a name of no characters


def _is_litter(entry: ZipInfo) -> bool:
    return LITTER.fullmatch(entry.filename) is not None


def _check(entries: list[ZipInfo]) -> None:
    problems: list[Problem] = []
    seen: set[str] = set()
    folders: set[str | None] = set()
    for entry in entries:
        path = AT_TOP_OR_IN_ONE_FOLDER.fullmatch(entry.filename)
        if not path or path[2] not in FILES:
            problems.append(_problem(entry.filename, AT_ITS_PLACE, Phrase("this file")))
            continue
        folders.add(path[1])
        if path[2] in seen or len(folders) > 1:
            problems.append(_problem(entry.filename, Phrase("each file once, all in one place"), Phrase("another one")))
        if entry.flag_bits & ENCRYPTED:
            problems.append(
                _problem(entry.filename, Phrase("a file without a password"), Phrase("one with a password"))
            )
        elif entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            problems.append(
                _problem(entry.filename, Phrase("a file packed the usual way (deflate)"), Phrase("another way"))
            )
        seen.add(path[2])
    if problems:
        raise CurriculumInvalid(problems)


def _contents(archive: ZipFile, entries: list[ZipInfo]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MAX_FILES_BYTES
    for entry in entries:
        with archive.open(entry) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise _refused(entry.filename, NOT_TOO_LARGE, Phrase("more"))
        files[entry.filename.rpartition("/")[2]] = data
    return files


def _refused(file: str, expected: Phrase, found: Phrase) -> CurriculumInvalid:
    return CurriculumInvalid([_problem(file, expected, found)])


def _problem(file: str, expected: Phrase, found: Phrase) -> Problem:
    return Problem(file, 1, "", expected, found)
