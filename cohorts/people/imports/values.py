"""Parse cells of a people list: addresses, names, roles, languages. Pure."""

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from cohorts.web.letters import code_of, folded, hidden_letter

Found = TypeVar("Found")
MAX_EMAIL_CHARACTERS = 254
MAX_NAME_CHARACTERS = 160
LEADER, SPONSOR = "leader", "sponsor"

LANGUAGES: dict[str, str] = {
    **dict.fromkeys(["nb", "nn", "no", "nob", "nno", "nor", "norsk", "norwegian", "norwegisch", "norska"], "nb"),
    **dict.fromkeys(["bokmål", "bokmal", "nynorsk"], "nb"),
    **dict.fromkeys(["en", "eng", "english", "engelsk", "engelska", "englisch"], "en"),
}
NOTHING = frozenset(
    "n/a n.a. n.a na/na none null nil nan undefined vacant vakant ledig tbd tba unknown ukjent ukendt okänd unbekannt "
    "ingen inga keine keiner ikke-oppgitt saknas mangler missing blank (blank) (tom) (none) tom ? . .. ...".split()
) | {"ikke oppgitt", "not applicable", "ikke relevant", "ingen leder", "no manager", "nicht besetzt", "to be decided"}
LONGEST_NOTHING = max(map(len, NOTHING))
DASHES = frozenset("-‐‑‒–—―−_/")
ERROR = re.compile(r"#[A-ZÆØÅÄÖ]+(/[A-Z0])?[A-Z]*[!?]?|#[A-ZÆØÅÄÖ]+/0!")  # #N/A, #REF!, #NAVN?, #BEZUG!, #DIV/0!
HOLDER = re.compile(r"NO_[A-Z]+")  # SuccessFactors: NO_MANAGER
PLAIN_ADDRESS = re.compile(  # most addresses, known without Django's slower validator, which accepts each of them
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
ROLES: dict[str, str] = {
    **dict.fromkeys(["leader", "team leader", "teamleader", "participant"], LEADER),
    **dict.fromkeys(["leder", "teamleder", "deltaker"], LEADER),
    **dict.fromkeys(["sponsor", "manager", "overordnet"], SPONSOR),
}


def known_again(most: int) -> Callable[[Callable[[str], Found]], Callable[[str], Found]]:
    """Remember what a function found for so many texts. A cell may have 250,000 characters: those are not kept."""

    def decorate(find: Callable[[str], Found]) -> Callable[[str], Found]:
        known = lru_cache(most)(find)

        @wraps(find)
        def found(text: str) -> Found:
            return known(text) if len(text) <= MAX_EMAIL_CHARACTERS else find(text)

        return found

    return decorate


@known_again(2_000)  # zones, languages and managers come again from row to row
def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing: empty, a dash, `n/a`, `vacant`, an error of a spreadsheet."""
    bare = text.strip()
    if "@" in bare:
        return False
    if not bare or DASHES.issuperset(bare) or bare == "NA":
        return True
    if len(bare) <= LONGEST_NOTHING and folded(bare) in NOTHING:
        return True
    return bare.startswith(("#", "NO_")) and bool(ERROR.fullmatch(bare) or HOLDER.fullmatch(bare))


def shut_out_sentence(name: str) -> str:
    """Why a list or a form that names somebody does not let them in again: that is an act of its own."""
    return _("%(name)s is suspended, or their invitation was withdrawn. Let them in again on their page first.") % {
        "name": name
    }


def wrong_with_address(email: str) -> str:
    """Why this address cannot receive mail; empty if it looks valid."""
    if not email.isascii():
        strange = sorted({code_of(each) if hidden_letter(each) else each for each in email if not each.isascii()})
        return _("An address cannot have the letter %(letter)s. Ask for the spelling they really use.") % {
            "letter": ", ".join(strange)
        }
    return "" if _is_address(email) else _("“%(email)s” is not an e-mail address.") % {"email": email[:60]}


@known_again(20_000)
def _is_address(email: str) -> bool:
    if len(email) > MAX_EMAIL_CHARACTERS:
        return False
    if PLAIN_ADDRESS.fullmatch(email):
        return True
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def name_from_address(email: str) -> str:
    """Guess a name from an address: Kari Nordmann from kari.nordmann@firm.no."""
    return " ".join(part.capitalize() for part in re.split(r"[._-]+", email.partition("@")[0]) if part)


def name_before_address(text: str) -> str:
    """The name in `Kari Nordmann <kari@firm.no>`; empty if there is only an address."""
    return text.partition("<")[0].strip(' "') if "<" in text else ""


@known_again(1_000)
def language_named(text: str) -> str:
    """The code of a language, out of its name or a locale such as en_US.UTF-8; empty if it is another one."""
    words = re.split(r"[\W_]+", folded(text))
    return next((LANGUAGES[word] for word in words if word in LANGUAGES), "") if words[0] in LANGUAGES else ""


def roles_named(text: str) -> tuple[set[str], list[str]]:
    """The roles in a cell, and the words that are not roles."""
    words = [part.strip() for part in re.split(r"[,;/&+]", text) if part.strip()]
    unknown = [word for word in words if word.casefold() not in ROLES]
    return {ROLES[word.casefold()] for word in words if word not in unknown}, unknown


@known_again(2_000)
def spelled(name: str) -> str:
    """A name normalised for comparison: case and spaces are ignored."""
    return " ".join(folded(name).split())


def column_label(field: str) -> str:
    """The label of a field without a column in the file."""
    return {
        "name": _("Name"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "email": _("E-mail"),
        "zone": _("Time zone"),
        "language": _("Language"),
        "role": _("Role"),
        "manager_name": _("Manager"),
        "manager_email": _("Manager's e-mail"),
        "sponsor_name": _("Sponsor"),
        "sponsor_email": _("Sponsor's e-mail"),
        "employee_id": _("Employee number"),
        "manager_id": _("Manager's employee number"),
    }[field]
