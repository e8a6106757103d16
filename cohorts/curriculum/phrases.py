"""Phrases of file problems: English as text, translatable on pages.

`makemessages` collects the templates by the name `Phrase`. Pure, so that files are read without a web framework.
"""

from collections.abc import Callable
from typing import Any


class Phrase(str):
    """An English phrase with its template and values, so that it can be translated later."""

    __slots__ = ("template", "values")

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, **values: Any) -> "Phrase":
        phrase = super().__new__(cls, template % values)
        phrase.template, phrase.values = template, values
        return phrase

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The phrase in the active language; values that are phrases are translated, too."""
        values = {
            name: value.translated(gettext) if isinstance(value, Phrase) else value
            for name, value in self.values.items()
        }
        return gettext(self.template) % values
