"""The organisations of the signed-in person, the only query across organisations made for them."""

from typing import NamedTuple

from cohorts.access.factor_rules import must_have_factor
from cohorts.models import Membership, Person
from cohorts.tenancy.addresses import inside
from cohorts.tenancy.wall import Across, across_organisations


class Belonging(NamedTuple):
    """An organisation the person is a member of."""

    organisation_id: int
    slug: str
    name: str
    roles: list[str]
    factor_roles: list[str]

    @property
    def asks_for_factor(self) -> bool:
        return must_have_factor(roles=self.roles, asked_of=self.factor_roles)

    @property
    def url(self) -> str:
        return inside(self.slug, "organisation_home")

    @property
    def tokens_url(self) -> str:
        return inside(self.slug, "tokens")

    @property
    def leaving_url(self) -> str:
        return inside(self.slug, "leaving")


def memberships_of(person: Person) -> list[Membership]:
    """The same as members, for the frame around pages outside every organisation."""
    with across_organisations(Across.PERSON, person_id=person.pk):
        return list(Membership.objects.active().filter(person=person).select_related("organisation"))


def belongings_of(person: Person) -> list[Belonging]:
    """The organisations of which this person is an active member, by name."""
    with across_organisations(Across.PERSON, person_id=person.pk):
        rows = Membership.objects.active().filter(person=person).order_by("organisation__name")
        of_organisation = ("organisation__slug", "organisation__name", "roles", "organisation__factor_roles")
        return [Belonging(*row) for row in rows.values_list("organisation_id", *of_organisation)]
