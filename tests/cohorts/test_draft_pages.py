"""Working on a draft: what is kept, what is refused beside its field, and what two admins do to each other."""

import re

import pytest

from cohorts.curriculum.actions.drafts import start_draft
from cohorts.curriculum.rows import load_curriculum
from cohorts.models import Curriculum, CurriculumVersion, Milestone, SponsorWeek
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.times import NOW

EN = {
    "title": "One call, side by side",
    "why": "Leaders who listen beside people hear what figures hide.",
    "practice": "When a call ends, ask what made it hard.",
    "question": "What did you hear that the figures hide?",
}
NB = {
    "title": "Én samtale, side om side",
    "why": "Den som lytter ved siden av, hører det tallene skjuler.",
    "practice": "Når en samtale er over, spør hva som var vanskelig.",
    "question": "Hva hørte du som tallene skjuler?",
}


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def draft(acme):
    """Acme's draft with two steps that keep to the rules."""
    with within(acme):
        draft = CurriculumVersion.objects.get(published_at=None)
        draft.themes = {"presence": {"en": "Presence", "nb": "Nærvær"}}
        draft.save()
        for step in draft.steps.all():
            step.text = {"en": EN, "nb": NB}
            step.save()
    return draft


@pytest.fixture
def step(draft, acme):
    with within(acme):
        return draft.steps.get(day=50)


def form_at(client, url):
    """What a browser would send if nobody touched the form."""
    form = client.get(url).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def saved(acme, row):
    with within(acme):
        return type(row).objects.get(pk=row.pk)


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_work_on_a_new_version_begins_once(hana, cast, acme):
    version = cast.house_of(acme).version
    first = hana.post(hana.url("draft_new", version.pk))
    second = hana.post(hana.url("draft_new", version.pk))

    assert first.url == second.url
    with within(acme):
        draft = version.curriculum.versions.get(number=2)
        assert not draft.is_published
        assert draft.steps.count() == version.steps.count()


def test_a_copy_gets_its_short_name_from_the_title(hana, cast, acme):
    url = hana.url("curriculum_copy", cast.house_of(acme).version.pk)
    for _ in range(2):
        hana.post(url, {"en-title": "Årsplan for Ødegård", "nb-title": "Årsplan"})

    with within(acme):
        slugs = set(Curriculum.objects.filter(slug__startswith="arsplan").values_list("slug", flat=True))
        draft = CurriculumVersion.objects.get(curriculum__slug="arsplan-for-odegard")
    assert slugs == {"arsplan-for-odegard", "arsplan-for-odegard-2"}
    assert draft.title == {"en": "Årsplan for Ødegård", "nb": "Årsplan"}
    assert not draft.is_published


def test_names_from_titles_are_names_the_files_know(hana, draft, acme):
    """With an underscore in it, neither could ever be published or exported."""
    hana.post(hana.url("curriculum_copy", draft.pk), {"en-title": "Team_leads", "nb-title": "Teamledere"})
    url = hana.url("draft_step_new", draft.pk)
    hana.post(url, form_at(hana, url) | {"theme": "presence", "behaviour": "clear", "en-title": "The stop_watch"})

    with within(acme):
        assert Curriculum.objects.filter(slug="team-leads").exists()
        assert draft.steps.filter(key="the-stop-watch").exists()


@pytest.mark.parametrize("opened", ["[" * 100_000, '"x"', '{"day": [1]}', "\0"])
def test_whatever_a_form_claims_it_was_opened_with_it_is_read_or_ignored(hana, draft, step, opened):
    url = hana.url("draft_step", draft.pk, step.pk)

    assert hana.post(url, form_at(hana, url) | {"opened": opened}).status_code == 302


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("acme-leading", "Another curriculum has this short name."),
        ("no spaces", "Only small letters from a to z"),
        ("-x", "Only small letters from a to z"),
    ],
)
def test_a_short_name_that_cannot_be_is_refused_beside_it(hana, cast, acme, slug, sentence):
    url = hana.url("curriculum_copy", cast.house_of(acme).version.pk)
    answer = hana.post(url, {"en-title": "A copy", "nb-title": "En kopi", "slug": slug})

    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors["slug"])


def test_discarding_needs_confirmation(hana, draft, acme):
    url = hana.url("draft_discard", draft.pk)

    assert "deleted permanently" in words(hana.get(url))
    with within(acme):
        assert CurriculumVersion.objects.filter(pk=draft.pk).exists()
    hana.post(url)
    with within(acme):
        assert not CurriculumVersion.objects.filter(pk=draft.pk).exists()


def test_a_step_is_saved_with_single_spaces(hana, draft, step, acme):
    url = hana.url("draft_step", draft.pk, step.pk)
    answer = hana.post(url, form_at(hana, url) | {"nb-title": "  Hør \n etter ", "minutes": "7"}, follow=True)

    assert "Saved in the draft." in words(answer)
    now = saved(acme, step)
    assert now.text == {"en": EN, "nb": NB | {"title": "Hør etter"}}
    assert (now.minutes, now.day, now.key) == (7, 50, step.key)


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("en-title", "x" * 46, "At most 45 characters; these are 46."),
        ("nb-why", "ord " * 41, "At most 40 words; these are 41."),
        ("en-practice", "When " + "word " * 50, "At most 50 words; these are 51."),
        ("nb-practice", "When it rings, wait.", "Must begin with “Når” or “Hvis”."),
        ("en-question", "Tell me more.", "Must end in a question mark."),
        ("en-question", "word " * 25 + "?", "At most 25 words; these are 26."),
        ("day", "91", "less than or equal to 90"),
        ("minutes", "11", "less than or equal to 10"),
        ("day", "55", "can only have an extra step"),
    ],
)
def test_invalid_input_is_refused_beside_its_field_and_kept(hana, draft, step, acme, field, text, sentence):
    url = hana.url("draft_step", draft.pk, step.pk)
    answer = hana.post(url, form_at(hana, url) | {field: text})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert sentence in str(answer.context["form"].errors[field])
    assert text.strip() in answer.content.decode()
    assert saved(acme, step).text == step.text


def test_a_language_may_be_left_empty_and_half_written(hana, draft, step, acme):
    url = hana.url("draft_step", draft.pk, step.pk)
    empty = {f"nb-{name}": "" for name in NB}
    page = hana.post(url, form_at(hana, url) | empty, follow=True)

    assert saved(acme, step).text == {"en": EN}
    assert "Readers of this language see the text in English" in words(page)
    page = hana.post(url, form_at(hana, url) | empty | {"nb-title": "Hør"}, follow=True)
    assert "Still missing before you publish: Why it matters, Practice, Question." in words(page)


def test_a_core_step_comes_at_every_dial(hana, draft, step, acme):
    url = hana.url("draft_step", draft.pk, step.pk)
    hana.post(url, form_at(hana, url) | {"cadence": "3"})
    assert saved(acme, step).cadence == 1

    hana.post(url, form_at(hana, url) | {"cadence": "3", "kind": "extra"})
    assert saved(acme, step).cadence == 3


def test_a_taken_day_makes_the_two_change_places(hana, draft, step, acme):
    url = hana.url("draft_step", draft.pk, step.pk)
    answer = hana.post(url, form_at(hana, url) | {"day": "51"}, follow=True)

    assert f"That day was taken, so “{EN['title']}” is now on day 50." in words(answer)
    with within(acme):
        assert draft.steps.get(day=51).pk == step.pk


def test_a_core_step_is_not_pushed_onto_a_weekend(hana, draft, step, acme):
    with within(acme):
        extra = make.StepFactory(version=draft, day=55, kind="extra", text={"en": EN})
    url = hana.url("draft_step", draft.pk, extra.pk)
    answer = hana.post(url, form_at(hana, url) | {"day": "50"})

    assert answer.status_code == 422
    assert "only have an extra" in str(answer.context["form"].errors["day"])
    with within(acme):
        assert {each.pk: each.day for each in draft.steps.all()}[step.pk] == 50


def test_two_admins_editing_different_fields_both_keep_theirs(hana, client_for, cast, draft, step, acme):
    url = hana.url("draft_step", draft.pk, step.pk)
    olav = client_for(cast.olav)
    mine, theirs = form_at(hana, url), form_at(olav, url)
    olav.post(url, theirs | {"nb-title": "Olavs tittel"})
    answer = hana.post(url, mine | {"en-title": "Hana's title"}, follow=True)

    assert "together with what was changed elsewhere in the meantime" in words(answer)
    now = saved(acme, step)
    assert (now.text["en"]["title"], now.text["nb"]["title"]) == ("Hana's title", "Olavs tittel")


def test_two_admins_editing_one_field_see_both_texts(hana, client_for, cast, draft, step, acme):
    url = hana.url("draft_step", draft.pk, step.pk)
    olav = client_for(cast.olav)
    mine, theirs = form_at(hana, url), form_at(olav, url)
    olav.post(url, theirs | {"en-title": "Olav's title", "theme": "presence", "minutes": "9"})
    answer = hana.post(url, mine | {"en-title": "Hana's title", "minutes": "8"})

    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.errors) == {"en-title", "minutes"}
    assert "Changed elsewhere in the meantime." in str(form.errors["en-title"])
    assert form["en-title"].other.words == ["Olav's title"]
    assert form["en-title"].value() == "Hana's title"
    assert saved(acme, step).text["en"]["title"] == "Olav's title"

    again = {name: form[name].value() for name in form.fields}
    assert hana.post(url, again).status_code == 302
    assert (saved(acme, step).text["en"]["title"], saved(acme, step).minutes) == ("Hana's title", 8)


def test_a_field_emptied_meanwhile_is_shown(hana, client_for, cast, draft, step):
    url = hana.url("draft_step", draft.pk, step.pk)
    mine, olav = form_at(hana, url), client_for(cast.olav)
    olav.post(url, form_at(olav, url) | {"nb-why": ""})
    answer = hana.post(url, mine | {"nb-why": "Fordi."})

    assert "Changed elsewhere in the meantime." in str(answer.context["form"].errors["nb-why"])
    assert "It was left empty." in words(answer)


def test_the_same_form_may_arrive_twice(hana, draft, step, acme):
    """A lost answer is sent again: what is saved already is no quarrel."""
    url = hana.url("draft_step", draft.pk, step.pk)
    data = form_at(hana, url) | {"en-title": "Twice"}

    assert [hana.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert saved(acme, step).text["en"]["title"] == "Twice"


def test_a_form_that_cannot_say_what_it_showed_overwrites_nothing(hana, draft, step, acme):
    url = hana.url("draft_step", draft.pk, step.pk)
    for opened in ("", "no json", "[]"):
        answer = hana.post(url, form_at(hana, url) | {"opened": opened, "en-title": "Blind"})
        assert answer.status_code == 422
    assert saved(acme, step).text["en"]["title"] == EN["title"]


@pytest.mark.parametrize("name", ["draft_step", "draft_step_preview", "draft_step_removal", "draft_step_later"])
def test_what_was_published_meanwhile_is_refused_with_its_sentence(hana, cast, acme, name):
    version = cast.house_of(acme).version
    with within(acme):
        step = version.steps.first()
    answer = hana.post(hana.url(name, version.pk, step.pk), {"en-title": "No"})

    assert answer.status_code == 409
    assert "This version is published and never changes." in words(answer)


def test_a_step_goes_later_and_back(hana, draft, step, acme):
    with within(acme):
        make.StepFactory(version=draft, day=52, kind="extra")
    answer = hana.post(hana.url("draft_step_later", draft.pk, step.pk), follow=True)

    assert "is now on day 51," in words(answer)
    assert saved(acme, step).day == 51
    assert answer.redirect_chain[-1][0].endswith(f"#step-{step.pk}")
    hana.post(
        re.search(r'action="([^"]+/earlier/)"[^>]*>\s*<input[^>]*>\s*<button class="btn"', answer.content.decode())[1]
    )
    assert saved(acme, step).day == 50


def test_the_last_of_its_kind_stays_where_it_is(hana, draft, step, acme):
    with within(acme):
        make.StepFactory(version=draft, day=49, kind="extra")
    answer = hana.post(hana.url("draft_step_earlier", draft.pk, step.pk), follow=True)

    assert "There is no step of the same kind to swap" in words(answer)
    assert saved(acme, step).day == 50


def test_removing_a_step_needs_confirmation(hana, draft, step, acme):
    url = hana.url("draft_step_removal", draft.pk, step.pk)

    assert EN["title"] in words(hana.get(url))
    hana.post(url)
    with within(acme):
        assert not draft.steps.filter(day=50).exists()


def test_a_step_is_added_where_there_is_none(hana, draft, acme):
    url = hana.url("draft_step_new", draft.pk)
    assert form_at(hana, f"{url}?day=55")["kind"] == "extra"
    data = form_at(hana, f"{url}?day=60") | {"behaviour": "clear", "theme": "presence", "en-title": "A sixtieth"}

    taken = hana.post(url, data | {"day": "51"})
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["day"])
    page = hana.post(url, data, follow=True)
    assert "Step added on day 60." in words(page)
    with within(acme):
        step = draft.steps.get(day=60)
    assert (step.key, step.text["en"]["title"], list(step.text)) == ("a-sixtieth", "A sixtieth", ["en"])


def test_a_full_draft_says_so_before_anything_is_typed(hana, draft, acme):
    url, said = hana.url("draft_step_new", draft.pk), "All ninety days already have a step."
    assert said not in words(hana.get(url))

    with within(acme):
        taken = set(draft.steps.values_list("day", flat=True))
        for day in set(range(1, 91)) - taken:
            make.StepFactory(version=draft, day=day)

    assert said in words(hana.get(url))


def test_a_milestone_is_added_changed_and_removed(hana, draft, acme):
    url = hana.url("draft_milestone_new", draft.pk)
    data = form_at(hana, url) | {"day": "-7", "kind": "site_visit", "en-title": "A visit", "nb-title": "Et besøk"}
    assert hana.post(url, data | {"day": "-15"}).status_code == 422
    assert "A visit" in words(hana.post(url, data, follow=True))
    with within(acme):
        visit = draft.milestones.get(key="a-visit")

    url = hana.url("draft_milestone", draft.pk, visit.pk)
    long = hana.post(url, form_at(hana, url) | {"en-what": "word " * 41})
    assert "At most 40 words" in str(long.context["form"].errors["en-what"])
    hana.post(url, form_at(hana, url) | {"day": "20", "en-what": "Half a day with others."})
    assert (saved(acme, visit).day, saved(acme, visit).text["en"]["what"]) == (20, "Half a day with others.")

    hana.post(hana.url("draft_milestone_removal", draft.pk, visit.pk))
    with within(acme):
        assert not Milestone.objects.filter(pk=visit.pk).exists()


def test_a_week_of_the_sponsor_is_written(hana, draft, acme):
    with within(acme):
        week = SponsorWeek.objects.get(version=draft, week=2)
    url = hana.url("draft_week", draft.pk, 2)
    hana.post(url, form_at(hana, url) | {"en-theme": "Say it", "nb-ask": "", "minutes": "4"})

    now = saved(acme, week)
    assert (now.theme, now.minutes) == ({"en": "Say it"}, 4)
    assert now.text == week.text | {"nb": week.text["nb"] | {"ask": ""}}
    assert hana.post(url, form_at(hana, url) | {"en-say": "word " * 41}).status_code == 422


@pytest.fixture
def next_version(cast, acme):
    """A draft of the standard curriculum, whose published version a cohort walks."""
    with within(acme):
        version = load_curriculum()
        cohort = cast.house_of(acme).cohort
        cohort.version = version
        cohort.save()
        return start_draft(version=version, by=cast.hana, now=NOW)


def test_publishing_lists_changes_and_then_cohorts_to_move(hana, cast, acme, next_version):
    with within(acme):
        step = next_version.steps.get(day=10)
        step.text = step.text | {"en": step.text["en"] | {"title": "A better title"}}
        step.save()
    url = hana.url("draft_publishing", next_version.pk)
    page = words(hana.get(url))
    assert "A better title" in page
    assert "Reworded" in page

    after = hana.post(url, follow=True)
    assert "Version 3 is published" in words(after)
    cohort = cast.house_of(acme).cohort
    assert f"{hana.url('cohort_version', cohort.pk)}?to={next_version.pk}" in after.content.decode()
    assert saved(acme, next_version).is_published
    assert saved(acme, cohort).version_id != next_version.pk


def test_obstacles_to_publishing_link_to_their_place(hana, cast, acme, next_version):
    with within(acme):
        half, gone = next_version.steps.get(day=9), next_version.steps.get(day=10)
        half.text = half.text | {"en": half.text["en"] | {"why": ""}}
        gone.text = {"en": gone.text["en"]}
        half.save()
        gone.save()
    cast.ada.person.language = "nb"
    cast.ada.person.save()
    url = hana.url("draft_publishing", next_version.pk)
    page = hana.get(url)

    assert "Why it matters (English) is not written yet." in words(page)
    assert "Norsk bokmål: read by 1 person in cohorts on this curriculum" in words(page)
    for step in (half, gone):
        assert hana.url("draft_step", next_version.pk, step.pk) in page.content.decode()
    assert hana.post(url).status_code == 409
    assert not saved(acme, next_version).is_published


def test_a_gap_in_an_unused_language_only_warns(hana, acme, next_version):
    with within(acme):
        step = next_version.steps.get(day=10)
        step.text = {"en": step.text["en"]}
        step.save()
    url = hana.url("draft_publishing", next_version.pk)

    assert "Norsk bokmål is not complete." in words(hana.get(url))
    assert hana.post(url).status_code == 302


def test_publishing_page_queries_do_not_grow(hana, next_version, count_queries):
    url = hana.url("draft_publishing", next_version.pk)
    hana.get(url)

    assert len(count_queries(lambda: hana.get(url))) <= 12


def test_every_place_without_text_can_be_named(hana, acme, next_version):
    """Whatever the check calls missing has a label: the emptiest draft is told too."""
    with within(acme):
        for rows, field in (
            (next_version.steps, "text"),
            (next_version.milestones, "text"),
            (next_version.sponsor_weeks, "text"),
        ):
            rows.update(**{field: {}})
        next_version.sponsor_weeks.update(theme={})
        CurriculumVersion.objects.filter(pk=next_version.pk).update(
            title={}, brief={}, themes={key: {} for key in next_version.themes}
        )
    page = words(hana.get(hana.url("draft_publishing", next_version.pk)))

    for label in (
        "Title of the curriculum",
        "Theme: presence",
        "Week 13: theme and sponsor",
        "Day 90: without a title",
    ):
        assert label in page
