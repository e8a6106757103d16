"""Names of files for download, and names in addresses, made of what people typed."""

from urllib.parse import quote

from anyascii import anyascii
from django.http.response import HttpResponseBase
from django.utils.text import slugify

MAX_CHARACTERS = 100


def slug_of(words: str, *, most: int, otherwise: str) -> str:
    """Lower-case ASCII letters, digits and hyphens, for an address: "Ærlig før" becomes "aerlig-for"."""
    return slugify(anyascii(words.replace("_", " ")))[:most].strip("-") or otherwise


def file_name(words: str, ending: str, *, otherwise: str = "list") -> str:
    """What the words name, as a file on any system: "Bjørn Åsen: våren" becomes "bjørn-åsen-våren.csv"."""
    return f"{slugify(words, allow_unicode=True)[:MAX_CHARACTERS].strip('-_') or otherwise}.{ending}"


def as_download(response: HttpResponseBase, name: str) -> None:
    """Have the browser save the answer under this name, a result of `file_name`.

    A name beyond ASCII goes out twice (RFC 6266, appendix D): whole, and spelled in ASCII for programs that read
    no more. The spelled one comes first.
    """
    stem, _dot, ending = name.rpartition(".")
    spelled = f"{slug_of(stem, most=MAX_CHARACTERS, otherwise='file')}.{ending}"
    whole = "" if spelled == name else f"; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Disposition"] = f'attachment; filename="{spelled}"{whole}'
