"""The seven behaviours a step or focus trains, and the situations of a plan: stable keys, translated words."""

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

    @property
    def line(self) -> str:
        """What somebody does who has it, in one line."""
        return str(_LINES[self])


_LINES = {
    Behaviour.GOAL_MINDED: _("Makes the goal concrete and holds on to it on a full day."),
    Behaviour.ENTHUSIASTIC: _("Shows that the work matters, and gives energy to those around."),
    Behaviour.CLEAR: _("Says what is expected, so that nobody has to guess."),
    Behaviour.QUALITY_MINDED: _("Sees to it that customers get the right answer the first time."),
    Behaviour.ENCOURAGING: _("Notices what people do well and says so, on hard days most of all."),
    Behaviour.UNDERSTANDING: _("Listens first, and sees it through the eyes of the other."),
    Behaviour.INITIATIVE: _("Acts without being asked, and gives others room to do the same."),
}


class Situation(models.TextChoices):
    QUEUE = "queue", _("The queue is long")
    COMPLAINT = "complaint", _("A complaint")
    NEW_STARTER = "new_starter", _("A new starter")
    END_OF_SHIFT = "end_of_shift", _("The end of a shift")
    ONE_TO_ONE = "one_to_one", _("A one-to-one")
    ABSENCE = "absence", _("Someone is away")
    BOARD = "board", _("The figures on the board")
    REMOTE = "remote", _("Working from home")
    WRITTEN = "written", _("Written contacts")
