"""CSV downloads that open in a spreadsheet with a double click."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from cohorts.web.file_names import as_download, file_name

# Also the full-width forms: a Japanese or Chinese spreadsheet treats them as the ASCII ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def escaped(cell: object) -> str:
    """Escape a cell so that no spreadsheet reads it as a formula, even after leading space."""
    text = "" if cell is None else str(cell)
    bare = text.lstrip(" \t\r\n\0")
    return f"'{text}" if bare.startswith(FORMULA_STARTS) or text.startswith(("\t", "\r")) else text


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, language: str) -> HttpResponse:
    """A CSV response in UTF-8 with BOM, with the separator that spreadsheets in this language expect."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if language == "nb" else ",")
    writer.writerow([escaped(cell) for cell in header])
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    as_download(response, file_name(name, "csv"))
    return response
