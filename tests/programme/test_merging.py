"""Merging two memberships of one person: what is theirs moves, nobody sees more, and no foreign key is forgotten."""

from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.apps import apps
from django.db import models

from coaching.meetings.private_notes import keep_own_note, own_note
from coaching.models import Pairing, Session
from cohorts.mail.message import whole_message
from cohorts.models import AccountMail, AddressCorrection, AuditEntry, Enrolment, Membership
from cohorts.people.actions.access import suspend
from cohorts.people.actions.addresses import move_to_address
from cohorts.people.actions.members import invite_back
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from feedback360.models import Rater, Request
from goals.models import Reflection, Share, Team
from programme.membership.correction import ask_merge, carry_out_corrections, correct, open_correction, stop_correction
from programme.membership.merge_table import TABLE, WORDS_WHERE_LEFT, Clash, Way
from programme.membership.merging import Merged, merge, rehearse
from tests import factories as make
from tests.api.client import Program, key_of
from tests.cast import ROLES, Cast
from tests.times import NOW

DAY = timedelta(hours=24)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def twin(cast: Cast) -> Membership:
    """Somebody invited under a second address, who never came in."""
    with within(cast.acme):
        person = make.PersonFactory(email="twin@acme.test")
        member = make.MembershipFactory(person=person, name="The Twin", roles=["sponsor"])
        make.InvitationFactory(membership=member)
    return member


def one_of(cast: Cast, kept: Membership, gone: Membership, *, by: Membership | None = None) -> Merged:
    with within(cast.acme):
        return merge(kept=kept, gone=gone, by=by or cast.olav, now=NOW)


def again(cast: Cast, member: Membership) -> Membership:
    with within(cast.acme):
        return Membership.objects.select_related("person").get(pk=member.pk)


def _keys_of_the_models() -> dict[tuple[str, str], bool]:
    """Every key to a membership, and whether a constraint says that it is once."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model is Membership:
                once = [each for each in model._meta.constraints if isinstance(each, models.UniqueConstraint)]
                found[model._meta.label_lower, field.name] = any(field.name in each.fields for each in once)
    return found


def test_every_key_to_a_membership_is_decided() -> None:
    assert {(key.model, key.field) for key in TABLE} == _keys_of_the_models().keys()
    assert len({(key.model, key.field) for key in TABLE}) == len(TABLE)


def test_what_is_said_of_rows_that_stay_is_of_rows_that_can_stay() -> None:
    assert WORDS_WHERE_LEFT.keys() <= {key.name for key in TABLE if key.clash == Clash.STAYS}


def test_every_key_that_is_once_says_what_a_clash_does() -> None:
    once = _keys_of_the_models()

    undecided = [
        key for key in TABLE if key.way == Way.MOVES and once[key.model, key.field] == (key.clash == Clash.NEVER)
    ]

    assert undecided == []


@pytest.mark.parametrize("name", sorted(ROLES["acme"].keys() - {"olav"}))
def test_everything_of_ones_own_moves(name: str, cast: Cast, twin: Membership) -> None:
    gone = getattr(cast, f"{name}_at_acme")
    with within(cast.acme):
        before = {key: _count(key.model, key.field, gone) for key in TABLE if key.way == Way.MOVES}
        places = list(Enrolment.objects.filter(leader=gone).values_list("pk", flat=True))
        written = Reflection.objects.filter(enrolment__in=places).count()

    done = one_of(cast, twin, gone)

    with within(cast.acme):
        assert {key: _count(key.model, key.field, gone) for key in before if _count(key.model, key.field, gone)} == {}
        assert {key: _count(key.model, key.field, twin) for key in before} == before
        assert list(Enrolment.objects.filter(leader=twin).values_list("pk", flat=True)) == places
        assert Reflection.objects.filter(enrolment__leader=twin).count() == written
        assert AuditEntry.objects.filter(verb="merged members", thing_id=twin.pk).count() == 1
    assert not done.left
    assert again(cast, gone).left_at == NOW
    assert set(again(cast, twin).roles) == {"sponsor", *(set(gone.roles) - {"admin"})}


def _count(model: str, name: str, member: Membership) -> int:
    if model == "coaching.privatenote":
        return 0  # behind a wall of its own: see below
    return apps.get_model(model)._default_manager.filter(**{name: member}).count()


def test_own_notes_go_along_and_are_readable_by_nobody_else(cast: Cast, twin: Membership) -> None:
    with within(cast.acme):
        session = Session.objects.filter(pairing__leader=cast.ada, pairing__kind="sponsor").first()
        keep_own_note(session=session, text="only mine", by=cast.ada, now=NOW)

    one_of(cast, twin, cast.ada)

    with within(cast.acme):
        assert own_note(session, twin).text == "only mine"
        assert own_note(session, cast.ada).text == ""
        assert own_note(session, cast.sol).text != "only mine"


def test_nobody_is_their_own_sponsor(cast: Cast) -> None:
    """Sol is Ada's sponsor."""
    done = one_of(cast, cast.ada, cast.sol)

    with within(cast.acme):
        assert Enrolment.objects.get(leader=cast.ada).sponsor is None
        assert not Pairing.objects.active().filter(leader=cast.ada, partner=cast.ada).exists()
        assert not Pairing.objects.active().filter(leader=cast.ada, partner=cast.sol).exists()
    assert any("own sponsor" in sentence for sentence in done.decided)


def test_nobody_is_their_own_manager(cast: Cast, twin: Membership) -> None:
    one_of(cast, cast.sol, cast.mia)

    assert again(cast, cast.sol).manager_id is None
    assert again(cast, cast.max).manager_id == cast.sol.pk


def test_nobody_rates_themself_or_twice(cast: Cast, twin: Membership) -> None:
    with within(cast.acme):
        asked = Request.objects.filter(subject__round__state="collecting", state="asked", relation="team").first()
        Rater.objects.filter(pk=asked.rater_id).update(membership=twin)
        leader = asked.subject.enrolment.leader

    one_of(cast, leader, twin)

    with within(cast.acme):
        assert Request.objects.get(pk=asked.pk).state == "declined"


def test_two_on_their_ninety_days_are_not_merged(cast: Cast) -> None:
    with within(cast.acme):
        assert Enrolment.objects.walking().filter(leader__in=[cast.ada, cast.bo]).count() == 2
        with pytest.raises(NotNow, match="ninety days"):
            merge(kept=cast.ada, gone=cast.bo, by=cast.olav, now=NOW)


def test_a_place_left_in_the_same_cohort_stays_with_the_former_membership(cast: Cast) -> None:
    with within(cast.acme):
        Enrolment.objects.filter(leader=cast.bo).update(left_on=NOW.date())
        Team.objects.filter(leader=cast.bo).update(leader=cast.cleo)

    done = one_of(cast, cast.ada, cast.bo)

    assert done.left["cohorts.enrolment.leader"] == 1
    assert any("former membership" in sentence for sentence in done.decided)


def test_a_suspended_one_is_not_let_in_by_a_merge(cast: Cast, twin: Membership) -> None:
    with within(cast.acme):
        suspend(member=cast.cleo, by=cast.olav, now=NOW)
        with pytest.raises(NotNow, match="suspended"):
            merge(kept=twin, gone=cast.cleo, by=cast.olav, now=NOW)


def test_owner_and_admin_are_not_carried_over(cast: Cast, twin: Membership) -> None:
    done = one_of(cast, twin, cast.hana)

    assert again(cast, twin).roles == ["sponsor"]
    assert any("Not carried over" in sentence for sentence in done.decided)


def test_an_admin_merges_no_owner_and_the_last_owner_stays(cast: Cast, twin: Membership) -> None:
    with within(cast.acme):
        with pytest.raises(NotYours):
            merge(kept=cast.olav, gone=twin, by=cast.hana, now=NOW)
        with pytest.raises(NotNow, match="only owner"):
            merge(kept=twin, gone=cast.olav, by=cast.olav, now=NOW)


def test_links_in_mails_to_either_mailbox_are_dead(cast: Cast, twin: Membership) -> None:
    with within(cast.acme):
        Membership.objects.filter(pk=cast.ada.pk).update(link_version=7)

    one_of(cast, twin, cast.ada)

    assert again(cast, twin).link_version == 8


def test_what_was_shared_stays_shared_with_the_same_person_only(cast: Cast, twin: Membership) -> None:
    with within(cast.acme):
        readable = set(Share.objects.filter(reader=cast.sol).values_list("pk", flat=True))

    one_of(cast, twin, cast.sol)

    with within(cast.acme):
        assert set(Share.objects.filter(reader=twin).values_list("pk", flat=True)) == readable


def test_a_rehearsal_changes_nothing(cast: Cast, twin: Membership) -> None:
    with within(cast.acme):
        entries = AuditEntry.objects.count()
        done = rehearse(kept=twin, gone=cast.ada, by=cast.olav, now=NOW)

        assert done.had.places == 1
        assert AuditEntry.objects.count() == entries
        assert Enrolment.objects.filter(leader=cast.ada).exists()
    assert again(cast, cast.ada).left_at is None


def ask(cast: Cast, member: Membership, email: str, stays: str) -> AddressCorrection | None:
    with within(cast.acme):
        merging = ask_merge(member=member, email=email, stays=stays, by=cast.hana, now=NOW)
        return open_correction(merging.gone)


@pytest.mark.parametrize("state", ["asked", "answered", "declined"])
def test_a_preview_does_not_tell_who_answered(state: str, cast: Cast, twin: Membership) -> None:
    with within(cast.acme):
        request = Request.objects.filter(subject__round__state="collecting", state="asked", relation="team").first()
        Rater.objects.filter(pk=request.rater_id).update(membership=twin)
        leader = request.subject.enrolment.leader
        expected = rehearse(kept=leader, gone=twin, by=cast.olav, now=NOW).decided
        Request.objects.filter(pk=request.pk).update(state=state)

        assert rehearse(kept=leader, gone=twin, by=cast.olav, now=NOW).decided == expected
    assert any("360" in sentence for sentence in expected)


def test_a_merge_goes_to_the_mailbox_that_was_shown(cast: Cast, twin: Membership) -> None:
    """Otherwise an admin could ask for a merge, and change the address of the member who stays before it happens."""
    ask(cast, cast.cleo, "twin@acme.test", "other")
    with within(cast.acme):
        with pytest.raises(Invalid, match="waiting already"):
            correct(member=twin, name=twin.name, email="eve@evil.test", by=cast.hana, now=NOW)
        move_to_address(member=twin, email="eve@evil.test", by=cast.hana, now=NOW)

        assert carry_out_corrections(now=NOW + DAY) == 0
    assert again(cast, cast.cleo).left_at is None


def test_an_address_that_never_came_in_ends_at_once(cast: Cast, twin: Membership) -> None:
    assert ask(cast, cast.sol, "TWIN@acme.test", "this") is None

    assert again(cast, twin).left_at == NOW
    told = {mail.address: mail.facts["reader"] for mail in AccountMail.objects.filter(kind="address_done")}
    assert told == {"twin@acme.test": "old", "sol@acme.test": "new"}
    with within(cast.acme), pytest.raises(NotNow, match="merged with"):
        invite_back(member=again(cast, twin), by=cast.hana, organisation=cast.acme, now=NOW)


def test_an_address_that_came_in_waits_a_day_and_can_be_stopped(cast: Cast, twin: Membership) -> None:
    """Or an admin would read a leader's reflections by merging them into a mailbox of their own."""
    waiting = ask(cast, cast.cleo, "twin@acme.test", "other")

    assert waiting is not None
    assert again(cast, cast.cleo).left_at is None
    assert {mail.address for mail in AccountMail.objects.filter(kind="address_asked")} == {
        "cleo@acme.test",
        "olav@acme.test",
    }
    with within(cast.acme):
        stop_correction(correction=waiting, by=None, now=NOW)
        assert carry_out_corrections(now=NOW + DAY) == 0


def test_a_merge_that_waited_is_carried_out(cast: Cast, twin: Membership) -> None:
    ask(cast, cast.cleo, "twin@acme.test", "other")

    with within(cast.acme):
        assert carry_out_corrections(now=NOW + DAY) == 1

    assert again(cast, cast.cleo).left_at is not None
    assert "coach" in again(cast, twin).roles


def test_a_merge_that_fits_no_more_is_stopped(cast: Cast, twin: Membership) -> None:
    waiting = ask(cast, cast.cleo, "twin@acme.test", "other")
    with within(cast.acme):
        Membership.objects.filter(pk=twin.pk).update(suspended_at=NOW)

        assert carry_out_corrections(now=NOW + DAY) == 0
        assert AddressCorrection.objects.get(pk=waiting.pk).stopped_at is not None
    assert again(cast, cast.cleo).left_at is None


@pytest.mark.parametrize("address", ["sol@acme.test", "zoe@zenith.test", "nobody@acme.test"])
def test_only_another_member_of_this_organisation_is_the_other_one(address: str, cast: Cast) -> None:
    with within(cast.acme), pytest.raises(Invalid, match="No other member"):
        ask_merge(member=cast.sol, email=address, stays="this", by=cast.hana, now=NOW)


def test_the_page_shows_what_happens_before_it_does(cast: Cast, twin: Membership, client_for: Callable) -> None:
    client = client_for(cast.hana)
    fields = {"email": "twin@acme.test", "stays": "this"}

    shown = client.post(client.url("member_merge", cast.sol.pk), fields)

    assert b"Merge two members" in shown.content
    assert again(cast, twin).left_at is None

    client.post(client.url("member_merge", cast.sol.pk), {**fields, "sure": "on"})

    assert again(cast, twin).left_at is not None


def test_a_program_sees_what_a_merge_does_before_it_does(cast: Cast, twin: Membership) -> None:
    program, where = Program(key_of(cast.olav)), f"members/{cast.sol.pk}/merge/"
    said = {"email": "twin@acme.test", "stays": "this"}
    shown = program.post(where, {**said, "dry_run": True})
    before = again(cast, twin).left_at
    done, repeated = (program.post(where, said, Idempotency_Key="once") for _time in range(2))
    later = program.post(where, said)

    assert (shown.status_code, before) == (200, None)
    assert shown.json() | {"dry_run": False} == done.json() == repeated.json()
    assert (done.json()["stays"], done.json()["ends"], done.json()["waits_until"]) == (cast.sol.pk, twin.pk, None)
    assert again(cast, twin).left_at is not None
    assert (later.status_code, later.json()["errors"][0]["field"]) == (422, "email")


def test_a_merge_by_program_waits_like_one_on_the_page(cast: Cast, twin: Membership) -> None:
    program = Program(key_of(cast.olav))
    asked = program.post(f"members/{cast.cleo.pk}/merge/", {"email": "twin@acme.test", "stays": "other"})

    assert asked.status_code == 200
    assert asked.json()["waits_until"] is not None
    with within(cast.acme):
        waiting = open_correction(cast.cleo)
        Membership.objects.filter(pk=twin.pk).update(roles=["admin"])
        carry_out_corrections(now=NOW + 2 * DAY)
        waiting.refresh_from_db()
    assert (waiting.by_program, waiting.done_at) == (True, None)
    assert again(cast, cast.cleo).left_at is None


@pytest.mark.parametrize("stays", ["this", "other"])
def test_a_program_merges_nobody_with_power(stays: str, cast: Cast, twin: Membership) -> None:
    program, said = Program(key_of(cast.olav)), {"email": "twin@acme.test", "stays": stays}

    assert program.post(f"members/{cast.hana.pk}/merge/", said).status_code == 403
    assert again(cast, twin).left_at is None


def test_the_mails_of_a_merge_speak_of_a_merge(cast: Cast, twin: Membership) -> None:
    """Both of those who read them, and every step: none speaks of a new address."""
    ask(cast, cast.cleo, "twin@acme.test", "other")
    with within(cast.acme):
        stop_correction(correction=open_correction(cast.cleo), by=cast.hana, now=NOW)
        ask_merge(member=cast.cleo, email="twin@acme.test", stays="other", by=cast.hana, now=NOW)
        carry_out_corrections(now=NOW + DAY)
    mails = AccountMail.objects.filter(kind__startswith="address_", facts__is_merge=True)

    assert {(mail.kind, mail.facts["reader"]) for mail in mails} == {
        *(("address_asked", each) for each in ("old", "owner")),
        *(("address_stopped", each) for each in ("old", "owner")),
        *(("address_done", each) for each in ("old", "new", "owner")),
    }
    texts = [written(mail) for mail in mails]
    assert [text for text in texts if "merge" not in text or "new address" in text] == []


def written(mail: AccountMail) -> str:
    """Its text, in English."""
    facts = {**mail.facts, "language": "en"}
    message = whole_message(
        f"account/{mail.kind}", facts, to=mail.address, language="en", message_id="1@acme.test", now=NOW
    )
    body = message_from_bytes(message, policy=policy.default).get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())
