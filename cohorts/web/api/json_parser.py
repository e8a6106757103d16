"""JSON as the standard has it: no field twice, no NaN, no text that cannot be stored somewhere in the middle."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class StrictJsonParser(BaseParser):
    """One object or list. What two programs could read differently is refused."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, context: Mapping[str, Any] | None = None) -> Any:
        most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # Django asks only where the whole body was read before
        body = stream.read(most + 1)
        if len(body) > most:
            raise RequestDataTooBig
        try:
            return json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_number)
        except ParseError:
            raise
        except (ValueError, RecursionError) as wrong:
            raise ParseError(_("This is not JSON that can be read: %(why)s") % {"why": str(wrong)[:200]}) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(pairs)
    if len(said) < len(pairs):
        ((twice, _times),) = Counter(name for name, _value in pairs).most_common(1)  # in one go, however many there are
        raise ParseError(_("“%(name)s” is there twice.") % {"name": twice[:80]})
    return said


def _no_number(word: str) -> float:
    raise ParseError(_("%(word)s is no number.") % {"word": word})
