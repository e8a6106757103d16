"""Forms of the wall of questions, and a leader's offer to host."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from coaching.hosting.rules import MAX_ANSWER, MAX_QUESTION
from coaching.models import TalkQuestion
from cohorts.curriculum.behaviours import Behaviour
from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import TextField


class WallQuestionForm(KeyedForm):
    """A question to the host of a talk."""

    text = TextField(
        label=gettext_lazy("Your question"),
        max_length=MAX_QUESTION,
        widget=forms.Textarea(attrs={"rows": 2, "aria-describedby": "question-readers"}),
    )


class HostAnswerForm(EditForm):
    """The host's answer."""

    answer = TextField(
        label=gettext_lazy("Your answer"),
        max_length=MAX_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "aria-describedby": "answer-readers"}),
    )

    def __init__(self, *args: Any, question: TalkQuestion, **kwargs: Any) -> None:
        super().__init__(*args, initial={"answer": question.answer}, revision=question.revision, **kwargs)


class HostingOfferForm(forms.Form):
    """One behaviour that others could see in a leader's team."""

    behaviour = forms.ChoiceField(label=gettext_lazy("Behaviour"), choices=Behaviour.choices)
