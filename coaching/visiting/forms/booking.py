from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coaching.models import HelpWanted, Host
from coaching.visiting.rules import ensure_house_rules
from cohorts.models import Membership
from cohorts.web.arrivals import KeyedForm, hidden_input
from cohorts.web.forms import beside_its_field

MAX_RULES_VERSION = 2**31 - 1


class RulesForm(forms.Form):
    """The tick under the house rules, and which version of them the page showed."""

    rules_version = forms.IntegerField(required=False, min_value=1, max_value=MAX_RULES_VERSION, widget=hidden_input())
    accepts = forms.BooleanField(
        label=_("I keep to these rules"), error_messages={"required": _("Tick the box to keep to the house rules.")}
    )

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.host = host
        self.initial["rules_version"] = host.rules_version

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "accepts" in self.cleaned_data:
            with beside_its_field(self):
                ensure_house_rules(self.cleaned_data.get("rules_version"), self.host)
        return self.cleaned_data


class BookForm(KeyedForm, RulesForm):
    """A place for oneself, or two for both or none."""

    companion = forms.ModelChoiceField(
        label=_("Come with a colleague"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("Just me"),
        help_text=_("Both of you get a place, or neither does. Your colleague is asked first."),
    )

    field_order = ("companion", "accepts")

    def __init__(self, *args: Any, companions: QuerySet[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["companion"].queryset = companions  # type: ignore[attr-defined]


class HelpForm(forms.Form):
    """What would help somebody to come."""

    wants = forms.ChoiceField(label=_("What would help?"), choices=HelpWanted.choices, widget=forms.RadioSelect)
