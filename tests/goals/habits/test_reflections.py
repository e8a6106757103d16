"""Reflections: who reads them, and that nobody else ever does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from time_machine import Traveller

from cohorts.models import AuditEntry, Enrolment, Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow, NotYours
from goals.habits.actions.reflection import change_audience, reword_reflection, write_reflection
from goals.habits.policies import may_read_reflection
from goals.models import Audience, Reflection
from tests import factories as make
from tests.cast import Cast
from tests.conftest import OrganisationClient
from tests.times import DAY_1, NOW, TODAY

Clients = Callable[..., OrganisationClient]
WORDS = {"tried": "I sat beside Amira", "happened": "She waited", "learned": "So can I", "next": "Jonas"}


@pytest.fixture
def ada(cast: Cast) -> Enrolment:
    return cast.enrolment(cast.ada)


def write(enrolment: Enrolment, **changes: Any) -> Reflection:
    said: dict[str, Any] = {
        "step": None,
        "words": WORDS,
        "audience": Audience.PRIVATE,
        "key": uuid4(),
        "today": TODAY,
        "by": enrolment.leader,
        "now": NOW,
    }
    return write_reflection(enrolment=enrolment, **{**said, **changes})


def test_visible_to_and_may_read_say_the_same_for_everybody(cast: Cast) -> None:
    for house in cast.houses.values():
        with within(house.organisation):
            everything = list(Reflection.objects.select_related("enrolment"))
            for member in house.members.values():
                readable = {each.pk for each in everything if may_read_reflection(member, each)}
                assert set(Reflection.objects.visible_to(member).values_list("pk", flat=True)) == readable


def test_exactly_the_writer_and_for_shared_ones_the_sponsor_may_read(cast: Cast) -> None:
    with within(cast.acme):
        readers = {
            each.audience: sorted(
                name for name, member in cast.houses["acme"].members.items() if may_read_reflection(member, each)
            )
            for each in Reflection.objects.filter(enrolment__leader=cast.ada).select_related("enrolment")
        }

    assert readers == {"private": ["ada"], "sponsor": ["ada", "sol"]}


@pytest.mark.parametrize(
    ("reader", "audience", "status"),
    [
        ("ada", "private", 200),
        ("sol", "private", 404),
        ("sol", "sponsor", 200),
        ("bo", "sponsor", 404),
        ("max", "sponsor", 404),
        ("hana", "private", 404),
        ("hana", "sponsor", 404),
        ("olav", "sponsor", 404),
        ("zac", "sponsor", 404),
        ("zara", "sponsor", 404),
    ],
)
def test_the_page_opens_for_its_readers_and_is_not_there_for_others(
    client_for: Clients, cast: Cast, reader: str, audience: str, status: int
) -> None:
    with within(cast.acme):
        found = Reflection.objects.get(enrolment__leader=cast.ada, audience=audience)
    client = client_for(getattr(cast, reader))

    response = client.get(client.url("reflection", found.pk))

    assert response.status_code == status
    assert ("acme bait" in response.content.decode()) is (status == 200)


def test_a_shared_reflection_is_read_only_for_the_sponsor(client_for: Clients, cast: Cast) -> None:
    with within(cast.acme):
        shared = Reflection.objects.get(enrolment__leader=cast.ada, audience="sponsor")
    client = client_for(cast.sol)

    page = client.get(client.url("reflection", shared.pk)).content.decode()

    assert "Make private again" not in page
    assert client.post(client.url("reflection_audience", shared.pk), {"audience": "private"}).status_code == 403


KEY = UUID(int=9)
MORE = {**WORDS, "tried": "I sat beside Amira and much more"}


def stored(enrolment: Enrolment) -> list[str]:
    return list(Reflection.objects.filter(enrolment=enrolment, on__gte=TODAY).values_list("tried", flat=True))


def test_the_same_words_twice_are_one_reflection(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        first, again = write(ada, key=KEY, edition=1), write(ada, key=KEY, edition=1)

    assert first.pk == again.pk


def test_new_words_under_the_same_key_update_the_reflection(ada: Enrolment, cast: Cast) -> None:
    """The answer to the first save was lost; the leader wrote more and saved again."""
    with within(cast.acme):
        first = write(ada, key=KEY, edition=1)
        again = write(ada, key=KEY, edition=2, words=MORE)

        assert again.pk == first.pk
        assert stored(ada) == [MORE["tried"]]


def test_without_editions_the_last_reflection_to_arrive_wins(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        write(ada, key=KEY)
        write(ada, key=KEY, words=MORE)

        assert stored(ada) == [MORE["tried"]]


def test_an_older_edition_of_a_reflection_changes_nothing(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        write(ada, key=KEY, edition=1)
        write(ada, key=KEY, edition=3, words=MORE)
        write(ada, key=KEY, edition=2, audience=Audience.SPONSOR)

        assert stored(ada) == [MORE["tried"]]
        assert Reflection.objects.get(key=KEY).audience == Audience.PRIVATE


def test_the_readers_chosen_last_are_the_readers(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        written = write(ada, key=KEY, edition=1, audience=Audience.SPONSOR)
        write(ada, key=KEY, edition=2, words=MORE)
        verbs = AuditEntry.objects.filter(thing_id=written.pk, thing="goals.reflection").order_by("number")

        assert Reflection.objects.get(key=KEY).audience == Audience.PRIVATE
        assert [entry.verb for entry in verbs] == [
            "shared reflection",
            "changed reflection",
            "made reflection private",
        ]


def test_new_words_the_day_after_become_a_reflection_of_that_day(ada: Enrolment, cast: Cast) -> None:
    """What was written yesterday stands as it was meant then; the new words are not lost for it."""
    later = {"today": TODAY + timedelta(days=1), "now": NOW + timedelta(days=1)}

    with within(cast.acme):
        write(ada, key=KEY, edition=1)
        write(ada, key=KEY, edition=1, **later)
        assert stored(ada) == [WORDS["tried"]]

        for _twice in range(2):
            write(ada, key=KEY, edition=2, words=MORE, **later)
        assert stored(ada) == [MORE["tried"], WORDS["tried"]]


def test_a_key_is_a_leaders_own(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        first, other = write(ada, key=UUID(int=9)), write(cast.enrolment(cast.bo), key=UUID(int=9))

        assert {first.enrolment_id, other.enrolment_id} == {ada.pk, cast.enrolment(cast.bo).pk}


def test_sharing_is_audited_without_private_text(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        written = write(ada, audience=Audience.SPONSOR)
        change_audience(reflection=written, audience=Audience.PRIVATE, by=cast.ada, now=NOW)
        change_audience(reflection=written, audience=Audience.PRIVATE, by=cast.ada, now=NOW)
        change_audience(reflection=written, audience=Audience.SPONSOR, by=cast.ada, now=NOW)
        entries = list(AuditEntry.objects.filter(thing="goals.reflection", thing_id=written.pk).order_by("number"))

    assert [entry.verb for entry in entries] == [
        "shared reflection",
        "made reflection private",
        "shared reflection",
    ]
    named = {"audience": "sponsor", "reader": cast.sol.pk}
    assert all(entry.details in (named, {"audience": "private"}) for entry in entries)


def test_a_private_reflection_leaves_no_trace_in_the_audit(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        write(ada)

        assert not AuditEntry.objects.filter(thing="goals.reflection").exists()


def test_without_a_sponsor_sharing_is_not_offered(cast: Cast) -> None:
    with within(cast.acme), pytest.raises(NotNow):
        write(cast.enrolment(cast.pat), audience=Audience.SPONSOR)


def test_reflections_are_changed_only_by_their_writer(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        written = write(ada, audience=Audience.SPONSOR)
        with pytest.raises(NotYours):
            reword_reflection(reflection=written, words=WORDS, today=TODAY, by=cast.sol, now=NOW)
        with pytest.raises(NotYours):
            change_audience(reflection=written, audience=Audience.PRIVATE, by=cast.sol, now=NOW)


def test_words_can_be_changed_until_the_day_is_over(ada: Enrolment, cast: Cast) -> None:
    with within(cast.acme):
        written = write(ada)
        reword_reflection(reflection=written, words={"tried": "shorter"}, today=TODAY, by=cast.ada, now=NOW)
        assert (written.tried, written.happened) == ("shorter", "")

        late = {"today": TODAY + timedelta(days=1), "now": NOW + timedelta(days=1)}
        with pytest.raises(NotNow):
            reword_reflection(reflection=written, words=WORDS, by=cast.ada, **late)


def test_the_form_names_the_readers_of_both_choices(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)

    page = client.get(client.url("reflection_new")).content.decode()

    only_me = page.index("Only you can read this.")
    shared = page.index("Only you and Sol Acme can read this.")
    assert max(only_me, shared) < page.index("<textarea")


def test_without_a_sponsor_the_form_offers_no_sharing(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.pat_at_acme)

    page = client.get(client.url("reflection_new")).content.decode()
    response = client.post(client.url("reflection_new"), {**WORDS, "audience": "sponsor"})

    assert 'value="sponsor"' not in page
    assert response.status_code == 422


def test_an_empty_reflection_is_refused(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)

    response = client.post(client.url("reflection_new"), {"audience": "private", "tried": "  "})

    assert response.status_code == 422
    assert "Answer at least one of the four" in response.content.decode()


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r"])
def test_a_line_break_counts_once(client_for: Clients, cast: Cast, line_break: str) -> None:
    """Browsers count one letter for a line break and send two."""
    client = client_for(cast.ada)
    lines = ["y" * 19] * 50  # 999 letters in the browser

    for url, more in ((client.url("reflection_new"), {"audience": "private"}), (None, {})):
        with within(cast.acme):
            newest = Reflection.objects.filter(enrolment__leader=cast.ada, on=TODAY).first()
        where = url or client.url("reflection_wording", newest.pk)
        response = client.post(where, {"happened": line_break.join(lines), **more})
        assert response.status_code == 302, response.content.decode()

    with within(cast.acme):
        written = Reflection.objects.get(enrolment__leader=cast.ada, on=TODAY)
    assert written.happened == "\n".join(lines)


def test_writing_leads_to_the_reflection_and_htmx_gets_it_in_place(client_for: Clients, cast: Cast) -> None:
    client = client_for(cast.ada)
    answer = {**WORDS, "audience": "private", "key": str(uuid4())}

    fragment = client.post(client.url("reflection_new"), answer, headers={"HX-Request": "true"})
    again = client.post(client.url("reflection_new"), answer)

    with within(cast.acme):
        written = Reflection.objects.get(enrolment__leader=cast.ada, on=TODAY)
    assert f'id="reflection-{written.pk}"' in fragment.content.decode()
    assert again.headers["Location"] == f"/o/acme/reflections/{written.pk}/"


def test_the_wording_page_is_closed_the_day_after(client_for: Clients, cast: Cast, clock: Traveller) -> None:
    client = client_for(cast.ada)
    client.post(client.url("reflection_new"), {**WORDS, "audience": "private"})
    with within(cast.acme):
        pk = Reflection.objects.get(enrolment__leader=cast.ada, on=TODAY).pk

    changed = client.post(client.url("reflection_wording", pk), {"tried": "shorter"})
    clock.shift(timedelta(days=1))
    late = client.post(client.url("reflection_wording", pk), {"tried": "too late"})

    assert (changed.status_code, late.status_code) == (302, 409)


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        ({}, 2),
        ({"audience": "private"}, 1),
        ({"words": "BAIT spon"}, 1),
        ({"words": "zenith"}, 0),
        ({"audience": "x"}, 2),
    ],
)
def test_the_history_holds_ones_own_and_is_narrowed_by_its_address(
    client_for: Clients, cast: Cast, narrowed: dict[str, str], count: int
) -> None:
    client = client_for(cast.ada)

    response = client.get(client.url("reflections"), narrowed)

    assert len(response.context["page"].object_list) == count


def test_a_sponsors_own_history_does_not_hold_what_was_shared_with_them(client_for: Clients, cast: Cast) -> None:
    with within(cast.acme):
        Reflection.objects.filter(enrolment__leader=cast.max).delete()
    client = client_for(cast.max)

    assert "Nothing written yet" in client.get(client.url("reflections")).content.decode()


def test_history_queries_do_not_grow(
    client_for: Clients, cast: Cast, same_queries_at_1_and_30: Callable[..., int], ada: Enrolment
) -> None:
    client = client_for(cast.ada)

    def make_row(number: int) -> None:
        with within(cast.acme):
            make.ReflectionFactory(enrolment=ada, on=DAY_1 + timedelta(days=number))

    assert same_queries_at_1_and_30(lambda: client.get(client.url("reflections")), make_row) <= 12


def test_the_cast_has_something_to_be_silent_about(cast: Cast) -> None:
    """The bait the tests above look for is really there."""
    members: list[Membership] = [cast.ada, cast.zoe]
    for member in members:
        with within(member.organisation_id):
            assert Reflection.objects.filter(enrolment__leader=member, audience="private").exists()
