"""No text for sponsors demands anything of a leader, in either language, nor counts what was missed."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path

import pytest
from django.utils.html import strip_tags
from ruamel.yaml import YAML

import coaching.sponsoring
from coaching.models import Ask, Pairing
from cohorts.curriculum.content import brief_lines
from cohorts.curriculum.files import CURRICULA, read_curriculum
from cohorts.enrolment.actions.sponsor_notes import tell_sponsors, write_to_silent
from cohorts.models import Digest, DigestClock, Enrolment, Membership, Person, SponsorNote
from cohorts.tenancy.wall import within
from goals.models import Goal
from programme.digests.mail import DIGESTS
from programme.digests.note_mail import SPONSOR_NOTES
from programme.digests.planner import plan_digests
from tests import factories as make
from tests.outbox import send
from tests.times import DAY_1, NOW, TODAY

LIST = Path(coaching.sponsoring.__file__).with_name("demand_words.yaml")
WORDS = YAML(typ="safe").load(LIST.read_text())
PATTERNS = {
    language: re.compile(
        r"\b(" + "|".join(re.escape(each).replace(r"\*", r"\w*") for each in words) + r")\b", re.IGNORECASE
    )
    for language, words in WORDS.items()
}
FOLDERS = sorted(path.parent for path in CURRICULA.glob("*/*/curriculum.yaml"))
PAGES = [("sponsor_home",), ("all_leaders",), ("leader", "ada"), ("time_new", "ada"), ("own_support",)]


def demands(text: str, language: str) -> list[str]:
    return [found[0] for found in PATTERNS[language].finditer(text)]


def read_aloud(html: str) -> str:
    """The words of a page's main part."""
    main = html[html.index("<main") : html.index("</main")]
    return " ".join(unescape(strip_tags(main)).split())


@pytest.fixture(params=["en", "nb"])
def language(request, cast):
    Person.objects.filter(pk=cast.sol.person_id).update(language=request.param)
    return request.param


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("They must log every day. Chase them, and check up on Ada.", "en", ["They must", "Chase", "check up on"]),
        ("Ask what they might have to undo.", "en", []),
        ("Lederen må øve, så minn dem på det og purr.", "nb", ["Lederen må", "minn dem på", "purr"]),
        ("Hva kan det hende du må gjøre om?", "nb", []),
    ],
)
def test_the_list_finds_demands_and_leaves_offers(text, language, found):
    assert demands(text, language) == found


def curriculum_texts(folder: Path, language: str) -> Iterator[str]:
    curriculum = read_curriculum(folder)
    for week in curriculum.weeks:
        text = week.sponsor.texts[language]
        yield from (text.works_on, text.ask, text.watch_for, text.say)
    yield from brief_lines(curriculum.brief.texts[language])


@pytest.mark.parametrize("language", ["en", "nb"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_the_curriculum_demands_nothing_of_sponsors_leaders(folder, language):
    texts = list(curriculum_texts(folder, language))

    assert len(texts) > 13 * 4
    assert [(found, text) for text in texts for found in demands(text, language)] == []


@pytest.mark.parametrize("days", [-3, 0, 40])
@pytest.mark.parametrize("name", PAGES, ids=lambda name: name[0])
def test_no_page_of_a_sponsor_demands_anything(cast, client_for, language, name, days):
    with within(cast.acme):
        Enrolment.objects.filter(sponsor=cast.sol).update(day1_on=TODAY - timedelta(days=days))
        quiet = make.EnrolmentFactory(
            cohort=cast.houses["acme"].cohort, sponsor=cast.sol, last_practice_on=TODAY - timedelta(days=30)
        )
        assert quiet.day1_on == DAY_1
    sol = client_for(cast.sol)
    route, *keys = name

    page = read_aloud(sol.get(sol.url(route, *[cast.enrolment(cast.ada).pk for _key in keys])).content.decode())

    assert len(page) > 100
    assert demands(page, language) == []


def test_the_home_shows_no_count_of_missed_days(cast, client_for):
    with within(cast.acme):
        Enrolment.objects.filter(sponsor=cast.sol).update(last_practice_on=DAY_1, last_log_on=DAY_1)
        Ask.objects.all().delete()
        Pairing.objects.update(due_on=None)
        Goal.objects.filter(state="proposed").update(state="draft")  # what waits for a word comes first
    sol = client_for(cast.sol)

    page = read_aloud(sol.get(sol.url("sponsor_home")).content.decode())

    assert "It has gone quiet" in page
    assert re.findall(r"\b\d+ (?:of|av|working|arbeids|days?|dager)\b(?! 90)", page) == []
    assert re.findall(r"(?i)\bmiss\w*|\bquiet for\b|\bnot logged\b", page) == []


def bodies(server) -> Iterator[str]:
    for mail in server.accepted:
        message = message_from_bytes(mail.content, policy=policy.default)
        yield message["Subject"]
        for kind in ("plain", "html"):
            yield unescape(strip_tags(message.get_body((kind,)).get_content()))


def test_the_weekly_mail_demands_nothing(cast, smtp_server, language):
    with within(cast.acme):
        Digest.objects.all().delete()
        DigestClock.objects.exclude(sponsor=cast.sol).delete()
        DigestClock.objects.filter(sponsor=cast.sol).update(next_at=NOW)
        Enrolment.objects.filter(sponsor=cast.sol).update(last_practice_on=DAY_1)
    plan_digests(cast.acme, now=NOW)
    send(DIGESTS, cast.acme, now=NOW)

    texts = list(bodies(smtp_server))
    assert len(texts) == 3
    assert [demands(text, language) for text in texts] == [[], [], []]


@pytest.mark.parametrize("kind", ["quiet", "silent"])
def test_notes_to_sponsors_demand_and_count_nothing(cast, smtp_server, language, kind):
    house, later = cast.houses["acme"], NOW + timedelta(minutes=2)
    with within(cast.acme):
        SponsorNote.objects.all().delete()
        Enrolment.objects.filter(leader=cast.ada).update(last_practice_on=DAY_1)
        Membership.objects.filter(pk=cast.sol.pk).update(last_seen_on=DAY_1 - timedelta(days=1))
        asked = {"cohort": house.cohort, "by": cast.hana, "organisation": cast.acme, "now": NOW}
        if kind == "quiet":
            tell_sponsors(enrolments=[cast.enrolment(cast.ada).pk], **asked)
        else:
            write_to_silent(sponsors=[cast.sol.pk], **asked)
    send(SPONSOR_NOTES, cast.acme, now=later)

    texts = list(bodies(smtp_server))
    assert len(texts) == 3
    assert [demands(text, language) for text in texts] == [[], [], []]
    assert [text for text in texts if re.search(r"\b\d+ (?:of their|av)\b", text)] == []
