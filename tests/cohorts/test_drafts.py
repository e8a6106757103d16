"""A draft from its first copy to its publishing, and the files it goes through on the way."""

from dataclasses import replace

import pytest

from cohorts.curriculum.actions.drafts import (
    MilestoneFacts,
    StepFacts,
    add_milestone,
    add_step,
    change_milestone,
    change_sponsor_week,
    change_step,
    copy_curriculum,
    discard_draft,
    import_draft,
    publish,
    remove_milestone,
    remove_step,
    start_draft,
    swap_steps,
)
from cohorts.curriculum.check import check_of
from cohorts.curriculum.files import read_files
from cohorts.curriculum.rows import content_of, load_curriculum, read
from cohorts.curriculum.writer import write_files
from cohorts.models import AuditEntry, Curriculum, CurriculumVersion, Step
from cohorts.tenancy.wall import within
from cohorts.web.refusals import Invalid, NotNow
from tests import factories as make
from tests.times import NOW

TEXT = {
    "en": {
        "title": "Say it once more",
        "why": "A study of nothing in particular says so.",
        "practice": "When the queue eases, say it once more.",
        "question": "Who heard it?",
    }
}


@pytest.fixture
def by(cast, acme):
    with within(acme):
        yield {"by": cast.hana, "now": NOW}


@pytest.fixture
def standard(by):
    return load_curriculum()


@pytest.fixture
def draft(standard, by):
    return start_draft(version=standard, **by)


def facts_of(step, **changes):
    names = StepFacts.__slots__
    return replace(StepFacts(**{name: getattr(step, name) for name in names}), **changes)


def on_day(version, day):
    return Step.objects.get(version=version, day=day)


def test_rows_hold_everything_the_files_say(standard):
    assert content_of(standard) == read()


def test_out_and_in_again_in_another_organisation_are_the_same_bytes(cast, standard, zenith):
    files = write_files(content_of(standard))

    with within(zenith):
        imported = import_draft(content=read_files(files), replaces=False, by=cast.zara, now=NOW)
        again = write_files(content_of(imported))

    assert again == files
    assert imported.published_at is None


def test_importing_beside_what_is_there_takes_the_next_number(standard, by):
    assert import_draft(content=read_files(write_files(content_of(standard))), replaces=False, **by).number == 3


def test_a_draft_is_the_next_version_with_the_same_content(standard, draft):
    assert (draft.number, draft.published_at) == (standard.number + 1, None)
    assert content_of(draft) == replace(content_of(standard), version=draft.number)


def test_a_curriculum_has_one_draft_at_a_time(standard, draft, by):
    with pytest.raises(NotNow):
        start_draft(version=standard, **by)
    with pytest.raises(NotNow):
        import_draft(content=content_of(standard), replaces=False, **by)


def test_files_replace_a_draft_only_if_asked_to(standard, draft, by):
    changed = replace(content_of(draft), titles={"en": "Ours", "nb": "Vår"})

    imported = import_draft(content=changed, replaces=True, **by)

    assert content_of(imported) == changed
    assert not CurriculumVersion.objects.filter(pk=draft.pk).exists()
    assert content_of(standard) == read()


def test_a_copy_is_a_curriculum_of_its_own(standard, by):
    copy = copy_curriculum(version=standard, slug="ours", titles={"en": "Ours", "nb": "Vår"}, **by)

    assert (copy.curriculum.slug, copy.number, copy.title["nb"]) == ("ours", 1, "Vår")
    theirs = content_of(standard)
    assert replace(content_of(copy), slug=theirs.slug, version=theirs.version, titles=standard.title) == theirs
    with pytest.raises(Invalid, match="Another curriculum has this short name"):
        copy_curriculum(version=standard, slug="ours", titles={"en": "Ours", "nb": "Vår"}, **by)


def test_discarding_leaves_nothing_and_no_empty_curriculum(standard, draft, by):
    copy = copy_curriculum(version=standard, slug="ours", titles={"en": "Ours", "nb": "Vår"}, **by)

    discard_draft(version=draft, **by)
    discard_draft(version=copy, **by)

    assert not CurriculumVersion.objects.filter(pk__in=[draft.pk, copy.pk]).exists()
    assert not Curriculum.objects.filter(slug="ours").exists()
    assert load_curriculum() == standard


def test_changing_a_step_keeps_its_key(draft, by):
    step = on_day(draft, 2)

    change_step(step=step, facts=facts_of(step, minutes=4), text=TEXT, **by)

    now = on_day(draft, 2)
    assert (now.pk, now.key, now.minutes, now.text) == (step.pk, step.key, 4, TEXT)


def test_a_language_that_was_emptied_is_not_there(draft, by):
    step = on_day(draft, 2)

    change_step(step=step, facts=facts_of(step), text=TEXT | {"nb": dict.fromkeys(TEXT["en"], "")}, **by)

    assert set(on_day(draft, 2).text) == {"en"}
    assert check_of(draft).missing["nb"] == ("day 2",)


def test_a_day_that_is_taken_makes_two_steps_change_places(draft, by):
    one, two = on_day(draft, 2), on_day(draft, 9)

    other = change_step(step=one, facts=facts_of(one, day=9), text=one.text, **by)

    assert other.pk == two.pk
    assert (on_day(draft, 9).pk, on_day(draft, 2).pk) == (one.pk, two.pk)


def test_swapping_twice_is_nothing(draft, by):
    before = content_of(draft)
    one, two = on_day(draft, 2), on_day(draft, 3)

    swap_steps(step=one, other=two, **by)
    assert content_of(draft) != before
    swap_steps(step=one, other=two, **by)

    assert content_of(draft) == before


def test_no_core_step_comes_to_stand_on_a_weekend(draft, by):
    core, weekend = on_day(draft, 5), on_day(draft, 6)

    with pytest.raises(NotNow):
        swap_steps(step=core, other=weekend, **by)
    with pytest.raises(NotNow):
        change_step(step=core, facts=facts_of(core, day=6), text=core.text, **by)
    with pytest.raises(NotNow):
        change_step(step=weekend, facts=facts_of(weekend, kind="core"), text=weekend.text, **by)

    assert (on_day(draft, 5).pk, on_day(draft, 6).pk) == (core.pk, weekend.pk)


def test_a_step_comes_and_goes(draft, by):
    gone = on_day(draft, 11)
    remove_step(step=gone, **by)

    with pytest.raises(NotNow):
        add_step(version=draft, facts=facts_of(gone, day=12), text=TEXT, **by)
    added = add_step(version=draft, facts=facts_of(gone), text=TEXT, **by)

    assert added.key == "say-it-once-more"
    assert added.key not in set(read_keys())


def test_a_new_step_is_never_taken_for_one_of_an_older_version(standard, draft, by):
    title = standard.steps.get(day=3).text["en"]["title"]
    gone = on_day(draft, 3)
    remove_step(step=gone, **by)

    added = add_step(version=draft, facts=facts_of(gone), text={"en": TEXT["en"] | {"title": title}}, **by)

    assert added.key == f"{gone.key}-2"


def read_keys():
    return [step.key for step in read().steps]


def test_milestones_come_change_and_go(draft, by):
    facts = MilestoneFacts(kind="site_visit", day=30, minutes=60)
    text = {"en": {"title": "See the other floor", "what": "A morning there.", "prepare": "One question."}}
    milestone = add_milestone(version=draft, facts=facts, text=text, **by)
    change_milestone(milestone=milestone, facts=replace(facts, day=33), text=text, **by)

    assert draft.milestones.get(key="see-the-other-floor").day == 33
    remove_milestone(milestone=milestone, **by)
    assert not draft.milestones.filter(key="see-the-other-floor").exists()


def test_a_circle_meeting_takes_its_agenda_with_it(draft, by):
    """Nothing else could take it away, and an agenda of no meeting keeps a draft from being published."""
    key = draft.circle[0]["milestone"]
    remove_milestone(milestone=draft.milestones.get(key=key), **by)

    draft.refresh_from_db()
    assert [meeting["month"] for meeting in draft.circle] == [1, 2]
    assert key not in [meeting["milestone"] for meeting in draft.circle]
    assert check_of(draft).is_ready


def test_a_sponsor_week_can_be_changed(draft, by):
    week = draft.sponsor_weeks.get(week=2)

    change_sponsor_week(week=week, theme={"en": "Ears", "nb": ""}, minutes=3, text={"en": week.text["en"]}, **by)

    assert draft.sponsor_weeks.get(week=2).theme == {"en": "Ears"}
    assert check_of(draft).missing["nb"] == ("week 2",)


def test_publishing_is_the_end_of_every_change(draft, by):
    publish(version=draft, **by)

    step, milestone, week = on_day(draft, 2), draft.milestones.first(), draft.sponsor_weeks.first()
    facts = MilestoneFacts(kind=milestone.kind, day=milestone.day, minutes=10)
    for change in (
        lambda: publish(version=draft, **by),
        lambda: discard_draft(version=draft, **by),
        lambda: change_step(step=step, facts=facts_of(step), text=TEXT, **by),
        lambda: remove_step(step=step, **by),
        lambda: swap_steps(step=step, other=on_day(draft, 3), **by),
        lambda: add_step(version=draft, facts=facts_of(step), text=TEXT, **by),
        lambda: add_milestone(version=draft, facts=facts, text=milestone.text, **by),
        lambda: change_milestone(milestone=milestone, facts=facts, text=milestone.text, **by),
        lambda: remove_milestone(milestone=milestone, **by),
        lambda: change_sponsor_week(week=week, theme=week.theme, minutes=9, text=week.text, **by),
    ):
        with pytest.raises(NotNow):
            change()


def test_what_the_files_forbid_is_not_published(draft, by):
    step = on_day(draft, 16)
    Step.objects.filter(pk=step.pk).update(text={**step.text, "nb": TEXT["en"] | {"title": "x" * 46}})

    check = check_of(draft)

    assert {(finding.kind, finding.key) for finding in check.findings} == {("step", step.key)}
    assert {finding.problem.field for finding in check.findings} == {"steps[1].nb.title", "steps[1].nb.practice"}
    with pytest.raises(NotNow):
        publish(version=draft, **by)


def test_a_half_written_language_is_found(draft, by):
    step = on_day(draft, 16)
    half = {"title": "Halvveis", "why": "", "practice": "", "question": ""}
    change_step(step=step, facts=facts_of(step), text={**step.text, "nb": half}, **by)

    assert {finding.problem.field for finding in check_of(draft).findings} == {
        "steps[1].nb.why",
        "steps[1].nb.practice",
        "steps[1].nb.question",
    }


def test_a_missing_translation_blocks_only_used_languages(cast, standard, draft, by):
    step = on_day(draft, 2)
    change_step(step=step, facts=facts_of(step), text={"en": step.text["en"]}, **by)
    assert check_of(draft).is_ready

    house = cast.house_of(cast.acme)
    house.cohort.version = standard
    house.cohort.save(update_fields=["version"])
    assert check_of(draft).is_ready, "everybody in this cohort reads English"

    cast.sol.person.language = "nb"
    cast.sol.person.save(update_fields=["language"])
    check = check_of(draft)
    assert check.used == {"en": 5, "nb": 1}
    assert check.blocking == {"nb": ("day 2",)}
    with pytest.raises(NotNow):
        publish(version=draft, **by)


def test_a_cohort_on_another_curriculum_blocks_nothing(cast, draft, by):
    cast.ada.person.language = "nb"
    cast.ada.person.save(update_fields=["language"])
    step = on_day(draft, 2)
    change_step(step=step, facts=facts_of(step), text={"en": step.text["en"]}, **by)

    assert check_of(draft).is_ready


def test_a_step_later_than_any_week_brings_the_weeks_between(by):
    version = make.CurriculumVersionFactory(published_at=None, themes={"presence": {"en": "Presence"}})
    make.StepFactory(version=version, day=1)

    add_step(version=version, facts=StepFacts(22, "core", 3, "presence", "clear", "", 1), text=TEXT, **by)

    assert list(version.sponsor_weeks.values_list("week", flat=True)) == [1, 2, 3, 4]
    assert [week.number for week in content_of(version).weeks] == [1, 2, 3, 4]


def test_a_shorter_curriculum_ends_with_its_last_step(draft, by):
    for step in draft.steps.filter(day__gt=84):
        remove_step(step=step, **by)
    for milestone in draft.milestones.filter(day__gt=84):
        remove_milestone(milestone=milestone, **by)

    assert check_of(draft).findings == ()
    publish(version=draft, **by)

    assert [week.number for week in content_of(draft).weeks] == list(range(1, 13))
    assert set(draft.sponsor_weeks.values_list("week", flat=True)) == set(range(1, 13))


def test_the_trail_holds_keys_and_no_words(draft, by):
    step = on_day(draft, 2)
    change_step(step=step, facts=facts_of(step), text=TEXT, **by)

    entry = AuditEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.details) == ("changed step", {"key": step.key})
