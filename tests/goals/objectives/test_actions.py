"""Objectives from the first draft to the end: who may, what is refused, what is frozen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from cohorts.models import AuditEntry, Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from goals.models import Objective, ObjectiveState, Team, TeamMember
from goals.objectives.actions.agreeing import agree_objective, hide_from_team, show_to_team
from goals.objectives.actions.ending import close_objective, let_go_objective, take_up_objective
from goals.objectives.actions.progress import enter_reading, mark_milestone
from goals.objectives.actions.taking_part import note_voice, save_parts
from goals.objectives.actions.writing import change_objective, write_objective
from goals.objectives.facts import ObjectiveFacts
from goals.objectives.forms.objective import initial_of
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

DUE = TODAY + timedelta(days=60)


@pytest.fixture(autouse=True)
def _open(cast: Cast) -> Iterator[None]:
    with within(cast.acme):
        yield


@pytest.fixture
def team(cast: Cast) -> Team:
    return Team.objects.get(leader=cast.ada)


@pytest.fixture
def above(cast: Cast) -> Objective:
    return Objective.objects.get(place="department")


def facts(**values: object) -> ObjectiveFacts:
    said: dict = {"outcome": "Customers get it solved in the first contact", "course": "up", **values}
    return ObjectiveFacts(**said)


def measured(above: Objective, **values: object) -> ObjectiveFacts:
    numbers = {"measure": "FCR", "unit": "%", "baseline": Decimal(68), "target": Decimal(74)}
    return facts(**{**numbers, "parent": above, "due_on": DUE, **values})


def write(
    by: Membership, said: ObjectiveFacts, team: Team | None = None, place: str = "team", **more: object
) -> Objective:
    return write_objective(place=place, team=team, facts=said, by=by, today=TODAY, now=NOW, **more)


def facts_of(objective: Objective) -> ObjectiveFacts:
    said = initial_of(objective)
    return ObjectiveFacts(**{**said, "milestones": tuple(said["milestones"].splitlines())})


def agreed(by: Membership, team: Team, said: ObjectiveFacts) -> Objective:
    objective = write(by, said, team)
    agree_objective(objective=objective, by=by, today=TODAY, now=NOW)
    return objective


def test_a_leader_writes_for_their_own_team_only(cast: Cast, team: Team) -> None:
    objective = write(cast.ada, facts(), team)

    assert (objective.state, objective.team_id, objective.written_by_id) == ("draft", team.pk, cast.ada.pk)
    for other in (cast.bo, cast.sol, cast.hana):
        with pytest.raises(NotYours):
            write(other, facts(), team)


def test_only_admins_write_above_the_teams(cast: Cast) -> None:
    assert write(cast.hana, facts(), place="organisation").place == "organisation"
    assert write(cast.hana, facts(department="Sales"), place="department").department == "Sales"
    with pytest.raises(NotYours):
        write(cast.ada, facts(), place="organisation")
    with pytest.raises(Invalid):
        write(cast.hana, facts(), place="department")


def test_the_same_form_sent_twice_writes_one_objective(cast: Cast, team: Team) -> None:
    key = uuid4()
    first = write(cast.ada, facts(), team, key=key, edition=1)
    again = write(cast.ada, facts(outcome="Nobody waits longer than a minute"), team, key=key, edition=2)
    late = write(cast.ada, facts(), team, key=key, edition=1)

    assert first.pk == again.pk == late.pk
    assert Objective.objects.get(pk=first.pk).outcome == "Nobody waits longer than a minute"


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("outcome", {"outcome": " "}),
        ("outcome", {"outcome": "x" * 201}),
        ("why", {"why": "x" * 281}),
        ("course", {"course": "sideways"}),
        ("weight", {"weight": 0}),
        ("weight", {"weight": 4}),
        ("baseline", {"baseline": Decimal("NaN")}),
        ("target", {"target": Decimal("1e10")}),
        ("target", {"target": Decimal("1.23456")}),
        ("target", {"baseline": Decimal(70), "target": Decimal(70)}),
        ("target", {"baseline": Decimal(70), "target": Decimal(60)}),
        ("target", {"baseline": Decimal(60), "target": Decimal(70), "course": "down"}),
        ("tolerance", {"course": "hold", "target": Decimal(70)}),
        ("tolerance", {"course": "hold", "target": Decimal(70), "tolerance": Decimal(-1)}),
        ("due_on", {"due_on": TODAY}),
        ("due_on", {"due_on": TODAY + timedelta(days=1828)}),
        ("baseline_on", {"baseline_on": TODAY + timedelta(days=1)}),
        ("milestones", {"course": "milestones", "milestones": ("The same", "the same")}),
        ("milestones", {"course": "milestones", "milestones": ("x" * 161,)}),
        ("milestones", {"course": "milestones", "milestones": tuple(str(each) for each in range(13))}),
    ],
)
def test_bad_values_of_an_objective_are_refused(cast: Cast, team: Team, field: str, values: dict) -> None:
    with pytest.raises(Invalid) as refusal:
        write(cast.ada, facts(**values), team)
    assert refusal.value.field == field


def test_a_share_has_a_target_in_per_cent(cast: Cast, team: Team) -> None:
    kpi = make.KpiFactory(unit="share")
    with pytest.raises(Invalid, match="between 0 and 100"):
        write(cast.ada, facts(kpi=kpi, target=Decimal(140)), team)


@pytest.mark.parametrize(
    ("field", "gone"),
    [
        ("measure", {"measure": ""}),
        ("due_on", {"due_on": None}),
        ("parent", {"parent": None}),
        ("measure", {"target": None}),
    ],
)
def test_only_measure_date_and_parent_block_agreeing(
    cast: Cast, team: Team, above: Objective, field: str, gone: dict
) -> None:
    objective = write(cast.ada, measured(above, **gone), team)
    with pytest.raises(Invalid) as refusal:
        agree_objective(objective=objective, by=cast.ada, today=TODAY, now=NOW)
    assert refusal.value.field == field

    vague = agreed(cast.ada, team, measured(above, outcome="Improve customer service"))
    assert (vague.state, vague.agreed_on) == ("agreed", TODAY)


def test_the_organisation_needs_no_objective_above_it(cast: Cast) -> None:
    objective = write(cast.hana, measured(above=None), place="organisation")
    agree_objective(objective=objective, by=cast.hana, today=TODAY, now=NOW)
    assert objective.state == ObjectiveState.AGREED


def test_what_holds_its_place_needs_no_start(cast: Cast, team: Team, above: Objective) -> None:
    said = measured(above, course="hold", baseline=None, tolerance=Decimal(5))
    assert agreed(cast.ada, team, said).state == "agreed"


def test_milestones_are_a_measure(cast: Cast, team: Team, above: Objective) -> None:
    said = measured(above, course="milestones", milestones=("The checklist is written", "Everybody has used it"))
    objective = agreed(cast.ada, team, said)

    assert list(objective.milestones.values_list("number", "text")) == [
        (1, "The checklist is written"),
        (2, "Everybody has used it"),
    ]
    assert (objective.target, objective.baseline) == (None, None)


def test_what_was_agreed_stays(cast: Cast, team: Team, above: Objective) -> None:
    objective = agreed(cast.ada, team, measured(above))
    said = facts_of(objective)
    frozen = {"measure": "CSAT", "target": Decimal(72), "baseline": Decimal(60), "weight": 3, "course": "hold"}
    for name, value in frozen.items():
        more = {"tolerance": Decimal(2)} if name == "course" else {}
        with pytest.raises(Invalid):
            change(objective, replace(said, **{name: value}, **more), cast.ada)
    for name in ("parent", "due_on"):
        with pytest.raises(Invalid, match="keeps a date"):
            change(objective, replace(said, **{name: None}), cast.ada)

    change(objective, replace(said, outcome="Solved at once", due_on=DUE + timedelta(days=7)), cast.ada)
    assert Objective.objects.get(pk=objective.pk).outcome == "Solved at once"


def test_postgresql_refuses_another_target_once_agreed(cast: Cast, team: Team, above: Objective) -> None:
    objective = agreed(cast.ada, team, measured(above))
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Objective.objects.filter(pk=objective.pk).update(target=80)


def change(objective: Objective, said: ObjectiveFacts, by: Membership) -> None:
    objective = Objective.objects.select_related("team", "parent", "kpi", "guardrail").get(pk=objective.pk)
    change_objective(objective=objective, facts=said, by=by, today=TODAY, now=NOW)


def test_nobody_else_changes_or_ends_an_objective(cast: Cast, team: Team, above: Objective) -> None:
    objective = agreed(cast.ada, team, measured(above))
    for other in (cast.bo, cast.sol, cast.hana):
        with pytest.raises(NotYours):
            change(objective, facts_of(objective), other)
        with pytest.raises(NotYours):
            let_go_objective(objective=objective, reason="no", on=TODAY, by=other, today=TODAY, now=NOW)
        with pytest.raises(NotYours):
            enter_reading(objective=objective, on=TODAY, value=Decimal(1), by=other, today=TODAY, now=NOW)
        with pytest.raises(NotYours):
            close_objective(objective=objective, by=other, today=TODAY, now=NOW)
        with pytest.raises(NotYours):
            take_up_objective(objective=objective, by=other, now=NOW)
        with pytest.raises(NotYours):
            agree_objective(objective=objective, by=other, today=TODAY, now=NOW)


def test_a_draft_is_shown_to_the_team_and_hidden_again(cast: Cast, team: Team) -> None:
    objective = write(cast.ada, facts(), team)
    for _ in range(2):
        show_to_team(objective=objective, by=cast.ada, now=NOW)
    assert objective.state == ObjectiveState.SHARED
    hide_from_team(objective=objective, by=cast.ada, now=NOW)
    assert objective.state == ObjectiveState.DRAFT

    show_to_team(objective=objective, by=cast.ada, now=NOW)
    make.ObjectiveVoiceFactory(objective=objective, member=team.members.first(), by_link=True)
    with pytest.raises(NotNow, match="has answered"):
        hide_from_team(objective=objective, by=cast.ada, now=NOW)


def test_an_objective_above_the_teams_is_not_shown_to_one(cast: Cast) -> None:
    objective = write(cast.hana, facts(), place="organisation")
    with pytest.raises(NotNow):
        show_to_team(objective=objective, by=cast.hana, now=NOW)


def test_letting_go_needs_a_reason_and_a_day(cast: Cast, team: Team, above: Objective) -> None:
    objective = agreed(cast.ada, team, measured(above))
    bad = [("reason", " ", TODAY), ("reason", "x" * 281, TODAY), ("on", "busy", TODAY + timedelta(days=1))]
    bad.append(("on", "busy", TODAY - timedelta(days=1)))  # before it was agreed
    for field, reason, on in bad:
        with pytest.raises(Invalid) as refusal:
            let_go_objective(objective=objective, reason=reason, on=on, by=cast.ada, today=TODAY, now=NOW)
        assert refusal.value.field == field

    let_go_objective(objective=objective, reason="A new system", on=TODAY, by=cast.ada, today=TODAY, now=NOW)
    assert (objective.state, objective.let_go_reason, objective.ended_on) == ("let_go", "A new system", TODAY)
    with pytest.raises(NotNow):
        enter_reading(objective=objective, on=TODAY, value=Decimal(1), by=cast.ada, today=TODAY, now=NOW)

    take_up_objective(objective=objective, by=cast.ada, now=NOW)
    assert (objective.state, objective.let_go_reason, objective.ended_on) == ("agreed", "", None)


def test_a_dropped_draft_is_a_draft_again(cast: Cast, team: Team) -> None:
    objective = write(cast.ada, facts(), team)
    let_go_objective(objective=objective, reason="Not now", on=TODAY, by=cast.ada, today=TODAY, now=NOW)
    take_up_objective(objective=objective, by=cast.ada, now=NOW)
    assert objective.state == ObjectiveState.DRAFT


def test_only_an_agreed_objective_is_closed(cast: Cast, team: Team, above: Objective) -> None:
    with pytest.raises(NotNow):
        close_objective(objective=write(cast.ada, facts(), team), by=cast.ada, today=TODAY, now=NOW)
    objective = agreed(cast.ada, team, measured(above))
    close_objective(objective=objective, by=cast.ada, today=TODAY, now=NOW)
    close_objective(objective=objective, by=cast.ada, today=TODAY, now=NOW)
    assert (objective.state, objective.ended_on) == ("done", TODAY)


def test_a_second_figure_of_a_day_replaces_the_first(cast: Cast, team: Team, above: Objective) -> None:
    objective = agreed(cast.ada, team, measured(above))
    for value in (70, 71):
        enter_reading(objective=objective, on=TODAY, value=Decimal(value), by=cast.ada, today=TODAY, now=NOW)

    assert [reading.value for reading in objective.readings.all()] == [71]
    verbs = AuditEntry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs)[-2:] == ["entered reading", "replaced reading"]


def test_no_figure_comes_from_the_future_or_beside_a_kpi(cast: Cast, team: Team, above: Objective) -> None:
    objective = agreed(cast.ada, team, measured(above))
    with pytest.raises(Invalid, match="has not come yet"):
        enter_reading(objective=objective, on=DUE, value=Decimal(1), by=cast.ada, today=TODAY, now=NOW)
    for said in (
        measured(above, kpi=make.KpiFactory(unit="seconds")),
        measured(above, course="milestones", milestones=("One",)),
    ):
        other = agreed(cast.ada, team, said)
        with pytest.raises(NotNow, match="not measured by a number"):
            enter_reading(objective=other, on=TODAY, value=Decimal(1), by=cast.ada, today=TODAY, now=NOW)


def test_a_milestone_is_ticked_and_opened_again(cast: Cast, team: Team, above: Objective) -> None:
    objective = agreed(cast.ada, team, measured(above, course="milestones", milestones=("One", "Two")))
    milestone = objective.milestones.first()
    mark_milestone(milestone=milestone, is_done=True, by=cast.ada, today=TODAY, now=NOW)
    assert milestone.done_on == TODAY
    mark_milestone(milestone=milestone, is_done=False, by=cast.ada, today=TODAY, now=NOW)
    assert milestone.done_on is None
    with pytest.raises(NotYours):
        mark_milestone(milestone=milestone, is_done=True, by=cast.bo, today=TODAY, now=NOW)


def test_reworded_milestones_keep_what_is_done(cast: Cast, team: Team, above: Objective) -> None:
    objective = write(cast.ada, measured(above, course="milestones", milestones=("One", "Two")), team)
    mark_milestone(milestone=objective.milestones.last(), is_done=True, by=cast.ada, today=TODAY, now=NOW)
    change(objective, replace(facts_of(objective), milestones=("Two", "Three")), cast.ada)

    assert list(objective.milestones.values_list("number", "text", "done_on")) == [
        (1, "Two", TODAY),
        (2, "Three", None),
    ]


def test_each_member_has_a_part_that_the_leader_writes(cast: Cast, team: Team) -> None:
    objective, member = write(cast.ada, facts(), team), team.members.get()
    save_parts(objective=objective, parts={member.pk: " Asks   once more "}, by=cast.ada, now=NOW)
    assert objective.parts.get().text == "Asks once more"
    save_parts(objective=objective, parts={member.pk: ""}, by=cast.ada, now=NOW)
    assert not objective.parts.exists()

    stranger = TeamMember.objects.exclude(team=team).first()
    with pytest.raises(Invalid, match="from this team"):
        save_parts(objective=objective, parts={stranger.pk: "something"}, by=cast.ada, now=NOW)
    for other in (cast.bo, cast.sol, cast.hana):
        with pytest.raises(NotYours):
            save_parts(objective=objective, parts={member.pk: "mine"}, by=other, now=NOW)


def test_the_leader_notes_what_a_member_said(cast: Cast, team: Team) -> None:
    objective, member = write(cast.ada, facts(), team), team.members.get()
    said = {"objective": objective, "member": member, "by": cast.ada, "now": NOW}
    first = note_voice(kind="question", words="Why me?", **said)
    again = note_voice(kind="question", words="Why me?", **said)
    assert first.pk == again.pk
    assert not first.by_link

    with pytest.raises(Invalid):
        note_voice(kind="question", words=" ", **said)
    with pytest.raises(Invalid):
        note_voice(kind="shouted", words="", **said)
    stranger = TeamMember.objects.exclude(team=team).first()
    with pytest.raises(Invalid, match="from this team"):
        note_voice(kind="seen", words="", **{**said, "member": stranger})
    with pytest.raises(NotYours):
        note_voice(kind="seen", words="", **{**said, "by": cast.sol})


def test_an_objective_cannot_watch_over_itself(cast: Cast, team: Team) -> None:
    objective = write(cast.ada, facts(), team)
    with pytest.raises(Invalid, match="watch over itself"):
        change(objective, replace(facts_of(objective), guardrail=objective), cast.ada)
