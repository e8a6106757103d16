"""A sponsor's week in two minutes on a phone: everything is one tap away, and no tap is hidden."""

from dataclasses import asdict

import pytest
from playwright.sync_api import Locator

from coaching.models import Ask, SponsorAct
from cohorts.curriculum.files import CURRICULA, read_curriculum
from cohorts.models import Enrolment, Person
from cohorts.tenancy.wall import within
from goals.models import Share
from tests import factories as make
from tests.browser import Live
from tests.cast import Cast
from tests.hand import Hand
from tests.times import NOW

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

ONE_LINE = 56
SECONDS_A_TAP = 5
WORDS_A_MINUTE = 200


# Puts each week's words into the sponsor's part; says how far above the bottom navigation its buttons end.
MEASURE = """
    weeks => weeks.map(({works_on, ask, watch_for, say, theme}) => {
        const part = document.querySelector(".card-lead");
        part.querySelector("h2").textContent = theme;
        part.querySelectorAll("dd").forEach((place, n) => { place.textContent = [ask, watch_for, say][n]; });
        part.querySelector(".folds-away > p").textContent = works_on;
        const buttons = [...part.querySelectorAll(".two .btn")].map(each => each.getBoundingClientRect());
        const bar = document.querySelector(".navigation").getBoundingClientRect();
        return {
            theme,
            above: bar.top - Math.max(...buttons.map(each => each.bottom)),
            height: Math.max(...buttons.map(each => each.height)),
        };
    })
"""


@pytest.mark.looks
@pytest.mark.parametrize("language", ["en", "nb"])
def test_the_part_of_every_week_ends_in_the_first_screen(live: Live, cast: Cast, language: str) -> None:
    """With the longest of the shipped words, for a sponsor of two leaders."""
    with within(cast.acme):
        Enrolment.objects.filter(leader=cast.bo).update(sponsor=cast.sol)
    Person.objects.update(language=language)
    live.sign_in(cast.sol)
    page = live.go("sponsor_home")
    weeks = [
        {**asdict(week.sponsor.texts[language]), "theme": week.theme[language]}
        for folder in CURRICULA.glob("*/*/curriculum.yaml")
        for week in read_curriculum(folder.parent).weeks
    ]

    found = page.evaluate(MEASURE, weeks)

    assert len(found) >= 13
    assert [each for each in found if each["above"] < 0 or each["height"] > ONE_LINE] == []


@pytest.mark.parametrize("language", ["en", "nb"])
def test_a_week_takes_five_taps_and_two_minutes(live: Live, cast: Cast, language: str) -> None:
    """To answer a question: open, write, send; to have done one's part: one; to thank for what was shared: one."""
    with within(cast.acme):
        Ask.objects.all().delete()
        make.AskFactory(enrolment=cast.enrolment(cast.ada), text="Can I move the Thursday huddle?")
        Enrolment.objects.filter(leader=cast.ada).update(confirmed_at=NOW)
    Person.objects.update(language=language)
    words = {
        "en": ("Answer", "Your answer", "Done my two minutes", "Thanks, I read it"),
        "nb": ("Svar", "Svaret ditt", "Min del er gjort", "Takk, jeg har lest det"),
    }[language]
    live.sign_in(cast.sol)
    page = live.go("sponsor_home")
    read = len(page.locator("main").inner_text().split())
    hand = Hand()

    def press(what: Locator) -> None:
        with page.expect_navigation():
            hand.press(what)

    answer, field, done, thanks = words
    press(page.get_by_role("listitem").filter(has_text="Thursday huddle").get_by_role("link", name=answer))
    hand.type(page.get_by_label(field), "Yes")
    press(page.get_by_role("button", name=answer, exact=True))
    press(page.get_by_role("button", name=done))
    press(page.get_by_role("button", name=thanks).first)

    assert (hand.presses, hand.keys) == (5, 3)
    assert read / WORDS_A_MINUTE * 60 + hand.presses * SECONDS_A_TAP <= 120, read
    with within(cast.acme):
        assert Ask.objects.get().answer == "Yes"
        assert SponsorAct.objects.filter(enrolment__leader=cast.ada, week=2).exists()
        assert Share.objects.filter(thanked_at__isnull=False, reader=cast.sol).exists()
