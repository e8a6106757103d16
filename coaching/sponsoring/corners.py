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
        Corner.THERE: _("You are there, and your leaders feel it as support. Carry on like this."),
        Corner.BUSY: _(
            "You do a lot, and your leaders feel it more as control than as support. Offering more and asking less "
            "often helps more than doing more."
        ),
        Corner.TRUSTED: _(
            "Your leaders feel supported, though little of your part has come about. A short check-in every other "
            "week keeps it so."
        ),
        Corner.ABSENT: _(
            "Little of your part has come about, and your leaders miss it. One short talk this week is a beginning."
        ),
    }[corner]
