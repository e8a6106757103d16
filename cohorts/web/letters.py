"""Letters of texts that people paste, type and upload: what nobody sees, what is compared. Pure.

`cleaned` is the one cleaning of cells, forms and sign-in.
"""

import re
from unicodedata import category, normalize

JOINERS = "\u200c\u200d"  # part of words: in Persian the one, in Hindi and in many emoji the other
HIDDEN = ("Cc", "Cf", "Zl", "Zp")

# Spaces of no width, and the marks of direction that come with what is pasted. The two overrides stay, for a name to be
# refused by: nobody pastes them by accident. Joiners stay within words.
INVISIBLE = dict.fromkeys(
    map(ord, "\u200b\u2060\ufeff\u00ad\u061c\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069")
)
LOOSE_JOINER = re.compile("(?<![^\\x00-\\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\\x00-\\x7f])")
MAX_COMPOSED_CHARACTERS = 120  # sorting the accents of one letter takes the square of their number
TURKISH = str.maketrans({"\u0130": "i", "\u0131": "i"})  # lower case of the first is two letters, of the second itself


def cleaned(text: str) -> str:
    """Without surrounding space, invisible characters and line breaks; letters in one part."""
    if text.isascii():
        return " ".join(text.split())
    text = visible(text)
    if len(text) <= MAX_COMPOSED_CHARACTERS:
        text = normalize("NFC", text)
    return " ".join(text.split())


def visible(text: str) -> str:
    """Without the invisible characters that come with what is pasted. Line breaks stay."""
    return text if text.isascii() else LOOSE_JOINER.sub("", text.translate(INVISIBLE))


def folded(text: str) -> str:
    """The spelling under which words are compared: ß is ss, and a Turkish I is an i with or without its dot."""
    return text.lower() if text.isascii() else text.translate(TURKISH).casefold()


def hidden_letter(text: str) -> str:
    """The first control character, line break or mark of direction; empty if there is none.

    A mark of direction turns what stands behind it around, so that a name shows as another one. Arabic and Hebrew
    names need none: their letters have a direction of their own.
    """
    if text.isprintable():
        return ""
    return next((letter for letter in text if category(letter) in HIDDEN and letter not in JOINERS), "")


def code_of(letter: str) -> str:
    """What a letter that nobody sees is called."""
    return f"U+{ord(letter):04X}"
