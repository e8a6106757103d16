"""A draft of a questionnaire from its first copy to its publishing."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import Stale
from feedback360.models import Questionnaire
from feedback360.questionnaires.actions.drafts import (
    ItemFacts,
    add_item,
    add_question,
    change_frame,
    change_item,
    change_question,
    copy_questionnaire,
    discard_draft,
    move_item,
    publish,
    remove_item,
    remove_question,
    start_draft,
)
from feedback360.questionnaires.check import problems_of
from feedback360.questionnaires.content import Questionnaire as Content
from feedback360.questionnaires.rows import content_of, load_questionnaire, read, standard_questionnaire
from tests.cast import Cast
from tests.times import NOW

FIRST, SECOND = "says-which-goal-matters", "shows-how-close-the-goal-is"
FACTS = ItemFacts(behaviour="clear", area="engagement", asked_of=("team", "peer"))
TEXT = {
    "en": {"team": "{name} waves.", "self": "I wave.", "peer": "", "manager": ""},
    "nb": {"team": "{name} vinker.", "self": "Jeg vinker.", "peer": "", "manager": ""},
}
QUESTION = {
    "en": {"others": "What does {name} do?", "self": "What do you do?"},
    "nb": {"others": "Hva gjør {name}?", "self": "Hva gjør du?"},
}


@pytest.fixture
def by(cast: Cast) -> Iterator[dict[str, Any]]:
    with within(cast.acme):
        yield {"by": cast.hana, "now": NOW}


@pytest.fixture
def seven(by: dict[str, Any]) -> Questionnaire:
    return load_questionnaire(now=NOW)


@pytest.fixture
def draft(seven: Questionnaire, by: dict[str, Any]) -> Questionnaire:
    return start_draft(questionnaire=seven, **by)


def saved(draft: Questionnaire) -> Content:
    return content_of(Questionnaire.objects.get(pk=draft.pk))


def keys(draft: Questionnaire) -> list[str]:
    return [item.key for item in saved(draft).items]


def frame(**changes: str) -> dict[str, dict[str, str]]:
    words = {"title": "Ours", **{f"step_{n}": f"Step {n}" for n in range(1, 6)}, "not_seen": "No", "not_relevant": "-"}
    return {language: {**words, **changes} for language in ("en", "nb")}


def test_a_draft_starts_as_a_copy_of_the_version_before(draft: Questionnaire) -> None:
    assert (draft.number, draft.published_at) == (2, None)
    assert content_of(draft) == replace(read(), version=2)


def test_a_questionnaire_has_one_draft_at_a_time(seven: Questionnaire, draft: Questionnaire, by) -> None:
    with pytest.raises(NotNow, match="already has a draft"):
        start_draft(questionnaire=seven, **by)


def test_a_copy_of_a_questionnaire_is_its_own(seven: Questionnaire, by) -> None:
    copy = copy_questionnaire(questionnaire=seven, titles={"en": "Our way", "nb": "Vår vei"}, **by)
    again = copy_questionnaire(questionnaire=seven, titles={"en": "Our way", "nb": "Vår vei"}, **by)

    assert (copy.slug, copy.number, copy.published_at) == ("our-way", 1, None)
    assert again.slug == "our-way-2"
    assert saved(copy).titles == {"en": "Our way", "nb": "Vår vei"}
    assert saved(copy).items == read().items


def test_a_changed_item_keeps_its_key_and_place(draft: Questionnaire, by) -> None:
    change_item(questionnaire=draft, key=SECOND, facts=FACTS, text=TEXT, **by)

    item = saved(draft).items[1]
    assert (item.key, item.behaviour, item.area) == (SECOND, "clear", "engagement")
    assert item.asked_of == ("team", "peer", "self")
    assert item.texts["nb"].team == "{name} vinker."


def test_an_item_changed_elsewhere_is_not_overwritten(draft: Questionnaire, by) -> None:
    seen = draft.revision
    change_item(questionnaire=draft, key=FIRST, facts=FACTS, text=TEXT, **by)

    with pytest.raises(Stale):
        change_item(questionnaire=draft, key=FIRST, facts=FACTS, text=TEXT, expected_revision=seen, **by)


def test_an_item_somebody_removed_cannot_be_changed(draft: Questionnaire, by) -> None:
    remove_item(questionnaire=draft, key=FIRST, **by)

    with pytest.raises(NotNow, match="removed"):
        change_item(questionnaire=draft, key=FIRST, facts=FACTS, text=TEXT, **by)


def test_a_new_item_gets_a_key_that_was_never_used(draft: Questionnaire, by) -> None:
    remove_item(questionnaire=draft, key=FIRST, **by)
    first = add_item(questionnaire=draft, facts=FACTS, text=TEXT, **by)
    remove_item(questionnaire=draft, key=SECOND, **by)
    waves_too = {"en": {**TEXT["en"], "self": "I wave, too."}, "nb": TEXT["nb"]}
    second = add_item(questionnaire=draft, facts=FACTS, text=waves_too, **by)
    names_a_removed_one = {"en": {**TEXT["en"], "team": "{name} says which goal matters."}, "nb": TEXT["nb"]}
    remove_item(questionnaire=draft, key=second, **by)
    third = add_item(questionnaire=draft, facts=FACTS, text=names_a_removed_one, **by)

    assert (first, second, third) == ("waves", "waves-2", "says-which-goal-matters-2")
    assert keys(draft)[-2:] == ["waves", "says-which-goal-matters-2"]


def test_what_is_sent_twice_is_added_once(draft: Questionnaire, by) -> None:
    """A page without a connection sends again what it is not sure about."""
    remove_item(questionnaire=draft, key=FIRST, **by)
    items = {add_item(questionnaire=draft, facts=FACTS, text=TEXT, **by) for _time in range(2)}
    questions = {add_question(questionnaire=draft, text=QUESTION, **by) for _time in range(2)}

    assert (len(items), len(questions)) == (1, 1)
    assert len(saved(draft).items) == 16
    assert len(saved(draft).questions) == 3


def test_a_seventeenth_item_is_refused(draft: Questionnaire, by) -> None:
    with pytest.raises(NotNow, match="at most 16 items"):
        add_item(questionnaire=draft, facts=FACTS, text=TEXT, **by)


def test_items_move_one_place_and_stop_at_the_ends(draft: Questionnaire, by) -> None:
    move_item(questionnaire=draft, key=FIRST, is_later=True, **by)
    assert keys(draft)[:2] == [SECOND, FIRST]

    for _time in range(3):
        move_item(questionnaire=draft, key=FIRST, is_later=False, **by)
    assert keys(draft)[:2] == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("facts", "text", "field"),
    [
        (replace(FACTS, behaviour="brave"), TEXT, "behaviour"),
        (replace(FACTS, area="pay"), TEXT, "area"),
        (replace(FACTS, asked_of=()), TEXT, "asked_of"),
        (replace(FACTS, asked_of=("boss",)), TEXT, "asked_of"),
        (FACTS, {"en": {"team": "Somebody waves."}}, "en-team"),
        (FACTS, {"en": {"team": "{name} {0} waves."}}, "en-team"),
        (FACTS, {"en": {"self": "{name} waves."}}, "en-self"),
        (FACTS, {"nb": {"peer": "{name} vinker " + 16 * "hei "}}, "nb-peer"),
        (FACTS, {"fi": {"team": "{name} vilkuttaa."}}, "language"),
        (FACTS, {"en": {"boss": "{name} waves."}}, "text"),
    ],
)
def test_an_item_is_held_to_its_rules(draft: Questionnaire, by, facts: ItemFacts, text: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        change_item(questionnaire=draft, key=FIRST, facts=facts, text=text, **by)
    assert refused.value.field == field
    assert saved(draft).items[0].key == FIRST


def test_open_questions_are_added_changed_and_removed(draft: Questionnaire, by) -> None:
    key = add_question(questionnaire=draft, text=QUESTION, **by)
    change_question(questionnaire=draft, key="keep", text=QUESTION, **by)
    remove_question(questionnaire=draft, key="help-most", **by)

    questions = saved(draft).questions
    assert [question.key for question in questions] == ["keep", key]
    assert questions[0].texts["en"].others == "What does {name} do?"


def test_a_fourth_open_question_is_refused(draft: Questionnaire, by) -> None:
    add_question(questionnaire=draft, text=QUESTION, **by)

    with pytest.raises(NotNow, match="at most 3 questions"):
        add_question(questionnaire=draft, text={"nb": QUESTION["nb"]}, **by)


def test_scale_words_and_title_are_changed_in_each_language(draft: Questionnaire, by) -> None:
    change_frame(questionnaire=draft, asked_in=["en", "nb"], text=frame(title="Våre"), **by)

    changed = saved(draft)
    assert changed.titles["nb"] == "Våre"
    assert changed.scales["en"].steps == ("Step 1", "Step 2", "Step 3", "Step 4", "Step 5")
    assert changed.scales["en"].cannot_say("self") == "-"


def test_a_language_left_out_keeps_its_words_for_later(draft: Questionnaire, by) -> None:
    change_frame(questionnaire=draft, asked_in=["nb"], text={"nb": frame()["nb"]}, **by)
    assert saved(draft).languages == ("nb",)
    assert problems_of(draft) == ()

    change_frame(questionnaire=draft, asked_in=["en", "nb"], text={}, **by)
    assert saved(draft).languages == ("nb", "en")
    assert saved(draft).items[0].texts["en"] == read().items[0].texts["en"]


def test_a_questionnaire_needs_a_language(draft: Questionnaire, by) -> None:
    with pytest.raises(Invalid) as refused:
        change_frame(questionnaire=draft, asked_in=[], text={}, **by)
    assert refused.value.field == "asked_in"


def test_a_published_draft_is_what_the_next_round_takes(draft: Questionnaire, by) -> None:
    publish(questionnaire=draft, **by)

    assert standard_questionnaire(now=NOW) == draft


def test_what_the_reader_refuses_is_not_published(draft: Questionnaire, by) -> None:
    half = {"en": {"team": "", "self": "I wave."}, "nb": TEXT["nb"]}
    change_item(questionnaire=draft, key=FIRST, facts=FACTS, text=half, **by)

    assert [problem.field for problem in problems_of(draft)] == ["items[0].en.team"]
    with pytest.raises(NotNow, match="cannot be published yet"):
        publish(questionnaire=draft, **by)


@pytest.mark.parametrize(
    "edit",
    [
        lambda row, by: change_item(questionnaire=row, key=FIRST, facts=FACTS, text=TEXT, **by),
        lambda row, by: add_item(questionnaire=row, facts=FACTS, text=TEXT, **by),
        lambda row, by: remove_item(questionnaire=row, key=FIRST, **by),
        lambda row, by: move_item(questionnaire=row, key=FIRST, is_later=True, **by),
        lambda row, by: add_question(questionnaire=row, text=QUESTION, **by),
        lambda row, by: change_question(questionnaire=row, key="keep", text=QUESTION, **by),
        lambda row, by: remove_question(questionnaire=row, key="keep", **by),
        lambda row, by: change_frame(questionnaire=row, asked_in=["en"], text={}, **by),
        lambda row, by: discard_draft(questionnaire=row, **by),
        lambda row, by: publish(questionnaire=row, **by),
    ],
)
def test_no_action_touches_a_published_questionnaire(seven: Questionnaire, by, edit: Any) -> None:
    with pytest.raises(NotNow, match="never changes"):
        edit(seven, by)


def test_a_discarded_draft_makes_room_for_the_next(seven: Questionnaire, draft: Questionnaire, by) -> None:
    discard_draft(questionnaire=draft, **by)

    assert start_draft(questionnaire=seven, **by).number == 2


def test_the_trail_names_keys_of_a_questionnaire_and_no_words(draft: Questionnaire, by) -> None:
    change_item(questionnaire=draft, key=FIRST, facts=FACTS, text=TEXT, **by)

    entry = AuditEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.details) == ("changed questionnaire item", {"key": FIRST})
