"""What is typed is shown as Today and as the mail, to who typed it and to nobody else, and saved nowhere."""

import re

import pytest

from cohorts.curriculum.step_previews import AN_HOUR, Sketch, keep, kept
from cohorts.models import CurriculumVersion
from cohorts.tenancy.wall import within
from cohorts.web.forgiving_cache import forgiving_cache

TYPED = {
    "day": "50",
    "minutes": "4",
    "en-title": "Typed <b>just</b> now",
    "en-why": "Because.",
    "en-practice": "When it rings, wait.",
    "nb-title": "",
}


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def draft(acme):
    with within(acme):
        return CurriculumVersion.objects.get(published_at=None)


@pytest.fixture
def step(draft, acme):
    with within(acme):
        return draft.steps.get(day=50)


def show(client, draft, step, **more):
    """The fragment that htmx gets, and where its mail stands."""
    answer = client.post(
        client.url("draft_step_preview", draft.pk, step.pk), TYPED | more, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    return page, re.search(r'src="([^"]+)"', page)[1].replace("&amp;", "&")


def test_what_is_typed_is_shown_as_today_and_as_the_mail_and_not_saved(hana, draft, step, acme):
    page, mail = show(hana, draft, step)

    for shown in (page, hana.get(mail).content.decode()):
        assert "Typed &lt;b&gt;just&lt;/b&gt; now" in shown
        assert "When it rings, wait." in shown
        assert "Day 50 core" not in shown
    assert page.count("…") >= 1, "what is not written yet shows dots"
    assert "<html" not in page
    with within(acme):
        assert draft.steps.get(day=50).text == step.text


def test_the_mail_is_shown_in_a_sandboxed_frame(hana, draft, step):
    page, mail = show(hana, draft, step)

    assert re.search(r"<iframe[^>]+\bsandbox\b", page)
    for address in (mail, mail.partition("?")[0]):
        answer = hana.get(address)
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["Content-Security-Policy"].endswith("sandbox")


def test_a_fallback_language_is_named_in_the_preview(hana, draft, step):
    page, mail = show(hana, draft, step, language="nb", **{"nb-title": "", "nb-why": "", "nb-practice": ""})

    assert "Typed &lt;b&gt;just" in page
    assert '<span class="tag" lang="nb">' in page
    assert "Typed &lt;b&gt;just" in hana.get(mail).content.decode()


def test_the_preview_lists_missing_texts_per_language(hana, draft, step):
    page, _mail = show(hana, draft, step)

    assert 'id="missing-nb" class="editor-missing quiet small" hx-swap-oob="true">Nothing yet.' in page
    assert "Still missing before you publish: Question." in page


@pytest.mark.parametrize("other", ["olav", "zara"])
def test_previews_are_private_to_the_writer(hana, client_for, cast, draft, step, other):
    """The very address of the frame shows another admin what is saved, and a stranger nothing."""
    _page, mail = show(hana, draft, step)
    answer = client_for(getattr(cast, other)).get(mail)

    assert "Typed" not in answer.content.decode()
    assert answer.status_code == (200 if other == "olav" else 404)


def test_the_same_keys_in_another_organisation_find_nothing(cast, acme, zenith, draft, step):
    """Even a member and a step of the same numbers: the organisation is in the key."""
    with within(acme):
        mark = keep(Sketch(50, 3, {"en": {"title": "Acme's"}}), membership=cast.hana, version=draft, step=step)
        assert kept(mark, membership=cast.hana, version=draft, step=step)
    twin = type(cast.hana)(pk=cast.hana.pk, organisation_id=zenith.pk)
    assert kept(mark, membership=twin, version=draft, step=step) is None
    assert kept(mark, membership=cast.olav, version=draft, step=step) is None
    assert kept(mark, membership=cast.hana, version=draft, step=None) is None


def test_what_was_forgotten_shows_what_is_saved(hana, draft, step, clock):
    _page, mail = show(hana, draft, step)
    for mark in (mail + "x", mail.replace("typed=", "gone=")):
        assert "Day 50 core: title (en)" in hana.get(mark).content.decode()


def test_it_is_remembered_for_an_hour(cast, acme, draft, step):
    with within(acme):
        mark = keep(Sketch(50, 3, {}), membership=cast.hana, version=draft, step=step)
    (name,) = (
        key.decode()
        for key in forgiving_cache()._cache.get_client().keys(f"{forgiving_cache().key_prefix}:*step-preview*")
    )
    seconds = forgiving_cache()._cache.get_client().ttl(name)

    assert mark
    assert AN_HOUR - 60 < seconds <= AN_HOUR == 3600


def test_previews_of_one_person_use_at_most_sixteen_entries(cast, acme, draft, step):
    with within(acme):
        for number in range(100):
            mark = keep(Sketch(50, number, {}), membership=cast.hana, version=draft, step=step)
        newest = kept(mark, membership=cast.hana, version=draft, step=step)
    cache = forgiving_cache()
    keys = cache._cache.get_client().keys(f"{cache.key_prefix}:*step-preview*")

    assert newest == Sketch(50, 99, {})
    assert len(keys) == 16


def test_without_htmx_the_preview_returns_the_whole_editor(hana, draft, step, acme):
    answer = hana.post(hana.url("draft_step_preview", draft.pk, step.pk), TYPED)
    form = answer.context["form"]

    assert answer.status_code == 200
    assert form["en-title"].value() == TYPED["en-title"]
    assert "step-form" in answer.content.decode()
    with within(acme):
        assert draft.steps.get(day=50).text == step.text


def test_a_new_step_has_a_preview_too(hana, draft):
    answer = hana.post(hana.url("draft_new_preview", draft.pk), TYPED, headers={"HX-Request": "true"})
    mail = re.search(r'src="([^"]+)"', answer.content.decode())[1].replace("&amp;", "&")

    assert "Typed &lt;b&gt;" in hana.get(mail).content.decode()
    assert hana.get(mail.partition("?")[0]).status_code == 200


@pytest.mark.parametrize(("day", "minutes"), [("", ""), ("x", "-1"), ("9" * 400, "1e3"), ("٣", "²")])
def test_a_number_that_is_none_yet_stops_no_preview(hana, draft, step, day, minutes):
    page, mail = show(hana, draft, step, day=day, minutes=minutes)

    assert "Typed" in page
    assert hana.get(mail).status_code == 200
