"""The shared note, the private ones, who reads what, and the leader's answer."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from coaching.meetings.actions.answers import answer_session
from coaching.meetings.actions.notes import save_note, share_words
from coaching.meetings.actions.pairings import sponsor_pairing
from coaching.meetings.labels import Box, may_read, readers_of
from coaching.meetings.private_notes import keep_own_note, own_note
from coaching.models import Acknowledgement, Action, AgendaItem, Pairing, Session, SessionText, SessionTextVersion
from cohorts.models import AuditEntry, Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow, NotYours
from tests.cast import Cast
from tests.coaching.meetings.talks import fresh_pair, held, planned
from tests.conftest import OrganisationClient
from tests.times import NOW

Clients = Callable[[Membership], OrganisationClient]
PRIVATE_WORDS = "He is thinking of leaving."


@pytest.fixture
def pair(cast: Cast) -> Iterator[Pairing]:
    with within(cast.acme):
        yield fresh_pair(cast)


def opened(client: OrganisationClient, talk: Session, form: str = "note_form") -> dict[str, str]:
    """What a browser has in the form of a note when it opens the page."""
    shown = client.get(client.url("session", talk.pk)).context[form]
    return {"opened": shown["opened"].value(), "key": str(uuid4()), "edition": "1"}


def save(client: OrganisationClient, talk: Session, page: dict[str, str], text: str, **more: str) -> int:
    url = client.url("session_note", talk.pk)
    return client.post(url, {**page, "text": text, **more}, HTTP_HX_REQUEST="true").status_code


def text_of(talk: Session) -> str:
    return SessionText.objects.get(session=talk, part="note").text


def test_label_and_access_come_from_one_function(cast: Cast, pair: Pairing) -> None:
    everybody = [member for house in cast.houses.values() for member in house.members.values()]
    for box in Box:
        for writer in (pair.leader, pair.partner):
            readers = readers_of(box, pair, writer)
            allowed = {member.pk for member in everybody if may_read(box, pair, writer, member)}
            assert allowed == readers.members
            other = pair.partner if writer == pair.leader else pair.leader
            assert readers.who == (f"You and {other.first_name}" if other.pk in allowed else "Only you read this here.")


def test_the_label_of_a_private_note_promises_no_more_than_the_law(pair: Pairing) -> None:
    assert "by law ask the organisation for a copy" in readers_of(Box.PRIVATE, pair, pair.partner).rest


def test_two_who_write_at_once_both_keep_their_lines(cast: Cast, pair: Pairing, client_for: Clients) -> None:
    talk, (ada, sol) = planned(pair, NOW), (client_for(cast.ada), client_for(cast.sol))
    pages = opened(ada, talk), opened(sol, talk)

    assert save(ada, talk, pages[0], "from Ada") == 200
    assert save(sol, talk, pages[1], "from Sol") == 200

    assert text_of(talk) == "from Ada\nfrom Sol"


def test_the_same_line_changed_by_both_asks_and_loses_nothing(cast: Cast, pair: Pairing, client_for: Clients) -> None:
    talk, (ada, sol) = planned(pair, NOW), (client_for(cast.ada), client_for(cast.sol))
    save_note(session=talk, text="one line", by=cast.ada, now=NOW)
    pages = opened(ada, talk), opened(sol, talk)
    save(ada, talk, pages[0], "one line of Ada")

    answer = sol.post(sol.url("session_note", talk.pk), {**pages[1], "text": "one line of Sol"}, HTTP_HX_REQUEST="true")

    assert answer.status_code == 422
    assert text_of(talk) == "one line of Ada"
    assert "one line of Ada" in answer.content.decode()
    assert "one line of Sol" in answer.content.decode()


def test_a_form_does_not_quarrel_with_its_own_earlier_words(cast: Cast, pair: Pairing, client_for: Clients) -> None:
    """The answer to the first sending was lost; the page still shows what it showed then."""
    talk, ada = planned(pair, NOW), client_for(cast.ada)
    page = opened(ada, talk)
    save(ada, talk, page, "Hello")

    assert save(ada, talk, page, "Hello world", edition="2") == 200
    assert save(ada, talk, page, "Hello", edition="1") == 200  # the first one again, late

    assert text_of(talk) == "Hello world"


def test_a_note_too_long_is_saved_as_far_as_it_fits(cast: Cast, pair: Pairing, client_for: Clients) -> None:
    talk, ada = planned(pair, NOW), client_for(cast.ada)
    long = "x" * 20_000
    answer = ada.post(ada.url("session_note", talk.pk), {**opened(ada, talk), "text": long}, HTTP_HX_REQUEST="true")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert text_of(talk) == "x" * 10_000
    assert "10000 more are only in this box" in page
    assert long in page

    again = ada.post(
        ada.url("session_note", talk.pk),
        {"opened": answer.context["form"]["opened"].value(), "text": "shorter"},
        HTTP_HX_REQUEST="true",
    )
    assert (again.status_code, text_of(talk)) == (200, "shorter")


def test_a_link_in_a_note_stays_text(cast: Cast, pair: Pairing, client_for: Clients) -> None:
    talk = held(pair, NOW - timedelta(days=1))
    save_note(session=talk, text="<script>x</script> https://example.test/a", by=cast.sol, now=NOW)
    Pairing.objects.filter(pk=pair.pk).update(state="ended", ends_on=NOW.date())

    page = client_for(cast.ada).get(client_for(cast.ada).url("session", talk.pk)).content.decode()

    assert "&lt;script&gt;x&lt;/script&gt; https://example.test/a" in page
    assert 'href="https://example.test' not in page


def test_sharing_copies_words_and_opens_nothing(cast: Cast, pair: Pairing) -> None:
    talk = planned(pair, NOW)
    save_note(session=talk, text="Together.", by=cast.ada, now=NOW)
    keep_own_note(session=talk, text=f"Mine. {PRIVATE_WORDS}", by=cast.sol, now=NOW)

    share_words(session=talk, words="Mine.", by=cast.sol, now=NOW)

    assert text_of(talk) == "Together.\n\nMine."
    assert own_note(talk, cast.sol).text == f"Mine. {PRIVATE_WORDS}"
    assert own_note(talk, cast.ada).text == ""


def test_words_that_do_not_fit_are_not_shared(cast: Cast, pair: Pairing) -> None:
    talk = planned(pair, NOW)
    save_note(session=talk, text="x" * 9_990, by=cast.ada, now=NOW)

    with pytest.raises(Invalid, match="no room"):
        share_words(session=talk, words="y" * 50, by=cast.sol, now=NOW)


def test_a_private_note_is_on_its_writers_page_only(
    cast: Cast, pair: Pairing, client_for: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    talk, sol = planned(pair, NOW), client_for(cast.sol)
    answer = sol.post(sol.url("session_own_note", talk.pk), {"text": PRIVATE_WORDS, "key": str(uuid4())})
    assert answer.status_code == 302

    assert PRIVATE_WORDS in sol.get(sol.url("session", talk.pk)).content.decode()
    for reader in (cast.ada, cast.mia, cast.hana, cast.olav, cast.max, cast.cleo):
        client = client_for(reader)
        pages = [client.url("session", talk.pk), client.url("session_sharing", talk.pk), client.url("pairing", pair.pk)]
        assert all(PRIVATE_WORDS not in client.get(page).content.decode() for page in pages)
    assert PRIVATE_WORDS not in caplog.text
    assert PRIVATE_WORDS not in str(list(AuditEntry.objects.values()))


def test_the_same_note_in_two_tabs_of_one_writer_loses_nothing(cast: Cast, pair: Pairing, client_for: Clients) -> None:
    talk, sol = planned(pair, NOW), client_for(cast.sol)
    url = sol.url("session_own_note", talk.pk)
    pages = [opened(sol, talk, "private_form") for _tab in range(2)]

    for page, text in zip(pages, ("on the phone", "on the desk"), strict=True):
        assert sol.post(url, {**page, "text": text}, HTTP_HX_REQUEST="true").status_code == 200

    assert own_note(talk, cast.sol).text == "on the phone\non the desk"


def test_the_leader_answers_and_the_words_stand_beside(cast: Cast, pair: Pairing, client_for: Clients) -> None:
    talk, ada, sol = held(pair, NOW - timedelta(days=1)), client_for(cast.ada), client_for(cast.sol)
    save_note(session=talk, text="You were late.", by=cast.sol, now=NOW)

    answer = ada.post(ada.url("session_answer", talk.pk), {"saw_it_so": "no", "words": "The tram stood still."})

    assert answer.status_code == 302
    page = sol.get(sol.url("session", talk.pk)).content.decode()
    assert "The tram stood still." in page
    assert "You were late." in page


def test_after_an_answer_both_texts_are_kept_in_versions(cast: Cast, pair: Pairing) -> None:
    talk = held(pair, NOW - timedelta(days=1))
    save_note(session=talk, text="first", by=cast.sol, now=NOW)
    save_note(session=talk, text="second", by=cast.sol, now=NOW)
    assert not SessionTextVersion.objects.filter(of__session=talk).exists()

    answer_session(session=talk, saw_it_so=False, words="no", by=cast.ada, now=NOW)
    save_note(session=talk, text="third", by=cast.sol, now=NOW)
    answer_session(session=talk, saw_it_so=True, words="", by=cast.ada, now=NOW)

    assert [version.text for version in SessionTextVersion.objects.filter(of__session=talk)] == ["second"]
    assert [answer.words for answer in Acknowledgement.objects.filter(session=talk)] == ["no", ""]


def test_only_the_leader_answers_and_only_a_closed_talk(cast: Cast, pair: Pairing) -> None:
    with pytest.raises(NotYours):
        answer_session(session=held(pair, NOW), saw_it_so=True, words="", by=cast.sol, now=NOW)
    with pytest.raises(NotNow):
        answer_session(session=planned(pair, NOW), saw_it_so=True, words="", by=cast.ada, now=NOW)


def test_a_new_sponsor_sees_nothing_of_earlier_talks(cast: Cast, pair: Pairing) -> None:
    talk = held(pair, NOW - timedelta(days=1))
    enrolment = cast.enrolment(cast.ada)
    enrolment.sponsor = cast.max
    enrolment.save()

    new = sponsor_pairing(enrolment=enrolment, organisation=cast.acme, by=cast.ada, now=NOW)

    assert (new.partner_id, new.handover) == (cast.max.pk, "")
    for reader, can in ((cast.max, False), (cast.sol, True), (cast.ada, True)):
        assert Session.objects.visible_to(reader).filter(pk=talk.pk).exists() is can
        assert Action.objects.visible_to(reader).filter(pairing=pair).exists() is can
    assert Session.objects.visible_to(cast.max).filter(pairing=new).count() == 0
    assert not AgendaItem.objects.filter(session__pairing=new).exists()


def test_words_shared_by_a_double_tap_stand_there_once(cast: Cast, pair: Pairing) -> None:
    talk = planned(pair, NOW)
    save_note(session=talk, text="Not mine.", by=cast.ada, now=NOW)

    for _twice in range(2):
        share_words(session=talk, words="mine.", by=cast.sol, now=NOW)

    assert text_of(talk) == "Not mine.\n\nmine."


def test_only_the_two_keep_a_note_about_a_talk(cast: Cast, pair: Pairing) -> None:
    talk = planned(pair, NOW)
    for outsider in (cast.bo, cast.max, cast.mia, cast.cleo, cast.hana, cast.olav):
        with pytest.raises(NotYours):
            keep_own_note(session=talk, text="x", by=outsider, now=NOW)
    for text in ("x" * 10_001, "a\0b"):
        with pytest.raises(Invalid):
            keep_own_note(session=talk, text=text, by=cast.sol, now=NOW)
