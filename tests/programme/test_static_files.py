"""One sheet and one script for every page where the site is deployed; no sheet undoes another."""

import re
import shutil
from collections import defaultdict
from pathlib import Path

import brotli
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from programme.front.static_files import COMMENT, IMPORT, TOGETHER, StaticFiles, bundle

SOURCE = Path(settings.BASE_DIR) / "static"
FONT = "vendor/figtree/figtree-latin.woff2"
SHEET, SCRIPT = TOGETHER
# A first view may weigh 60 kB (`make bench`, tests/performance/pages.py): this much is the same on every page.
EVERY_PAGE_BYTES = 51_000
HEADERS_OF_A_FILE = 500
TEMPLATES = Path(settings.BASE_DIR) / "templates"
ASKED_FOR = re.compile(r"{% static '([^']+)' %}")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the sheets, the scripts and the font the sheets name."""
    copy = tmp_path / "source"
    for folder in ("css", "js", "vendor"):
        shutil.copytree(SOURCE / folder, copy / folder)
    return copy


def deployed(source: Path, target: Path, name: str = SHEET) -> str:
    together = [Path(each).name for each in TOGETHER]
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=lambda *_: together if target.exists() else [])
    storage = StaticFiles(location=str(target), base_url="/static/")
    origin = FileSystemStorage(location=str(source))
    for _name, _hashed, outcome in storage.post_process({each: (origin, each) for each in (*TOGETHER, FONT)}):
        assert not isinstance(outcome, Exception), outcome
    return (target / storage.stored_name(name)).read_text()


def words_of(file: Path) -> list[str]:
    """What a file says besides its comments and its spaces."""
    return COMMENT[file.suffix].sub("", file.read_text()).split()


@pytest.mark.parametrize(("name", "count"), [(SHEET, 12), (SCRIPT, 5)])
def test_every_sheet_and_every_script_is_in_its_one_file(source: Path, tmp_path: Path, name: str, count: int) -> None:
    found = [found[1] or found[2] for found in IMPORT.finditer((source / name).read_text())]
    imported = [(source / name).parent / each for each in found]

    together = deployed(source, tmp_path / "target", name)

    assert len(imported) == count
    # The addresses that a sheet names are others there.
    assert [file.name for file in imported if " ".join(words_of(file)[-40:]) not in " ".join(together.split())] == []
    assert ("@import" in together, "import " in together) == (False, False)


def test_the_one_sheet_names_the_hashed_font(source: Path, tmp_path: Path) -> None:
    together = deployed(source, tmp_path / "target")

    assert "../vendor/figtree/figtree-latin." in together
    assert FONT not in together


def test_licences_stay_and_addresses_in_scripts_are_no_comments(tmp_path: Path) -> None:
    (tmp_path / "one.js").write_text('/* Why. */\nconst at = "https://x.test/*"; // said\n  // gone\ngo(at);\n')
    (tmp_path / "site.js").write_text('import "./one.js";\n')
    (tmp_path / "site.css").write_text("/*! MIT */\n/* Why. */\n.a {\n  color: red;\n}\n")

    assert bundle(tmp_path / "site.js") == '{\nconst at = "https://x.test/*"; // said\ngo(at);\n}\n'
    assert bundle(tmp_path / "site.css") == "/*! MIT */\n.a {\ncolor: red;\n}\n"


def test_what_every_page_asks_for_leaves_room_for_the_page() -> None:
    """Compressed as it is deployed. What only some rooms need stands in a sheet of their own."""
    files = [SOURCE / name for name in (*TOGETHER, FONT, "mark.svg")]
    htmx = finders.find("django_htmx/htmx-2.min.js")
    assert htmx
    files.append(Path(htmx))
    sizes = {file.name: len(_compressed(file)) + HEADERS_OF_A_FILE for file in files}

    assert sum(sizes.values()) <= EVERY_PAGE_BYTES, sizes


def test_what_a_page_asks_for_is_deployed_and_what_none_asks_for_is_not() -> None:
    ours = {found[1] for page in TEMPLATES.rglob("*.html") for found in ASKED_FOR.finditer(page.read_text())}
    theirs = {"django_htmx/htmx-2.min.js", "mfa/js/webauthn.js", "mfa/js/webauthn-json.js", "account/js/onload.js"}
    patterns = apps.get_app_config("staticfiles").ignore_patterns
    collected = {
        name: storage.size(name) for finder in finders.get_finders() for name, storage in finder.list(patterns)
    }

    assert len(ours) > 20
    assert sorted((ours | theirs) - set(collected)) == []
    # Each is hashed and compressed twice before a first start may go on.
    assert sum(collected.values()) < 4_000_000, sorted(collected, key=collected.__getitem__)[-20:]


def _compressed(file: Path) -> bytes:
    if str(file.relative_to(file.parents[1])) in TOGETHER:
        return brotli.compress(bundle(file).encode())
    return file.read_bytes() if file.suffix == ".woff2" else brotli.compress(file.read_bytes())


def test_a_changed_sheet_is_in_the_file_of_the_next_deployment(source: Path, tmp_path: Path) -> None:
    deployed(source, tmp_path / "target")
    (source / "css" / "day.css").write_text(".changed { color: var(--ink); }")

    assert ".changed" in deployed(source, tmp_path / "target")


def test_no_two_sheets_lay_out_the_same_class() -> None:
    """A sheet of every page reaches into all others: a meeting's parts once stood one letter wide."""
    kit = {"base", "page", "forms", "lists", "print"}  # made to work together
    paper = {"report", "report-base", "feedback_report", "mail_frame"}  # never beside the others
    sheets = defaultdict(set)
    for sheet in (SOURCE / "css").glob("*.css"):
        if sheet.stem not in kit | paper:
            for name in re.findall(r"^\.([\w-]+)(?: > [a-z]+)? \{", sheet.read_text(), re.MULTILINE):
                sheets[name].add(sheet.stem)

    assert {name: sorted(found) for name, found in sheets.items() if len(found) > 1} == {}
