"""Every file that somebody sends is read in a process of its own: no page looks into one itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parent.parent.parent
APPS = ("coaching", "cohorts", "feedback360", "goals", "programme")

# Where a page takes a file, and the action or function by which it is read in a process of its own.
READ_BY = {
    "coaching/mentors/views/lists.py": ("upload_list", "coaching/mentors/actions/intakes.py", "read_table"),
    "cohorts/curriculum/views/zips.py": ("read_zip", "cohorts/curriculum/uploads.py", "read_apart"),
    "cohorts/people/views/intakes.py": ("upload_intake", "cohorts/people/imports/file.py", "open_table"),
    "feedback360/rounds/views/rater_intakes.py": ("upload_raters", "feedback360/rounds/rater_file.py", "read_table"),
    "programme/organisation/views.py": ("upload_logo", "cohorts/logos/upload.py", "read_apart"),
    "goals/figures/views/intakes.py": ("upload_figures", "goals/figures/actions/intakes.py", "open_table"),
}
FORMS = {"cohorts/curriculum/forms/zips.py", "cohorts/imports/forms.py", "programme/organisation/forms.py"}

# What opens packed, marked-up or separated files, and where it may: in readers, and where it is our own files.
OPENERS = set("csv defusedxml gzip lzma openpyxl PIL pickle plistlib ruamel tarfile xml zipfile".split())
MAY_OPEN = {
    "cohorts/imports/parts.py": "runs in the process of readers",
    "cohorts/imports/texts.py": "runs in the process of readers",
    "cohorts/curriculum/zips.py": "unpacks in the process of readers; packs ours",
    "cohorts/curriculum/located_yaml.py": "parses in the process of readers; ours as well",
    "cohorts/logos/reader.py": "runs in the process of readers",
    "cohorts/imports/header_words.py": "reads words of ours",
    "cohorts/web/csv_download.py": "writes",
    "programme/demo/opening.py": "writes",
    "programme/reports/drawings.py": "writes",
    "programme/reports/pdf.py": "reads a page of ours",
}


def modules() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for path in (PROJECT / app).rglob("*.py"):
            name = str(path.relative_to(PROJECT))
            if "/migrations/" not in name and not name.startswith("programme/local/"):
                yield name, path.read_text()


def imported(text: str) -> set[str]:
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {getattr(node, "module", None) or alias.name for node in found for alias in node.names}
    return {name.split(".")[0] for name in names}


def test_every_page_that_takes_a_file_is_listed_here():
    takes = {name for name, text in modules() if re.search(r"\.FILES\b|\bupload_handlers\b", text)}
    fields = {name for name, text in modules() if re.search(r"\b(File|Image|FilePath)Field\(", text)}

    assert takes == READ_BY.keys()
    assert fields == FORMS


def test_every_page_that_takes_a_file_reads_it_in_a_process_of_its_own():
    texts = dict(modules())
    for page, (action, reader, way_in) in READ_BY.items():
        assert f"{action}(" in texts[page]
        assert f"{way_in}(" in texts[reader]
    assert "read_apart(READER, file" in texts["cohorts/imports/file.py"]


def test_nothing_but_readers_opens_what_somebody_packed():
    opening = {name for name, text in modules() if imported(text) & OPENERS}

    assert opening == MAY_OPEN.keys()


def test_nobody_imports_a_reader_but_its_process():
    """The application names it; only `child.py` imports it."""
    readers = ("cohorts.imports.parts", "cohorts.imports.tables", "cohorts.imports.texts", "cohorts.imports.workbooks")
    readers += ("cohorts.curriculum.zip_reader", "cohorts.logos.reader")
    inside = {f"{name.replace('.', '/')}.py" for name in readers}

    importing = {name for name, text in modules() for each in readers if re.search(rf"(from|import) {each}\b", text)}

    assert importing - inside == set()
