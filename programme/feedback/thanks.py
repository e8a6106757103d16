"""What a leader may say to those who answered: thanks, what they heard, and what they will do. No database."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cohorts.curriculum.behaviours import Behaviour
from feedback360.results.report import Report


def script_of(report: Report, *, strength: str, growth: str, plans: Sequence[str]) -> str:
    """Plain text to copy, in the active language. Says nothing that is not in the report."""
    parts = [_("Thank you for answering about how I lead. I have read all of it.")]
    if not report.is_from_many:
        parts.append(_("Too few answers came in to show me numbers, which is how they stay anonymous."))
    chosen = Behaviour(strength) if strength else None
    if chosen and report.is_from_many:
        parts.append(
            _("You tell me that this helps you: %(behaviour)s. I will do more of it.") % {"behaviour": chosen.label}
        )
    if growth:
        parts.append(_("This is what I will work on: %(behaviour)s.") % {"behaviour": Behaviour(growth).label})
    parts += plans
    parts.append(
        _(
            "I don’t know who said what, and I am not going to guess. "
            "Tell me when you see a difference, and when you don’t."
        )
    )
    return "\n\n".join(parts)
