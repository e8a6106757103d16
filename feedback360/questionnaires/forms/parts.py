"""The parts of a draft: its frame, an item, an open question."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from cohorts.curriculum.behaviours import Behaviour
from cohorts.curriculum.forms.draft import DraftForm, by_field
from feedback360.models import Questionnaire, Relation
from feedback360.questionnaires.actions.drafts import ItemFacts
from feedback360.questionnaires.areas import Area
from feedback360.questionnaires.rules import OTHERS
from feedback360.questionnaires.wordings import FRAME_WORDINGS, ITEM_WORDINGS, QUESTION_WORDINGS, STEP_WORDINGS

CHOOSE = ("", gettext_lazy("Choose…"))


class FrameForm(DraftForm):
    """Title, scale words and the languages raters can answer in."""

    WORDINGS = FRAME_WORDINGS

    # Not `languages`: that is the form's list of language parts.
    asked_in = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Each must be complete before you publish."
            " Raters who read another language see the first one, and their page says so."
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, questionnaire: Questionnaire, **kwargs: Any) -> None:
        codes = [code for code, _name in settings.LANGUAGES]
        texts = {code: _frame_of(questionnaire.content, code) for code in codes}
        saved = {"asked_in": list(questionnaire.languages), **by_field(texts, codes, self.WORDINGS)}
        super().__init__(data, languages=codes, saved=saved, revision=questionnaire.revision, **kwargs)


class ItemForm(DraftForm):
    """One thing a leader does."""

    WORDINGS = ITEM_WORDINGS

    behaviour = forms.ChoiceField(label=gettext_lazy("Behaviour"), choices=[CHOOSE, *Behaviour.choices])
    area = forms.ChoiceField(label=gettext_lazy("Area"), choices=[CHOOSE, *Area.choices])
    asked_of = forms.MultipleChoiceField(
        label=gettext_lazy("Who is asked"),
        choices=[(relation, Relation(relation).label) for relation in OTHERS],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The leader always answers, too."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        questionnaire: Questionnaire,
        item: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        saved: dict[str, Any] = {}
        if item:
            saved = {name: item[name] for name in ("behaviour", "area")}
            saved["asked_of"] = [relation for relation in item["asked_of"] if relation in OTHERS]
            saved |= by_field(dict(item), questionnaire.languages, self.WORDINGS)
        revision = questionnaire.revision if item else None
        super().__init__(data, languages=questionnaire.languages, saved=saved, revision=revision, **kwargs)

    def item_facts(self) -> ItemFacts:
        """The fields beside the texts, once the form is valid."""
        return ItemFacts(**{name: self.cleaned_data[name] for name in ItemFacts.__slots__})


class QuestionForm(DraftForm):
    """A question answered in one's own words."""

    WORDINGS = QUESTION_WORDINGS

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        questionnaire: Questionnaire,
        question: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        saved = by_field(dict(question), questionnaire.languages, self.WORDINGS) if question else {}
        revision = questionnaire.revision if question else None
        super().__init__(data, languages=questionnaire.languages, saved=saved, revision=revision, **kwargs)


def _frame_of(content: Mapping[str, Any], language: str) -> dict[str, str]:
    scale = content["scales"].get(language, {})
    steps = dict(zip([wording.name for wording in STEP_WORDINGS], scale.get("steps", ()), strict=False))
    cannot_say = {name: scale.get(name, "") for name in ("not_seen", "not_relevant")}
    return {"title": content["titles"].get(language, ""), **steps, **cannot_say}
