"""SMART in words for an objective: as `goals.smart_words`, with what an objective calls its own."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from goals.models import Objective
from goals.objectives.facts import ObjectiveFacts
from goals.objectives.forms.objective import ObjectiveForm
from goals.objectives.rules import aim, aim_of
from goals.smart import Advice, Check, check
from goals.smart_words import Letter, letters


def letters_of(form: ObjectiveForm, today: date) -> list[Letter]:
    """Of what a form holds now: typed, or shown."""
    if form.is_bound:
        form.is_valid()
        facts = form.facts()
    else:
        said = {name: value for name, value in form.initial.items() if name in ObjectiveFacts.__slots__}
        said["milestones"] = tuple(str(said.get("milestones") or "").splitlines())
        facts = ObjectiveFacts(**{"outcome": "", "course": "up", **said})
    parts = form.objective.parts.count() if form.objective else 0
    checks = check(aim(facts, place=form.place, milestones=len(facts.milestones), parts=parts), today=today)
    return _in_words(checks)


def letters_of_objective(objective: Objective, *, milestones: int, parts: int, today: date) -> list[Letter]:
    return _in_words(check(aim_of(objective, milestones=milestones, parts=parts), today=today))


def _in_words(checks: tuple[Check, ...]) -> list[Letter]:
    own = {
        Advice.STEPS: _("Write the milestones, one a line."),
        Advice.WAY: _("Write down what each member does for it. For example: asks one more question before the end."),
    }
    said = letters(checks)
    return [
        replace(letter, advice=own.get(each.advice, letter.advice)) for letter, each in zip(said, checks, strict=True)
    ]
