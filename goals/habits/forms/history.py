"""Filters of the history pages, in the query string. Invalid values are ignored."""

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from cohorts.web.inputs import TextField
from goals.habits.rules import WORDS
from goals.models import Audience
from goals.models.reflection import ReflectionQuerySet

SHOW = [
    ("", gettext_lazy("Everything")),
    ("done", gettext_lazy("What I did")),
    ("not-today", gettext_lazy("Not today")),
    ("later", gettext_lazy("Logged later")),
]
KINDS = {"done": Q(did_it=True), "not-today": Q(did_it=False), "later": Q(is_back_filled=True)}


class _Filter(forms.Form):
    def chosen(self, name: str) -> str:
        return "" if name in self.errors else self.cleaned_data[name]


class PracticeFilter(_Filter):
    show = forms.ChoiceField(label=gettext_lazy("Show"), choices=SHOW, required=False)

    def narrow(self, practices: QuerySet) -> QuerySet:
        return practices.filter(KINDS.get(self.chosen("show"), Q()))


class ReflectionFilter(_Filter):
    audience = forms.ChoiceField(
        label=gettext_lazy("Who can read it"),
        choices=[("", gettext_lazy("Everything")), *Audience.choices],
        required=False,
    )
    words = TextField(label=gettext_lazy("Search"), required=False, max_length=80)

    def narrow(self, reflections: ReflectionQuerySet) -> QuerySet:
        audience, words = self.chosen("audience"), self.chosen("words")
        if audience == Audience.SPONSOR:
            reflections = reflections.open_to_sponsor()
        elif audience:
            reflections = reflections.closed_to_sponsor()
        found = Q()
        for name in WORDS if words else ():
            found |= Q(**{f"{name}__icontains": words})
        return reflections.filter(found)
