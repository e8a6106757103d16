"""Give a membership another name or another address: the floor's part of a correction.

An address belongs to a person, who may be in other organisations too. So the address of a person never changes here:
the membership moves to the person who has the new one. `programme.membership.correction` decides when.
"""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from cohorts.access.sessions import end_sessions
from cohorts.audit import record
from cohorts.models import ApiKey, FactorRecovery, Invitation, Membership, Person
from cohorts.people.actions.invitations import invite_all
from cohorts.people.imports.values import MAX_NAME_CHARACTERS
from cohorts.people.memberships import belongings_of
from cohorts.web.bounds import ensure_name
from cohorts.web.refusals import Invalid
from cohorts.web.revisions import save_revision


def rename(*, member: Membership, name: str, by: Membership, now: datetime) -> None:
    """Write the name of a locked member, and count the edit. Raises Invalid beside `name`."""
    ensure_name("name", name, most=MAX_NAME_CHARACTERS)
    save_revision(member, name=name)
    record(by=by, verb="corrected name", thing=member, now=now)


def ensure_free(email: str, member: Membership) -> None:
    """Refuse an address that another member has, or had. Says nothing of other organisations."""
    other = Membership.objects.filter(person__email__iexact=email).exclude(pk=member.pk).first()
    if other is not None:
        raise Invalid("email", taken_sentence(other))


def taken_sentence(other: Membership) -> str:
    if other.left_at is None:
        return _("%(name)s, who is a member already, has this address.") % {"name": other.name}
    return _("%(name)s, who is no longer a member, had this address. Invite them back instead.") % {"name": other.name}


def move_to_address(*, member: Membership, email: str, by: Membership | None, now: datetime) -> Person:
    """Move a locked membership to the person with this address. Returns the person who had it until now.

    That person loses this organisation at once, and their sessions when no other one lets them in. An open invitation
    is replaced, and its mail goes to the new address; links in older mails are dead, as are the member's own keys.
    """
    before = member.person
    person = _person_at(email, like=before)
    ensure_free(email, member)
    save_revision(member, person=person, link_version=member.link_version + 1)
    ApiKey.objects.personal(member).filter(revoked_at=None).update(revoked_at=now)
    FactorRecovery.objects.waiting().filter(member=member).update(stopped_at=now)
    if Invitation.objects.filter(membership=member, accepted_at=None, revoked_at=None).update(revoked_at=now):
        invite_all([member], now=now)
    record(by=by, verb="corrected address", thing=member, now=now)
    if not belongings_of(before):
        end_sessions(before)
    return before


def _person_at(email: str, *, like: Person) -> Person:
    """The person with this address, locked; a new one has the language and the theme of the old one."""
    Person.objects.bulk_create(
        [Person(email=email, language=like.language, theme=like.theme, password=make_password(None))],
        ignore_conflicts=True,
    )
    return Person.objects.select_for_update(no_key=True).get(email__iexact=email)
