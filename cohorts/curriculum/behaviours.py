"""The seven behaviours a step or focus trains, and the situations of a plan, with stable keys and translated labels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Behaviour(models.TextChoices):
    GOAL_MINDED = "goal_minded", _("Goal-minded")
    ENTHUSIASTIC = "enthusiastic", _("Enthusiastic")
    CLEAR = "clear", _("Clear")
    QUALITY_MINDED = "quality_minded", _("Quality-minded")
    ENCOURAGING = "encouraging", _("Encouraging")
    UNDERSTANDING = "understanding", _("Understanding")
    INITIATIVE = "initiative", _("Taking initiative")


class Situation(models.TextChoices):
    QUEUE = "queue", _("The queue is long")
    COMPLAINT = "complaint", _("A complaint")
    NEW_STARTER = "new_starter", _("A new starter")
    END_OF_SHIFT = "end_of_shift", _("The end of a shift")
    ONE_TO_ONE = "one_to_one", _("A one-to-one")
    ABSENCE = "absence", _("Somebody is away")
    BOARD = "board", _("The figures on the board")
    REMOTE = "remote", _("Working from home")
    WRITTEN = "written", _("Written contacts")
