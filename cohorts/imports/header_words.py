"""What the columns of a kind of list are called: a YAML file of fields, each with words by language.

Under `perhaps` are words that can mean something else, too. `like: email` takes the words of another file's field.
"""

from pathlib import Path

from ruamel.yaml import YAML

PERHAPS = "perhaps"
PEOPLE = Path(__file__).parent.parent / "people" / "imports" / "headers.yaml"


def spellings(file: Path, *, perhaps: bool = False) -> dict[str, str]:
    """Words by field, as `headers_of` reads them. Fields that have none are left out."""
    people = _words(PEOPLE)
    found: dict[str, list[str]] = {}
    for name, kinds in _words(file).items():
        for kind, words in kinds.items():
            if kind == "like":
                found.setdefault(name, []).extend(_said(people[str(words)], perhaps=perhaps))
        found.setdefault(name, []).extend(_said(kinds, perhaps=perhaps))
    return {name: "|".join(dict.fromkeys(words)) for name, words in found.items() if words}


def _said(kinds: dict[str, list[str] | str], *, perhaps: bool) -> list[str]:
    return [
        str(word) for kind, words in kinds.items() if kind != "like" and (kind == PERHAPS) == perhaps for word in words
    ]


def _words(file: Path) -> dict[str, dict[str, list[str] | str]]:
    words: dict[str, dict[str, list[str] | str]] = YAML(typ="safe").load(file)
    return words
