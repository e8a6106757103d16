"""The sheets of every page are one file where the site is deployed."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage

from programme.front.static_files import IMPORT, TOGETHER, StaticFiles

SOURCE = Path(settings.BASE_DIR) / "static"
FONT = "vendor/figtree/figtree-latin.woff2"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the sheets and the font they name."""
    copy = tmp_path / "source"
    shutil.copytree(SOURCE / "css", copy / "css")
    shutil.copytree(SOURCE / "vendor", copy / "vendor")
    return copy


def deployed(source: Path, target: Path) -> str:
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=lambda *_: ["site.css"] if target.exists() else [])
    storage = StaticFiles(location=str(target), base_url="/static/")
    origin = FileSystemStorage(location=str(source))
    for _name, _hashed, outcome in storage.post_process({name: (origin, name) for name in (TOGETHER, FONT)}):
        assert not isinstance(outcome, Exception), outcome
    return (target / storage.stored_name(TOGETHER)).read_text()


def test_every_sheet_is_in_the_one_file(source: Path, tmp_path: Path) -> None:
    imported = [source / "css" / name for name in IMPORT.findall((source / TOGETHER).read_text())]

    together = deployed(source, tmp_path / "target")

    assert len(imported) == 12
    assert [sheet.name for sheet in imported if sheet.read_text()[-400:] not in together] == []
    assert "@import" not in together
    assert "../vendor/figtree/figtree-latin." in together
    assert FONT not in together  # its address is the hashed one


def test_a_changed_sheet_is_in_the_file_of_the_next_deployment(source: Path, tmp_path: Path) -> None:
    deployed(source, tmp_path / "target")
    (source / "css" / "day.css").write_text(".changed { color: var(--ink); }")

    assert ".changed" in deployed(source, tmp_path / "target")
