"""Everything under static/vendor is listed with its version and licence, and is still what was listed."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \| (?P<package>[^|]+) \| (?P<version>[\d.]+) \| (?P<licence>[^|]+) \| `(?P<sha256>\w{64})`",
    re.MULTILINE,
)


def listed() -> dict[str, str]:
    return {row["file"]: row["sha256"] for row in ROW.finditer((VENDOR / "VENDORED.md").read_text())}


def test_every_vendored_file_is_listed_with_its_hash():
    files = [path for path in VENDOR.rglob("*") if path.is_file() and path.name != "VENDORED.md"]

    hashes = {str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    assert hashes == listed()


def test_every_vendored_package_brings_its_licence():
    folders = {Path(file).parent for file in listed()}

    assert [folder for folder in folders if not (VENDOR / folder / "LICENSE").is_file()] == []
