"""What can happen to a draft of a curriculum, until it is published and never changes again.

Every change locks the draft first, so two admins take turns and nothing slips in while it is being published.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.curriculum.check import check_of
from cohorts.curriculum.content import Curriculum as Content
from cohorts.curriculum.content import is_weekend, week_of
from cohorts.curriculum.rows import content_of, store
from cohorts.models import Curriculum, CurriculumVersion, Membership, Milestone, SponsorWeek, Step
from cohorts.web.refusals import NotNow

MAX_KEPT_NUMBER = 1_000  # a number from files: behind the largest there may be, no version could ever follow

Text = Mapping[str, Mapping[str, str]]  # language → field → words


@dataclass(frozen=True, slots=True)
class StepFacts:
    """Everything about a step that is the same in every language. `cadence` is the lowest dial that gets an extra."""

    day: int
    kind: str
    minutes: int
    theme: str
    behaviour: str
    source: str
    cadence: int


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """Everything about a milestone that is the same in every language."""

    kind: str
    day: int
    minutes: int


@transaction.atomic
def start_draft(*, version: CurriculumVersion, by: Membership, now: datetime) -> CurriculumVersion:
    """A copy of a version to work on: the next version of its curriculum."""
    curriculum = Curriculum.objects.select_for_update().get(pk=version.curriculum_id)
    _ensure_no_draft(curriculum)
    return _begin(content_of(version), curriculum, by, now, verb="started draft")


@transaction.atomic
def copy_curriculum(
    *, version: CurriculumVersion, slug: str, titles: Mapping[str, str], by: Membership, now: datetime
) -> CurriculumVersion:
    """A curriculum of its own that begins as a copy; it starts as a draft of version 1."""
    curriculum, is_new = Curriculum.objects.get_or_create(slug=slug)
    if not is_new:
        raise NotNow(_("Another curriculum has this short name."))
    content = replace(content_of(version), titles=dict(titles))
    return _begin(content, curriculum, by, now, verb="copied curriculum")


@transaction.atomic
def import_draft(*, content: Content, replaces: bool, by: Membership, now: datetime) -> CurriculumVersion:
    """A draft from files: of the curriculum they name, or of a new one. Keeps their number when it is still free.

    A draft that is there already is replaced only when `replaces` says so; otherwise NotNow.
    """
    # First the draft, then its curriculum: whoever discards the draft takes the two in this order, and may take both.
    drafts = CurriculumVersion.objects.filter(curriculum__slug=content.slug, published_at=None)
    there = drafts.select_for_update(of=("self",)).select_related("curriculum").first()
    curriculum, _created = Curriculum.objects.select_for_update().get_or_create(slug=content.slug)
    if there is not None and replaces:
        _throw_away(there, by, now)
    _ensure_no_draft(curriculum)
    return _begin(content, curriculum, by, now, verb="imported draft", least=min(content.version, MAX_KEPT_NUMBER))


@transaction.atomic
def discard_draft(*, version: CurriculumVersion, by: Membership, now: datetime) -> None:
    """Throw a draft away, and its curriculum when that was all there was of it."""
    with _draft(version.pk) as draft:
        _throw_away(draft, by, now)
        if not draft.curriculum.versions.exists():
            draft.curriculum.delete()


def change_step(*, step: Step, facts: StepFacts, text: Text, by: Membership, now: datetime) -> Step | None:
    """Write a step anew. When its day is taken the two change places; the other one is returned."""
    with _draft(step.version_id):
        step = Step.objects.get(pk=step.pk)
        other = Step.objects.filter(version=step.version_id, day=facts.day).exclude(pk=step.pk).first()
        if other is not None:
            _move(other, step.day)
        _ensure_may_stand(facts.kind, facts.day)
        for name, value in asdict(facts).items():
            setattr(step, name, value)
        step.text = _begun(text)
        step.save()
        _ensure_weeks(step)
        record(by=by, verb="changed step", thing=step, now=now, key=step.key)
        return other


def add_step(*, version: CurriculumVersion, facts: StepFacts, text: Text, by: Membership, now: datetime) -> Step:
    """A new step on a day that has none."""
    with _draft(version.pk):
        if Step.objects.filter(version=version, day=facts.day).exists():
            raise NotNow(_("That day has a step already."))
        _ensure_may_stand(facts.kind, facts.day)
        key = _free_key(version, _first_title(text))
        step = Step.objects.create(version=version, key=key, text=_begun(text), **asdict(facts))
        _ensure_weeks(step)
        record(by=by, verb="added step", thing=step, now=now, key=key)
        return step


def remove_step(*, step: Step, by: Membership, now: datetime) -> None:
    with _draft(step.version_id):
        record(by=by, verb="removed step", thing=step, now=now, key=step.key)
        step.delete()


def swap_steps(*, step: Step, other: Step, by: Membership, now: datetime) -> None:
    """The two change days."""
    with _draft(step.version_id):
        days = dict(Step.objects.filter(pk__in=(step.pk, other.pk), version=step.version_id).values_list("pk", "day"))
        _move(step, days[other.pk])
        _move(other, days[step.pk])
        record(by=by, verb="swapped steps", thing=step, now=now, key=step.key, other=other.key)


def add_milestone(
    *, version: CurriculumVersion, facts: MilestoneFacts, text: Text, by: Membership, now: datetime
) -> Milestone:
    """A new live event."""
    with _draft(version.pk):
        key = _free(_first_title(text), set(version.milestones.values_list("key", flat=True)))
        milestone = Milestone.objects.create(version=version, key=key, text=_begun(text), **asdict(facts))
        record(by=by, verb="added milestone", thing=milestone, now=now, key=key)
        return milestone


def change_milestone(*, milestone: Milestone, facts: MilestoneFacts, text: Text, by: Membership, now: datetime) -> None:
    with _draft(milestone.version_id):
        for name, value in asdict(facts).items():
            setattr(milestone, name, value)
        milestone.text = _begun(text)
        milestone.save()
        record(by=by, verb="changed milestone", thing=milestone, now=now, key=milestone.key)


def remove_milestone(*, milestone: Milestone, by: Membership, now: datetime) -> None:
    """A circle meeting takes its agenda with it: one of no meeting could not be published, nor mended on any page."""
    with _draft(milestone.version_id) as draft:
        record(by=by, verb="removed milestone", thing=milestone, now=now, key=milestone.key)
        others = [meeting for meeting in draft.circle if meeting["milestone"] != milestone.key]
        draft.circle = [{**meeting, "month": month} for month, meeting in enumerate(others, start=1)]
        draft.save(update_fields=["circle"])
        milestone.delete()


def change_sponsor_week(
    *, week: SponsorWeek, theme: Mapping[str, str], minutes: int, text: Text, by: Membership, now: datetime
) -> None:
    """The theme of a week, and the sponsor's two minutes in it."""
    with _draft(week.version_id):
        week.theme = {language: name for language, name in theme.items() if name}
        week.minutes, week.text = minutes, _begun(text)
        week.save()
        record(by=by, verb="changed sponsor week", thing=week, now=now, week=week.week)


@transaction.atomic
def publish(*, version: CurriculumVersion, by: Membership, now: datetime) -> CurriculumVersion:
    """From here on it never changes, and cohorts may be pinned to it."""
    with _draft(version.pk) as draft:
        if not check_of(draft).is_ready:
            raise NotNow(_("Something in the draft still keeps it from being published."))
        # Weeks behind the last step were waiting for one; they are in no file, and nobody will walk them.
        last = max(draft.steps.values_list("day", flat=True))
        draft.sponsor_weeks.filter(week__gt=week_of(last)).delete()
        draft.published_at = now
        draft.save(update_fields=["published_at"])
        record(by=by, verb="published curriculum", thing=draft, now=now, number=draft.number)
        return draft


@contextmanager
def _draft(version_id: int) -> Iterator[CurriculumVersion]:
    """The draft, locked. Raises NotNow for a published version."""
    with transaction.atomic():
        locked = CurriculumVersion.objects.select_for_update(of=("self",)).select_related("curriculum")
        draft = locked.get(pk=version_id)
        if draft.is_published:
            raise NotNow(_("This version is published and never changes. Work on a new version instead."))
        yield draft


def _throw_away(draft: CurriculumVersion, by: Membership, now: datetime) -> None:
    record(by=by, verb="discarded draft", thing=draft, now=now, curriculum=draft.curriculum.slug)
    draft.delete()


def _ensure_no_draft(curriculum: Curriculum) -> None:
    if curriculum.versions.filter(published_at=None).exists():
        raise NotNow(_("This curriculum has a draft already. Publish or discard it first."))


def _begin(
    content: Content, curriculum: Curriculum, by: Membership, now: datetime, *, verb: str, least: int = 1
) -> CurriculumVersion:
    highest = curriculum.versions.aggregate(highest=Max("number"))["highest"] or 0
    draft = store(content, curriculum=curriculum, number=max(highest + 1, least), published_at=None)
    record(by=by, verb=verb, thing=draft, now=now, curriculum=curriculum.slug, number=draft.number)
    return draft


def _ensure_may_stand(kind: str, day: int) -> None:
    if kind == Step.Kind.CORE and is_weekend(day):
        raise NotNow(_("Day %(day)d is the weekend of a Monday start: only an extra may stand there.") % {"day": day})


def _move(step: Step, day: int) -> None:
    _ensure_may_stand(step.kind, day)
    step.day = day
    step.save(update_fields=["day"])


def _ensure_weeks(step: Step) -> None:
    """A step may come to stand later than any week so far: each week up to it has a sponsor's part to be written."""
    there = set(SponsorWeek.objects.filter(version=step.version_id).values_list("week", flat=True))
    missing = set(range(1, week_of(step.day) + 1)) - there
    SponsorWeek.objects.bulk_create(SponsorWeek(version_id=step.version_id, week=week, text={}) for week in missing)


def _first_title(text: Text) -> str:
    return next((words.get("title", "") for words in _begun(text).values()), "")


def _begun(text: Text) -> dict[str, dict[str, str]]:
    return {language: dict(words) for language, words in text.items() if any(words.values())}


def _free_key(version: CurriculumVersion, title: str) -> str:
    """A key that no version of this curriculum has used: a new step is nobody's old one."""
    steps = Step.objects.filter(version__curriculum=version.curriculum_id)
    return _free(title, set(steps.values_list("key", flat=True)))


def _free(title: str, taken: set[str]) -> str:
    stem = slugify(title.replace("_", " "))[:50].strip("-") or "untitled"  # slugify keeps it, the files know none
    return first_free(stem, taken)


def first_free(stem: str, taken: Collection[str]) -> str:
    """A name that nobody has: this one, or with the first number behind it that makes it free."""
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (stem, *numbered) if name not in taken)
