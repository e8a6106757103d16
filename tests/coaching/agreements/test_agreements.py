"""A three-way agreement holds when all three signed one version; a change is the next version."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from coaching.agreements.actions.agreements import (
    AgreedWords,
    begin_agreement,
    change_agreement,
    resume_agreement,
    sign,
    stop_agreement,
    take_back_signature,
)
from coaching.agreements.reading import standing_of
from coaching.models import Agreement, AgreementVersion, Pairing
from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests import factories as make
from tests.cast import Cast
from tests.times import NOW, TODAY

WORDING = AgreedWords(
    purpose="To lead the huddle",
    tells_dates=True,
    tells_themes=False,
    tells_goals=False,
    limits="Between the two",
    stopping="With one tap",
    review_on=TODAY + timedelta(days=60),
)


@pytest.fixture
def pairing(cast: Cast) -> Iterator[Pairing]:
    """Cleo as Ada's mentor, with no agreement yet. Sol is Ada's sponsor."""
    with within(cast.acme):
        yield make.PairingFactory(kind="mentor", leader=cast.ada, partner=cast.cleo)


@pytest.fixture
def begun(pairing: Pairing, cast: Cast) -> Agreement:
    return begin(pairing, cast.cleo)


def begin(pairing: Pairing, by: Membership, **changed: Any) -> Agreement:
    asked = {"wording": WORDING, "today": TODAY, "now": NOW} | changed
    return begin_agreement(pairing=pairing, by=by, **asked)


def change(agreement: Agreement, by: Membership, **words: Any) -> AgreementVersion:
    wording = replace(WORDING, **words)
    return change_agreement(agreement=agreement, wording=wording, today=TODAY, by=by, now=NOW)


def all_sign(agreement: Agreement, cast: Cast) -> None:
    for each in (cast.ada, cast.cleo, cast.sol):
        sign(agreement=agreement, number=agreement.newest, by=each, now=NOW)


def test_an_agreement_holds_with_the_third_signature(begun: Agreement, cast: Cast) -> None:
    held = []
    for each in (cast.sol, cast.ada, cast.cleo):
        sign(agreement=begun, number=1, by=each, now=NOW)
        held.append(begun.in_force)

    assert held == [None, None, 1]


def test_signing_twice_counts_as_one_signature(begun: Agreement, cast: Cast) -> None:
    for each in (cast.ada, cast.ada, cast.cleo):
        sign(agreement=begun, number=1, by=each, now=NOW)

    assert begun.in_force is None
    assert standing_of(begun, cast.ada).missing == [cast.sol]


@pytest.mark.parametrize("name", ["bo", "max", "hana", "olav", "pat", "gro", "mia"])
def test_nobody_but_the_three_can_sign(begun: Agreement, cast: Cast, name: str) -> None:
    with pytest.raises(NotYours):
        sign(agreement=begun, number=1, by=getattr(cast, name), now=NOW)


def test_a_change_needs_three_new_signatures(begun: Agreement, cast: Cast) -> None:
    all_sign(begun, cast)

    version = change(begun, cast.ada, purpose="To lead two teams")

    assert (version.number, begun.newest, begun.in_force) == (2, 2, 1)
    assert len(standing_of(begun, cast.ada).missing) == 3
    all_sign(begun, cast)
    assert begun.in_force == 2


def test_signatures_of_two_versions_do_not_add_up(begun: Agreement, cast: Cast) -> None:
    sign(agreement=begun, number=1, by=cast.ada, now=NOW)
    sign(agreement=begun, number=1, by=cast.sol, now=NOW)
    change(begun, cast.cleo, purpose="Something else")

    sign(agreement=begun, number=2, by=cast.cleo, now=NOW)

    assert begun.in_force is None


def test_the_words_one_read_are_the_words_one_signs(begun: Agreement, cast: Cast) -> None:
    change(begun, cast.cleo, purpose="Something else")

    with pytest.raises(NotNow, match="Read version 2"):
        sign(agreement=begun, number=1, by=cast.ada, now=NOW)


def test_the_same_words_are_no_new_version(begun: Agreement, cast: Cast) -> None:
    assert change(begun, cast.ada).number == 1


def test_the_same_form_sent_twice_writes_one_version(pairing: Pairing, cast: Cast) -> None:
    first, second = (begin(pairing, cast.cleo) for _ in range(2))
    changed = [change(first, cast.ada, purpose=purpose).number for purpose in ("a", "a", "b")]

    assert first == second
    assert changed == [2, 2, 3]


def test_a_pair_has_one_agreement(begun: Agreement, pairing: Pairing, cast: Cast) -> None:
    with pytest.raises(NotNow, match="already"):
        begin(pairing, cast.ada, wording=replace(WORDING, purpose="Other words"))


def test_a_wording_never_changes_in_the_database(begun: Agreement) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AgreementVersion.objects.update(purpose="Rewritten")
    with connection.cursor() as cursor:
        cursor.execute("SELECT purpose FROM coaching_agreementversion WHERE agreement_id = %s", [begun.pk])
        assert cursor.fetchall() == [(WORDING.purpose,)]


@pytest.mark.parametrize("name", ["sol", "bo", "hana", "olav"])
def test_only_the_two_who_talk_write_an_agreement(pairing: Pairing, cast: Cast, name: str) -> None:
    with pytest.raises(NotYours):
        begin(pairing, getattr(cast, name))
    begun = begin(pairing, cast.ada)
    with pytest.raises(NotYours):
        change(begun, getattr(cast, name), purpose="Mine")


def test_talks_with_a_sponsor_need_no_agreement(pairing: Pairing, cast: Cast) -> None:
    with_sponsor = Pairing.objects.get(leader=cast.ada, partner=cast.sol)
    with pytest.raises(NotNow, match="coach or mentor"):
        begin(with_sponsor, cast.ada)


def test_a_leader_without_a_sponsor_has_nobody_to_agree_with(pairing: Pairing, cast: Cast) -> None:
    sponsored_by(cast, None)
    with pytest.raises(NotNow, match="no sponsor yet"):
        begin(pairing, cast.ada)


def test_a_coach_who_is_the_sponsor_too_makes_no_third(pairing: Pairing, cast: Cast) -> None:
    sponsored_by(cast, cast.cleo)
    with pytest.raises(NotNow, match="three people"):
        begin(pairing, cast.ada)


def test_a_new_sponsor_needs_a_new_version(begun: Agreement, cast: Cast) -> None:
    sign(agreement=begun, number=1, by=cast.ada, now=NOW)
    sponsored_by(cast, cast.max)

    for each in (cast.sol, cast.cleo):
        with pytest.raises(NotNow, match="not the sponsor"):
            sign(agreement=begun, number=1, by=each, now=NOW)
    version = change(begun, cast.ada)

    assert (version.number, version.sponsor) == (2, cast.max)
    with pytest.raises(NotYours):
        sign(agreement=begun, number=2, by=cast.sol, now=NOW)


def test_a_signature_can_be_taken_back_until_all_three_signed(begun: Agreement, cast: Cast) -> None:
    for each in (cast.ada, cast.cleo):
        sign(agreement=begun, number=1, by=each, now=NOW)
    take_back_signature(agreement=begun, number=1, by=cast.ada, now=NOW)
    sign(agreement=begun, number=1, by=cast.sol, now=NOW)
    assert begun.in_force is None

    sign(agreement=begun, number=1, by=cast.ada, now=NOW)
    with pytest.raises(NotNow, match="All three"):
        take_back_signature(agreement=begun, number=1, by=cast.ada, now=NOW)


@pytest.mark.parametrize("name", ["ada", "cleo", "sol"])
def test_any_of_the_three_stops_an_agreement(begun: Agreement, cast: Cast, name: str) -> None:
    stop_agreement(agreement=begun, by=getattr(cast, name), now=NOW)

    assert begun.stopped_at == NOW
    with pytest.raises(NotNow, match="stopped"):
        sign(agreement=begun, number=1, by=cast.ada, now=NOW)
    with pytest.raises(NotNow, match="stopped"):
        change(begun, cast.ada, purpose="On and on")


def test_the_two_go_on_and_the_sponsor_alone_cannot(begun: Agreement, cast: Cast) -> None:
    stop_agreement(agreement=begun, by=cast.ada, now=NOW)
    with pytest.raises(NotYours):
        resume_agreement(agreement=begun, by=cast.sol, now=NOW)

    resume_agreement(agreement=begun, by=cast.cleo, now=NOW)

    assert begun.stopped_at is None


@pytest.mark.parametrize("name", ["bo", "hana", "olav", "mia"])
def test_nobody_else_stops_an_agreement(begun: Agreement, cast: Cast, name: str) -> None:
    with pytest.raises(NotYours):
        stop_agreement(agreement=begun, by=getattr(cast, name), now=NOW)


def test_an_agreement_ends_with_its_pairing(begun: Agreement, pairing: Pairing, cast: Cast) -> None:
    pairing.state, pairing.ends_on = "ended", TODAY
    pairing.save()
    acts: list[Callable[[], object]] = [
        lambda: sign(agreement=begun, number=1, by=cast.ada, now=NOW),
        lambda: change(Agreement.objects.get(pk=begun.pk), cast.ada, purpose="Still here"),
    ]
    for act in acts:
        with pytest.raises(NotNow, match="have ended"):
            act()


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"purpose": "  "}, "purpose"),
        ({"purpose": "x" * 1001}, "purpose"),
        ({"limits": ""}, "limits"),
        ({"stopping": "x" * 601}, "stopping"),
        ({"review_on": TODAY}, "review_on"),
        ({"review_on": TODAY + timedelta(days=367)}, "review_on"),
    ],
)
def test_words_that_cannot_be_signed_are_refused(
    pairing: Pairing, cast: Cast, words: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        begin(pairing, cast.ada, wording=replace(WORDING, **words))
    assert caught.value.field == field


def sponsored_by(cast: Cast, sponsor: Membership | None) -> None:
    enrolment = cast.enrolment(cast.ada)
    enrolment.sponsor = sponsor
    enrolment.save(update_fields=["sponsor"])
