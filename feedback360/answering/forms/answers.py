"""What a rater sends: one answer to one item, or words on the open questions. Both may be left empty."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.web.inputs import AddressField, TextField
from feedback360.answering.sheet import MAX_TEXT_CHARACTERS, NOT_SEEN, Sheet
from feedback360.questionnaires.content import Item, Questionnaire


class AnswerForm(forms.Form):
    """How often the leader does this; the last choice is that the rater has not seen it."""

    value = forms.TypedChoiceField(coerce=int, required=False, empty_value=None, widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,
        item: Item,
        content: Questionnaire,
        relation: str,
        language: str,
        name: str,
        sheet: Sheet,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        scale = content.scales[language]
        words = [(str(step), word) for step, word in enumerate(scale.steps, 1)]
        cannot_say = scale.cannot_say(relation)
        self.item = item
        self.chosen = str(sheet.values.get(item.key, ""))
        self.asked = {
            "name": "value",
            "sentence": item.sentence(relation=relation, language=language, name=name),
            "choices": words,
            "cannot_say": cannot_say,
        }
        self.fields["value"].choices = [*words, (str(NOT_SEEN), cannot_say)]  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, int]:
        value = self.cleaned_data["value"]
        return {} if value is None else {self.item.key: value}


class CommentsForm(forms.Form):
    """A box for each open question, by its key."""

    def __init__(
        self, *args: Any, content: Questionnaire, relation: str, language: str, name: str, sheet: Sheet, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for question in content.questions:
            self.fields[question.key] = TextField(
                label=question.sentence(relation=relation, language=language, name=name),
                required=False,
                max_length=MAX_TEXT_CHARACTERS,
                initial=sheet.texts.get(question.key, ""),
                widget=forms.Textarea(attrs={"rows": 4}),
            )


class AgainForm(forms.Form):
    """Whose link to send again."""

    email = AddressField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "none"}),
    )
