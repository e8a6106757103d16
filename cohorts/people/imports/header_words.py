"""What the columns of lists of people are called: the words of `headers.yaml` beside this module."""

from pathlib import Path

from cohorts.imports.header_words import spellings

_FILE = Path(__file__).with_name("headers.yaml")
SYNONYMS = spellings(_FILE)
PERHAPS = spellings(_FILE, perhaps=True)
