"""The admin's pages for questionnaires: list, one version, its preview, and the editor of a draft."""

import re
from html import unescape
from typing import Any

import pytest

from cohorts.tenancy.wall import within
from feedback360.models import Questionnaire
from feedback360.questionnaires.actions.drafts import change_frame, change_item, start_draft
from feedback360.questionnaires.content import ItemText
from feedback360.questionnaires.rows import content_of, load_questionnaire
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.feedback360.test_questionnaire_drafts import FACTS, FIRST, SECOND, TEXT
from tests.times import NOW

FORM = {
    "behaviour": "clear",
    "area": "engagement",
    "asked_of": ["team"],
    "en-team": "{name} waves.",
    "en-self": "I wave.",
    "nb-team": "{name} vinker.",
    "nb-self": "Jeg vinker.",
}


@pytest.fixture
def hana(cast: Cast, client_for) -> OrganisationClient:
    return client_for(cast.hana)


@pytest.fixture
def seven(cast: Cast) -> Questionnaire:
    with within(cast.acme):
        return load_questionnaire(now=NOW)


@pytest.fixture
def draft(cast: Cast, seven: Questionnaire) -> Questionnaire:
    with within(cast.acme):
        return start_draft(questionnaire=seven, by=cast.hana, now=NOW)


def get(client: OrganisationClient, name: str, *args: Any, **query: str) -> str:
    answer = client.get(client.url(name, *args), query)
    assert answer.status_code == 200, answer.content
    return unescape(answer.content.decode())


def saved(cast: Cast, draft: Questionnaire) -> Any:
    with within(cast.acme):
        return content_of(Questionnaire.objects.get(pk=draft.pk))


def test_the_list_names_questionnaires_with_their_versions(hana, seven, draft) -> None:
    page = get(hana, "questionnaire_list")

    assert "Seven behaviours of a contact-centre leader" in page
    assert hana.url("questionnaire", draft.pk) in page
    assert "16 items" in page
    assert "Continue the draft" in page


def test_an_organisation_without_a_questionnaire_can_take_ours(cast, client_for) -> None:
    nobody_asked = make.OrganisationFactory(slug="fjord")
    with within(nobody_asked):
        admin = client_for(make.MembershipFactory(roles=["admin"]))
    assert "No questionnaire yet" in get(admin, "questionnaire_list")

    admin.post(admin.url("questionnaire_standard"))

    assert "Seven behaviours of a contact-centre leader" in get(admin, "questionnaire_list")


def test_the_questionnaires_are_linked_from_the_curricula(hana) -> None:
    assert f'href="{hana.url("questionnaire_list")}"' in get(hana, "curriculum_list")


def test_a_published_questionnaire_is_read_and_not_edited(hana, seven) -> None:
    page = get(hana, "questionnaire", seven.pk)

    assert "When a shift begins, Ingrid greets people by name." in page
    assert "Enthusiastic · Engagement · Team member, Peer, The leader" in page
    assert hana.url("questionnaire_frame", seven.pk) not in page
    assert hana.get(hana.url("questionnaire_item", seven.pk, FIRST)).status_code == 409


def test_a_draft_links_to_the_page_of_each_part(hana, draft) -> None:
    page = get(hana, "questionnaire", draft.pk)

    for route, *key in (("item", FIRST), ("question", "keep"), ("item_later", FIRST), ("item_new",), ("frame",)):
        assert hana.url(f"questionnaire_{route}", draft.pk, *key) in page


@pytest.mark.parametrize(
    ("relation", "items", "sentence", "cannot_say"),
    [
        ("team", 16, "When I bring a problem, Ingrid first asks what I have tried.", "I haven’t seen this"),
        ("peer", 11, "When I bring a problem, Ingrid first asks what I have tried.", "I haven’t seen this"),
        (
            "manager",
            13,
            "When somebody brings a problem, Ingrid first asks what they have tried.",
            "I haven’t seen this",
        ),
        ("self", 16, "When somebody brings a problem, I first ask what they have tried.", "It hasn’t come up"),
    ],
)
def test_the_preview_shows_what_each_relation_reads(hana, seven, relation, items, sentence, cannot_say) -> None:
    page = get(hana, "questionnaire_preview", seven.pk, relation=relation)

    assert page.count("<fieldset") == items
    assert page.count(cannot_say) == items
    assert sentence in page
    assert "{name}" not in page


def test_the_preview_speaks_the_language_asked_for(hana, seven) -> None:
    page = get(hana, "questionnaire_preview", seven.pk, language="nb")

    assert "Når skiftet begynner, hilser Ingrid på folk med navn." in page
    assert 'lang="nb"' in page


def test_a_preview_without_translation_says_so(cast, hana, draft) -> None:
    with within(cast.acme):
        change_frame(questionnaire=draft, asked_in=["en"], text={}, by=cast.hana, now=NOW)

    page = get(hana, "questionnaire_preview", draft.pk, language="nb")

    assert "not translated into Norsk" in page
    assert "When a shift begins, Ingrid greets people by name." in page


def test_an_edited_item_is_saved_in_both_languages(cast, hana, draft) -> None:
    answer = hana.post(hana.url("questionnaire_item", draft.pk, SECOND), FORM)

    assert answer.status_code == 302
    item = saved(cast, draft).items[1]
    assert item.texts["nb"] == ItemText(team="{name} vinker.", self="Jeg vinker.")
    assert item.asked_of == ("team", "self")


def test_an_item_without_the_leaders_name_is_refused_at_its_field(hana, draft) -> None:
    answer = hana.post(hana.url("questionnaire_item", draft.pk, FIRST), FORM | {"en-team": "Somebody waves."})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"en-team": ["Must contain {name}."]}


def test_a_new_item_stands_at_the_end(cast, hana, draft) -> None:
    hana.post(hana.url("questionnaire_item_removal", draft.pk, FIRST))
    hana.post(hana.url("questionnaire_item_new", draft.pk), FORM)

    items = saved(cast, draft).items
    assert len(items) == 16
    assert items[-1].texts["en"].self == "I wave."


def test_an_item_too_many_is_answered_with_a_sentence(hana, draft) -> None:
    answer = hana.post(hana.url("questionnaire_item_new", draft.pk), FORM)

    assert answer.status_code == 409
    assert "at most 16 items" in answer.content.decode()


def test_removing_an_item_asks_with_its_words(hana, draft) -> None:
    assert "Ingrid tells the team which goal" in get(hana, "questionnaire_item_removal", draft.pk, FIRST)


def test_items_can_be_moved_from_the_page(cast, hana, draft) -> None:
    hana.post(hana.url("questionnaire_item_later", draft.pk, FIRST))

    assert [item.key for item in saved(cast, draft).items[:2]] == [SECOND, FIRST]


def test_scale_words_are_edited_on_one_page(cast, hana, draft) -> None:
    page = hana.get(hana.url("questionnaire_frame", draft.pk))
    form = page.context["form"]
    data = {field.name: field.value() for field in form if field.name != "opened"}

    hana.post(hana.url("questionnaire_frame", draft.pk), data | {"en-step_1": "Seldom", "asked_in": ["en", "nb"]})

    assert saved(cast, draft).scales["en"].steps[0] == "Seldom"
    assert saved(cast, draft).scales["nb"].steps[0] == "Nesten aldri"


def test_what_is_not_written_is_named_before_publishing(cast, hana, draft) -> None:
    half = {"en": TEXT["en"], "nb": {"team": "", "self": "Jeg vinker."}}
    with within(cast.acme):
        change_item(questionnaire=draft, key=SECOND, facts=FACTS, text=half, by=cast.hana, now=NOW)
        frame = {"en": {"title": "", "step_1": "", "not_seen": "No"}}
        change_frame(questionnaire=draft, asked_in=["en", "nb"], text=frame, by=cast.hana, now=NOW)

    page = get(hana, "questionnaire_publishing", draft.pk)

    assert re.search(rf'href="{hana.url("questionnaire_item", draft.pk, SECOND)}">Item 2</a>', page)
    assert "As the team reads it (Norsk bokmål) is not written yet." in page
    assert "Title (English) is not written yet." in page
    assert "Scale (English) is not written yet." in page
    assert "For raters who cannot say" not in page
    assert "For a leader who cannot say (English) is not written yet." in page
    assert hana.post(hana.url("questionnaire_publishing", draft.pk)).status_code == 409


def test_a_complete_draft_is_published_from_its_page(cast, hana, draft) -> None:
    assert "Everything is complete" in get(hana, "questionnaire_publishing", draft.pk)

    hana.post(hana.url("questionnaire_publishing", draft.pk))

    with within(cast.acme):
        assert Questionnaire.objects.get(pk=draft.pk).is_published


def test_a_copy_gets_a_title_in_each_language(cast, hana, seven) -> None:
    hana.post(hana.url("questionnaire_copy", seven.pk), {"en-title": "Our way", "nb-title": "Vår vei"})

    with within(cast.acme):
        assert content_of(Questionnaire.objects.get(slug="our-way")).titles == {"en": "Our way", "nb": "Vår vei"}


def test_the_pages_of_a_draft_ask_few_queries(hana, draft, count_queries) -> None:
    addresses = [hana.url(name, draft.pk) for name in ("questionnaire", "questionnaire_preview", "questionnaire_frame")]
    addresses += [hana.url("questionnaire_publishing", draft.pk), hana.url("questionnaire_item", draft.pk, FIRST)]

    for address in addresses:
        assert len(count_queries(lambda: hana.get(address))) <= 6, address


def test_the_list_asks_as_much_for_thirty_questionnaires(cast, hana, same_queries_at_1_and_30) -> None:
    def add(number: int) -> None:
        with within(cast.acme):
            make.QuestionnaireFactory(slug=f"ours-{number}")

    assert same_queries_at_1_and_30(lambda: hana.get(hana.url("questionnaire_list")), add) <= 6
