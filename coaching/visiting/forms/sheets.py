from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coaching.models.visit_sheet import MAX_LINE, MAX_NOTE
from coaching.visiting.rules import BEFORE_LINES, DURING_NOTES, MAX_THANKS, ensure_before
from cohorts.curriculum.behaviours import Behaviour
from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.forms import beside_its_field
from cohorts.web.inputs import TextField
from goals.habits.rules import MAX_PLAN_CHARACTERS, half_of_plan


def _line(label: Any, placeholder: Any = "", *, is_required: bool = False) -> TextField:
    attrs = {"placeholder": placeholder, "aria-describedby": "readers"}
    widget = forms.TextInput(attrs=attrs)
    return TextField(label=label, max_length=MAX_LINE, required=is_required, widget=widget)


def _note(label: Any, placeholder: Any) -> TextField:
    attrs = {"rows": 3, "placeholder": placeholder, "aria-describedby": "readers names"}
    return TextField(label=label, max_length=MAX_NOTE, required=False, widget=forms.Textarea(attrs=attrs))


class BeforeForm(KeyedForm, EditForm):
    """What a guest comes for: the ticket."""

    working_on = _line(_("What I work on"), is_required=True)
    watch_1 = _line(_("First thing to watch for"), _("How the morning meeting begins"), is_required=True)
    watch_2 = _line(_("Second thing to watch for"))
    watch_3 = _line(_("Third thing to watch for"))
    host_question_1 = _line(_("First question for the host"), _("What did you stop doing to make room for this?"))
    host_question_2 = _line(_("Second question for the host"))
    agent_question = _line(_("A question for an agent"), _("What is different since your leader began with this?"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            with beside_its_field(self):
                ensure_before(self.lines())
        return self.cleaned_data

    def lines(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in BEFORE_LINES}


class DuringForm(KeyedForm, EditForm):
    """What a guest notices, on a phone and perhaps without a network."""

    saw = _note(_("Saw"), _("Who did what, and to what effect"))
    heard = _note(_("Heard"), _("A sentence to remember"))
    surprised = _note(_("Surprised me"), _("What I had not expected"))
    would_not_work = _note(_("Would not work for us because…"), _("Our shifts overlap less"))
    behaviours = forms.MultipleChoiceField(
        label=_("Which behaviours did you see?"),
        choices=Behaviour.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def notes(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in DURING_NOTES}


class AfterForm(KeyedForm, EditForm):
    """One thing to try, one question left, thanks, and whether one's own team would host."""

    behaviour = forms.ChoiceField(label=_("Which behaviour is it about?"), choices=Behaviour.choices)
    cue = TextField(
        label=_("When…"),
        max_length=MAX_PLAN_CHARACTERS,
        widget=forms.TextInput(attrs={"placeholder": _("the morning meeting begins"), "aria-describedby": "readers"}),
    )
    response = TextField(
        label=_("I will…"),
        max_length=MAX_PLAN_CHARACTERS,
        widget=forms.TextInput(attrs={"placeholder": _("ask one question and wait"), "aria-describedby": "readers"}),
    )
    question_left = _line(_("One question I still have"))
    thanks = TextField(
        label=_("Thanks to the host"),
        max_length=MAX_THANKS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "aria-describedby": "thanks-readers"}),
    )
    would_host = forms.ChoiceField(
        label=_("Would your team host one behaviour?"),
        choices=[("", _("Not now")), *Behaviour.choices],
        required=False,
        help_text=_("Your programme admin is told, and asks you before anything is planned."),
    )

    def clean_cue(self) -> str:
        return half_of_plan("cue", self.cleaned_data["cue"])

    def clean_response(self) -> str:
        return half_of_plan("response", self.cleaned_data["response"])
