"""Letters that nobody sees. Pure."""

from unicodedata import category

JOINERS = "\u200c\u200d"  # part of words: in Persian the one, in Hindi and in many emoji the other
HIDDEN = ("Cc", "Cf", "Zl", "Zp")


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
