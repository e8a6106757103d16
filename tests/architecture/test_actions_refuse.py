"""A form shapes what is typed; the action decides. Whatever a form refuses, its action refuses by name.

An API, a command or a second page calls the actions without the forms. The table is in `refused.py`.
"""

from collections.abc import Iterator

import pytest
from django import forms
from django.db import transaction

from cohorts.curriculum.files import CurriculumInvalid
from cohorts.imports.file import UnreadableFile
from cohorts.people.actions.members import give_role
from cohorts.schedule.actions import call_off_milestone, move_milestone
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from goals.habits.actions.focus import reword_focus
from tests.architecture.refused import FORMS as FORMS_OF_OTHERS
from tests.architecture.refused import Refused, Scene, Values, as_sent, bad_by_itself, never_stored
from tests.architecture.refused_figures import FIGURES
from tests.architecture.refused_goal_life import GOAL_LIFE
from tests.architecture.refused_goals import GOALS
from tests.architecture.refused_hosting import HOSTING
from tests.architecture.refused_mentors import MENTORS
from tests.architecture.refused_objectives import OBJECTIVES
from tests.architecture.refused_teams import TEAMS
from tests.architecture.test_forms import form_classes
from tests.cast import Cast
from tests.times import TODAY

FORMS = [*FORMS_OF_OTHERS, *FIGURES, *GOALS, *GOAL_LIFE, *HOSTING, *MENTORS, *OBJECTIVES, *TEAMS]
NAMED = (NotNow, NotYours, UnreadableFile, CurriculumInvalid)
REFUSED = {each.__name__ for each in NAMED}


WITHOUT_ACTION = {
    "EditForm": "a base: its subclasses stand in the table",
    "DraftForm": "a base: its subclasses stand in the table",
    "PageForm": "a base: its subclasses stand in the table",
    "WhenForm": "a base: its subclasses stand in the table",
    "AgreedFields": "a base: its subclasses stand in the table",
    "_LifetimeForm": "a base: its subclasses stand in the table",
    "HoursForm": "a base: its subclasses stand in the table",
    "KeyedForm": "a base: its subclasses stand in the table",
    "ScheduleForm": "a base: its subclasses stand in the table",
    "SharingForm": "carries back what a page asked; answer_sharing opens only what it still would ask about",
    "FactsForm": "a base: its subclasses stand in the table",
    "PeopleListForm": "UploadForm with a sentence of its own",
    "DirectoryFilter": "narrows a list and writes nothing",
    "_Filter": "narrows a list and writes nothing",
    "PracticeFilter": "narrows a list and writes nothing",
    "ReflectionFilter": "narrows a list and writes nothing",
    "AgainForm": "answers every address alike, so that it tells nobody who is a rater",
    "TrailForm": "narrows a list and writes nothing",
    "AddressForm": "allauth's own; signing in answers every address alike",
    "CodeForm": "allauth's own; the flow counts and compares",
    "_Counted": "allauth's own; counts in cohorts.access.guesses",
    "FactorForm": "allauth's own; counts in cohorts.access.guesses",
    "FactorAgainForm": "allauth's own; counts in cohorts.access.guesses",
    "PasskeyForm": "allauth's own, which writes by itself",
    "PasskeyFactorForm": "allauth's own; the passkey's answer, checked by its library",
}


@pytest.fixture
def scene(cast: Cast) -> Iterator[Scene]:
    with within(cast.acme):
        yield Scene(cast)


def test_every_form_stands_in_the_table() -> None:
    assert {form.__name__ for form in form_classes()} == {entry.form.__name__ for entry in FORMS} | set(WITHOUT_ACTION)


@pytest.mark.parametrize("entry", FORMS, ids=lambda entry: entry.name)
def test_the_action_refuses_what_the_form_refuses(entry: Refused, scene: Scene) -> None:
    form = entry.build(scene, as_sent(entry.good(scene)))
    assert form.is_valid(), form.errors
    good = dict(form.cleaned_data)
    assert outcome(entry, scene, good) == "done"

    wrong = list(passes_both(entry, scene, form, good))

    assert wrong == []


def passes_both(entry: Refused, scene: Scene, form: forms.Form, good: Values) -> Iterator[tuple[str, str, str]]:
    """The bad inputs that form or action let through, and the fields that have none."""
    added = entry.bad(scene)
    assert added.keys() | entry.free.keys() <= form.fields.keys()
    # `opened` is what the page showed: compared and dropped, so no action gets it.
    for name, field in ((name, field) for name, field in form.fields.items() if name != "opened"):
        bad = [*bad_by_itself(field), *added.get(name, ())] if name not in entry.free else []
        if not bad and name not in entry.free:
            yield name, "has no bad input in the table", ""
        for value in bad:
            if entry.build(scene, as_sent({**entry.good(scene), name: value})).is_valid():
                yield name, repr(value)[:60], "the form takes it"
            if (said := outcome(entry, scene, {**good, name: value})) not in REFUSED | form.fields.keys():
                yield name, repr(value)[:60], said
        for value in never_stored(field):
            if (said := outcome(entry, scene, {**good, name: value})) not in REFUSED | form.fields.keys() | {"done"}:
                yield name, repr(value)[:60], said


def outcome(entry: Refused, scene: Scene, values: Values) -> str:
    """What the action makes of these values: *done*, a refusal's name, or the field of an Invalid. Nothing stays."""
    try:
        with transaction.atomic():
            entry.act(scene, values)
            transaction.set_rollback(True)
    except Invalid as refusal:
        return refusal.field
    except NAMED as refusal:
        return type(refusal).__name__
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:120]
    return "done"


def test_what_no_field_asks_is_refused_by_name_too(scene: Scene) -> None:
    """A plan's language comes from the page, a live event's key and a role from the address."""
    cohort, admin = scene.cast.houses["acme"].cohort, scene.admin
    with pytest.raises(Invalid, match="Select a valid choice"):
        reword_focus(
            focus=scene.focus, behaviour="clear", cue="it rains", response="wait", language="fr", by=scene.cast.ada
        )
    with pytest.raises(Invalid, match="no such live event"):
        move_milestone(cohort=cohort, key="not-in-any-version", on=TODAY, **admin)
    with pytest.raises(Invalid, match="no such live event"):
        call_off_milestone(cohort=cohort, key="not-in-any-version", **admin)
    with pytest.raises(Invalid, match="Select a valid choice"):
        give_role(member=scene.cast.bo, role="leader", organisation=scene.cast.acme, **admin)
