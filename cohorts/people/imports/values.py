"""Parse cells of a people list: addresses, names, roles, languages. Pure."""

import re
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from cohorts.web.letters import code_of, hidden_letter

MAX_EMAIL_CHARACTERS = 254
MAX_NAME_CHARACTERS = 160
LEADER, SPONSOR = "leader", "sponsor"

LANGUAGES: dict[str, str] = {
    **dict.fromkeys(["nb", "nn", "no", "nb-no", "nn-no", "norsk", "norwegian"], "nb"),
    **dict.fromkeys(["bokmål", "norsk bokmål", "nynorsk", "norsk nynorsk"], "nb"),
    **dict.fromkeys(["en", "en-gb", "en-us", "english", "engelsk"], "en"),
}
ROLES: dict[str, str] = {
    **dict.fromkeys(["leader", "team leader", "teamleader", "participant"], LEADER),
    **dict.fromkeys(["leder", "teamleder", "deltaker"], LEADER),
    **dict.fromkeys(["sponsor", "manager", "overordnet"], SPONSOR),
}


def shut_out_sentence(name: str) -> str:
    """Why a list or a form that names somebody does not let them in again: that is an act of its own."""
    return _("%(name)s is suspended, or their invitation was withdrawn. Let them in again on their page first.") % {
        "name": name
    }


def plain_address(text: str) -> str:
    """`Kari <kari@firm.no>` or `mailto:Kari@firm.no` as kari@firm.no."""
    inside = re.search(r"<([^<>]+)>", text)
    return (inside[1] if inside else text).strip().lower().removeprefix("mailto:")


def wrong_with_address(email: str) -> str:
    """Why this address cannot receive mail; empty if it looks valid."""
    strange = sorted({code_of(each) if hidden_letter(each) else each for each in email if not each.isascii()})
    if strange:
        return _("An address cannot have the letter %(letter)s. Ask for the spelling they really use.") % {
            "letter": ", ".join(strange)
        }
    return "" if _is_address(email) else _("“%(email)s” is not an e-mail address.") % {"email": email[:60]}


@lru_cache(maxsize=20_000)
def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= MAX_EMAIL_CHARACTERS


def name_from_address(email: str) -> str:
    """Guess a name from an address: Kari Nordmann from kari.nordmann@firm.no."""
    return " ".join(part.capitalize() for part in re.split(r"[._-]+", email.partition("@")[0]) if part)


def name_before_address(text: str) -> str:
    """The name in `Kari Nordmann <kari@firm.no>`; empty if there is only an address."""
    return text.partition("<")[0].strip(' "') if "<" in text else ""


def language_named(text: str) -> str:
    """The code of a language name; empty if unknown."""
    return LANGUAGES.get(text.casefold().replace("_", "-"), "")


def roles_named(text: str) -> tuple[set[str], list[str]]:
    """The roles in a cell, and the words that are not roles."""
    words = [part.strip() for part in re.split(r"[,;/&+]", text) if part.strip()]
    unknown = [word for word in words if word.casefold() not in ROLES]
    return {ROLES[word.casefold()] for word in words if word not in unknown}, unknown


def spelled(name: str) -> str:
    """A name normalised for comparison: case and spaces are ignored."""
    return " ".join(name.casefold().split())


def column_label(field: str) -> str:
    """The label of a field without a column in the file."""
    return {
        "name": _("Name"),
        "email": _("E-mail"),
        "zone": _("Time zone"),
        "language": _("Language"),
        "role": _("Role"),
        "manager_name": _("Manager"),
        "manager_email": _("Manager's e-mail"),
        "sponsor_name": _("Sponsor"),
        "sponsor_email": _("Sponsor's e-mail"),
    }[field]
