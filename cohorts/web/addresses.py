"""E-mail addresses: one spelling to store and compare, another one to show. Pure."""

import re

import idna

from cohorts.web.letters import JOINERS, cleaned

IN_BRACKETS = re.compile(r"<([^<>]+)>")
NO_JOINERS = dict.fromkeys(map(ord, JOINERS))
SMALL = str.maketrans({"\u0130": "i"})  # its lower case is two letters


def plain_address(text: str) -> str:
    """`Kari <kari@firm.no>` or `mailto:Kari@firm.no` as kari@firm.no, and bø.no as mail servers know it.

    Not `casefold`: groß.de and gross.de are two domains.
    """
    inside = IN_BRACKETS.search(text) if "<" in text else None
    address = inside[1] if inside else text
    if not address.isascii():
        address = cleaned(address.translate(NO_JOINERS)).translate(SMALL)
    address = " ".join(address.lower().split())
    if address.startswith("mailto:"):
        address = address.removeprefix("mailto:").partition("?")[0]
    name, at, domain = address.rpartition("@")
    return f"{name}{at}{_as_ascii(domain)}" if at and not domain.isascii() else address


def written_address(address: str) -> str:
    """The address as people write it: kari@bø.no for kari@xn--b-xga.no."""
    name, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{name}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address


def _as_ascii(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain
