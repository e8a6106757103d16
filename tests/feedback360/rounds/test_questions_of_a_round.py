"""An admin chooses what a planned round asks; once raters are asked it is fixed."""

from collections.abc import Iterator
from typing import Any

import pytest

from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from feedback360.models import Questionnaire, Round, State
from feedback360.rounds.actions.questions import choose_questionnaire
from feedback360.rounds.round_rules import BEFORE_LAUNCH
from tests import factories as make
from tests.cast import Cast
from tests.feedback360.rounds.scenes import new_round
from tests.times import NOW


@pytest.fixture
def by(cast: Cast) -> Iterator[dict[str, Any]]:
    with within(cast.acme):
        yield {"by": cast.hana, "now": NOW}


def asks(round_: Round) -> int:
    return Round.objects.get(pk=round_.pk).questionnaire_id


@pytest.mark.parametrize("state", sorted(BEFORE_LAUNCH))
def test_a_planned_round_asks_the_version_chosen_for_it(cast: Cast, by, state: str) -> None:
    round_, ours = new_round(cast, state), make.QuestionnaireFactory()

    choose_questionnaire(round_=round_, questionnaire=ours, **by)
    choose_questionnaire(round_=round_, questionnaire=ours, **by)

    assert asks(round_) == ours.pk
    assert AuditEntry.objects.filter(verb="changed questionnaire of a round").count() == 1


@pytest.mark.parametrize("state", sorted(set(State.values) - BEFORE_LAUNCH))
def test_questions_are_fixed_once_raters_are_asked(cast: Cast, by, state: str) -> None:
    round_, ours = new_round(cast, state), make.QuestionnaireFactory()
    before = round_.questionnaire_id

    with pytest.raises(NotNow, match="Raters have been asked"):
        choose_questionnaire(round_=round_, questionnaire=ours, **by)
    assert asks(round_) == before


def test_a_round_does_not_ask_a_draft(cast: Cast, by) -> None:
    round_, draft = new_round(cast), make.QuestionnaireFactory(published_at=None)

    with pytest.raises(NotNow, match="Publish the draft first"):
        choose_questionnaire(round_=round_, questionnaire=draft, **by)


def test_the_page_lists_planned_rounds_and_moves_one(cast: Cast, client_for) -> None:
    with within(cast.acme):
        round_, ours = new_round(cast), make.QuestionnaireFactory(slug="ours")
        started = Round.objects.get(state=State.COLLECTING)
    hana = client_for(cast.hana)
    page = hana.get(hana.url("questionnaire_rounds", ours.pk)).content.decode()
    assert hana.url("questionnaire_choice", ours.pk, round_.pk) in page
    assert hana.url("questionnaire_choice", ours.pk, started.pk) not in page

    hana.post(hana.url("questionnaire_choice", ours.pk, round_.pk))

    with within(cast.acme):
        assert asks(round_) == ours.pk
    assert "asks this version" in hana.get(hana.url("questionnaire_rounds", ours.pk)).content.decode()


def test_the_rounds_of_a_questionnaire_ask_few_queries(cast: Cast, client_for, same_queries_at_1_and_30) -> None:
    hana = client_for(cast.hana)
    with within(cast.acme):
        row = Questionnaire.objects.get(number=1)

    def add(number: int) -> None:
        with within(cast.acme):
            new_round(cast, key=f"round-{number}")

    assert same_queries_at_1_and_30(lambda: hana.get(hana.url("questionnaire_rounds", row.pk)), add) <= 8
