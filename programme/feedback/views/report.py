"""The released report about one leader."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from feedback360.results.actions.choices import is_settled
from feedback360.results.policies import may_choose
from goals.habits.focus_queries import current_focuses
from programme.feedback.charts import drawn
from programme.feedback.reading import Reading, reading_of, subject_for
from programme.feedback.thanks import script_of

OFFERED = 2  # of each list of behaviours to choose from; the others are one tap away


@allow(Permission.READ_PROGRESS)
@require_safe
def result(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the report to its leader, with what to do next, or to their sponsor."""
    reading = reading_of(subject_for(request.membership, pk), page_language())
    context = {
        "reading": reading,
        "report": reading.report,
        "subject": reading.subject,
        "plots": drawn(reading.report),
        "next": _next(reading) if may_choose(request.membership, reading.subject) else None,
    }
    return render(request, "programme/feedback/report.html", context)


def _next(reading: Reading) -> dict[str, object]:
    """What the leader chose or can choose, and what they may say to those who answered."""
    subject, report = reading.subject, reading.report
    strength = subject.strength or report.strengths[0].key
    growth = subject.growth or next(one.key for one in report.growths if one.key != strength)
    chosen = (subject.strength, subject.growth)
    plans = [focus for focus in current_focuses(subject.enrolment) if focus.behaviour in chosen]
    return {
        "strengths": report.strengths[:OFFERED],
        "other_strengths": report.strengths[OFFERED:],
        "growths": report.growths[:OFFERED],
        "other_growths": report.growths[OFFERED:],
        "strength": strength,
        "growth": growth,
        "is_chosen": bool(subject.strength),
        "is_settled": is_settled(subject),
        "plans": plans,
        "script": script_of(report, strength=strength, growth=subject.growth, plans=[str(plan) for plan in plans]),
    }
