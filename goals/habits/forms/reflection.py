from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Enrolment
from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import TextField
from goals.habits.readers import readers_of_reflection
from goals.habits.rules import MAX_ANSWER_CHARACTERS, WORDS, ensure_some_words
from goals.models import Audience


def _answer(label: Any, placeholder: Any) -> TextField:
    attrs = {"rows": 2, "placeholder": placeholder, "aria-describedby": "readers"}
    return TextField(label=label, max_length=MAX_ANSWER_CHARACTERS, required=False, widget=forms.Textarea(attrs=attrs))


class WordsForm(EditForm):
    """The four questions. One answer is enough."""

    tried = _answer(gettext_lazy("What I tried"), gettext_lazy("I sat next to Amira for one call"))
    happened = _answer(gettext_lazy("What happened"), gettext_lazy("She asked the customer twice, then it turned"))
    learned = _answer(gettext_lazy("What I learned"), gettext_lazy("Waiting three seconds was enough"))
    next = _answer(gettext_lazy("What next"), gettext_lazy("The same with Jonas on Thursday"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if not self.errors:
            ensure_some_words(cleaned)
        return cleaned

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in WORDS}


class ReflectionForm(KeyedForm, WordsForm):
    """Who can read the answers, and the four questions."""

    field_order = ("key", "edition", "reader_id", "audience", *WORDS)

    reader_id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    audience = forms.ChoiceField(
        label=gettext_lazy("Who can read this"), widget=forms.RadioSelect, initial=Audience.PRIVATE
    )

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readers = readers_of_reflection(enrolment)
        self.initial["reader_id"] = enrolment.sponsor_id
        labels = {Audience.PRIVATE.value: str(Audience.PRIVATE.label)}
        if enrolment.sponsor is not None:
            labels[Audience.SPONSOR.value] = _("%(sponsor)s and me") % {"sponsor": enrolment.sponsor.name}
        cast(forms.ChoiceField, self.fields["audience"]).choices = list(labels.items())


class AudienceForm(forms.Form):
    """Who can read a reflection."""

    audience = forms.ChoiceField(choices=Audience.choices)
    reader_id = forms.IntegerField(required=False)
