"""A talk planned with a template brings its agenda and boxes; where the leader goes first, nobody reads ahead."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from coaching.meetings import boxes
from coaching.meetings.actions.boxes import save_box, skip_own_view
from coaching.meetings.actions.sessions import plan_session
from coaching.meetings.boxes import filled_boxes
from coaching.models import Acknowledgement, Agreement, Pairing, Session, SessionText
from coaching.talk_templates.files import SHIPPED, template
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import NOW

Clients = Callable[..., OrganisationClient]


@pytest.fixture
def house(cast: Cast) -> Iterator[None]:
    with within(cast.acme):
        yield


@pytest.fixture
def talk(cast: Cast) -> Session:
    """Ada and Sol listen side by side."""
    with within(cast.acme):
        pairing = Pairing.objects.select_related("leader", "partner").get(leader=cast.ada, partner=cast.sol)
        return plan(pairing, cast.sol, "side-by-side")


def plan(pairing: Pairing, by: Membership, key: str) -> Session:
    return plan_session(pairing=pairing, starts_at=NOW, minutes=30, place="", key=uuid4(), by=by, now=NOW, template=key)


def write(talk: Session, by: Membership, part: str, text: str) -> SessionText:
    return save_box(session=talk, part=part, text=text, by=by, now=NOW)


def read(talk: Session, member: Membership) -> dict[str, str]:
    return {each.box.key: each.words for each in filled_boxes(talk, member) if each.words}


def test_a_template_brings_its_agenda_and_kind(house: None, talk: Session, cast: Cast) -> None:
    agenda = list(talk.agenda.values_list("raised_by", "minutes"))

    assert (talk.kind, talk.template, talk.template_version) == ("side_by_side", "side-by-side", 2)
    assert agenda == [
        (None, 2),
        (None, 8),
        (cast.ada.pk, 5),
        (cast.sol.pk, 6),
        (None, 5),
        (cast.ada.pk, 4),
    ]


def test_what_was_left_for_next_time_comes_before_the_template(house: None, cast: Cast) -> None:
    pairing = Pairing.objects.select_related("leader", "partner").get(leader=cast.ada, partner=cast.sol)
    held = pairing.sessions.get(state="held")
    make.AgendaItemFactory(session=held, text="The night rota", state="next_time")

    texts = list(plan(pairing, cast.ada, "grow").agenda.values_list("text", flat=True))

    assert len(texts) == 5
    assert texts[0] == "The night rota"


@pytest.mark.parametrize("key", ["three-way", "drop-in", "listening-calibration", "nonsense"])
def test_a_sponsor_cannot_plan_a_talk_of_another_kind(house: None, cast: Cast, key: str) -> None:
    pairing = Pairing.objects.select_related("leader", "partner").get(leader=cast.ada, partner=cast.sol)
    with pytest.raises(Invalid):
        plan(pairing, cast.sol, key)


def test_the_partner_is_not_read_before_the_leader_is_in(house: None, talk: Session, cast: Cast) -> None:
    write(talk, cast.sol, "moment", "She said: I see why that annoys you.")

    assert read(talk, cast.ada) == {}
    assert list(read(talk, cast.sol)) == ["moment"]
    write(talk, cast.ada, "own-view", "I slowed down.")
    assert list(read(talk, cast.ada)) == ["own-view", "moment"]


def test_shared_boxes_wait_for_the_leader(house: None, talk: Session, cast: Cast) -> None:
    for each in (cast.sol, cast.ada):
        with pytest.raises(NotNow, match="Ada writes first"):
            write(talk, each, "strength", "Calm")

    write(talk, cast.ada, "own-view", "I slowed down.")
    write(talk, cast.sol, "strength", "Calm")

    assert read(talk, cast.ada)["strength"] == "Calm"


def test_a_leader_who_skips_opens_the_other_boxes(house: None, talk: Session, cast: Cast) -> None:
    write(talk, cast.sol, "moment", "She said: I see.")
    with pytest.raises(NotYours):
        skip_own_view(session=talk, by=cast.sol, now=NOW)

    skip_own_view(session=talk, by=cast.ada, now=NOW)

    assert read(talk, cast.ada) == {"moment": "She said: I see."}
    assert write(talk, cast.ada, "own-view", "After all").text == "After all"


def test_nobody_writes_in_the_box_of_the_other(house: None, talk: Session, cast: Cast) -> None:
    with pytest.raises(NotNow):
        write(talk, cast.sol, "own-view", "She was tense.")
    with pytest.raises(NotNow):
        write(talk, cast.ada, "moment", "I was great.")
    with pytest.raises(NotYours):
        write(talk, cast.hana, "own-view", "Hm")


def test_a_box_holds_as_much_as_its_template_says(house: None, talk: Session, cast: Cast) -> None:
    with pytest.raises(Invalid):
        write(talk, cast.ada, "own-view", "x" * 1501)


def test_a_box_changed_after_the_answer_keeps_its_words(house: None, talk: Session, cast: Cast) -> None:
    first = write(talk, cast.ada, "own-view", "Before")
    Acknowledgement.objects.create(session=talk, saw_it_so=True, at=NOW)

    write(talk, cast.ada, "own-view", "After")

    assert list(first.versions.values_list("text", flat=True)) == ["Before"]


def test_a_talk_keeps_its_version_when_a_newer_one_comes(
    house: None, talk: Session, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And when the template is withdrawn: the third version is offered for no kind of talk."""
    write(talk, cast.ada, "own-view", "I slowed down.")
    text = (SHIPPED / "side-by-side" / "2.yaml").read_text(encoding="utf-8")
    (tmp_path / "side-by-side").mkdir()
    (tmp_path / "side-by-side" / "2.yaml").write_text(text, encoding="utf-8")
    newer = text.replace("version: 2", "version: 3").replace("key: own-view", "key: another-view")
    (tmp_path / "side-by-side" / "3.yaml").write_text(newer.replace("kinds: [side_by_side]", "kinds: []"), "utf-8")
    monkeypatch.setattr(boxes, "template", lambda key, version: template(key, version, shelf=tmp_path))

    assert list(read(talk, cast.ada)) == ["own-view"]


def test_a_page_shows_each_of_the_two_their_boxes(talk: Session, cast: Cast, client_for: Clients) -> None:
    ada, sol = client_for(cast.ada), client_for(cast.sol)
    moment, own = (ada.url("session_box", talk.pk, part) for part in ("moment", "own-view"))
    sol.post(moment, {"text": "She said: I see."})
    before = ada.get(ada.url("session", talk.pk)).content.decode()
    ada.post(own, {"text": "I slowed down."})
    after = ada.get(ada.url("session", talk.pk)).content.decode()

    assert "Opens when you have written how you see it" in before
    assert "She said: I see." not in before
    assert "She said: I see." in after
    assert sol.post(own, {"text": "Hm"}).status_code == 409
    assert ada.post(own, {"text": "x" * 1501}).status_code == 422
    assert ada.post(ada.url("session_box", talk.pk, "nowhere"), {"text": "x"}).status_code == 404


def test_two_who_type_in_one_box_see_the_words_of_both(talk: Session, cast: Cast, client_for: Clients) -> None:
    ada, sol = client_for(cast.ada), client_for(cast.sol)
    ada.post(ada.url("session_skipping", talk.pk))
    page = sol.get(sol.url("session", talk.pk))
    [opened] = [form["opened"].value() for filled, form in page.context["boxes"] if filled.box.key == "strength"]
    address = ada.url("session_box", talk.pk, "strength")
    ada.post(address, {"text": "Patience"})

    answer = sol.post(address, {"text": "Calm", "opened": opened})

    assert answer.status_code == 422
    assert "Patience" in answer.content.decode()
    assert "Calm" in answer.content.decode()


def test_work_waits_for_three_signatures(house: None, cast: Cast) -> None:
    """Ada alone has signed the agreement with Cleo."""
    pairing = Pairing.objects.select_related("leader", "partner").get(leader=cast.ada, partner=cast.cleo)
    for key in ("", "grow", "side-by-side"):
        with pytest.raises(NotNow, match="waits for signatures"):
            plan(pairing, cast.cleo, key)
    assert plan(pairing, cast.cleo, "first-meeting").kind == "one_to_one"
    assert plan(pairing, cast.ada, "three-way").kind == "three_way"

    Agreement.objects.filter(pairing=pairing).update(in_force=1, newest=2)

    assert plan(pairing, cast.cleo, "grow").template == "grow"


def test_a_stopped_agreement_holds_up_no_talk(house: None, cast: Cast) -> None:
    pairing = Pairing.objects.select_related("leader", "partner").get(leader=cast.ada, partner=cast.cleo)
    Agreement.objects.filter(pairing=pairing).update(stopped_at=NOW)

    assert plan(pairing, cast.cleo, "").pairing == pairing
