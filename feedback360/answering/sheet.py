"""What one rater has answered about one leader so far: values by item, texts by question. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

NOT_SEEN = 0  # an answer, too: "I have not seen this"
MAX_TEXT_CHARACTERS = 1500


@dataclass(frozen=True, slots=True)
class Sheet:
    values: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, fields: Mapping[str, Any]) -> Self:
        return cls(fields.get("values", {}), fields.get("texts", {}))

    def fields(self) -> dict[str, Any]:
        """As it is sealed."""
        return {"values": dict(self.values), "texts": dict(self.texts)}

    def with_answers(self, values: Mapping[str, int], texts: Mapping[str, str]) -> Self:
        """The newest answer to each item and question stands; what is not mentioned stays."""
        return type(self)({**self.values, **values}, {**self.texts, **texts})

    @property
    def seen(self) -> dict[str, int]:
        """The values that count."""
        return {item: value for item, value in self.values.items() if value != NOT_SEEN}

    @property
    def written(self) -> dict[str, str]:
        return {question: text for question, text in self.texts.items() if text.strip()}

    @property
    def says_something(self) -> bool:
        return bool(self.seen or self.written)
