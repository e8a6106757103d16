"""A questionnaire moves between its file and rows of an organisation without losing anything."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, transaction

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from feedback360.models import Questionnaire
from feedback360.questionnaires.content import ItemText
from feedback360.questionnaires.rows import content_of, load_questionnaire, read, standard_questionnaire, store
from tests.times import NOW

pytestmark = pytest.mark.django_db
SEVEN = "seven-behaviours"


@pytest.fixture
def inside(acme: Organisation) -> Iterator[None]:
    with within(acme):
        yield


def test_rows_hold_what_the_file_holds(inside: None) -> None:
    row = load_questionnaire(now=NOW)

    row.refresh_from_db()
    assert content_of(row) == read()
    assert (row.slug, row.number, row.published_at) == (SEVEN, 1, NOW)


def test_reading_a_row_asks_no_query(inside: None, django_assert_num_queries) -> None:
    row = load_questionnaire(now=NOW)

    with django_assert_num_queries(0):
        content_of(row)


def test_loading_a_questionnaire_twice_gives_one(inside: None) -> None:
    assert load_questionnaire(now=NOW) == load_questionnaire(now=NOW)
    assert Questionnaire.objects.filter(slug=SEVEN).count() == 1


def test_each_organisation_gets_its_own_questionnaire(acme: Organisation, zenith: Organisation) -> None:
    for organisation in (acme, zenith):
        with within(organisation):
            load_questionnaire(now=NOW)
            assert Questionnaire.objects.filter(slug=SEVEN).count() == 1


def test_the_standard_one_is_loaded_on_first_use(inside: None) -> None:
    assert standard_questionnaire(now=NOW).number == 1


def test_the_standard_one_is_the_newest_published(inside: None) -> None:
    load_questionnaire(now=NOW)
    newer = store(read(), slug=read().slug, number=2, published_at=NOW)
    store(read(), slug=read().slug, number=3)

    assert standard_questionnaire(now=NOW) == newer


def test_half_written_content_is_stored_as_it_is(inside: None) -> None:
    seven = read()
    first = replace(seven.items[0], texts={"en": ItemText(team="", self=""), "nb": seven.items[0].texts["nb"]})
    half = replace(seven, items=(first, *seven.items[1:]))

    row = store(half, slug=seven.slug, number=1)

    row.refresh_from_db()
    assert content_of(row) == half


def test_postgresql_keeps_a_published_questionnaire(inside: None) -> None:
    row = load_questionnaire(now=NOW)

    with pytest.raises(ProgrammingError, match="never changes"), transaction.atomic():
        Questionnaire.objects.filter(pk=row.pk).update(content={})


def test_postgresql_lets_a_draft_change(inside: None) -> None:
    row = store(read(), slug="mine", number=1)

    assert Questionnaire.objects.filter(pk=row.pk).update(languages=["nb"]) == 1


def test_a_new_organisation_comes_with_the_questionnaire() -> None:
    call_command("create_organisation", "fjord", "Fjord", "eva@fjord.test", "Eva")

    with within(Organisation.objects.get(slug="fjord")):
        assert Questionnaire.objects.get().slug == SEVEN
