"""An admin writes an item on a phone, sees it as a rater would, and publishes the version."""

import re

import pytest
from playwright.sync_api import expect

from cohorts.models import Membership
from cohorts.tenancy.wall import within
from feedback360.models import Questionnaire
from feedback360.questionnaires.actions.drafts import start_draft
from feedback360.questionnaires.rows import content_of, load_questionnaire
from tests.browser import Live
from tests.cast import Cast
from tests.times import NOW

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]


def test_an_admin_edits_previews_and_publishes_on_a_phone(live: Live, cast: Cast) -> None:
    hana: Membership = cast.hana
    with within(cast.acme):
        draft = start_draft(questionnaire=load_questionnaire(now=NOW), by=hana, now=NOW)
    live.sign_in(hana)
    page = live.go("questionnaire", draft.pk)

    page.get_by_role("link", name="When a shift begins, Ingrid greets people by name.").click()
    expect(page.get_by_label(re.compile("As the team reads it .Norsk"))).to_be_hidden()
    page.get_by_label(re.compile("As the team reads it .English")).fill("When a shift begins, {name} says hello.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved in the draft. Only admins see it.")).to_be_visible()

    page.get_by_role("button", name="Move “When a shift begins, Ingrid says hello.” up").click()
    page.get_by_role("button", name="More").click()
    page.get_by_role("link", name="Preview").click()
    item = page.get_by_role("group", name="When a shift begins, Ingrid says hello.")
    item.get_by_label("Nearly always").check()
    expect(item.get_by_label("I haven’t seen this")).not_to_be_checked()
    page.get_by_role("link", name=re.compile("Manager")).click()
    expect(page.get_by_role("group", name="When a shift begins, Ingrid says hello.")).to_have_count(0)

    page = live.go("questionnaire_publishing", draft.pk)
    page.get_by_role("button", name="Publish version 2").click()
    expect(page.get_by_text("Version 2 is published and never changes from here on.")).to_be_visible()

    with within(cast.acme):
        published = Questionnaire.objects.get(pk=draft.pk)
    assert published.is_published
    assert content_of(published).items[1].key == "greets-by-name"
    assert live.complaints == []
