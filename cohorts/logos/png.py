"""The PNGs we store, looked at without unpacking a pixel. Pure."""

import zlib
from typing import NamedTuple

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}  # pixels and nothing else: no text, no profile, no frames


class Size(NamedTuple):
    """In pixels."""

    width: int
    height: int


def size_of(data: bytes) -> Size:
    """The size of a PNG that holds pixels and nothing else. Raises ValueError for anything besides."""
    if not data.startswith(SIGNATURE):
        raise ValueError("no PNG")
    at, names = len(SIGNATURE), list[bytes]()
    while at < len(data) and names[-1:] != [b"IEND"]:
        length, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        end = at + 12 + length
        if name not in CHUNKS or int.from_bytes(data[end - 4 : end]) != zlib.crc32(data[at + 4 : end - 4]):
            raise ValueError("a chunk that none of ours has")
        names.append(name)
        at = end
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or at != len(data):
        raise ValueError("more or less than a PNG")
    return Size(int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
