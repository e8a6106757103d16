"""The report of a 360 round in a real browser: read on a phone, then two taps to two focuses."""

import pytest
from playwright.sync_api import expect

from cohorts.tenancy.wall import within
from feedback360.models import Subject
from feedback360.results.actions.release import release_round
from goals.models import Focus
from tests import factories as make
from tests.browser import Live, check_accessible
from tests.cast import Cast
from tests.feedback360 import answered
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


def plan(cue: str, response: str) -> dict[str, dict[str, dict[str, str]]]:
    return {"queue": {"en": {"cue": f"When {cue}", "response": f"I will {response}"}}}


@pytest.fixture
def subject(cast: Cast) -> Subject:
    """Bo's, whose name is long; the curriculum has a plan for each behaviour."""
    with within(cast.acme):
        enrolment = cast.enrolment(cast.bo)
        enrolment.focuses.update(archived_on=TODAY)
        behaviours = dict.fromkeys(item.behaviour for item in answered.ITEMS)
        starters = {each: plan(f"{each} is needed", f"show {each}") for each in behaviours}
        enrolment.cohort.version = make.CurriculumVersionFactory(starters=starters)
        enrolment.cohort.save()
        round_ = answered.closed_round(enrolment.cohort)
        bo = answered.subject_of(round_, enrolment)
        answered.answer(bo, "team", answered.raters("team", {"initiative": [5] * 9, "clear": [2] * 9}), asked=11)
        answered.answer(bo, "peers", answered.anybody("peers", 3))
        answered.answer(bo, "self", answered.raters("self", {"initiative": [3], "clear": [4]}))
        answered.comment(bo, "team", "keep", ["Words without a space: " + "æ" * 90] * 5)
    release_round(round_, now=NOW)
    return bo


def test_two_taps_lead_from_the_report_to_two_focuses(live: Live, cast: Cast, subject: Subject) -> None:
    live.sign_in(cast.bo)
    page = live.go("result", subject.pk)
    expect(page.get_by_role("heading", name="How others see your leadership")).to_be_visible()
    page.get_by_text("Thank your team and tell them what you heard").click()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()

    page.get_by_role("button", name="Make these my focuses").click()
    expect(page.get_by_label("When…").first).to_have_value("initiative is needed")
    page.get_by_role("button", name="Save both").click()

    expect(page.get_by_text("When clear is needed, I will show clear.").first).to_be_visible()
    with within(cast.acme):
        current = Focus.objects.current().filter(enrolment=cast.enrolment(cast.bo))
        assert set(current.values_list("behaviour", flat=True)) == {"initiative", "clear"}


def test_the_report_and_its_plans_are_accessible(live: Live, cast: Cast, subject: Subject) -> None:
    live.sign_in(cast.bo)
    page = live.go("result", subject.pk)
    for summary in page.locator("summary").all():
        summary.click()
    check_accessible(page)
    live.page.goto(f"{live.url('result_focuses', subject.pk)}?strength=initiative&growth=clear")
    check_accessible(page)
    live.go("result_method")
    check_accessible(page)


def test_a_report_with_everything_left_out_is_accessible(live: Live, cast: Cast) -> None:
    with within(cast.acme):
        round_ = answered.closed_round(cast.enrolment(cast.bo).cohort)
        subject = answered.subject_of(round_, cast.enrolment(cast.bo))
        answered.answer(subject, "team", answered.anybody("team", 2))
    release_round(round_, now=NOW)
    live.sign_in(cast.bo)
    check_accessible(live.go("result", subject.pk))


def test_a_cohorts_report_is_accessible(live: Live, cast: Cast) -> None:
    with within(cast.acme):
        cohort = cast.houses["acme"].cohort
        round_ = answered.closed_round(cohort)
        for number in range(11):
            leader = answered.subject_of(round_, make.EnrolmentFactory(cohort=cohort))
            answered.answer(leader, "team", answered.anybody("team", 7, seed=number))
    release_round(round_, now=NOW)
    live.sign_in(cast.hana)
    check_accessible(live.go("cohort_results", cohort.pk))
    check_accessible(live.go("organisation_results"))
