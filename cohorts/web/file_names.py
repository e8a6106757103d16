"""Names of files for download, and names in addresses, made of what people typed."""

from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.text import slugify

# What slugify would drop: letters with a stroke have no decomposition.
SPELLED = str.maketrans({"æ": "ae", "ø": "o", "Æ": "ae", "Ø": "o", "_": " "})
MAX_CHARACTERS = 100


def slug_of(words: str, *, most: int, otherwise: str) -> str:
    """Lower-case ASCII letters, digits and hyphens, for an address: "Ærlig før" becomes "aerlig-for"."""
    return slugify(words.translate(SPELLED))[:most].strip("-") or otherwise


def file_name(words: str, ending: str, *, otherwise: str = "list") -> str:
    """What the words name, as a file on any system: "Bjørn Åsen: våren" becomes "bjørn-åsen-våren.csv"."""
    return f"{slugify(words, allow_unicode=True)[:MAX_CHARACTERS].strip('-_') or otherwise}.{ending}"


def as_download(response: HttpResponseBase, name: str) -> None:
    """Have the browser save the answer under this name, letters such as ø and å included (RFC 6266)."""
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
