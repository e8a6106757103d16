"""CSV downloads that open in a spreadsheet with a double click."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from cohorts.web.file_names import as_download, file_name
from cohorts.web.formulas import escaped


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, language: str) -> HttpResponse:
    """A CSV response in UTF-8 with BOM, with the separator that spreadsheets in this language expect."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if language == "nb" else ",")
    writer.writerow([escaped(cell) for cell in header])
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    as_download(response, file_name(name, "csv"))
    return response
