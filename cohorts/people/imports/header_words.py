"""What columns of lists of people are called: `headers.yaml` beside this module, as spellings by field."""

from pathlib import Path

from ruamel.yaml import YAML

_WORDS: dict[str, dict[str, list[str]]] = YAML(typ="safe").load(Path(__file__).with_name("headers.yaml"))


def _spellings(name: str, *, perhaps: bool) -> str:
    said = (words for kind, words in _WORDS[name].items() if (kind == "perhaps") == perhaps)
    return "|".join(str(word) for words in said for word in words)


SYNONYMS: dict[str, str] = {name: _spellings(name, perhaps=False) for name in _WORDS}
PERHAPS: dict[str, str] = {name: _spellings(name, perhaps=True) for name in _WORDS if "perhaps" in _WORDS[name]}
