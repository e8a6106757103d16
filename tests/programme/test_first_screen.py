"""Both answers of a day stand in the first screen of a phone, whatever step, events and talks the day has."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from coaching.models import Session
from cohorts.curriculum.files import CURRICULA, read_curriculum
from cohorts.models import Clock, Person, Step
from cohorts.schedule.milestone_calendar import milestones_of
from cohorts.tenancy.wall import within
from goals.models import Practice
from tests import factories as make
from tests.browser import Live
from tests.cast import Cast
from tests.hand import Hand
from tests.times import NOW, TODAY

pytestmark = [pytest.mark.looks, pytest.mark.timeout(180)]

ONE_LINE = 56
# Puts each text into today's panel; says how far above the bottom navigation both answers end, and how tall they are.
MEASURE = """
    texts => texts.map(({title, practice, question}) => {
        const step = document.querySelector(".step");
        const [does, asks] = step.querySelectorAll("p[lang]");
        step.querySelector("h2").textContent = title;
        does.textContent = practice;
        asks.textContent = question;
        const answers = [...document.querySelectorAll("[name=did_it]")].map(each => each.getBoundingClientRect());
        const bar = document.querySelector(".navigation").getBoundingClientRect();
        return {
            title,
            above: bar.top - Math.max(...answers.map(each => each.bottom)),
            height: Math.max(...answers.map(each => each.height)),
        };
    })
"""


@pytest.fixture
def full_day(live: Live, cast: Cast) -> Live:
    """Ada reads Norwegian. She has a step, two live events and two 1:1s today, and an event tomorrow."""
    enrolment = cast.enrolment(cast.ada)
    with within(cast.acme):
        step = Step.objects.get(version=enrolment.cohort.version_id, day=10, kind="core")
        make.NudgeFactory(enrolment=enrolment, step=step)
        Clock.objects.filter(enrolment=enrolment).update(last_core_day=10, last_extra_day=10, last_on=TODAY)
        for ahead in (0, 0, 1):
            event = make.MilestoneFactory(version=enrolment.cohort.version)
            make.MilestoneDateFactory(cohort=enrolment.cohort, key=event.key, on=TODAY + timedelta(days=ahead))
        milestones_of.cache_clear()  # else events that came after a first look are not seen
        Session.objects.filter(pairing__leader=cast.ada, state="planned").update(starts_at=NOW + timedelta(hours=4))
    Person.objects.update(language="nb")
    live.sign_in(cast.ada)
    return live


def test_both_answers_are_in_the_first_screen_with_every_step(full_day: Live) -> None:
    page = full_day.go("today")
    expect(page.get_by_text("og 4 til")).to_have_count(1)
    texts = [
        {"title": text.title, "practice": text.practice, "question": text.question}
        for folder in CURRICULA.glob("*/*/curriculum.yaml")
        for step in read_curriculum(folder.parent).steps
        for text in step.texts.values()
    ]

    found = page.evaluate(MEASURE, texts)

    assert len(found) > 150
    assert [each for each in found if each["above"] < 0 or each["height"] != ONE_LINE] == []


def test_what_is_folded_into_one_line_opens(full_day: Live, cast: Cast) -> None:
    page = full_day.go("today")
    talk = page.get_by_role("link", name="13:30").first
    expect(talk).to_be_hidden()

    page.get_by_text("og 4 til").locator("xpath=ancestor::summary").tap()

    expect(page.get_by_text("prepare (nb)")).to_have_count(3)
    talk.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Samtale med Sol")


def test_a_day_with_a_live_event_is_logged_without_scrolling(full_day: Live, cast: Cast) -> None:
    page, hand = full_day.go("today"), Hand()
    hand.press(page.get_by_role("button", name="Jeg gjorde det"))
    saved = page.get_by_role("heading", name="Notert, Ada.")

    expect(saved).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("radio", name="Naturlig").locator("xpath=ancestor::label")).to_be_in_viewport(ratio=1)
    assert page.evaluate("window.scrollY") == 0
    assert hand.presses == 1
    with within(cast.acme):
        assert Practice.objects.filter(enrolment__leader=cast.ada, on=TODAY, did_it=True).count() == 1
