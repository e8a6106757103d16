"""A step of a draft."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.curriculum import content
from cohorts.curriculum.actions.drafts import StepFacts
from cohorts.curriculum.behaviours import Behaviour
from cohorts.curriculum.forms.draft import DraftForm, by_field
from cohorts.curriculum.rules import DIALS, may_stand
from cohorts.curriculum.sources import citations_of
from cohorts.curriculum.wordings import STEP_WORDINGS
from cohorts.models import CurriculumVersion, Step
from cohorts.models.cohort import Cadence
from cohorts.web.language import page_language


class StepForm(DraftForm):
    """One day's content."""

    WORDINGS = STEP_WORDINGS

    day = forms.IntegerField(label=gettext_lazy("Day"), min_value=1, max_value=content.DAYS_OF_PROGRAMME)
    kind = forms.ChoiceField(label=gettext_lazy("Core or extra"), choices=Step.Kind.choices)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=content.MAX_MINUTES)
    cadence = forms.TypedChoiceField(
        label=gettext_lazy("Lowest dial"),
        coerce=int,
        choices=[(dial.value, dial.label) for dial in DIALS],
        help_text=gettext_lazy("A core step comes at every dial."),
    )
    theme = forms.ChoiceField(label=gettext_lazy("Theme"))
    behaviour = forms.ChoiceField(
        label=gettext_lazy("Behaviour"), choices=[("", gettext_lazy("Choose…")), *Behaviour.choices]
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Source"),
        required=False,
    )

    def __init__(
        self, data: QueryDict | None = None, *, version: CurriculumVersion, step: Step | None = None, **kwargs: Any
    ) -> None:
        saved = _said_of_step(step, version) if step else {}
        revision = step.revision if step else None
        super().__init__(data, languages=version.languages, saved=saved, revision=revision, **kwargs)
        language = page_language()
        themes = [(theme, version.theme_in(theme, language)) for theme in version.themes]
        sources = [(key, Truncator(citation).chars(60)) for key, citation in citations_of(version).items()]
        by_label = sorted(sources, key=lambda source: source[1].casefold())
        cast(forms.ChoiceField, self.fields["theme"]).choices = [("", _("Choose…")), *themes]
        cast(forms.ChoiceField, self.fields["source"]).choices = [
            ("", _("None yet")),
            (content.NO_STUDY, _("Practice, not research")),
            *by_label,
        ]

    def clean(self) -> None:
        super().clean()
        day, kind = self.cleaned_data.get("day"), self.cleaned_data.get("kind")
        if kind == Step.Kind.CORE:
            self.cleaned_data["cadence"] = Cadence.LIGHT.value
            if day and not may_stand(kind, day):
                self.add_error(
                    "day", _("This day falls on a weekend after a Monday start, so it can only have an extra step.")
                )

    def step_facts(self) -> StepFacts:
        """The fields beside the texts, once the form is valid."""
        return StepFacts(**{name: self.cleaned_data[name] for name in StepFacts.__slots__})


def _said_of_step(step: Step, version: CurriculumVersion) -> dict[str, Any]:
    facts = {name: getattr(step, name) for name in StepFacts.__slots__}
    return {**facts, **by_field(step.text, version.languages, StepForm.WORDINGS)}
