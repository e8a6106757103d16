"""Rows and their outcomes as they are stored with an upload, some thousand at a time. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

from cohorts.people.imports.drafts import Problem
from cohorts.people.imports.file import PersonRow
from cohorts.people.imports.plan import Happens, NewSponsor, Outcome

HAPPENS = {str(each): each for each in Happens}


def read_rows(stored: Iterable[Sequence[Any]]) -> list[PersonRow]:
    return [PersonRow(*values) for values in stored]


def stored_outcomes(outcomes: Iterable[Outcome]) -> list[list[Any]]:
    """Without their rows, which do not change."""
    return [
        [
            each.happens,
            each.email,
            each.sponsor_email,
            each.manager_email,
            each.zone,
            each.language,
            sorted(each.roles),
            each.notes,
            each.problems,
            each.choices,
        ]
        for each in outcomes
    ]


def read_outcomes(rows: Iterable[Sequence[Any]], stored: Iterable[Sequence[Any]]) -> list[Outcome]:
    outcomes, known = [], dict[tuple[str, ...], frozenset[str]]()
    for row, values in zip(rows, stored, strict=True):
        happens, email, sponsor, manager, zone, language, roles, notes, problems, choices = values
        outcomes.append(
            Outcome(
                PersonRow(*row),
                HAPPENS[happens],
                email,
                sponsor,
                manager,
                zone,
                language,
                known.setdefault(tuple(roles), frozenset(roles)),
                tuple(notes),
                tuple([Problem(*problem) for problem in problems]),
                tuple(choices),
            )
        )
    return outcomes


def read_sponsors(stored: Iterable[Sequence[Any]]) -> list[NewSponsor]:
    return [NewSponsor(email, name, HAPPENS[happens], same_as) for email, name, happens, same_as in stored]
