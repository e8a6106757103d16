"""A live event of a draft."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from cohorts.curriculum import content
from cohorts.curriculum.actions.drafts import MilestoneFacts
from cohorts.curriculum.forms.draft import DraftForm, by_field
from cohorts.curriculum.wordings import MILESTONE_WORDINGS
from cohorts.models import CurriculumVersion, Milestone


class DraftMilestoneForm(DraftForm):
    """A live event."""

    WORDINGS = MILESTONE_WORDINGS

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Milestone.Kind.choices)
    day = forms.IntegerField(
        label=gettext_lazy("Day"),
        min_value=content.FIRST_MILESTONE_DAY,
        max_value=content.LAST_MILESTONE_DAY,
        help_text=gettext_lazy("From −14 to 104. Day 0 is the day before day 1. A cohort can move it."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=content.MIN_MILESTONE_MINUTES,
        max_value=content.MAX_MILESTONE_MINUTES,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        version: CurriculumVersion,
        milestone: Milestone | None = None,
        **kwargs: Any,
    ) -> None:
        saved: dict[str, Any] = {}
        revision = milestone.revision if milestone else None
        if milestone:
            saved = {name: getattr(milestone, name) for name in MilestoneFacts.__slots__}
            saved |= by_field(milestone.text, version.languages, self.WORDINGS)
        super().__init__(data, languages=version.languages, saved=saved, revision=revision, **kwargs)

    def milestone_facts(self) -> MilestoneFacts:
        return MilestoneFacts(**{name: self.cleaned_data[name] for name in MilestoneFacts.__slots__})
