from django.db import models

from cohorts.models.revised import Revised
from cohorts.tenancy.wall import OrganisationOwned


class Questionnaire(Revised, OrganisationOwned):
    """One version of a questionnaire: a draft until it is published, then never changed. Audience: the organisation.

    `content` is what the file holds (feedback360/questionnaires/content.py): items, scale words, open questions.
    """

    slug = models.SlugField(max_length=80, db_index=False)
    number = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField(null=True, blank=True)
    languages = models.JSONField(default=list)
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug", "number"], name="questionnaire_once"),
            models.UniqueConstraint(
                fields=["organisation", "slug"], condition=models.Q(published_at=None), name="questionnaire_one_draft"
            ),
        ]
        ordering = ["slug", "number"]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None
