"""Nothing below DATA_DIR is open to other users of the machine, whoever made it first and with which umask."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from programme.local.data_directory import PROJECT, DataDirectory
from programme.private_files import close_folder, keep_to_ourselves, open_to_others

OTHERS = 0o077


@pytest.fixture(params=[0o000, 0o022], ids=["umask 0000", "umask 0022"])
def strangers_umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def made_by_a_stranger(folder: Path) -> list[Path]:
    """What an older version, a `mkdir` by hand or another program may have left."""
    (folder / "files" / "reports").mkdir(parents=True)
    (folder / "log").mkdir()
    files = [folder / "files" / "reports" / "ada.pdf", folder / "log" / "web.log", folder / "secrets.json"]
    for path in files:
        path.write_text("private")
    (folder / "run").touch(mode=0o755)
    return files


def test_what_a_stranger_made_is_closed(tmp_path: Path, strangers_umask: int) -> None:
    folder = tmp_path / "data"
    files = made_by_a_stranger(folder)
    assert all(rights(path) & OTHERS for path in files)

    opened = close_folder(folder)

    assert [path for path in folder.rglob("*") if rights(path) & OTHERS] == []
    assert rights(folder) == 0o700
    assert rights(folder / "files" / "reports" / "ada.pdf") == 0o600
    assert rights(folder / "run") & 0o700 == rights(folder / "run") != 0o600  # what could be run still can be
    assert set(files) < set(opened)
    assert close_folder(folder) == []


def test_an_ordinary_second_user_cannot_read_a_report(tmp_path: Path, strangers_umask: int) -> None:
    storage = FileSystemStorage(location=tmp_path / "data" / "files")
    name = storage.save("reports/7/ada.pdf", ContentFile(b"%PDF"))

    path = Path(storage.path(name))

    assert rights(path) == 0o600
    assert [rights(folder) & OTHERS for folder in (path.parent, path.parent.parent)] == [0, 0]


def test_uploads_are_stored_closed(strangers_umask: int) -> None:
    assert (settings.FILE_UPLOAD_PERMISSIONS, settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS) == (0o600, 0o700)


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "theirs"
    outside.mkdir()
    (outside / "file").touch()
    (outside / "file").chmod(0o644)
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "link").symlink_to(outside)

    assert close_folder(folder) == []
    assert rights(outside / "file") == 0o644


def test_postgresqls_own_folder_is_closed_at_its_door(tmp_path: Path) -> None:
    """The server checks what is inside, and runs as somebody else."""
    postgres = tmp_path / "data" / "postgres"
    (postgres / "base").mkdir(parents=True)
    (postgres / "PG_VERSION").touch()
    for path in (tmp_path / "data", postgres, postgres / "base"):
        path.chmod(0o755)

    assert set(open_to_others(tmp_path / "data")) >= {tmp_path / "data", postgres}
    close_folder(tmp_path / "data")

    assert (rights(postgres), rights(postgres / "base")) == (0o700, 0o755)


def test_what_we_create_is_closed(tmp_path: Path, strangers_umask: int) -> None:
    keep_to_ourselves()

    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()

    assert (rights(tmp_path / "folder"), rights(tmp_path / "file")) == (0o700, 0o600)


def test_a_new_data_directory_is_closed(tmp_path: Path, strangers_umask: int) -> None:
    data = DataDirectory.at(tmp_path / "data")

    assert [rights(path) for path in (data.path, data.path / "log")] == [0o700, 0o700]


SAY = "print(oct(os.umask(0)))"
ENTRANCES = {
    "manage.py": ["manage.py", "shell", "--no-imports", "--command", f"import os; {SAY}"],
    "programme.local": ["-m", "programme.local", "exec", "--", sys.executable, "-c", f"import os; {SAY}"],
    "web": ["-c", f"import os, programme.wsgi; {SAY}"],
}


@pytest.mark.parametrize("name", ENTRANCES)
def test_every_entrance_sets_the_umask(name: str, tmp_path: Path, strangers_umask: int) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "programme.settings", "DATA_DIR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, *ENTRANCES[name]], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )

    assert done.stdout.split()[-1:] == ["0o77"], done.stderr
