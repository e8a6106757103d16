"""What a leader looks for among dates and hosts."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coaching.models import Host, HostFormat, SpokenLanguage, Visit
from cohorts.curriculum.behaviours import Behaviour

EMPTY = ("", gettext_lazy("All"))


class DirectoryFilter(forms.Form):
    """Behaviour, format, language and place; what cannot be read narrows nothing."""

    behaviour = forms.ChoiceField(label=gettext_lazy("Behaviour"), choices=[EMPTY, *Behaviour.choices], required=False)
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=[EMPTY, *HostFormat.choices], required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[EMPTY, *SpokenLanguage.choices], required=False
    )
    site = forms.ChoiceField(label=gettext_lazy("Where"), required=False)

    def __init__(self, *args: Any, sites: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remote = ("remote", _("By video"))
        places = [(f"at {site}", site) for site in sites]
        cast(forms.ChoiceField, self.fields["site"]).choices = [EMPTY, remote, *places]

    @property
    def active(self) -> int:
        """How many of them narrow the list."""
        return len(self._asked())

    def _asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def dates(self, visits: QuerySet[Visit]) -> QuerySet[Visit]:
        asked = self._asked()
        if "behaviour" in asked:
            visits = visits.filter(behaviours__contains=[asked["behaviour"]])
        if "format" in asked:
            visits = visits.filter(format=asked["format"])
        if "language" in asked:
            visits = visits.filter(language=asked["language"])
        if "site" in asked:
            is_remote = asked["site"] == "remote"
            where = Q(is_remote=True) if is_remote else Q(host__site=asked["site"].removeprefix("at "))
            visits = visits.filter(where)
        return visits

    def hosts(self, hosts: QuerySet[Host]) -> QuerySet[Host]:
        asked = self._asked()
        for name, column in (("behaviour", "behaviours"), ("format", "formats"), ("language", "languages")):
            if name in asked:
                hosts = hosts.filter(**{f"{column}__contains": [asked[name]]})
        if "site" in asked:
            is_remote = asked["site"] == "remote"
            hosts = hosts.filter(is_remote=True) if is_remote else hosts.filter(site=asked["site"].removeprefix("at "))
        return hosts
