"""From the report to two focuses."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts.curriculum.behaviours import Behaviour, Situation
from cohorts.curriculum.reading import starters_of
from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.language import page_language
from cohorts.web.permissions import Permission
from cohorts.web.refusals import Invalid
from feedback360.results.actions.choices import ensure_choices
from feedback360.results.policies import ensure_may_choose
from goals.habits.actions.focus import MAX_CURRENT_FOCUSES
from goals.habits.focus_queries import current_focuses
from goals.habits.readers import readers_of_focus
from goals.models import Focus
from programme.feedback.actions import make_focuses
from programme.feedback.forms import SIDES, FocusesForm
from programme.feedback.reading import subject_for


@allow(Permission.WALK)
@require_http_methods(["GET", "HEAD", "POST"])
def result_focuses(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a plan for each chosen behaviour, ready to save; save them."""
    subject = subject_for(request.membership, pk)
    ensure_may_choose(request.membership, subject)
    asked = posted(request) or request.GET
    chosen = {side: asked.get(side, "") for side in SIDES}
    try:
        ensure_choices(**chosen)
    except Invalid as refusal:
        messages.error(request, refusal.sentence)
        return redirect("result", pk)
    enrolment = subject.enrolment
    current = list(current_focuses(enrolment))
    going = {focus.behaviour: focus for focus in current}
    planned = [side for side in SIDES if chosen[side] not in going]
    leaving = _leaving(current, chosen, planned)
    form = FocusesForm(
        posted(request),
        planned=planned,
        focuses=list(enrolment.focuses.values_list("pk", flat=True)),
        initial=_initial(enrolment, chosen, request.GET)
        | {"archive": [focus.pk for focus in leaving], "reader_id": enrolment.sponsor_id},
    )

    def save() -> HttpResponse:
        make_focuses(
            subject=subject,
            strength=form.cleaned_data["strength"],
            growth=form.cleaned_data["growth"],
            plans=form.plans(),
            archive=form.cleaned_data["archive"],
            reader_id=form.cleaned_data["reader_id"],
            language=page_language(),
            today=date_at(enrolment, request.now),
            by=request.membership,
            now=request.now,
        )
        messages.success(request, _("Saved. Extra steps that train these two come first from now on."))
        return redirect("result", pk)

    context = {
        "subject": subject,
        "parts": [_part(side, chosen, going, form, enrolment) for side in SIDES],
        "leaving": leaving,
        "readers": readers_of_focus(enrolment),
        "is_shared": enrolment.sponsor_id is not None,
    }
    return form_page(request, form, save, "programme/feedback/focuses.html", context)


def _leaving(current: list[Focus], chosen: Mapping[str, str], planned: list[str]) -> list[Focus]:
    """The oldest focuses that must make room for new plans."""
    others = [focus for focus in current if focus.behaviour not in chosen.values()]
    return others[: max(0, len(current) + len(planned) - MAX_CURRENT_FOCUSES)]


def _initial(enrolment: Enrolment, chosen: Mapping[str, str], asked: QueryDict) -> dict[str, object]:
    """Each plan begins as one of the curriculum's: the one asked for, else the first."""
    initial: dict[str, object] = dict(chosen)
    for side, behaviour in chosen.items():
        plans = starters_of(enrolment.cohort.version, behaviour, page_language())
        wanted = asked.get(f"{side}_plan", "")
        plan = plans.get(Situation(wanted)) if wanted in Situation else next(iter(plans.values()), None)
        if plan is not None:
            initial |= {f"{side}_cue": plan.cue_field, f"{side}_response": plan.response_field}
    return initial


def _part(
    side: str, chosen: Mapping[str, str], going: Mapping[str, Focus], form: FocusesForm, enrolment: Enrolment
) -> dict[str, object]:
    """One side of the page: the behaviour, its fields or the focus there is, and other plans to begin with."""
    behaviour = Behaviour(chosen[side])
    is_planned = f"{side}_cue" in form.fields
    return {
        "side": side,
        "behaviour": behaviour,
        "focus": going.get(behaviour),
        "cue": form[f"{side}_cue"] if is_planned else None,
        "response": form[f"{side}_response"] if is_planned else None,
        "parameter": f"{side}_plan",
        "plans": [
            (f"?{_address(chosen, side, situation)}", situation, plan)
            for situation, plan in starters_of(enrolment.cohort.version, behaviour, page_language()).items()
        ],
    }


def _address(chosen: Mapping[str, str], side: str, situation: Situation) -> str:
    query = QueryDict(mutable=True)
    query.update({**chosen, f"{side}_plan": situation.value})
    return query.urlencode()
