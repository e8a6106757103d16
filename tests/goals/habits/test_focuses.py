"""Focuses: at most two, as plans; dials that are dated and never rewritten; reserve weeks."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import override

from cohorts.curriculum.rows import load_curriculum
from cohorts.models import Cohort, Enrolment, Pause, Person
from cohorts.models.cohort import Cadence
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from goals.habits.actions.focus import archive_focus, pick_focus, resume_focus, set_dial, take_back_dial
from goals.habits.forms.focus import FocusForm
from goals.habits.policies import may_see_focus
from goals.models import Dial, Focus
from goals.reserve import light_weeks, sunday_of
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import NOW, TODAY

Clients = Callable[..., OrganisationClient]
SUNDAY = date(2026, 3, 15)
PLAN = {
    "behaviour": "encouraging",
    "cue": "the queue turns red",
    "response": "tell two people what they do well",
    "language": "en",
}


@pytest.fixture
def ada(cast: Cast) -> Enrolment:
    return cast.enrolment(cast.ada)


def focuses_of(enrolment: Enrolment) -> list[Focus]:
    return list(Focus.objects.filter(enrolment=enrolment).select_related("enrolment").order_by("pk"))


def turn(focus: Focus, level: int, ends_on: date | None = None, today: date = TODAY) -> Dial:
    return set_dial(focus=focus, level=level, ends_on=ends_on, today=today, by=focus.enrolment.leader, now=NOW)


def pick(enrolment: Enrolment, **changes: Any) -> Focus:
    return pick_focus(enrolment=enrolment, today=TODAY, by=enrolment.leader, now=NOW, **{**PLAN, **changes})


def test_a_plan_is_read_in_the_language_it_was_written_in(ada: Enrolment) -> None:
    with within(ada.organisation_id):
        Focus.objects.update(archived_on=TODAY)
        norwegian = pick(ada, cue="køen blir rød", response="si to ting som går bra", language="nb")
        older = make.FocusFactory.build(cue="the phone rings", response="wait", language="")

    with override("en"):
        assert str(norwegian) == "Når køen blir rød, skal jeg si to ting som går bra."
        assert str(older) == "When the phone rings, I will wait."


def test_a_third_focus_is_refused_with_a_sentence_until_one_is_set_aside(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        with pytest.raises(NotNow, match="You already have two focuses"):
            pick(ada)
        archive_focus(focus=focuses_of(ada)[0], today=TODAY, by=cast.ada, now=NOW)

        assert pick(ada).started_on == TODAY
        with pytest.raises(NotNow):
            resume_focus(focus=focuses_of(ada)[0], today=TODAY, by=cast.ada, now=NOW)


def test_the_same_plan_sent_twice_is_one_focus(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        archive_focus(focus=focuses_of(ada)[0], today=TODAY, by=cast.ada, now=NOW)

        assert pick(ada).pk == pick(ada).pk


def test_the_same_key_with_a_newer_plan_rewords_the_focus(ada: Enrolment, cast: Cast) -> None:
    """The answer to the first tap was lost; the leader changed the plan and tapped again."""
    key = UUID(int=5)
    with within(cast.acme):
        Focus.objects.filter(enrolment=ada).update(archived_on=TODAY)
        first = pick(ada, key=key, edition=1)
        again = pick(ada, key=key, edition=3, cue="the queue turns yellow")
        late = pick(ada, key=key, edition=2, cue="the queue is long")

        assert first.pk == again.pk == late.pk
        assert [focus.cue for focus in Focus.objects.current().filter(enrolment=ada)] == ["the queue turns yellow"]


def test_an_archived_focus_keeps_its_dials_and_can_be_resumed(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        focus = focuses_of(ada)[0]
        before = list(focus.dials.values())
        archive_focus(focus=focus, today=TODAY, by=cast.ada, now=NOW)
        with pytest.raises(NotNow):
            turn(focus, 3)
        resume_focus(focus=focus, today=TODAY, by=cast.ada, now=NOW)

        assert focus.archived_on is None
        assert list(focus.dials.values()) == before


def test_turning_the_dial_adds_a_dated_row_and_rewrites_none(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        focus = focuses_of(ada)[0]
        before = list(Dial.objects.filter(focus=focus).order_by("pk").values())
        dial = turn(focus, 3)

        assert list(Dial.objects.filter(focus=focus).order_by("pk").values())[:-1] == before
        assert (dial.starts_on, dial.ends_on, dial.set_by) == (TODAY, None, cast.ada)


def test_nudges_follow_the_highest_dial_of_the_current_focuses(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        one, two = focuses_of(ada)
        seen = []
        for focus, level, ends_on in [(one, 3, None), (one, 1, SUNDAY), (two, 0, SUNDAY), (two, 2, None)]:
            turn(focus, level, ends_on)
            ada.refresh_from_db()
            seen.append((ada.cadence, ada.cadence_until))

    assert seen == [
        (Cadence.STRETCH, None),
        (Cadence.STEADY, None),
        (Cadence.LIGHT, SUNDAY),
        (Cadence.STEADY, None),
    ]


def test_a_week_is_taken_from_the_stock_when_the_last_focus_turns_light(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        one, two = focuses_of(ada)
        Dial.objects.filter(focus__enrolment=ada).delete()

        assert turn(one, 1, SUNDAY).is_reserve is False
        assert turn(two, 1, SUNDAY).is_reserve is True
        assert turn(two, 0, SUNDAY).is_reserve is False  # the week is spent once


def test_the_fourth_light_week_is_allowed_and_is_not_a_reserve_week(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        one, two = focuses_of(ada)
        archive_focus(focus=two, today=two.started_on, by=cast.ada, now=NOW)
        Dial.objects.filter(focus__enrolment=ada).delete()
        spent = [
            turn(one, 1, SUNDAY + timedelta(weeks=week), today=TODAY + timedelta(weeks=week)).is_reserve
            for week in range(4)
        ]

    assert spent == [True, True, True, False]


def test_a_dial_ends_with_the_ninety_days_at_the_latest(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        ada.pauses.all().delete()
        ada.cohort.pauses.all().delete()
        focus, last = focuses_of(ada)[0], ada.day1_on + timedelta(days=89)

        assert turn(focus, Cadence.STRETCH, last).ends_on == last
        with pytest.raises(Invalid, match="your ninety days end then"):
            turn(focus, Cadence.STRETCH, last + timedelta(days=1))

        away = TODAY + timedelta(days=3)
        Pause.objects.create(cohort=ada.cohort, enrolment=ada, starts_on=away, ends_on=away + timedelta(days=6))
        assert turn(focus, Cadence.STRETCH, last + timedelta(days=7)).ends_on == last + timedelta(days=7)


def test_after_the_ninety_days_a_dial_holds_for_the_week(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        focus, later = focuses_of(ada)[0], ada.day1_on + timedelta(days=200)

        assert turn(focus, Cadence.LIGHT, today=later).ends_on == sunday_of(later)
        with pytest.raises(Invalid, match="your ninety days end then"):
            turn(focus, Cadence.LIGHT, sunday_of(later) + timedelta(days=1), today=later)


def test_focuses_and_dials_are_changed_only_by_their_leader(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        focus = focuses_of(ada)[0]
        for other in (cast.sol, cast.hana, cast.bo):
            with pytest.raises(NotYours):
                set_dial(focus=focus, level=1, ends_on=None, today=TODAY, by=other, now=NOW)
            with pytest.raises(NotYours):
                archive_focus(focus=focus, today=TODAY, by=other, now=NOW)


def test_visible_to_and_may_see_say_the_same_for_everybody(cast: Cast) -> None:
    for house in cast.houses.values():
        with within(house.organisation):
            everything = list(Focus.objects.select_related("enrolment"))
            for member in house.members.values():
                seen = {each.pk for each in everything if may_see_focus(member, each)}
                assert set(Focus.objects.visible_to(member).values_list("pk", flat=True)) == seen


def test_another_leaders_focus_is_404_like_a_missing_one(client_for: Clients, cast: Cast) -> None:
    keys = [10**9]
    for leader in (cast.bo, cast.zoe):
        with within(leader.organisation_id):
            keys.append(focuses_of(cast.enrolment(leader))[0].pk)
    client = client_for(cast.ada)

    for name in ("dial", "focus_archiving", "focus_return"):
        assert [client.post(client.url(name, key)).status_code for key in keys] == [404, 404, 404]
    assert [client.get(client.url("focus_wording", key)).status_code for key in keys] == [404, 404, 404]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"cue": "When the queue turns red,", "response": "I will wait."}, ("the queue turns red", "wait")),
        ({"cue": "når køen blir rød", "response": "skal jeg vente"}, ("køen blir rød", "vente")),
        ({"cue": "  the  queue ", "response": "I'll  wait"}, ("the queue", "wait")),
    ],
)
def test_opening_words_typed_as_well_are_not_read_twice(typed: dict[str, str], kept: tuple[str, str]) -> None:
    form = FocusForm({"behaviour": "clear", **typed})

    assert form.is_valid()
    assert (form.cleaned_data["cue"], form.cleaned_data["response"]) == kept


@pytest.mark.parametrize("typed", [{"cue": "When "}, {"response": "…" * 161}, {"behaviour": "loud"}, {"cue": ""}])
def test_a_plan_needs_both_halves_and_a_behaviour(typed: dict[str, str]) -> None:
    assert set(FocusForm({**PLAN, **typed}).errors) == set(typed)


def test_one_tap_on_the_dial_answers_with_the_card_and_the_week(
    client_for: Clients, cast: Cast, ada: Enrolment
) -> None:
    with within(cast.acme):
        one, two = focuses_of(ada)
        archive_focus(focus=one, today=one.started_on, by=cast.ada, now=NOW)
    client = client_for(cast.ada)

    page = client.post(client.url("dial", two.pk), {"level": "0"}, headers={"HX-Request": "true"}).content.decode()

    assert f'id="focus-{two.pk}"' in page
    assert "Reserve week 1 of 3. Back to Steady on Monday." in page
    with within(cast.acme):
        turned = Dial.objects.filter(focus=two).latest("pk")
    assert f'action="/o/acme/focuses/dials/{turned.pk}/undoing/"' in page


def test_undo_sets_the_dial_to_where_it_stood_and_no_week_is_spent(
    client_for: Clients, cast: Cast, ada: Enrolment
) -> None:
    with within(cast.acme):
        one, two = focuses_of(ada)
        archive_focus(focus=one, today=one.started_on, by=cast.ada, now=NOW)
        set_dial(focus=two, level=Cadence.STRETCH, ends_on=None, today=TODAY - timedelta(days=1), by=cast.ada, now=NOW)
        turned = set_dial(focus=two, level=Cadence.RESTING, ends_on=None, today=TODAY, by=cast.ada, now=NOW)
    client = client_for(cast.ada)

    page = client.post(client.url("dial_undoing", turned.pk), headers={"HX-Request": "true"}).content.decode()

    with within(cast.acme):
        ada.refresh_from_db()
        assert (two.level_on(TODAY), ada.cadence) == (Cadence.STRETCH, Cadence.STRETCH)
        assert light_weeks([each.life for each in focuses_of(ada)], TODAY) == []
    assert "Reserve week" not in page


def test_a_turn_of_another_day_or_turned_again_is_not_undone(cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        focus = focuses_of(ada)[0]
        turns = [
            set_dial(focus=focus, level=level, ends_on=None, today=TODAY, by=cast.ada, now=NOW)
            for level in (Cadence.LIGHT, Cadence.STRETCH)
        ]
        for dial, today in ((turns[0], TODAY), (turns[1], TODAY + timedelta(days=1))):
            with pytest.raises(NotNow):
                take_back_dial(dial=dial, today=today, by=cast.ada, now=NOW)
        with pytest.raises(NotYours):
            take_back_dial(dial=turns[1], today=TODAY, by=cast.sol, now=NOW)


def test_a_day_gone_by_is_refused_on_the_card(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        focus = focuses_of(ada)[0]
    client = client_for(cast.ada)
    answer = {"level": "1", "ends_on": str(TODAY - timedelta(days=1))}

    page = client.post(client.url("dial", focus.pk), answer, headers={"HX-Request": "true"}).content.decode()

    assert "Choose today or a later day." in page


def test_a_starter_of_the_curriculum_fills_the_form(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Cohort.objects.update(version=load_curriculum())
        Focus.objects.filter(enrolment=ada).update(archived_on=TODAY)
    client = client_for(cast.ada)

    chosen = client.get(client.url("focus_new"), {"behaviour": "encouraging"})
    filled = client.get(client.url("focus_new"), {"behaviour": "encouraging", "starter": "complaint"})

    assert len(chosen.context["plans"]) == 9
    assert filled.context["form"].initial["cue"] == "someone has taken a harsh complaint"


def test_a_starter_in_another_language_is_marked(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    plan = {"en": {"cue": "When a caller shouts", "response": "I will wait"}}
    with within(cast.acme):
        version = make.CurriculumVersionFactory(starters={"clear": {"complaint": plan, "queue": {}}})
        Cohort.objects.update(version=version)
        Focus.objects.filter(enrolment=ada).update(archived_on=TODAY)
    Person.objects.filter(pk=cast.ada.person_id).update(language="nb")
    client = client_for(cast.ada)

    page = client.get(client.url("focus_new"), {"behaviour": "clear"}).content.decode()

    assert page.count("starter=") == page.count("starter=complaint") == 1
    assert '<span lang="en">When a caller shouts, I will wait.</span>' in page
    assert '<span class="tag" lang="nb">' in page


def test_picking_leads_back_to_where_it_began(client_for: Clients, cast: Cast, ada: Enrolment) -> None:
    with within(cast.acme):
        Focus.objects.filter(enrolment=ada).update(archived_on=TODAY)
    client = client_for(cast.ada)

    first = client.post(client.url("focus_new") + "?from=welcome", PLAN)
    second = client.post(client.url("focus_new"), {**PLAN, "cue": "another"}, headers={"HX-Request": "true"})

    assert first.headers["Location"] == "/o/acme/welcome/"
    assert second.headers["HX-Redirect"] == "/o/acme/focuses/"


def test_page_queries_do_not_grow_with_focuses(
    client_for: Clients, cast: Cast, same_queries_at_1_and_30: Callable[..., int], ada: Enrolment
) -> None:
    client = client_for(cast.ada)

    def make_row(_number: int) -> None:
        with within(cast.acme):
            focus = make.FocusFactory(enrolment=ada, archived_on=TODAY)
            make.DialFactory(focus=focus)

    assert same_queries_at_1_and_30(lambda: client.get(client.url("focuses")), make_row) <= 12
