"""Moving a running cohort to a newer version of its curriculum: seen first, then done."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.curriculum.actions.versions import Move, move_cohort, moves_of, newer_versions
from cohorts.curriculum.change_words import contents_in_words
from cohorts.curriculum.changes import changes_between, lines_of
from cohorts.curriculum.rows import content_of
from cohorts.models import Cohort, CurriculumVersion
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.refusals import NotNow

MAX_ROWS_SHOWN = 100


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_version(request: MemberRequest, pk: int) -> HttpResponse:
    """What a newer version would change, for whom; posted, it is done."""
    cohort = get_object_or_404(Cohort.objects.select_related("version__curriculum"), pk=pk)
    newer = newer_versions(cohort)
    version = _asked(request, newer)
    if version is None and request.method == "POST":
        raise NotNow(_("A cohort can only move to a newer published version of its own curriculum."))
    if version is None:
        return render(request, "cohorts/cohort_version.html", {"cohort": cohort})
    if request.method == "POST":
        move_cohort(cohort=cohort, version=version, by=request.membership, now=request.now)
        said = _("%(name)s now follows version %(number)d. What was sent does not change.")
        messages.success(request, said % {"name": cohort.name, "number": version.number})
        return redirect("cohort", cohort.pk)
    language = page_language()
    moves = moves_of(cohort, version, organisation=request.organisation, now=request.now)
    moves.sort(key=lambda move: not move.has_other_step)
    written = content_of(version)
    changes = changes_between(content_of(cohort.version), written)
    context = {
        "cohort": cohort,
        "version": version,
        "newer": newer,
        "steps": lines_of(changes.steps, language),
        "milestones": lines_of(changes.milestones, language),
        "weeks": changes.weeks,
        "contents": contents_in_words(changes),
        "rows": [_row(move, language) for move in moves[:MAX_ROWS_SHOWN]],
        "leaders": len(moves),
        "touched": sum(move.has_other_step for move in moves),
        "more": max(len(moves) - MAX_ROWS_SHOWN, 0),
        "untranslated": [
            (name, len(missing))
            for code, name in settings.LANGUAGES
            if code in {move.enrolment.leader.person.language for move in moves} and (missing := written.missing(code))
        ],
    }
    return render(request, "cohorts/cohort_version.html", context)


def _asked(request: MemberRequest, newer: list[CurriculumVersion]) -> CurriculumVersion | None:
    """The version somebody chose, else the newest; None when there is no newer one."""
    asked = request.POST.get("to") or request.GET.get("to")
    return next((version for version in newer if str(version.pk) == asked), None) if asked else next(iter(newer), None)


def _row(move: Move, language: str) -> dict[str, object]:
    titles = [step.in_language(language).title if step else "" for step in (move.next_step, move.new_step)]
    return {"move": move, "next_title": titles[0], "new_title": titles[1]}
