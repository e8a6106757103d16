"""What `make run` does again, because the files it is made from changed."""

from pathlib import Path

import pytest

from programme.local import run
from programme.local.data_directory import DataDirectory


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(run, "PROJECT", tmp_path)
    file = tmp_path / "0001.sql"
    file.write_text("one")
    return file


def is_changed(source: Path, during: str = "") -> bool:
    with run._when_changed(DataDirectory(source.parent), "migrations", ["*.sql"]) as changed:
        if during:
            source.write_text(during)
    return changed


def test_an_edit_while_it_works_counts_the_next_time(source: Path) -> None:
    changed = [is_changed(source, during="one and two"), is_changed(source), is_changed(source)]

    assert changed == [True, True, False]
