"""Every form of ours, found by looking: what all of them must do."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from django import forms
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

import coaching
import cohorts
import feedback360
import goals
import programme
from cohorts.curriculum.forms.copy import CopyForm
from cohorts.curriculum.forms.milestone import DraftMilestoneForm
from cohorts.curriculum.forms.sponsor_week import SponsorWeekForm
from cohorts.curriculum.forms.step import StepForm
from cohorts.curriculum.forms.wordings import WordingField
from cohorts.models import CurriculumVersion, Person
from cohorts.web.inputs import AddressField, CalendarDateField, TextField
from goals.habits.forms.practice import PracticeForm
from tests.cast import Cast

APPS = (coaching, cohorts, feedback360, goals, programme)
TEXT = (forms.Textarea, forms.TextInput)


def form_classes() -> list[type[forms.BaseForm]]:
    """All form classes in modules of ours, each once."""
    found = set()
    for app in APPS:
        for module in walk_packages(app.__path__, f"{app.__name__}."):
            if "forms" in module.name.split("."):
                things = vars(import_module(module.name)).values()
                found |= {each for each in things if isinstance(each, type) and issubclass(each, forms.BaseForm)}
    return sorted(filter(is_ours, found), key=lambda form: f"{form.__module__}.{form.__qualname__}")


def is_ours(form: type) -> bool:
    return form.__module__.split(".")[0] in {"coaching", "cohorts", "feedback360", "goals", "programme"}


def typed_fields(form: type[forms.BaseForm]) -> Iterator[tuple[str, forms.CharField]]:
    """The text fields we declare; those a library declares are its own."""
    foreign = {name for base in form.__mro__ if not is_ours(base) for name in getattr(base, "base_fields", ())}
    for name, field in form.base_fields.items():
        if name not in foreign and isinstance(field, forms.CharField) and isinstance(field.widget, TEXT):
            yield name, field


@pytest.mark.parametrize("form", form_classes(), ids=lambda form: form.__qualname__)
def test_every_text_field_normalises_what_is_typed(form: type[forms.BaseForm]) -> None:
    assert [name for name, field in typed_fields(form) if not isinstance(field, AddressField | TextField)] == []


def test_text_fields_that_forms_add_themselves_normalise_too() -> None:
    assert issubclass(WordingField, TextField)
    version = CurriculumVersion(languages=["en"])
    assert isinstance(CopyForm(version=version).fields["en-title"], TextField)


def test_the_search_finds_forms_and_fields() -> None:
    assert {StepForm, DraftMilestoneForm, SponsorWeekForm, PracticeForm} <= set(form_classes())
    assert [name for name, _field in typed_fields(PracticeForm)] == ["place", "line"]


def test_no_view_decides_by_itself_whether_a_form_was_sent() -> None:
    views = [path for app in APPS for path in Path(app.__path__[0]).rglob("*.py") if "views" in path.as_posix()]
    assert len(views) > 20
    assert [path.name for path in views if "request.POST if request.method" in path.read_text()] == []


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("typed", ["2026-02-03", "03.02.2026", "3.2.2026", " 3/2/2026", "03-02-2026"])
def test_a_typed_date_puts_the_day_before_the_month(language: str, typed: str) -> None:
    """For browsers without a date picker; Django's own English would read the third as the second of March."""
    with translation.override(language):
        assert CalendarDateField().clean(typed) == date(2026, 2, 3)


def number_fields(form: type[forms.BaseForm]) -> Iterator[tuple[str, forms.Widget]]:
    for name, field in form.base_fields.items():
        if isinstance(field, forms.IntegerField | forms.DecimalField) and isinstance(field.widget, forms.TextInput):
            yield name, field.widget


@pytest.mark.parametrize("form", form_classes(), ids=lambda form: form.__qualname__)
def test_a_phone_shows_its_number_keys_for_numbers(form: type[forms.BaseForm]) -> None:
    fields = list(number_fields(form))

    assert [name for name, widget in fields if widget.attrs.get("inputmode") not in {"numeric", "decimal"}] == []


# Forms of a library, whose fields without a label take their English name.
BORROWED = ("account_login", "account_request_login_code", "mfa_add_webauthn", "mfa_activate_totp")
LABEL = re.compile(r"<label[^>]*>(.*?)</label>", re.DOTALL)


@pytest.mark.parametrize("route", BORROWED)
def test_no_label_of_a_borrowed_form_stays_english(route: str, cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.ada) if route.startswith("mfa") else Client()
    labels = []
    for language in ("en", "nb"):
        Person.objects.filter(pk=cast.ada.person_id).update(language=language)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        page = client.get(reverse(route), follow=True).content.decode()
        labels.append({re.sub(r"<[^>]*>|\s+", " ", label).strip() for label in LABEL.findall(page)})

    english, norwegian = labels
    assert english
    assert english & norwegian == set()
