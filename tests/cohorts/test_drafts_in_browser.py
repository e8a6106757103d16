"""An admin writes the next version in a real browser: what is typed shows at once, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import expect

from cohorts.curriculum.actions.drafts import StepFacts, change_step, start_draft
from cohorts.curriculum.rows import load_curriculum
from cohorts.models import Step
from cohorts.tenancy.wall import within
from tests.browser import check_accessible
from tests.times import NOW

pytestmark = pytest.mark.django_db(transaction=True)

DESK = {"width": 1280, "height": 800}


@pytest.fixture
def draft(cast, acme):
    """The next version of the standard curriculum, to work on. Acme's cohort follows the one before."""
    with within(acme):
        version = load_curriculum()
        cohort = cast.house_of(acme).cohort
        cohort.version = version
        cohort.save()
        return start_draft(version=version, by=cast.hana, now=NOW)


@pytest.fixture
def step(draft, acme):
    with within(acme):
        return draft.steps.get(day=10)


@pytest.fixture
def hana(live, cast):
    live.sign_in(cast.hana)
    return live


def test_a_step_is_written_seen_saved_moved_and_published(hana, draft, step, acme):
    page = hana.go("curriculum", draft.pk)
    page.set_viewport_size(DESK)
    page.locator(f"#step-{step.pk}").get_by_role("link").click()

    # English: Today and the mail follow the typing.
    page.get_by_label("Title (English)").fill("Say what you saw")
    today = page.locator("aside .step")
    expect(today.get_by_role("heading", name="Say what you saw")).to_be_visible()
    mail = page.frame_locator("iframe")
    expect(mail.get_by_role("heading", name="Say what you saw")).to_be_visible()
    assert page.locator("#id_en-title_helptext").inner_text().endswith("16/45")

    # Norwegian: going to its column takes the preview along.
    page.get_by_label("Title (Norsk bokmål)").fill("Si hva du så")
    expect(today.get_by_role("heading", name="Si hva du så")).to_be_visible()
    expect(mail.get_by_role("heading", name="Si hva du så")).to_be_visible()
    with within(acme):
        assert Step.objects.get(pk=step.pk).text == step.text

    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#messages")).to_contain_text("Saved in the draft.")
    with within(acme):
        texts = Step.objects.get(pk=step.pk).text
    assert (texts["en"]["title"], texts["nb"]["title"]) == ("Say what you saw", "Si hva du så")

    # Moved from the page of the ninety days: the place on the page and the focus stay.
    page.get_by_role("link", name="Adaptive contact-centre leadership").click()
    later = page.get_by_role("button", name="Move “Say what you saw” later")
    later.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    later.click()
    swapped = "“Say what you saw” is now on day 12, swapped with “Let them say what you agreed”."
    expect(page.locator("#messages")).to_contain_text(swapped)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Move “Say what you saw” later"
    assert abs(page.evaluate("scrollY") - before) < 200
    page.evaluate("document.getElementById('main').lastElementChild.scrollIntoView()")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_in_viewport()
    with within(acme):
        assert Step.objects.get(pk=step.pk).day == 12

    page.get_by_role("link", name="Check and publish").click()
    expect(page.get_by_text("Moved from day 10, and reworded")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Publish version 3").click()
    expect(page.get_by_role("heading", name="Version 3 is published")).to_be_visible()
    check_accessible(page)


CUT_SELECTS = """() => [...document.querySelectorAll(".editor-facts select")].filter((select) => {
    const words = document.createElement("canvas").getContext("2d"), style = getComputedStyle(select);
    words.font = style.font;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return [...select.options].some((option) => words.measureText(option.text).width > room);
}).map((select) => select.name)"""
ENGLISH, NORWEGIAN = (f'[data-language="{code}"]' for code in ("en", "nb"))


@pytest.mark.looks
def test_the_editor_gives_its_room_to_what_is_written(hana, draft, step):
    """On a desk every select shows its words and one language has the width; on a phone there is one bar."""
    page = hana.go("draft_step", draft.pk, step.pk)
    expect(page.locator(".navigation")).to_be_hidden()
    expect(page.locator(".action-bar")).to_be_in_viewport()
    page.set_viewport_size(DESK)

    assert page.evaluate(CUT_SELECTS) == []
    expect(page.locator(".navigation")).to_be_visible()
    for written, read in ((ENGLISH, NORWEGIAN), (NORWEGIAN, ENGLISH)):
        page.locator(f"{written} textarea").first.focus()
        widths = [page.locator(part).bounding_box()["width"] for part in (written, read)]
        assert widths[0] > 1.4 * widths[1] > 0


@pytest.mark.looks
def test_the_pages_of_a_whole_draft_are_accessible(hana, draft, step):
    check_accessible(hana.go("curriculum", draft.pk))
    check_accessible(hana.go("draft_step", draft.pk, step.pk))


def test_phone_editor_shows_one_language_and_errors_of_both(hana, draft, step):
    page = hana.go("draft_step", draft.pk, step.pk)
    english, norwegian = page.get_by_label("Title (English)"), page.get_by_label("Title (Norsk bokmål)")
    expect(english).to_be_visible()
    expect(norwegian).to_be_hidden()

    page.locator(".choice", has_text="Norsk bokmål").click()
    expect(norwegian).to_be_visible()
    expect(english).to_be_hidden()
    expect(page.locator("aside .step h2")).to_have_attribute("lang", "nb")
    norwegian.fill("x" * 46)
    expect(page.locator("#id_nb-title_helptext .is-over")).to_have_text(re.compile("46/45"))
    page.locator(".choice", has_text="English").click()
    page.get_by_role("button", name="Save draft").click()

    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(norwegian).to_be_visible()
    expect(page.get_by_text("At most 45 characters; these are 46.").last).to_be_visible()
    hana.forgive("422")
    check_accessible(page)


def test_two_admins_at_once_lose_nothing(hana, cast, draft, step, acme):
    page = hana.go("draft_step", draft.pk, step.pk)
    page.set_viewport_size(DESK)
    page.get_by_label("Title (English)").fill("Hana's title")
    with within(acme):
        facts = StepFacts(**{name: getattr(step, name) for name in StepFacts.__slots__})
        text = step.text | {"en": step.text["en"] | {"title": "Olav's title"}}
        change_step(step=step, facts=facts, text=text, by=cast.olav, now=NOW)

    page.get_by_role("button", name="Save draft").click()

    other = page.get_by_role("group", name="Saved in the meantime")
    expect(other).to_contain_text("Olav's title")
    expect(other.get_by_label("Keep mine")).to_be_checked()
    expect(page.get_by_label("Title (English)")).to_have_value("Hana's title")
    expect(page.locator("[data-draft-status]")).to_contain_text("Restored")  # the answer has come to rest
    expect(page.locator("#step-form[aria-busy]")).to_have_count(0)  # while it is busy, a second tap sends nothing
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#messages")).to_contain_text("Saved in the draft.")
    hana.forgive("422")
    with within(acme):
        assert Step.objects.get(pk=step.pk).text["en"]["title"] == "Hana's title"


def test_what_was_typed_is_there_again_after_the_tab_was_closed(hana, draft, step):
    page = hana.go("draft_step", draft.pk, step.pk)
    page.get_by_label("Title (English)").fill("Not saved yet")
    expect(page.locator("[data-draft-status]")).to_contain_text("Saved on this device")
    page = hana.go("draft_step", draft.pk, step.pk)

    expect(page.get_by_label("Title (English)")).to_have_value("Not saved yet")
    expect(page.locator("#id_en-title_helptext")).to_contain_text("13/45")
    expect(page.locator("aside .step h2")).to_have_text("Not saved yet")


def test_without_javascript_the_preview_keeps_typed_text(live, browser, cast, draft, step):
    live.sign_in(cast.hana)
    context = browser.new_context(java_script_enabled=False, storage_state=live.context.storage_state())
    page = context.new_page()
    page.goto(live.url("draft_step", draft.pk, step.pk))
    page.get_by_label("Title (English)").fill("By hand")
    page.get_by_role("button", name="Show preview").click()

    expect(page.locator("aside .step h2")).to_have_text("By hand")
    expect(page.frame_locator("iframe").get_by_role("heading", name="By hand")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#messages")).to_contain_text("Saved in the draft.")
    expect(page.get_by_label("Title (English)")).to_have_value("By hand")
    context.close()


def test_a_new_version_is_written_checked_and_published(live, cast, acme):
    """An admin changes a plan, a theme and the brief, sees a finding, fixes it where it leads, and publishes."""
    with within(acme):
        standard = load_curriculum()
    live.sign_in(cast.hana)
    page = live.go("curriculum_list")
    page.set_viewport_size(DESK)
    page.locator(f"#curriculum-{standard.curriculum_id}").get_by_role("button", name="Work on a new version").click()
    expect(page.get_by_text("Draft of version 3 started.")).to_be_visible()

    page.get_by_role("link", name="Plans", exact=True).click()
    page.locator("section.sheet").first.get_by_role("link").first.click()
    page.get_by_label("The moment (English)").fill("When the queue turns red")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("main")).to_contain_text("When the queue turns red")

    page.get_by_role("link", name="Themes", exact=True).click()
    page.get_by_role("link", name="Trust without control").click()
    page.get_by_label("Name (English)").fill("Trust first")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("link", name="Trust first")).to_be_visible()

    page.get_by_role("link", name="Brief", exact=True).click()
    page.get_by_role("link", name="Edit the brief").click()
    page.get_by_role("button", name="Save and move part 1 down").click()
    expect(page.locator("#messages")).to_contain_text("Saved in the draft.")
    expect(page.get_by_label("Part 2, heading (English)")).to_have_value("At the kick-off, or before day 1")
    page.get_by_role("button", name="Save and add a part").click()
    expect(page.get_by_role("heading", name="Part 6")).to_be_focused()
    page.get_by_label("Part 6, heading (English)").fill("One more thing")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#messages")).to_contain_text("Saved in the draft.")

    # What is in the way leads to its field.
    page.get_by_role("link", name="Adaptive contact-centre leadership").click()
    page.get_by_role("link", name="Check and publish").click()
    page.get_by_role("link", name="Part 6, text (English) is not written yet.").click()
    expect(page.get_by_label("Part 6, text (English)")).to_be_in_viewport()
    page.get_by_label("Remove part 6 when I save").check()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("heading", name="Part 6")).to_have_count(0)

    page.get_by_role("link", name="Adaptive contact-centre leadership").click()
    page.get_by_role("link", name="Check and publish").click()
    differing = "Also different: the sponsor's brief, the ready-made plans, the names of themes."
    expect(page.get_by_text(differing)).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Publish version 3").click()
    expect(page.get_by_role("heading", name="Version 3 is published")).to_be_visible()
