"""A handover note: chosen by the leader, read exactly as previewed, and nothing else of earlier talks goes along."""

import pytest
from django.urls import reverse

from coaching.mentors.actions.handover import NotAsShown, hand_over, preview, take_note_away
from coaching.models import (
    Acknowledgement,
    Action,
    AgendaItem,
    Pairing,
    Session,
    SessionText,
)
from cohorts.models import AuditEntry, Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.architecture.routes import address, inside, keys
from tests.times import NOW

EARLIER = "acme bait coach ada"  # what Ada and Cleo wrote


@pytest.fixture
def opened(acme):
    with within(acme):
        yield acme


@pytest.fixture
def meanings(cast, opened):
    """The keys in addresses, named before there is a second coach."""
    return keys(cast.houses["acme"])


@pytest.fixture
def change(cast, opened, meanings):
    """Ada's coach was Cleo; now it is Nora."""
    Pairing.objects.filter(leader=cast.ada, kind="coach").update(state="ended", ends_on=NOW.date())
    nora = make.MembershipFactory(name="Nora New", roles=["coach"], person__email="nora@acme.test")
    make.MentorProfileFactory(member=nora)
    return make.PairingFactory(kind="coach", leader=cast.ada, partner=nora)


def earlier_action(cast):
    return Action.objects.get(pairing__leader=cast.ada, pairing__kind="coach")


def choose(cast, pairing, **more):
    return {"pairing": pairing, "behaviours": ["clear"], "actions": [], "sentence": "", "by": cast.ada, **more}


def test_the_note_is_exactly_what_was_previewed(cast, change):
    chosen = choose(cast, change, actions=[earlier_action(cast).pk], sentence=" Ask me short questions. ")
    text = preview(**chosen)

    hand_over(**chosen, shown=text, now=NOW)

    change.refresh_from_db()
    assert change.handover == text
    assert text == "Worked on: Clear.\n\nStill open:\n– acme bait coach ada action\n\nAsk me short questions."


def test_what_changed_after_the_preview_is_shown_again(cast, change):
    action = earlier_action(cast)
    chosen = choose(cast, change, actions=[action.pk])
    text = preview(**chosen)
    Action.objects.filter(pk=action.pk).update(text="Reworded since")

    with pytest.raises(NotAsShown) as refusal:
        hand_over(**chosen, shown=text, now=NOW)

    assert "Reworded since" in refusal.value.text
    assert Pairing.objects.get(pk=change.pk).handover == ""


def test_a_later_change_of_an_action_does_not_reach_the_note(cast, change):
    action = earlier_action(cast)
    chosen = choose(cast, change, actions=[action.pk])
    hand_over(**chosen, shown=preview(**chosen), now=NOW)
    Action.objects.filter(pk=action.pk).update(text="Reworded since")

    assert "Reworded" not in Pairing.objects.get(pk=change.pk).handover


def test_only_the_leaders_own_themes_and_actions_can_be_ticked(cast, change):
    foreign = Action.objects.get(pairing__leader=cast.bo)

    for wrong in ({"actions": [foreign.pk]}, {"behaviours": ["encouraging"]}):
        with pytest.raises(Invalid):
            preview(**choose(cast, change, **wrong))


def test_an_empty_note_and_one_too_long_are_refused(cast, change):
    with pytest.raises(Invalid):
        preview(**choose(cast, change, behaviours=[]))
    session = Session.objects.filter(pairing__leader=cast.ada, pairing__kind="coach").first()
    keys_ = [make.ActionFactory(session=session, text="x" * 199).pk for _ in range(11)]
    with pytest.raises(Invalid, match="too long"):
        preview(**choose(cast, change, actions=keys_))


@pytest.mark.parametrize("who", ["cleo", "sol", "hana", "partner"])
def test_nobody_but_the_leader_hands_over(cast, change, who):
    by = change.partner if who == "partner" else getattr(cast, who)

    with pytest.raises(NotYours):
        preview(**choose(cast, change, by=by))
    with pytest.raises(NotYours):
        take_note_away(pairing=change, by=by, now=NOW)


def test_an_ended_pairing_gets_no_note(cast, change):
    ended = Pairing.objects.select_related("leader", "partner").get(leader=cast.ada, partner=cast.cleo)

    with pytest.raises(NotNow):
        preview(**choose(cast, ended))


def test_the_trail_says_that_a_note_was_given_and_nothing_of_it(cast, change):
    chosen = choose(cast, change, sentence="private words")
    hand_over(**chosen, shown=preview(**chosen), now=NOW)

    entry = AuditEntry.objects.latest("number")
    assert (entry.verb, entry.details) == ("handed over", {})


def test_a_new_partner_finds_nothing_of_earlier_talks_by_query(cast, change):
    nora = change.partner
    chosen = choose(cast, change, sentence="One sentence")
    hand_over(**chosen, shown=preview(**chosen), now=NOW)

    assert list(Pairing.objects.visible_to(nora)) == [change]
    assert not Session.objects.visible_to(nora).exists()
    assert not Action.objects.visible_to(nora).exists()
    mine = {"session__pairing__in": Pairing.objects.visible_to(nora)}
    assert not SessionText.objects.filter(**mine).exists()
    assert not AgendaItem.objects.filter(**mine).exists()
    assert not Acknowledgement.objects.filter(**mine).exists()


def test_a_new_partner_reads_nothing_of_earlier_talks_on_any_page(cast, change, meanings, client_for):
    """Every page there is, with the keys of Ada's things and with those of her talks with Cleo."""
    chosen = choose(cast, change, sentence="Only this sentence of before")
    hand_over(**chosen, shown=preview(**chosen), now=NOW)
    earlier = Session.objects.filter(pairing__leader=cast.ada, pairing__kind="coach").earliest("pk")
    of_before = {"pairings": earlier.pairing_id, "sessions": earlier.pk, "actions": earlier_action(cast).pk}
    of_now = {"pairings": change.pk}
    client, before, read = client_for(change.partner), client_for(cast.ada), []
    client.raise_request_exception = False

    for route in inside():
        for named in (of_before, of_now):
            answer = client.get(address(route, meanings | named))
            text = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
            read.append(text)
            assert EARLIER not in text, route.name

    assert any("Only this sentence of before" in text for text in read)
    own = before.get(f"/o/acme{reverse('session', urlconf='programme.organisation_urls', args=[earlier.pk])}")
    assert EARLIER in own.content.decode()  # the control: the leader reads it there


def test_a_former_coach_reads_nothing_of_the_new_talks(cast, change):
    make.SessionFactory(pairing=change)

    assert change not in Pairing.objects.visible_to(cast.cleo)
    assert not Session.objects.visible_to(cast.cleo).filter(pairing=change).exists()


def test_the_leader_keeps_their_history_when_the_coach_is_gone(cast, change, client_for):
    Membership.objects.filter(pk=cast.cleo.pk).update(left_at=NOW, roles=[])
    held = Session.objects.get(pairing__leader=cast.ada, pairing__kind="coach", state="held")

    page = client_for(cast.ada).get(f"/o/acme/sessions/{held.pk}/")

    assert page.status_code == 200
    assert "acme bait coach ada shared note" in page.content.decode()
