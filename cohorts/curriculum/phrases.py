"""Phrases of problems: English by themselves, and translatable where a page shows them.

`makemessages` collects the templates by the name `Phrase`. Pure, so that files are read without a web framework.
"""

from collections.abc import Callable
from typing import Any


class Phrase(str):
    """An English phrase that remembers its template and values, which is what translating it takes."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> "Phrase":
        phrase = super().__new__(cls, template % values)
        phrase.template, phrase.values = template, values
        return phrase

    def translated(self, gettext: Callable[[str], str]) -> str:
        """In another language; values that are phrases are translated too, others stay as they are."""
        values = {
            name: value.translated(gettext) if isinstance(value, Phrase) else value
            for name, value in self.values.items()
        }
        return gettext(self.template) % values
