"""The named refusals. Each carries the sentence that page, htmx and log readers get."""

from django.core.exceptions import PermissionDenied, ValidationError


class NotNow(Exception):
    """Right person, wrong moment. Shown as 409 with its sentence; `field` names the value it is about, if it is one."""

    def __init__(self, sentence: str = "", *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class NotYours(PermissionDenied):
    """Known, but not allowed. Shown as 403 with its sentence."""


class Invalid(ValidationError):
    """A value that cannot stand, by the name of its field. Shown as 422 with its sentence.

    A form takes it for an error of its own, so that form and action ask the same rule and say the same words.
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence, code="invalid")
        self.field, self.sentence = field, sentence

    def __str__(self) -> str:
        return self.sentence
