"""A plan as it is stored with its upload: made once for the preview, read for its other pages and to confirm. Pure."""

from operator import attrgetter
from typing import Any

from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.plan import Happens, IntakePlan, NewSponsor, Outcome, Problem

row_values = attrgetter(*PersonRow.__slots__)
problem_values = attrgetter(*Problem.__slots__)
sponsor_values = attrgetter(*NewSponsor.__slots__)


def as_stored(plan: IntakePlan) -> dict[str, Any]:
    outcomes = [
        [
            row_values(each.row),
            each.happens,
            each.email,
            each.sponsor_email,
            each.manager_email,
            each.zone,
            each.language,
            sorted(each.roles),
            each.notes,
            [problem_values(problem) for problem in each.problems],
            each.choices,
        ]
        for each in plan.outcomes
    ]
    return {"outcomes": outcomes, "sponsors": [sponsor_values(each) for each in plan.sponsors]}


def as_planned(stored: dict[str, Any]) -> IntakePlan:
    outcomes = tuple(
        Outcome(
            PersonRow(*row),
            Happens(happens),
            email,
            sponsor,
            manager,
            zone,
            language,
            frozenset(roles),
            tuple(notes),
            tuple(Problem(*problem) for problem in problems),
            tuple(choices),
        )
        for row, happens, email, sponsor, manager, zone, language, roles, notes, problems, choices in stored["outcomes"]
    )
    sponsors = (
        NewSponsor(email, name, Happens(happens), same_as) for email, name, happens, same_as in stored["sponsors"]
    )
    return IntakePlan(outcomes, tuple(sponsors))
