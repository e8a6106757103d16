"""When a sponsor gets a mail about open questions, and when no more. Pure.

One question that waits stands on their page and in the weekly mail. From the second one that has waited for five
working days the channel changes: one mail of its own, once. If that brings no answer, nothing more is sent and the
programme admin sees a line; there is never a third prompt. An answer starts this anew.
"""

from enum import StrEnum

MANY = 2  # unanswered questions from which the weekly mail has evidently not helped


class Prompt(StrEnum):
    """How a sponsor hears of waiting questions."""

    PAGE = "page"  # on their page and in the weekly mail
    MAIL = "mail"  # one mail of its own
    SILENCE = "silence"  # nothing more; a line for the programme admin


def prompt_for(overdue: int, *, was_mailed: bool) -> Prompt:
    """`was_mailed`: since their latest answer they got the mail."""
    if overdue < MANY:
        return Prompt.PAGE
    return Prompt.SILENCE if was_mailed else Prompt.MAIL
