"""Logos as they are stored: for an answer to a browser, for mails and for printed reports."""

from dataclasses import dataclass
from functools import lru_cache

from cohorts.logos.png import size_of
from cohorts.models import Organisation, OrganisationLogo
from cohorts.tenancy.wall import within

PIXELS_A_POINT = 2  # twice as many as shown, for sharp screens


@dataclass(frozen=True, slots=True)
class MailLogo:
    """The picture in the head of a mail, the size it is shown in, and whether it says the organisation's name."""

    cid: str
    content: bytes
    width: int
    height: int
    is_wordmark: bool


def image_of(sha: str) -> bytes | None:
    """The picture of the open organisation with this hash, shown or put away a moment ago."""
    found = OrganisationLogo.objects.filter(sha=sha).values_list("image", flat=True).first()
    return None if found is None else bytes(found)


def printed_logo(organisation: Organisation) -> dict[str, bytes]:
    """The picture by the address that a printed page names it by; empty without one."""
    logo = organisation.logo
    image = image_of(logo.sha) if logo else None
    return {f"logos/{logo.sha}.png": image} if logo and image else {}


def mail_logo(organisation: Organisation) -> MailLogo | None:
    """What mails of this organisation show. Opens it itself, once a process and logo."""
    logo = organisation.logo
    if logo is None:
        return None
    try:
        return _mail_logo(organisation.pk, logo.sha, is_wordmark=logo.is_wordmark)
    except OrganisationLogo.DoesNotExist:  # changed twice since the organisation was read
        return None


@lru_cache(maxsize=256)
def _mail_logo(organisation_id: int, sha: str, *, is_wordmark: bool) -> MailLogo:
    with within(organisation_id):
        content = bytes(OrganisationLogo.objects.values_list("mail_image", flat=True).get(sha=sha))
    width, height = (max(1, pixels // PIXELS_A_POINT) for pixels in size_of(content))
    return MailLogo(f"logo.{sha[:24]}@embed90", content, width, height, is_wordmark)
