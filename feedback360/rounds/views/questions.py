"""The rounds that could ask a version of a questionnaire."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from feedback360.models import Questionnaire, Round
from feedback360.questionnaires.rows import content_of, read
from feedback360.rounds.actions.questions import choose_questionnaire
from feedback360.rounds.round_rules import BEFORE_LAUNCH

MAX_SHOWN = 100


@allow(Permission.RUN_COHORTS)
@require_safe
def questionnaire_rounds(request: MemberRequest, pk: int) -> HttpResponse:
    """List the rounds that have not asked anybody yet, with what each would ask."""
    row = get_object_or_404(Questionnaire, pk=pk)
    content = content_of(row)
    planned = Round.objects.filter(state__in=BEFORE_LAUNCH).select_related("cohort", "questionnaire")
    context = {
        "questionnaire": row,
        "title": content.titles[content.language_for(page_language())],
        "is_standard": row.slug == read().slug,
        "rounds": planned[:MAX_SHOWN],
    }
    return render(request, "feedback360/rounds/questionnaire_rounds.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def questionnaire_choice(request: MemberRequest, pk: int, round_pk: int) -> HttpResponse:
    """Let one of them ask this version."""
    row = get_object_or_404(Questionnaire, pk=pk)
    round_ = get_object_or_404(Round.objects.select_related("cohort"), pk=round_pk)
    choose_questionnaire(round_=round_, questionnaire=row, by=request.membership, now=request.now)
    said = _("The round of %(cohort)s asks version %(number)d.")
    messages.success(request, said % {"cohort": round_.cohort.name, "number": row.number})
    return redirect("questionnaire_rounds", row.pk)
