"""What a draft holds beside its days, edited on pages: brief, agendas, plans, themes, title."""

import re
from difflib import ndiff

import pytest

from cohorts.curriculum.actions.drafts import import_draft, start_draft
from cohorts.curriculum.actions.pages import add_agenda, add_theme, change_brief, change_theme, remove_theme
from cohorts.curriculum.check import check_of
from cohorts.curriculum.files import read_files
from cohorts.curriculum.page_parts import Part, parts_of
from cohorts.curriculum.rows import content_of, load_curriculum
from cohorts.curriculum.writer import write_files
from cohorts.models import AuditEntry, CurriculumVersion, Milestone
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow
from cohorts.web.revisions import Stale
from tests import factories as make
from tests.programme.test_two_tabs import Tab
from tests.times import NOW


@pytest.fixture
def hana(client_for, cast):
    return client_for(cast.hana)


@pytest.fixture
def draft(cast, acme):
    """Version 2 of the standard curriculum."""
    with within(acme):
        return start_draft(version=load_curriculum(), by=cast.hana, now=NOW)


def saved(acme, draft):
    with within(acme):
        return CurriculumVersion.objects.select_related("curriculum").get(pk=draft.pk)


def brief_of(acme, draft):
    return parts_of(saved(acme, draft).brief)


def files_of(acme, draft):
    with within(acme):
        return write_files(content_of(saved(acme, draft)))


def differing(before, after):
    """The lines that differ, by file."""
    return {
        name: [line for line in ndiff(_lines(before[name]), _lines(after[name])) if line[0] in "+-"]
        for name in before
        if before[name] != after[name]
    }


def added(lines):
    return [line.strip("+ ") for line in lines if line[0] == "+"]


def _lines(data):
    return data.decode().splitlines()


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


# Parts of a page


def test_the_brief_is_saved_with_its_parts_in_order(hana, acme, draft):
    tab = Tab.open(hana, hana.url("draft_brief", draft.pk))

    answer = tab.save(**{"en-title": "Your part", "en-2-heading": "Each week", "minutes": "4"})

    assert answer.status_code == 302
    row = saved(acme, draft)
    assert (row.brief["en"]["title"], row.brief_minutes) == ("Your part", 4)
    assert [part.key for part in brief_of(acme, draft)] == ["1", "2", "3", "4", "5"]
    assert brief_of(acme, draft)[1].text["en"]["heading"] == "Each week"
    assert row.brief_sources == draft.brief_sources
    assert row.changed_at is not None


def test_every_button_of_a_part_saves_what_is_typed(hana, acme, draft):
    tab = Tab.open(hana, hana.url("draft_brief", draft.pk))

    tab.save(**{"do": "later-1", "en-1-text": "Typed before it moved."})
    assert [part.key for part in brief_of(acme, draft)] == ["2", "1", "3", "4", "5"]
    assert brief_of(acme, draft)[1].text["en"]["text"] == "Typed before it moved."

    Tab.open(hana, tab.url).save(**{"do": "add", "3-gone": "on"})
    keys = [part.key for part in brief_of(acme, draft)]
    assert keys[:4] == ["2", "1", "4", "5"]
    assert brief_of(acme, draft)[4].is_empty


def test_nothing_moves_and_nothing_is_lost_when_a_text_is_too_long(hana, acme, draft):
    tab = Tab.open(hana, hana.url("draft_brief", draft.pk))

    answer = tab.save(**{"do": "later-1", "en-title": "x" * 46, "nb-1-text": "Skrevet her."})

    assert answer.status_code == 422
    assert answer.context["form"]["nb-1-text"].value() == "Skrevet her."
    assert brief_of(acme, draft) == parts_of(draft.brief)


def test_a_part_moved_in_another_tab_is_still_the_same_part(hana, acme, draft):
    a, b = (Tab.open(hana, hana.url("draft_brief", draft.pk)) for _number in range(2))
    a.save(do="later-1")

    assert b.save(**{"en-1-heading": "Still the first", "nb-2-heading": "Fortsatt den andre"}).status_code == 302

    second, first, *_rest = brief_of(acme, draft)
    assert first.text["en"]["heading"] == "Still the first"
    assert second.text["nb"]["heading"] == "Fortsatt den andre"


def test_words_written_in_a_part_removed_elsewhere_are_shown_and_can_stay(hana, acme, draft):
    a, b, c = (Tab.open(hana, hana.url("draft_brief", draft.pk)) for _number in range(3))
    a.save(**{"2-gone": "on"})
    assert [part.key for part in brief_of(acme, draft)] == ["1", "3", "4", "5"]

    asked = b.save(**{"en-2-text": "Written while it went."})
    assert asked.status_code == 422
    assert asked.context["form"].conflicts == {"en-2-text"}
    assert "Written while it went." in asked.content.decode()
    assert Tab(hana, b.url, Tab.open(hana, b.url).data | sent(asked)).save().status_code == 302
    assert [part.key for part in brief_of(acme, draft)] == ["1", "3", "4", "5", "2"]

    # Who wrote nothing in it does not bring it back.
    a = Tab.open(hana, a.url)
    a.save(**{"2-gone": "on"})
    assert c.save(**{"en-1-text": "Another one."}).status_code == 302
    assert [part.key for part in brief_of(acme, draft)] == ["1", "3", "4", "5"]


def sent(answer):
    form = answer.context["form"]
    return {name: form[name].value() or "" for name in form.fields if not name.endswith("-gone")}


def test_an_old_revision_of_the_draft_is_refused(cast, acme, draft):
    with within(acme):
        page = {"minutes": 3, "sources": [], "text": {}, "parts": [], "by": cast.hana, "now": NOW}
        change_brief(version=draft, expected_revision=1, **page)
        with pytest.raises(Stale):
            change_brief(version=draft, expected_revision=1, **page)
        with pytest.raises(Stale):
            change_theme(
                version=draft,
                theme="trust",
                text={"en": {"name": "Other"}},
                by=cast.hana,
                now=NOW,
                expected_revision=1,
            )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"parts": [Part(f"p{number}", {}) for number in range(13)]}, "parts"),
        ({"parts": [Part("same", {}), Part("same", {})]}, "parts"),
        ({"parts": [Part("No key", {})]}, "parts"),
        ({"parts": [Part("a", {"en": {"heading": "x" * 81, "text": ""}})]}, "en-a-heading"),
        ({"parts": [Part("a", {"fr": {"heading": "x", "text": ""}})]}, "language"),
        ({"sources": ["hughes_2020"] * 13}, "sources"),
        ({"sources": ["nobody_1999"]}, "sources"),
        ({"minutes": 0}, "minutes"),
    ],
)
def test_a_brief_has_bounds(cast, acme, draft, changes, field):
    page = {"minutes": 3, "sources": [], "text": {}, "parts": [], **changes}
    with within(acme), pytest.raises(Invalid) as refused:
        change_brief(version=draft, by=cast.hana, now=NOW, **page)

    assert refused.value.field == field


# Agendas


def test_an_agenda_is_begun_written_and_removed(hana, acme, draft):
    with within(acme):
        text = {"en": {"title": "Before", "what": "", "prepare": ""}}
        Milestone.objects.create(version=draft, key="circle-0", kind="circle", day=2, minutes=45, text=text)
    assert "Circle meetings without an agenda" in words(hana.get(hana.url("curriculum_milestones", draft.pk)))

    begun = hana.post(hana.url("draft_agenda_new", draft.pk, "circle-0"))
    hana.post(hana.url("draft_agenda_new", draft.pk, "circle-0"))
    months = [(each["month"], each["milestone"]) for each in saved(acme, draft).circle]
    assert months == [(1, "circle-0"), (2, "circle-1"), (3, "circle-2"), (4, "circle-3")]

    Tab.open(hana, begun.url).save(do="add", **{"en-title": "Circle 0"})
    assert [each["minutes"] for each in saved(acme, draft).circle[0]["texts"]["en"]["parts"]] == [5]

    hana.post(hana.url("draft_agenda_removal", draft.pk, "circle-0"))
    months = [(each["month"], each["milestone"]) for each in saved(acme, draft).circle]
    assert months == [(1, "circle-1"), (2, "circle-2"), (3, "circle-3")]
    assert hana.get(begun.url).status_code == 404


def test_only_a_circle_meeting_has_an_agenda(cast, acme, draft):
    with within(acme):
        other = draft.milestones.exclude(kind="circle").first()
        with pytest.raises(NotNow):
            add_agenda(version=draft, milestone=other, by=cast.hana, now=NOW)


# Plans


def test_a_plan_is_written_and_removed(hana, acme, draft):
    url = hana.url("draft_starter", draft.pk, "clear", "queue")
    Tab.open(hana, url).save(**{"en-cue": "When the queue grows", "en-response": "I will say it once"})
    assert saved(acme, draft).starters["clear"]["queue"]["en"] == {
        "cue": "When the queue grows",
        "response": "I will say it once",
    }

    hana.post(hana.url("draft_starter_removal", draft.pk, "clear", "queue"))
    assert "queue" not in saved(acme, draft).starters["clear"]
    page = words(hana.get(hana.url("draft_publishing", draft.pk)))
    assert "1 plan is not written yet." in page
    with within(acme):
        assert not check_of(saved(acme, draft)).is_ready
    assert hana.get(hana.url("draft_starter", draft.pk, "clear", "no-such")).status_code == 404


# Themes


def test_a_theme_in_use_says_by_which_steps_and_stays(hana, cast, acme, draft):
    url = hana.url("draft_theme_removal", draft.pk, "trust")
    with within(acme):
        steps = list(draft.steps.filter(theme="trust"))
    page = hana.get(url).content.decode()

    assert steps
    assert all(hana.url("draft_step", draft.pk, step.pk) in page for step in steps)
    assert "Remove it" not in page
    assert hana.post(url).status_code == 409
    with within(acme), pytest.raises(NotNow):
        remove_theme(version=draft, theme="trust", by=cast.hana, now=NOW)
    assert "trust" in saved(acme, draft).themes


def test_a_new_theme_has_a_name_and_a_key_of_its_own(hana, cast, acme, draft):
    url = hana.url("draft_theme_new", draft.pk)
    answers = [hana.post(url, {"en-name": "Ro på vakt", "nb-name": "Ro på vakt"}) for _twice in range(2)]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert saved(acme, draft).themes["ro_pa_vakt"] == {"en": "Ro på vakt", "nb": "Ro på vakt"}
    hana.post(hana.url("draft_theme_removal", draft.pk, "ro_pa_vakt"))
    assert "ro_pa_vakt" not in saved(acme, draft).themes

    with within(acme):
        key = add_theme(version=draft, text={"en": {"name": "Clarity!"}}, by=cast.hana, now=NOW)
        assert key == "clarity_2", "every version of the curriculum has a theme with the key clarity"
        CurriculumVersion.objects.filter(pk=draft.pk).update(themes={f"t{n}": {"en": f"T{n}"} for n in range(40)})
        with pytest.raises(Invalid):
            add_theme(version=draft, text={"en": {"name": "One more"}}, by=cast.hana, now=NOW)


# Sources


def test_a_source_is_added_once_written_and_removed(hana, acme, draft):
    new, sources = hana.url("draft_source_new", draft.pk), hana.url("curriculum_sources", draft.pk)
    typed = {"kind": "study", "author": "Ødegård, B. & Vik", "year": "2021", "title": "Calm calls", "design": "trial"}
    typed |= {"read": "full_text", "en-outcome": "Calls got shorter.", "en-limit": "One site."}
    assert [hana.post(new, typed).status_code for _twice in range(2)] == [302, 422]
    assert saved(acme, draft).sources["odegard_2021"]["texts"] == {
        "en": {"outcome": "Calls got shorter.", "limit": "One site."}
    }
    assert "Calm calls" in words(hana.get(sources))

    hana.post(hana.url("draft_source_removal", draft.pk, "odegard_2021"))
    assert "odegard_2021" not in saved(acme, draft).sources


def test_a_source_in_use_says_what_rests_on_it_and_stays(hana, acme, draft):
    url = hana.url("draft_source_removal", draft.pk, draft.brief_sources[0])
    page = hana.get(url).content.decode()

    assert hana.url("draft_brief", draft.pk) in page
    assert "Remove it" not in page
    assert hana.post(url).status_code == 409
    assert draft.brief_sources[0] in saved(acme, draft).sources


# Under the same judge as the files


def test_every_finding_leads_to_its_field(hana, acme, draft):
    """Something is broken in every part of the draft; each address opens a page that has the field."""
    with within(acme):
        step, week = draft.steps.get(day=16), draft.sponsor_weeks.get(week=3)
        step.text["nb"]["title"], step.text["en"]["why"] = "x" * 46, ""
        step.save()
        week.text["en"]["ask"], week.theme = "word " * 41, {"nb": "Bare norsk"}
        week.save()
        event = draft.milestones.first()
        event.text["nb"]["what"] = ""
        event.save()
        row = CurriculumVersion.objects.get(pk=draft.pk)
        row.brief["en"]["parts"][1]["text"] = "word " * 151
        row.brief["nb"]["parts"][2]["heading"] = ""
        row.circle[1]["texts"]["en"]["parts"][0]["minutes"] = 44
        row.starters["clear"]["queue"]["en"]["cue"] = "Whenever"
        del row.starters["clear"]["remote"]["en"], row.starters["initiative"]
        row.themes["trust"]["nb"] = ""
        row.title["en"] = "x" * 121
        half = {"nb": {"outcome": "", "limit": "Et sted."}}
        row.sources |= {"smith_2020": make.source() | {"design": "guess", "texts": half}}
        row.save()
    obstacles = hana.get(hana.url("draft_publishing", draft.pk)).context["obstacles"]
    sentences = [sentence for obstacle in obstacles for sentence in obstacle.sentences]

    assert len(obstacles) == 11
    for sentence in sentences:
        address, _hash, anchor = sentence.url.partition("#")
        page = hana.get(address)
        assert f'id="{anchor}"' in page.content.decode(), sentence
    said = " ".join(sentence.words for sentence in sentences)
    for expected in (
        "Part 2, text (English): expected at most 150 words, found 151 words.",
        "Part 3, heading (Norsk bokmål) is not written yet.",
        "The moment (English): expected a text that starts with",
        "9 plans are not written yet.",
    ):
        assert expected in said
    page = words(hana.get(hana.url("draft_brief", draft.pk)))
    assert "Fix before you publish" in page
    assert "one page of at most 350 words" in page


def test_a_change_on_pages_is_the_only_difference_in_the_files(hana, cast, acme, zenith, draft):
    before = files_of(acme, draft)
    Tab.open(hana, hana.url("draft_brief", draft.pk)).save(**{"en-closing": "Three habits. That is all."})
    Tab.open(hana, hana.url("draft_theme", draft.pk, "trust")).save(**{"en-name": "Trust first"})
    Tab.open(hana, hana.url("draft_starter", draft.pk, "clear", "queue")).save(**{"en-cue": "When the board is red"})
    Tab.open(hana, hana.url("draft_agenda", draft.pk, "circle-1")).save(**{"nb-title": "Sirkel 1"})
    Tab.open(hana, hana.url("draft_title", draft.pk)).save(**{"en-title": "Ninety days"})
    after = files_of(acme, draft)

    lines = differing(before, after)
    assert set(lines) == {"brief.yaml", "curriculum.yaml", "starters.yaml", "circle.yaml"}
    assert lines["curriculum.yaml"] == [
        "-   en: Adaptive contact-centre leadership",
        "+   en: Ninety days",
        "-     en: Trust without control",
        "+     en: Trust first",
    ]
    assert added(lines["circle.yaml"]) == ["title: Sirkel 1"]
    assert [line.strip("+ ") for line in lines["brief.yaml"] if line[0] == "+"] == [
        "closing: Three habits. That is all."
    ]
    assert [line.strip("+ ") for line in lines["starters.yaml"] if line[0] == "+"] == ["cue: When the board is red"]
    with within(zenith):
        imported = import_draft(content=read_files(after), replaces=False, by=cast.zara, now=NOW)
        assert write_files(content_of(imported)) == after


def test_each_change_of_the_contents_is_in_the_audit_trail(hana, acme, draft):
    Tab.open(hana, hana.url("draft_brief", draft.pk)).save()
    Tab.open(hana, hana.url("draft_title", draft.pk)).save()

    with within(acme):
        verbs = list(AuditEntry.objects.order_by("-pk").values_list("verb", flat=True)[:2])
    assert verbs == ["changed title", "changed brief"]
