"""Filters of the history pages, in the query string. Invalid values are ignored."""

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy

from cohorts.web.chips import Chip, address_of
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
MAX_SEARCHED = 80  # characters
KINDS = {"done": Q(did_it=True), "not-today": Q(did_it=False), "later": Q(is_back_filled=True)}


class _Filter(forms.Form):
    def chosen(self, name: str) -> str:
        return "" if name in self.errors else self.cleaned_data[name]

    def _chip(self, name: str, value: str, label: object, count: int, **kept: str) -> Chip:
        return Chip(address_of({name: value, **kept}.items()), str(label), count, self.chosen(name) == value)


class PracticeFilter(_Filter):
    show = forms.ChoiceField(label=gettext_lazy("Show"), choices=SHOW, required=False)

    def narrow(self, practices: QuerySet) -> QuerySet:
        return practices.filter(KINDS.get(self.chosen("show"), Q()))

    def chips(self, practices: QuerySet) -> list[Chip]:
        """Each with the number of logs it shows. One query."""
        kinds = {f"count_{number}": KINDS.get(key, Q()) for number, (key, _label) in enumerate(SHOW)}
        counts = practices.aggregate(**{name: Count("pk", filter=kind) for name, kind in kinds.items()})
        return [self._chip("show", key, label, counts[f"count_{number}"]) for number, (key, label) in enumerate(SHOW)]


class ReflectionFilter(_Filter):
    audience = forms.ChoiceField(
        label=gettext_lazy("Who can read it"),
        choices=[("", gettext_lazy("Everything")), *Audience.choices],
        required=False,
    )
    words = TextField(label=gettext_lazy("Search"), required=False, max_length=MAX_SEARCHED)

    def narrow(self, reflections: ReflectionQuerySet) -> ReflectionQuerySet:
        audience, reflections = self.chosen("audience"), self._found(reflections)
        if audience == Audience.SPONSOR:
            return reflections.open_to_sponsor()
        return reflections.closed_to_sponsor() if audience else reflections

    def chips(self, reflections: ReflectionQuerySet) -> list[Chip]:
        """Each with the number of reflections it shows, of those with the words that are searched for. Two queries."""
        words, found = self.chosen("words"), self._found(reflections)
        total, shared = found.count(), found.open_to_sponsor().count()
        counts = {"": total, Audience.PRIVATE: total - shared, Audience.SPONSOR: shared}
        labels = self.fields["audience"].choices  # type: ignore[attr-defined]
        return [self._chip("audience", key, label, counts[key], words=words) for key, label in labels]

    def _found(self, reflections: ReflectionQuerySet) -> ReflectionQuerySet:
        return with_words(reflections, self.chosen("words"))


def with_words(reflections: ReflectionQuerySet, words: str) -> ReflectionQuerySet:
    """Those in which the words stand; all of them where nothing is searched for."""
    found = Q()
    for name in WORDS if words else ():
        found |= Q(**{f"{name}__icontains": words})
    return reflections.filter(found)
