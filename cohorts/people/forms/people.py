"""Forms for uploading a list, adding a leader or member, and choosing a sponsor."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from cohorts.models import Cohort, Enrolment, Membership, Organisation, Role
from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.plan import Outcome
from cohorts.people.imports.values import MAX_EMAIL_CHARACTERS, MAX_NAME_CHARACTERS
from cohorts.people.policies import POWERFUL, may_give
from cohorts.people.role_rows import changeable
from cohorts.people.rules import GIVEN_BY_HAND, ensure_address
from cohorts.schedule.zone_field import ZONE_HELP, ZoneField
from cohorts.web.addresses import plain_address
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import NameField, TextField
from cohorts.web.language import offered_languages


def email_input() -> forms.TextInput:
    # Not type=email: the browser's own error message would come before ours.
    return forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"})


def offer_languages(field: forms.Field, organisation: Organisation) -> None:
    """Those the organisation works in, its first one chosen."""
    cast(forms.ChoiceField, field).choices = offered_languages(organisation)
    field.initial = organisation.language


class PersonForm(forms.Form):
    """One leader, by the rules of a list."""

    name = NameField(label=gettext_lazy("Name"), max_length=MAX_NAME_CHARACTERS)
    email = TextField(label=gettext_lazy("E-mail"), max_length=MAX_EMAIL_CHARACTERS, widget=email_input())
    manager_name = NameField(label=gettext_lazy("Manager's name"), max_length=MAX_NAME_CHARACTERS, required=False)
    manager_email = TextField(
        label=gettext_lazy("Manager's e-mail"),
        max_length=MAX_EMAIL_CHARACTERS,
        required=False,
        widget=email_input(),
        help_text=gettext_lazy("They report to this manager, who becomes their sponsor."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    zone = ZoneField(label=gettext_lazy("Time zone"), help_text=ZONE_HELP)

    def __init__(self, *args: Any, cohort: Cohort, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].initial = str(cohort.zone)
        offer_languages(self.fields["language"], organisation)

    def row(self) -> PersonRow:
        return PersonRow(number=1, **{**self.cleaned_data, "zone": str(self.cleaned_data["zone"])})

    def tell(self, outcome: Outcome) -> None:
        """Show each problem beside its field."""
        for problem in outcome.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.sentence)


class MemberForm(forms.Form):
    """A sponsor, admin or owner."""

    name = NameField(label=gettext_lazy("Name"), max_length=MAX_NAME_CHARACTERS)
    email = TextField(label=gettext_lazy("E-mail"), max_length=MAX_EMAIL_CHARACTERS, widget=email_input())
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one role.")},
    )

    def __init__(self, *args: Any, by: Membership, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_languages(self.fields["language"], organisation)
        cast(forms.ChoiceField, self.fields["roles"]).choices = roles_to_give(by)

    def clean_email(self) -> str:
        email = plain_address(self.cleaned_data["email"])
        ensure_address(email)
        return email


class SponsorForm(EditForm):
    """A leader's sponsor."""

    sponsor: "forms.ModelChoiceField[Membership]" = forms.ModelChoiceField(
        label=gettext_lazy("Sponsor"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Nobody"),
        help_text=gettext_lazy("Only members with the role sponsor can be chosen."),
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        initial = {"sponsor": enrolment.sponsor_id}
        super().__init__(*args, **{"initial": initial, "revision": enrolment.revision, **kwargs})
        sponsors = Membership.objects.active().with_role(Role.SPONSOR)
        cast(forms.ModelChoiceField, self.fields["sponsor"]).queryset = sponsors.exclude(pk=enrolment.leader_id)


class ManagerForm(forms.Form):
    """Who a member reports to."""

    manager: "forms.ModelChoiceField[Membership]" = forms.ModelChoiceField(
        label=gettext_lazy("Reports to"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Nobody"),
        help_text=gettext_lazy("Only members with the role sponsor can be chosen."),
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"manager": member.manager_id}, **kwargs})
        sponsors = Membership.objects.active().with_role(Role.SPONSOR)
        cast(forms.ModelChoiceField, self.fields["manager"]).queryset = sponsors.exclude(pk=member.pk)


class RolesForm(forms.Form):
    """The roles that somebody may give a member and take from them by hand.

    `had` is what the page showed, so that a save changes what was changed on it and nothing else. `sure` answers the
    question that comes before power is given.
    """

    roles = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    had = forms.MultipleChoiceField(required=False, choices=Role.choices, widget=forms.MultipleHiddenInput)
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Membership, member: Membership, **kwargs: Any) -> None:
        offered = changeable(by, member)
        held = [role.value for role in offered if member.has_role(role)]
        super().__init__(*args, **{"initial": {"roles": held, "had": held}, **kwargs})
        cast(forms.ChoiceField, self.fields["roles"]).choices = [(role.value, role.label) for role in offered]
        self._held = set(member.roles)

    @property
    def given(self) -> set[str]:
        return set(self.cleaned_data["roles"]) - set(self.cleaned_data["had"])

    @property
    def taken(self) -> set[str]:
        return set(self.cleaned_data["had"]) - set(self.cleaned_data["roles"])

    @property
    def asks_first(self) -> bool:
        """Whether this gives power that the member does not have, and nobody has said yes to it."""
        return bool((self.given - self._held) & POWERFUL) and not self.cleaned_data["sure"]


def roles_to_give(by: Membership) -> list[tuple[str, str]]:
    """The roles this member may give. Leaders are added through a cohort."""
    return [(role.value, str(role.label)) for role in GIVEN_BY_HAND if may_give(by, role)]
