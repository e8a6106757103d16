"""Whatever a person can read is there in every language. The strings are collected afresh, so none can be forgotten."""

import re
import shutil
from importlib import import_module
from pathlib import Path

import allauth
import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from programme.management.commands.makemessages import EXTENSIONS

ROOT = Path(settings.BASE_DIR)
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?.|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")
# Pages and mails of the sign-in package that we use as they come, or in part.
BORROWED = ["account/login.html", "account/confirm_login_code.html"]
BORROWED += ["mfa/**/*.html", "usersessions/**/*.html", "account/messages/login*.txt", "account/reauthenticate.html"]
SAME_IN_BOTH = {"MFA"}
# What nobody says aloud, and words the list in programme/locale/README.md has another one for.
NOT_SAID = {
    "nb": r"\b(vedkommende|kun|man|dytt|administrator\w*|lenken|listen|filen|uken|cellen|ei (uke|liste)|øvedag\w*)\b"
    r"|\b(hun eller han|han eller hun|arbeider|i første kontakt|\w*vakt(en|a|er|ene))\b"
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Every string of the code and the templates, by language, from a copy: collecting writes beside its sources."""
    copy = tmp_path_factory.mktemp("source")
    for folder in (entry for entry in ROOT.iterdir() if entry.is_dir() and not entry.name.startswith(".")):
        if folder.name not in {"tests", "static"}:
            shutil.copytree(folder, copy / folder.name, ignore=shutil.ignore_patterns("locale", "*.pyc"))
    locale = copy / "programme" / "locale"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(copy)
        patch.setattr(settings, "LOCALE_PATHS", [locale])
        call_command("makemessages", verbosity=0)
    return {code: polib.pofile(str(locale / code / "LC_MESSAGES" / "django.po")) for code in LANGUAGES}


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def catalogue(language):
    return polib.pofile(str(ROOT / "programme" / "locale" / language / "LC_MESSAGES" / "django.po"))


def key(entry):
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def pairs(entry):
    """Each sentence with its translation; the last form of a plural is the one that counts."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    forms = [entry.msgstr_plural[at] for at in sorted(entry.msgstr_plural)]
    return [(entry.msgid, forms[0]), *((entry.msgid_plural, form) for form in forms[1:])]


def mismatches(catalogue, pattern):
    return [
        (source, said)
        for entry in catalogue
        for source, said in pairs(entry)
        if sorted(pattern.findall(source)) != sorted(pattern.findall(said))
    ]


def test_the_catalogue_has_every_string_and_no_other(collected, language, catalogue):
    """If not: `manage.py makemessages`, then translate what is new (CONTRIBUTING.md, Add words)."""
    wanted, found = {key(entry) for entry in collected[language]}, {key(entry) for entry in catalogue}

    assert len(wanted) > 500
    assert sorted(wanted - found) == []
    assert sorted(found - wanted) == []
    assert catalogue.obsolete_entries() == []


def test_every_kind_of_file_with_words_is_looked_through():
    files = [path for path in (ROOT / "templates").rglob("*.*") if path.suffix != ".md"]
    worded = {path.suffix for path in files if "{% load i18n" in path.read_text()}

    assert worded <= {f".{extension}" for extension in EXTENSIONS}


def test_every_string_is_translated(catalogue):
    assert [entry.msgid for entry in catalogue if entry.fuzzy] == []
    assert [source for entry in catalogue for source, said in pairs(entry) if not said.strip()] == []


def test_translations_have_the_same_placeholders(catalogue):
    assert mismatches(catalogue, PLACEHOLDER) == []


def test_translations_have_the_same_tags(catalogue):
    assert mismatches(catalogue, TAG) == []


def test_plurals_are_complete(language, catalogue):
    forms = int(catalogue.metadata["Plural-Forms"].removeprefix("nplurals=")[0])

    assert {len(entry.msgstr_plural) for entry in catalogue if entry.msgid_plural} == {forms}


def test_the_voice_holds(catalogue):
    """programme/locale/README.md: nobody is shouted at, quotation marks are those of the language."""
    said = [form for entry in catalogue for _source, form in pairs(entry)]

    assert [form for form in said if re.search(r"[!“”\"]|vennligst", TAG.sub("", form))] == []


def test_the_words_of_the_list_are_used(language, catalogue):
    unsaid = re.compile(NOT_SAID[language], re.IGNORECASE)
    found = [(words, unsaid.search(words)) for entry in catalogue for _, words in pairs(entry)]

    assert [(hit[0], words) for words, hit in found if hit] == []


def test_plans_read_as_one_sentence(language):
    """A starter of the curriculum ends in our own words, so both must use the same ones."""
    with translation.override(language):
        sentence = translation.gettext("When %(cue)s, I will %(response)s.")

    assert {"nb": "Når %(cue)s, skal jeg %(response)s."}[language] == sentence


def test_what_we_borrow_is_translated_too(language):
    sources = {
        text
        for pattern in BORROWED
        for path in (Path(allauth.__file__).parent / "templates").glob(pattern)
        for text in re.findall(r'\{% trans(?:late)? "([^"]+)"', path.read_text())
    }
    with translation.override(language):
        open_ = {text for text in sources if translation.gettext(text) == text} - SAME_IN_BOTH

    assert len(sources) > 40
    assert open_ == set()


def test_every_language_has_its_formats(language):
    """A format that is missing would be printed letter by letter."""
    named = set()
    for path in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("templates/**/*.txt"), *ROOT.glob("*/**/*.py")]:
        if ".venv" not in path.parts and path.parts[-2] != "tests":
            named |= set(re.findall(r"""["']([A-Z_]+_FORMAT)["']""", path.read_text()))

    for code in [settings.LANGUAGE_CODE, language]:
        module = import_module(f"programme.formats.{code}.formats")
        assert named - set(vars(module)) == set()
    assert "WEEKDAY_FORMAT" in named
