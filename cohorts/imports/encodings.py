"""In which encoding a text is, told by the letters of its words. Pure.

Lists of people are short, and almost all of their bytes are ASCII: `charset-normalizer` takes a Norwegian list of two
names from a Mac for Korean ([decision](../../programme/decisions/0053-letters-tell-the-encoding.md)). What is known
here is which letters stand together in the names of one language, and in which encodings that language is written. A
word whose letters belong together speaks for an encoding, a currency sign within a word against it.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cohorts.imports.records import Refused

PIECE_BYTES = 1 << 16
MAX_WORDS = 2_000
MAX_WORD_BYTES = 60
NEAR = 0.75  # another encoding that is so near to the best one is shown beside it
SIGN, STRANGE, TALL = -3.0, -1.0, -2.0  # a sign within a word; letters of no language; a capital within a small word
GREEK = "\u0370"  # the first letter of scripts that do not mix with ours
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
MISREAD = frozenset("ÃÂÄÅâ√¬")  # how our letters begin when UTF-8 is read as Windows or Mac letters
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
HARMLESS = frozenset("\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00ab\u00bb\u00b4\u00a0\u20ac\u00b7\u00a7\u00a9\u00ae")

WEST = {  # how much a word of this language says, and the letters beyond a to z
    "nb da": (3.0, "æøåéèêóòôüäö"),
    "sv": (3.0, "åäöéüá"),
    "fi": (1.0, "åäöšž"),
    "de": (3.0, "äöüßé"),
    "is": (1.5, "áéíóúýðþæö"),
    "fo": (1.0, "áíóúýðæø"),
    "fr": (2.0, "àâäçéèêëîïôöùûüÿœæ"),
    "es": (2.0, "áéíóúñü"),
    "pt": (2.0, "áâãàçéêíóôõúü"),
    "it": (1.5, "àèéìíòóù"),
}
MIDDLE = {
    "pl": (2.0, "ąćęłńóśźż"),
    "cs sk": (2.0, "áčďéěíňóřšťúůýžľĺŕôä"),
    "hu": (2.0, "áéíóöőúüű"),
    "ro": (1.5, "ăâîşţșț"),
    "hr sl": (2.0, "čćđšž"),
}
LANGUAGES = {
    "cp1252": WEST,
    "mac_roman": WEST,
    "cp850": WEST,
    "cp1250": MIDDLE,
    "cp1257": {
        "lt": (2.0, "ąčęėįšųūž"),
        "lv": (2.0, "āčēģīķļņōŗšūž"),
        "et": (2.0, "äöõüšž"),
    },
    "cp1254": {"tr": (2.0, "çğıöşüâîû")},
    "cp1251": {"ru uk bg sr": (2.0, "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґђјљњћџ")},
    "cp1253": {"el": (2.0, "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ")},
}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
OFFERED = (*LANGUAGES, *UNICODE)  # what an encoding may be called that somebody chose


def encoding_of(file: BinaryIO) -> tuple[str, str]:
    """The encoding of a text, and another one that is almost as likely, if there is one. Raises Refused."""
    file.seek(0)
    for encoding in _unicode(file.read(2000)):
        if is_text_in(file, encoding):
            return encoding, ""
    ranked = [
        (score, encoding) for encoding, score in _scores(file) if score is not None and is_text_in(file, encoding)
    ]
    if not ranked:
        raise Refused("no_text")
    best, encoding = max(ranked, key=lambda each: each[0])
    if best < 0:
        raise Refused("strange_letters")
    others = [each for each in ranked if each[1] != encoding and best and each[0] >= NEAR * best]
    return encoding, max(others)[1] if others and _differ(file, encoding, max(others)[1]) else ""


def is_text_in(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(PIECE_BYTES):
            if CONTROL.search(decoder.decode(piece)):
                return False
        return not CONTROL.search(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False


def once_decoded(text: str) -> str:
    """`Ã…se` and `√Öse` as Åse: UTF-8 that somebody read as Windows or Mac letters, and saved so."""
    if text.isascii() or MISREAD.isdisjoint(text):
        return text
    for encoding in ("cp1252", "mac_roman"):
        try:
            return _bytes(text, encoding).decode()
        except UnicodeError:
            continue
    return text


def _bytes(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return b"".join(_byte(letter, encoding) for letter in text)


def _byte(letter: str, encoding: str) -> bytes:
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        return letter.encode("latin-1")  # the five bytes that Windows has no letter for


def _unicode(start: bytes) -> Iterator[str]:
    for mark, encoding in BOMS:
        if start.startswith(mark):
            yield encoding
            return
    if start.count(0) > len(start) // 4:
        yield "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    yield "utf-8"


def _scores(file: BinaryIO) -> Iterator[tuple[str, float | None]]:
    words = _words(file)
    for encoding, languages in LANGUAGES.items():
        alphabets = [(weight, frozenset(letters)) for weight, letters in languages.values()]
        try:
            yield encoding, sum(_score(word.decode(encoding), alphabets) for word in words)
        except UnicodeDecodeError:
            yield encoding, None


def _words(file: BinaryIO) -> list[bytes]:
    """Different words that are not all ASCII."""
    file.seek(0)
    words: dict[bytes, None] = {}
    while (piece := file.read(PIECE_BYTES)) and len(words) < MAX_WORDS:
        words.update(dict.fromkeys(word[:MAX_WORD_BYTES] for word in WORD.findall(piece)))
    return list(words)[:MAX_WORDS]


def _score(word: str, alphabets: Iterable[tuple[float, frozenset[str]]]) -> float:
    beyond = [letter for letter in word if not letter.isascii()]
    signs = sum(not letter.isalpha() and letter not in HARMLESS for letter in beyond)
    letters = {letter.lower() for letter in beyond if letter.isalpha()}
    if not letters:
        return SIGN * signs
    told = max((weight for weight, alphabet in alphabets if letters <= alphabet), default=STRANGE)
    is_tall = not word.isupper() and any(letter.isupper() and not letter.isascii() for letter in word[1:])
    is_mixed = any(letter.isascii() for letter in word) and min(letters) >= GREEK
    return SIGN * signs + (TALL if is_tall or is_mixed else told)


def _differ(file: BinaryIO, encoding: str, other: str) -> bool:
    return any(word.decode(encoding) != word.decode(other, "replace") for word in _words(file))
