"""An admin reads a curriculum as a person would: the list, a version three ways, its other parts, one step."""

import re
from datetime import timedelta

import pytest

from cohorts.curriculum.behaviours import Situation
from cohorts.curriculum.reading import chapters_of, rows_of, starters_of
from cohorts.curriculum.rows import load_curriculum
from cohorts.models import Step
from cohorts.tenancy.wall import within
from tests import factories as make
from tests.plain_dates import with_plain_dates
from tests.times import NOW

ONLY_EN = re.compile(r'<span class="tag" lang="(\w+)">\s*Only in English')
EN = {"en": {"title": "Listen", "why": "It helps.", "practice": "When a call ends, wait.", "question": "What then?"}}


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def house(cast, acme):
    return cast.house_of(acme)


@pytest.fixture
def version(acme):
    """A published version with two themes over three weeks, one step of it in English alone."""
    with within(acme):
        version = make.CurriculumVersionFactory(
            themes={"presence": {"en": "Presence", "nb": "Nærvær"}, "praise": {"en": "Praise"}},
            sources={"smith": "Smith (2020), Listening"},
        )
        for day, theme, behaviour in (
            (1, "presence", "clear"),
            (3, "praise", "encouraging"),
            (15, "presence", "clear"),
        ):
            make.StepFactory(version=version, day=day, theme=theme, behaviour=behaviour, source="smith")
        make.StepFactory(version=version, day=8, kind="extra", cadence=2, text=EN)
        for week, theme in enumerate(
            [{"en": "Begin", "nb": "Begynn"}, {"en": "See"}, {"en": "Go", "nb": "Gå"}], start=1
        ):
            make.SponsorWeekFactory(version=version, week=week, theme=theme)
        make.MilestoneFactory(version=version, key="before", kind="kick_off", day=-2)
        make.MilestoneFactory(version=version, key="circle", day=3)
        make.MilestoneFactory(version=version, key="after", kind="closing", day=92)
        return version


def get(client, name, *args, **asked):
    answer = client.get(client.url(name, *args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def headings(page):
    content = page[max(page.find("<main"), 0) :]
    return [" ".join(words.split()) for words in re.findall(r"<h2[^>]*>(.*?)</h2>", content, re.DOTALL)]


def titles(page):
    return re.findall(r'/steps/\d+/\?language=\w+" lang="\w+">([^<]+)</a>', page)


# The list


def test_the_list_shows_each_version_with_state_and_cohorts(hana, house):
    with within(house.organisation):
        make.CurriculumVersionFactory(curriculum=house.version.curriculum, number=2, published_at=None)

    page = with_plain_dates(hana.get(hana.url("curriculum_list")))

    card = page.split(f'id="curriculum-{house.version.curriculum_id}"')[1].split("</section>")[0]
    rows = re.findall(r"Version (\d)</a>.*?(Followed by|Only admins see it)", card, re.DOTALL)
    assert headings(card) == ["Leading day by day"]
    assert rows == [("2", "Only admins see it"), ("1", "Followed by")]
    assert "Acme spring</a>" in page
    assert "Zenith" not in page
    assert "Published 11 March 2026" in page


def test_a_curriculum_with_a_draft_offers_to_go_on_with_it(hana, house):
    begin = hana.url("draft_new", house.version.pk)
    assert f'action="{begin}"' in get(hana, "curriculum_list")

    with within(house.organisation):
        draft = make.CurriculumVersionFactory(curriculum=house.version.curriculum, number=2, published_at=None)
    page = get(hana, "curriculum_list")

    assert f'action="{begin}"' not in page
    assert f'href="{hana.url("curriculum", draft.pk)}"' in page
    assert f'href="{hana.url("curriculum_copy", draft.pk)}"' in get(hana, "curriculum", draft.pk)


def test_a_draft_in_the_list_says_what_is_in_the_way(hana, house):
    with within(house.organisation):
        draft = make.CurriculumVersionFactory(
            curriculum=house.version.curriculum, number=2, published_at=None, changed_at=NOW - timedelta(hours=3)
        )
    page = get(hana, "curriculum_list")
    assert "Changed 3" in re.sub(r"<[^>]+>", "", page)
    assert f'hx-get="{hana.url("draft_findings", draft.pk)}"' in page

    count = len(hana.get(hana.url("draft_publishing", draft.pk)).context["obstacles"])
    assert count > 0
    assert re.search(r"\d+ findings to fix</a>", get(hana, "draft_findings", draft.pk))


def test_a_version_in_many_cohorts_names_three(hana, house):
    with within(house.organisation):
        version = make.CurriculumVersionFactory()
        for number in range(5):
            make.CohortFactory(name=f"Group {number}", version=version)

    page = get(hana, "curriculum_list")

    assert len(re.findall(r">Group \d</a>", page)) == 3
    assert "and 2 more" in page


def test_an_empty_list_teaches(client_for, empty_house):
    page = get(client_for(empty_house), "curriculum_list")

    assert "No curriculum yet" in page
    assert "Import a curriculum" in page


@pytest.fixture
def empty_house(db):
    organisation = make.OrganisationFactory()
    with within(organisation):
        return make.MembershipFactory(roles=["admin"])


def test_without_a_published_version_the_page_links_to_curricula(client_for, empty_house):
    client = client_for(empty_house)
    with within(empty_house.organisation):
        make.CurriculumVersionFactory(published_at=None)

    page = get(client, "cohort_new")

    assert "No curriculum is published yet" in page
    assert f'class="btn btn-primary" href="{client.url("curriculum_list")}"' in page


def test_list_queries_do_not_grow(hana, house, same_queries_at_1_and_30):
    def publish(number):
        with within(house.organisation):
            make.CohortFactory(version=make.CurriculumVersionFactory())

    assert same_queries_at_1_and_30(lambda: hana.get(hana.url("curriculum_list")), publish) <= 12


# A version


def test_by_week_everything_is_on_its_day(hana, version):
    page = get(hana, "curriculum", version.pk)

    assert headings(page) == ["Before day 1", "Week 1 · Begin", "Week 2 · See", "Week 3 · Go", "After day 90"]
    days = re.findall(r'<span class="tag number">(-?\d+)</span>', page)
    assert days == ["-2", "1", "3", "3", "8", "15", "92"]
    assert page.index("Milestone circle: title") < page.index("Day 3 core: title")
    assert "Week 1: watch_for (en)" in page


def test_by_theme_a_theme_is_seen_to_grow(hana, version):
    page = get(hana, "curriculum", version.pk, by="theme")

    assert headings(page) == ["Presence", "Praise"]
    assert titles(page) == ["Day 1 core: title (en)", "Listen", "Day 15 core: title (en)", "Day 3 core: title (en)"]
    assert re.findall(r"(\d+) days later", page) == ["7", "7"]
    assert "Day 15 core: practice (en)" in page


def test_by_behaviour(hana, version):
    page = get(hana, "curriculum", version.pk, by="behaviour")

    assert headings(page) == ["Clear", "Encouraging"]
    assert "Presence" in page


def test_an_unknown_way_to_read_is_by_week(hana, version):
    assert "Before day 1" in get(hana, "curriculum", version.pk, by="moon")


def test_a_missing_translation_is_shown_as_missing(hana, version):
    english, norwegian = (get(hana, "curriculum", version.pk, language=code) for code in ("en", "nb"))

    assert ONLY_EN.findall(english) == []
    assert ONLY_EN.findall(norwegian) == ["en"]
    assert "Day 1 core: title (nb)" in norwegian
    assert "Listen" in norwegian


def test_the_head_counts_what_each_language_lacks(hana, version):
    page = get(hana, "curriculum", version.pk)

    assert re.findall(r"(?:English|Norsk bokmål): [^<]+?(?=\s*<)", page)[-2:] == [
        "English: 1 piece missing",  # the brief
        "Norsk bokmål: 4 pieces missing",  # the brief, the theme praise, week 2, day 8
    ]


def test_a_complete_curriculum_says_so_and_the_page_stays_small(hana, acme, count_queries):
    with within(acme):
        version = load_curriculum()

    for by in ("week", "theme", "behaviour"):
        url = f"{hana.url('curriculum', version.pk)}?by={by}"
        page = hana.get(url).content.decode()
        assert "English: complete" in page
        assert "Norsk bokmål: complete" in page
        assert len(titles(page)) == 90
        assert len(page) < 120_000
        assert len(count_queries(lambda url=url: hana.get(url))) <= 9


def test_an_empty_draft_teaches(hana, acme):
    with within(acme):
        draft = make.CurriculumVersionFactory(published_at=None)

    assert "No content yet" in get(hana, "curriculum", draft.pk)


def test_a_draft_leads_to_its_editor_and_a_published_version_does_not(hana, acme, version):
    with within(acme):
        draft = make.CurriculumVersionFactory(published_at=None)
        step = make.StepFactory(version=draft, day=5)
        event = make.MilestoneFactory(version=draft, day=5)
        published = version.steps.first()
    edit = hana.url("draft_step", draft.pk, step.pk)
    assert f'href="{hana.url("draft_milestone", draft.pk, event.pk)}?language=en"' in get(hana, "curriculum", draft.pk)

    for page in (get(hana, "curriculum", draft.pk), get(hana, "curriculum_step", draft.pk, step.pk)):
        assert f'href="{edit}?language=en"' in page
    for page in (get(hana, "curriculum", version.pk), get(hana, "curriculum_step", version.pk, published.pk)):
        assert "/drafts/" not in page


@pytest.mark.parametrize(
    "name", ["curriculum", "curriculum_milestones", "curriculum_brief", "curriculum_starters", "curriculum_themes"]
)
def test_another_organisations_version_is_missing(hana, cast, zenith, name):
    foreign = cast.house_of(zenith).version

    assert hana.get(hana.url(name, foreign.pk)).status_code == 404


# Its other parts


def test_live_events_and_agendas(hana, acme):
    agenda = {
        "en": {
            "title": "What we tried",
            "opening": "Welcome.",
            "parts": [{"minutes": 15, "heading": "Round", "text": "One each."}],
            "closing": "Until next month.",
        }
    }
    with within(acme):
        version = make.CurriculumVersionFactory(
            circle=[{"month": 1, "milestone": "circle-1", "sources": ["smith"], "texts": agenda}],
            sources={"smith": "Smith (2020), Listening"},
        )
        make.MilestoneFactory(version=version, key="circle-1", day=24)

    page = get(hana, "curriculum_milestones", version.pk, language="nb")

    assert headings(page) == ["Milestone circle-1: title (nb)", "What we tried"]
    assert "Milestone circle-1: prepare (nb)" in page
    assert ONLY_EN.findall(page) == ["en"]
    assert "Smith (2020), Listening" in page


def test_the_empty_page_explains_live_events(hana, acme):
    with within(acme):
        version = make.CurriculumVersionFactory()

    assert "No live events yet" in get(hana, "curriculum_milestones", version.pk)


def test_the_brief_is_shown_or_reported_missing(hana, acme):
    brief = {
        "title": "Your part",
        "opening": "Hello.",
        "parts": [{"heading": "Ask", "text": "Once."}],
        "closing": "So.",
    }
    with within(acme):
        whole = make.CurriculumVersionFactory(brief={"en": brief}, brief_sources=["smith"], sources={"smith": "Smith"})
        empty = make.CurriculumVersionFactory()

    page = get(hana, "curriculum_brief", whole.pk, language="nb")

    assert ("Your part" in page, "Source:" in page, len(ONLY_EN.findall(page))) == (True, True, 1)
    assert "No brief yet" in get(hana, "curriculum_brief", empty.pk)


def test_plans_to_begin_from_stand_by_behaviour_and_situation(hana, acme):
    plan = {"en": {"cue": "When a caller shouts", "response": "I will wait"}}
    both = plan | {"nb": {"cue": "Når noen roper", "response": "skal jeg vente"}}
    with within(acme):
        version = make.CurriculumVersionFactory(starters={"clear": {"remote": plan, "queue": both}})

        assert list(starters_of(version, "clear", "nb")) == [Situation.QUEUE, Situation.REMOTE]
        assert starters_of(version, "initiative", "nb") == {}
    page = get(hana, "curriculum_starters", version.pk, language="nb")

    assert headings(page) == ["Clear"]
    assert '<p class="mb-0" lang="nb">Når noen roper, skal jeg vente.</p>' in page
    assert '<p class="mb-0" lang="en">When a caller shouts, I will wait.</p>' in page


def test_each_page_of_a_version_is_a_tab_that_keeps_the_language(hana, version):
    names = [f"curriculum{page}" for page in ("", "_milestones", "_brief", "_starters", "_themes", "_sources")]
    for current in names:
        page = hana.get(hana.url(current, version.pk), {"language": "nb"})

        assert [tab.is_current for tab in page.context["tabs"]] == [name == current for name in names]
        assert [tab.url.endswith("?language=nb") for tab in page.context["tabs"]] == [True] * 6
        assert page.content.decode().count("btn-primary") == 1


# One step


def test_a_step_is_shown_in_both_languages_with_source_and_dials(hana, acme, version):
    with within(acme):
        core, extra = version.steps.get(day=1), version.steps.get(day=8)

    page = get(hana, "curriculum_step", version.pk, core.pk)
    assert ("Day 1 core: why (en)" in page, "Day 1 core: why (nb)" in page) == (True, True)
    assert ("Smith (2020), Listening" in page, "at every dial" in page) == (True, True)

    page = get(hana, "curriculum_step", version.pk, extra.pk)
    assert ("Not written yet" in page, "from steady up" in page) == (True, True)


def test_as_today_and_as_the_mail_are_wholly_in_the_language_asked_for(hana, acme, version):
    with within(acme):
        step = version.steps.get(day=1)

    page = get(hana, "curriculum_step", version.pk, step.pk, language="nb")
    mail = get(hana, "curriculum_step_html", version.pk, step.pk, language="nb")

    today = page.split('id="today-title"')[1].split('id="mail-title"')[0]
    assert ("Hvorfor det betyr noe" in today, "Why it matters" in today) == (True, False)
    assert f'{hana.url("curriculum_step_html", version.pk, step.pk)}?language=nb"' in page
    assert ("Day 1 core: practice (nb)" in mail, "Dagens øvelse" in mail) == (True, True)


def test_the_mail_is_shown_in_a_sandboxed_frame(hana, acme, version):
    with within(acme):
        step = version.steps.get(day=1)

    answer = hana.get(hana.url("curriculum_step_html", version.pk, step.pk))

    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_todays_fallback_language_is_shown_to_its_reader(hana, acme, version):
    with within(acme):
        step = version.steps.get(day=8)

    page = get(hana, "curriculum_step", version.pk, step.pk, language="nb")

    today = page.split('id="today-title"')[1].split('id="mail-title"')[0]
    assert '<span class="tag" lang="nb">' in today
    assert '<h2 lang="en">Listen</h2>' in today


def test_steps_lead_to_those_beside_them(hana, acme, version):
    with within(acme):
        first, second, third = version.steps.all()[:3]

    page = get(hana, "curriculum_step", version.pk, second.pk)

    assert f'rel="prev" href="{hana.url("curriculum_step", version.pk, first.pk)}?' in page
    assert f'rel="next" href="{hana.url("curriculum_step", version.pk, third.pk)}?' in page


def test_a_step_of_another_version_is_missing_here(hana, house, cast, zenith, version):
    with within(house.organisation):
        other = Step.objects.filter(version=house.version).first()
    with within(zenith):
        foreign = Step.objects.first()

    for step in (other, foreign):
        assert hana.get(hana.url("curriculum_step", version.pk, step.pk)).status_code == 404
        assert hana.get(hana.url("curriculum_step_html", version.pk, step.pk)).status_code == 404


def test_only_admins_may_read_curricula(client_for, cast, version):
    for name in ("ada", "sol"):
        client = client_for(getattr(cast, name))
        assert client.get(client.url("curriculum", version.pk)).status_code == 403


def test_weeks_without_steps_keep_the_sponsors_part(acme):
    with within(acme):
        version = make.CurriculumVersionFactory()
        make.SponsorWeekFactory(version=version, week=4)

        (chapter,) = chapters_of(rows_of(version), "week", "en")

    assert (chapter.number, chapter.lines, chapter.sponsor.ask) == (4, [], "Week 4: ask (en)")


def test_curricula_are_a_place_of_the_admins(hana, client_for, cast):
    page = get(hana, "curriculum_list")
    assert re.search(rf'href="{hana.url("curriculum_list")}"\s+aria-current="page"', page)

    leader = client_for(cast.ada)
    assert leader.url("curriculum_list") not in get(leader, "today")


def test_a_cohort_leads_to_its_curriculum(client_for, cast, house):
    page = get(client_for(cast.hana), "cohort_version", house.cohort.pk)

    assert f'href="{client_for(cast.hana).url("curriculum", house.version.pk)}"' in page
