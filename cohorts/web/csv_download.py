"""Lists that leave as a file a spreadsheet opens with a double click."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.text import slugify

# The wide letters, too: a spreadsheet set to Japanese or Chinese reads them as the narrow ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def escaped(cell: object) -> str:
    """A cell as text that no spreadsheet takes for a formula, whatever space it begins with."""
    text = "" if cell is None else str(cell)
    bare = text.lstrip(" \t\r\n\0")
    return f"'{text}" if bare.startswith(FORMULA_STARTS) or text.startswith(("\t", "\r")) else text


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, language: str) -> HttpResponse:
    """A download: UTF-8 with its mark, and the separator that a spreadsheet in this language expects."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if language == "nb" else ",")
    writer.writerow([escaped(cell) for cell in header])
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "list"}.csv"'
    return response
