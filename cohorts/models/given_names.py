"""What somebody is called in a greeting, out of a name of any shape. Pure."""

import re

TITLES = frozenset(
    "dr prof professor doctor doktor mr mrs ms miss mx fru herr frau hr sir lady ing dipl-ing dr-ing mag".split()
)
SUFFIXES = frozenset(
    "jr sr ii iii iv phd md dds mba msc bsc ma ba llm llb cpa esq dphil mphil ret mag frcs mrcp rn pmp".split()
)
IN_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
AROUND = "\"'\u201c\u201d\u2018\u2019\u00ab\u00bb.,;"


def given_name(name: str) -> str:
    """The first name of `Åse Berg`, `Berg, Åse`, `BERG Åse` or `Dr. Åse Berg, PhD`. Never a title, never empty."""
    words = _in_order(IN_PARENTHESES.sub(" ", name)).split()
    words = [word for word in words if bare(word) and bare(word) not in SUFFIXES]
    while len(words) > 1 and bare(words[0]) in TITLES:
        words = words[1:]
    spelled_out = [word for word in words if len(bare(word)) > 1] or words
    quiet = [word for word in spelled_out if not (word.isupper() and word.isascii() and len(word) > 2)]
    is_surname_first = len(quiet) < len(spelled_out) and spelled_out and spelled_out[0] not in quiet
    found = (quiet if is_surname_first and quiet else spelled_out)[:1]
    return found[0].strip(AROUND) if found else name.strip()


def is_suffix(part: str) -> bool:
    """Whether all of it are titles that stand behind a name: `Jr.`, `PhD`, `MSc MBA`."""
    return bool(part.split()) and all(bare(word) in SUFFIXES for word in part.split())


def bare(word: str) -> str:
    """`Ph.D.` as phd."""
    return word.strip(AROUND).replace(".", "").casefold()


def _in_order(name: str) -> str:
    """What stands behind the comma of `Berg, Åse` first."""
    last, *rest = [part.strip() for part in name.split(",")]
    firsts = [part for part in rest if part and not is_suffix(part)]
    return f"{firsts[0]} {last}" if firsts else last
