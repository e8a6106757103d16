"""Follow-through and felt support side by side, never multiplied: which of four corners, and its sentence."""

from enum import StrEnum

from django.utils.translation import gettext as _

MUCH = 60  # follow-through from which somebody does much of their part
GOOD = 3.5  # felt support from which it is felt as support


class Corner(StrEnum):
    """Much or little done, felt as support or not."""

    THERE = "there"
    BUSY = "busy"
    TRUSTED = "trusted"
    ABSENT = "absent"


def corner_of(follow_through: float, felt: float) -> Corner:
    if follow_through >= MUCH:
        return Corner.THERE if felt >= GOOD else Corner.BUSY
    return Corner.TRUSTED if felt >= GOOD else Corner.ABSENT


def sentence_of(corner: Corner) -> str:
    return {
        Corner.THERE: _("You are there, and your leaders feel supported. Keep going like this."),
        Corner.BUSY: _(
            "You do a lot, and to your leaders it feels more like control than support. Offering more and asking less "
            "often helps more than doing more."
        ),
        Corner.TRUSTED: _(
            "Your leaders feel supported, although you have done little of your part. A short check-in every other "
            "week keeps it that way."
        ),
        Corner.ABSENT: _(
            "You have done little of your part, and your leaders miss it. One short talk this week is a start."
        ),
    }[corner]
