"""What the content policy forbids is in no template, and what a template names is there."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import TemplateSyntaxError
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Mails and the printed report carry their styles with them; no browser shows them under our policy.
PAGES = [path for path in TEMPLATES if not {"emails", "reports"} & set(path.parts)]
FORBIDDEN = re.compile(
    r"""\sstyle\s*=            # no inline style
    | <style\b
    | \son[a-z]+\s*=\s*["']   # no handlers
    | \shx-on\b
    | javascript:
    | <script(?![^>]*\s(?:src=|type="application/json"))  # only files and data
    """,
    re.VERBOSE | re.IGNORECASE,
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_pages_have_no_inline_script_or_style(path):
    found = [match.group() for match in FORBIDDEN.finditer(path.read_text())]

    assert found == []


@pytest.mark.parametrize(
    "bait", ['<p style="x">', "<style>", '<a onclick="x">', '<i hx-on:click="x">', "<script>", '<script type="module">']
)
def test_the_search_finds_what_it_looks_for(bait):
    assert FORBIDDEN.search(bait)


def test_every_template_compiles():
    broken = {}
    for path in TEMPLATES:
        try:
            get_template(name(path))
        except TemplateSyntaxError as error:
            broken[name(path)] = str(error)

    assert broken == {}


def test_the_primary_act_stands_at_the_edge_of_every_heading():
    """The "…" is on its left, so that it jumps on no page. A file `_…_acts.html` holds the acts of a heading."""
    acts = [path.read_text() for path in TEMPLATES if path.name.endswith("acts.html")]
    with_both = [text for text in acts if "components/more.html" in text and "btn-small" in text]

    assert len(with_both) > 15
    assert [text for text in with_both if text.index("components/more.html") > text.index("btn-small")] == []


MARKUP = re.compile(r"\{%-?\s*(comment|blocktrans\w*)\b.*?\{%\s*end\1\s*%\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def test_quotation_marks_are_those_of_the_readers_language() -> None:
    """Which marks a language has, its translators say: none stands outside a translation."""
    bare = {name(path): MARKUP.sub("", path.read_text()) for path in TEMPLATES}

    assert [path for path, text in bare.items() if re.search("[“”«»„]", text)] == []


PAIRED = "section div form ul ol li table thead tbody tr nav main header footer dl fieldset details figure".split()


def test_what_is_opened_is_closed():
    uneven = {
        (name(path), tag)
        for path in TEMPLATES
        for text in [path.read_text()]
        for tag in PAIRED
        if len(re.findall(rf"<{tag}(?=[\s>])", text)) != text.count(f"</{tag}>")
    }

    assert uneven == set()


def test_every_static_file_a_template_names_exists():
    named = {
        (name(path), file)
        for path in TEMPLATES
        for file in re.findall(r"""\{% static ['"]([^'"]+)['"] %\}""", path.read_text())
    }

    assert {pair for pair in named if not finders.find(pair[1])} == set()


ADDED_TO = ("head", "behaviour", "scripts")
PARENT = re.compile(r"""\{% extends ["']([^"']+)["'] %\}""")


def test_a_page_keeps_the_style_sheets_and_scripts_of_the_page_it_extends() -> None:
    """`base.html` has none in these blocks that a page could not leave out; a page between them has."""
    lost = [
        (name(path), block)
        for path in PAGES
        for block in ADDED_TO
        if (own := block_of(path, block)) and "block.super" not in own and inherited(path, block)
    ]

    assert lost == []


def block_of(path: Path, block: str) -> str:
    found = re.search(rf"\{{% block {block} %\}}(.*?)\{{% endblock", path.read_text(), re.DOTALL)
    return found.group(1).strip() if found else ""


def inherited(path: Path, block: str) -> str:
    """What the templates between this one and `base.html` put into the block."""
    parent = PARENT.search(path.read_text())
    if parent is None or parent.group(1) == "base.html":
        return ""
    above = ROOT / "templates" / parent.group(1)
    return (block_of(above, block) or inherited(above, block)) if above.exists() else ""


def classes(text: str) -> set[str]:
    """Whole class names written in a template. What a tag or variable completes is left out."""
    written = re.sub(r"\{%.*?%\}", " ", re.sub(r"\{\{.*?\}\}", "~", text))
    words = {word for value in re.findall(r'class="([^"]*)"', written) for word in value.split()}
    return {word for word in words if "~" not in word}


def test_every_class_is_known_to_a_style_sheet():
    sheets = [*(ROOT / "static" / "css").glob("*.css"), *(ROOT / "static" / "vendor" / "bootstrap").glob("*.css")]
    known = set(re.findall(r"\.([a-z][\w-]*)", " ".join(sheet.read_text() for sheet in sheets)))

    unknown = {(name(path), each) for path in PAGES for each in classes(path.read_text()) - known}

    assert unknown == set()


def test_every_component_is_explained():
    explained = (ROOT / "templates" / "README.md").read_text()
    parts_of_base = {"about_field", "error_ways_out", "language_switch", "mark", "menu", "messages", "navigation"}
    parts_of_base |= {"outbox", "theme_switch", "topbar"}
    components = {path.stem for path in (ROOT / "templates" / "components").glob("*.html")} - parts_of_base

    assert {component for component in components if f"`{component}.html`" not in explained} == set()


def test_comments_name_code_that_exists() -> None:
    """A comment such as `cohorts.schedule.views.Row` says where a fragment's context comes from."""
    named = {
        (name(path), dotted.rstrip("."))
        for path in TEMPLATES
        for comment in re.findall(r"\{% comment %\}(.*?)\{% endcomment %\}|\{#(.*?)#\}", path.read_text(), re.DOTALL)
        for dotted in re.findall(r"\b(?:coaching|cohorts|feedback360|goals|programme)\.[\w.]+", "".join(comment))
    }

    assert len(named) > 10
    assert [each for each in sorted(named) if not exists(each[1])] == []


def exists(dotted: str) -> bool:
    """Whether this is a module, or an attribute of one."""
    module, _, attribute = dotted.rpartition(".")
    try:
        return find_spec(dotted) is not None
    except ModuleNotFoundError:  # its parent is a module, not a package
        return hasattr(import_module(module), attribute)


NOT_BY_KEYBOARD = re.compile(
    r"""<a\b(?![^>]*\shref)[^>]*>        # a link to nowhere takes no focus
    | \stabindex="[1-9]                 # an order of its own
    | \srole="(?:button|link|checkbox|menuitem)"  # a control that only looks like one
    """,
    re.VERBOSE,
)


def test_whatever_is_clicked_is_a_control_that_the_keyboard_reaches() -> None:
    found = [(name(path), each.group()) for path in PAGES for each in NOT_BY_KEYBOARD.finditer(path.read_text())]

    assert found == []


@pytest.mark.parametrize("bait", ['<a class="btn">', '<p tabindex="2">', '<div role="button">'])
def test_the_search_finds_what_the_keyboard_misses(bait: str) -> None:
    assert NOT_BY_KEYBOARD.search(bait)
