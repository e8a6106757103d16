"""Create, edit, publish and discard a draft of a curriculum. A published version never changes.

Every action locks the draft first, so concurrent edits and publishing are serialised.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.curriculum.check import check_of
from cohorts.curriculum.content import MAX_MINUTES, week_of
from cohorts.curriculum.content import Curriculum as Content
from cohorts.curriculum.draft_lock import locked_draft
from cohorts.curriculum.page_parts import by_month
from cohorts.curriculum.rows import content_of, store
from cohorts.curriculum.rules import (
    Text,
    ensure_milestone,
    ensure_slug,
    ensure_step,
    first_free,
    may_stand,
    texts_of,
    titles_of,
)
from cohorts.curriculum.wordings import MILESTONE_WORDINGS, SPONSOR_WEEK_WORDINGS, STEP_WORDINGS
from cohorts.models import Curriculum, CurriculumVersion, Membership, Milestone, SponsorWeek, Step
from cohorts.models.cohort import Cadence
from cohorts.web.bounds import ensure_number
from cohorts.web.file_names import slug_of
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock_revision, save_revision

MAX_KEPT_NUMBER = 1_000  # version number from files: the largest possible one would leave no room for a next version


@dataclass(frozen=True, slots=True)
class StepFacts:
    """The fields of a step that do not depend on language. `cadence` is the lowest dial that gets an extra."""

    day: int
    kind: str
    minutes: int
    theme: str
    behaviour: str
    source: str
    cadence: int


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """The fields of a milestone that do not depend on language."""

    kind: str
    day: int
    minutes: int


@transaction.atomic
def start_draft(*, version: CurriculumVersion, by: Membership, now: datetime) -> CurriculumVersion:
    """Start the next version of a curriculum as a copy of this one."""
    curriculum = Curriculum.objects.select_for_update().get(pk=version.curriculum_id)
    _ensure_no_draft(curriculum)
    return _begin(content_of(version), curriculum, by, now, verb="started draft")


@transaction.atomic
def copy_curriculum(
    *, version: CurriculumVersion, slug: str, titles: Mapping[str, str], by: Membership, now: datetime
) -> CurriculumVersion:
    """Start a new curriculum as a copy: a draft of version 1."""
    titles = titles_of(titles, version)
    ensure_slug(slug)
    curriculum, is_new = Curriculum.objects.get_or_create(slug=slug)
    if not is_new:
        raise NotNow(_("Another curriculum has this short name."))
    content = replace(content_of(version), titles=dict(titles))
    return _begin(content, curriculum, by, now, verb="copied curriculum")


@transaction.atomic
def import_draft(*, content: Content, replaces: bool, by: Membership, now: datetime) -> CurriculumVersion:
    """Create a draft from files, of the curriculum they name or a new one. Keeps their version number if it is free.

    Replaces an existing draft only if it is `replaces`. Raises NotNow otherwise.
    """
    # Lock the draft before its curriculum, in the same order as discarding, which may delete both.
    drafts = CurriculumVersion.objects.filter(curriculum__slug=content.slug, published_at=None)
    there = drafts.select_for_update(of=("self",)).select_related("curriculum").first()
    curriculum, _created = Curriculum.objects.select_for_update().get_or_create(slug=content.slug)
    if there is not None and replaces:
        _throw_away(there, by, now)
    _ensure_no_draft(curriculum)
    return _begin(content, curriculum, by, now, verb="imported draft", least=min(content.version, MAX_KEPT_NUMBER))


@transaction.atomic
def discard_draft(*, version: CurriculumVersion, by: Membership, now: datetime) -> None:
    """Delete a draft, and its curriculum if it has no other version."""
    with locked_draft(version.pk, now) as draft:
        _throw_away(draft, by, now)
        if not draft.curriculum.versions.exists():
            draft.curriculum.delete()


def change_step(
    *,
    step: Step,
    facts: StepFacts,
    text: Text,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> Step | None:
    """Change a step. If its day is taken, the two swap days and the other step is returned.

    Raises Stale when the step is not the expected revision.
    """
    with locked_draft(step.version_id, now) as draft:
        facts, text = _step_said(draft, facts, text)
        step = Step.objects.get(pk=step.pk)
        lock_revision(step, expected_revision, *StepFacts.__slots__, "text")
        other = Step.objects.filter(version=step.version_id, day=facts.day).exclude(pk=step.pk).first()
        if other is not None:
            _move(other, step.day)
        _ensure_may_stand(facts.kind, facts.day)
        save_revision(step, **asdict(facts), text=_begun(text))
        _ensure_weeks(step)
        record(by=by, verb="changed step", thing=step, now=now, key=step.key)
        return other


def add_step(*, version: CurriculumVersion, facts: StepFacts, text: Text, by: Membership, now: datetime) -> Step:
    """Add a step on a day without one."""
    with locked_draft(version.pk, now) as draft:
        facts, text = _step_said(draft, facts, text)
        if Step.objects.filter(version=version, day=facts.day).exists():
            raise NotNow(_("That day already has a step."))
        _ensure_may_stand(facts.kind, facts.day)
        key = _free_key(version, _first_title(text))
        step = Step.objects.create(version=version, key=key, text=_begun(text), **asdict(facts))
        _ensure_weeks(step)
        record(by=by, verb="added step", thing=step, now=now, key=key)
        return step


def remove_step(*, step: Step, by: Membership, now: datetime) -> None:
    with locked_draft(step.version_id, now):
        record(by=by, verb="removed step", thing=step, now=now, key=step.key)
        step.delete()


def swap_steps(*, step: Step, other: Step, by: Membership, now: datetime) -> None:
    """Swap the days of two steps."""
    with locked_draft(step.version_id, now):
        days = dict(Step.objects.filter(pk__in=(step.pk, other.pk), version=step.version_id).values_list("pk", "day"))
        _move(step, days[other.pk])
        _move(other, days[step.pk])
        record(by=by, verb="swapped steps", thing=step, now=now, key=step.key, other=other.key)


def add_milestone(
    *, version: CurriculumVersion, facts: MilestoneFacts, text: Text, by: Membership, now: datetime
) -> Milestone:
    """Add a live event."""
    with locked_draft(version.pk, now) as draft:
        text = _milestone_said(draft, facts, text)
        key = _free(_first_title(text), set(version.milestones.values_list("key", flat=True)))
        milestone = Milestone.objects.create(version=version, key=key, text=_begun(text), **asdict(facts))
        record(by=by, verb="added milestone", thing=milestone, now=now, key=key)
        return milestone


def change_milestone(
    *,
    milestone: Milestone,
    facts: MilestoneFacts,
    text: Text,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Change a live event. Raises Stale when it is not the expected revision."""
    with locked_draft(milestone.version_id, now) as draft:
        text = _milestone_said(draft, facts, text)
        lock_revision(milestone, expected_revision, *MilestoneFacts.__slots__, "text")
        save_revision(milestone, **asdict(facts), text=_begun(text))
        record(by=by, verb="changed milestone", thing=milestone, now=now, key=milestone.key)


def remove_milestone(*, milestone: Milestone, by: Membership, now: datetime) -> None:
    """Remove a live event, and the agenda of a circle meeting with it, which could otherwise never be published."""
    with locked_draft(milestone.version_id, now) as draft:
        record(by=by, verb="removed milestone", thing=milestone, now=now, key=milestone.key)
        others = [meeting for meeting in draft.circle if meeting["milestone"] != milestone.key]
        lock_revision(draft, None)
        save_revision(draft, circle=by_month(others))
        milestone.delete()


def change_sponsor_week(
    *,
    week: SponsorWeek,
    theme: Mapping[str, str],
    minutes: int,
    text: Text,
    by: Membership,
    now: datetime,
    expected_revision: int | None = None,
) -> None:
    """Change a week's theme and sponsor's part. Raises Stale when it is not the expected revision."""
    with locked_draft(week.version_id, now) as draft:
        ensure_number("minutes", minutes, 1, MAX_MINUTES)
        named = {language: {"theme": name} for language, name in theme.items()}
        theme = {language: words["theme"] for language, words in _week_said(draft, named).items()}
        text = _week_said(draft, text)
        lock_revision(week, expected_revision, "theme", "minutes", "text")
        themes = {language: name for language, name in theme.items() if name}
        save_revision(week, theme=themes, minutes=minutes, text=_begun(text))
        record(by=by, verb="changed sponsor week", thing=week, now=now, week=week.week)


@transaction.atomic
def publish(*, version: CurriculumVersion, by: Membership, now: datetime) -> CurriculumVersion:
    """Publish a draft. From then on it never changes, and cohorts can use it."""
    with locked_draft(version.pk, now) as draft:
        if not check_of(draft).is_ready:
            raise NotNow(_("The draft cannot be published yet. Fix what is listed first."))
        # Drop weeks after the last step: they are in no file, and no leader reaches them.
        last = max(draft.steps.values_list("day", flat=True))
        draft.sponsor_weeks.filter(week__gt=week_of(last)).delete()
        draft.published_at = now
        draft.save(update_fields=["published_at"])
        record(by=by, verb="published curriculum", thing=draft, now=now, number=draft.number)
        return draft


def _throw_away(draft: CurriculumVersion, by: Membership, now: datetime) -> None:
    record(by=by, verb="discarded draft", thing=draft, now=now, curriculum=draft.curriculum.slug)
    draft.delete()


def _ensure_no_draft(curriculum: Curriculum) -> None:
    if curriculum.versions.filter(published_at=None).exists():
        raise NotNow(_("This curriculum already has a draft. Publish or discard it first."))


def _begin(
    content: Content, curriculum: Curriculum, by: Membership, now: datetime, *, verb: str, least: int = 1
) -> CurriculumVersion:
    highest = curriculum.versions.aggregate(highest=Max("number"))["highest"] or 0
    number = max(highest + 1, least)
    draft = store(content, curriculum=curriculum, number=number, published_at=None, changed_at=now)
    record(by=by, verb=verb, thing=draft, now=now, curriculum=curriculum.slug, number=draft.number)
    return draft


def _step_said(version: CurriculumVersion, facts: StepFacts, text: Text) -> tuple[StepFacts, Text]:
    """Facts and texts as they are stored: a core step comes at every dial. Raises Invalid for what a form refuses."""
    ensure_step(version, **asdict(facts))
    if facts.kind == Step.Kind.CORE:
        facts = replace(facts, cadence=Cadence.LIGHT.value)
    return facts, texts_of(text, version.languages, STEP_WORDINGS)


def _milestone_said(version: CurriculumVersion, facts: MilestoneFacts, text: Text) -> Text:
    ensure_milestone(**asdict(facts))
    return texts_of(text, version.languages, MILESTONE_WORDINGS)


def _week_said(version: CurriculumVersion, text: Text) -> dict[str, dict[str, str]]:
    return texts_of(text, version.languages, SPONSOR_WEEK_WORDINGS)


def _ensure_may_stand(kind: str, day: int) -> None:
    if not may_stand(kind, day):
        raise NotNow(
            _("Day %(day)d falls on a weekend after a Monday start, so it can only have an extra step.") % {"day": day}
        )


def _move(step: Step, day: int) -> None:
    _ensure_may_stand(step.kind, day)
    lock_revision(step, None)
    save_revision(step, day=day)


def _ensure_weeks(step: Step) -> None:
    """Create the missing weeks up to this day, so that the sponsor's part can be written."""
    there = set(SponsorWeek.objects.filter(version=step.version_id).values_list("week", flat=True))
    missing = set(range(1, week_of(step.day) + 1)) - there
    SponsorWeek.objects.bulk_create(SponsorWeek(version_id=step.version_id, week=week, text={}) for week in missing)


def _first_title(text: Text) -> str:
    return next((words.get("title", "") for words in _begun(text).values()), "")


def _begun(text: Text) -> dict[str, dict[str, str]]:
    return {language: dict(words) for language, words in text.items() if any(words.values())}


def _free_key(version: CurriculumVersion, title: str) -> str:
    """A key that no version of this curriculum has used: a new step is not an old one."""
    steps = Step.objects.filter(version__curriculum=version.curriculum_id)
    return _free(title, set(steps.values_list("key", flat=True)))


def _free(title: str, taken: set[str]) -> str:
    return first_free(slug_of(title, most=50, otherwise="untitled"), taken)
