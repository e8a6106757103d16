"""The three areas that items are grouped in beside the seven behaviours, with stable keys and translated labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Area(models.TextChoices):
    JOB_CONTENT = "job_content", _("Job content")
    LEADERSHIP_ROLE = "leadership_role", _("Leadership role")
    ENGAGEMENT = "engagement", _("Engagement")
