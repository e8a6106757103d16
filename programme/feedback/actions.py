"""What a leader does with a report: two behaviours become focuses, and the extras that train them come first."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.enrolment.actions.enrolments import prefer_behaviours
from cohorts.models import Membership
from cohorts.web.refusals import Invalid
from feedback360.models import Subject
from feedback360.results.actions.choices import choose_behaviours
from goals.habits.actions.focus import archive_focus, pick_focus
from goals.habits.focus_queries import current_focuses
from goals.habits.rules import plan_of


@transaction.atomic
def make_focuses(
    *,
    subject: Subject,
    strength: str,
    growth: str,
    plans: Mapping[str, tuple[str, str]],
    archive: Collection[int],
    language: str,
    today: date,
    by: Membership,
    now: datetime,
    reader_id: int | None = None,
) -> Subject:
    """Store the choice and start a focus for each behaviour that has none. Idempotent.

    `plans` are cue and response of *strength* and *growth*; `archive` are current focuses that make room. Raises NotNow
    if there is still no room, and once the leader's next round has opened.
    """
    choose_behaviours(subject=subject, strength=strength, growth=growth, by=by, now=now)
    enrolment, chosen = subject.enrolment, {"strength": strength, "growth": growth}
    for focus in current_focuses(enrolment):
        if focus.pk in archive and focus.behaviour not in chosen.values():
            archive_focus(focus=focus, today=today, by=by, now=now)
    going = {focus.behaviour for focus in current_focuses(enrolment)}
    wanted = {side: behaviour for side, behaviour in chosen.items() if behaviour not in going}
    for side, behaviour in wanted.items():
        plan = _plan(side, behaviour, plans)
        pick_focus(
            enrolment=enrolment,
            behaviour=behaviour,
            cue=plan["cue"],
            response=plan["response"],
            language=language,
            today=today,
            by=by,
            now=now,
            reader_id=reader_id,
        )
    prefer_behaviours(enrolment=enrolment, behaviours=list(chosen.values()), now=now)
    return subject


def _plan(side: str, behaviour: str, plans: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The plan of one side. What is wrong with it is refused by the name of its field on the page."""
    if side not in plans:
        raise Invalid(f"{side}_cue", _("A focus needs a plan: a moment that comes, and what you will do then."))
    cue, response = plans[side]
    try:
        return plan_of(behaviour=behaviour, cue=cue, response=response)
    except Invalid as refusal:
        raise Invalid(f"{side}_{refusal.field}", refusal.sentence) from refusal
