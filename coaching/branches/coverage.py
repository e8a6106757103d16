"""Which of the nine cells a cohort uses: the parts its curriculum has, and the traces they left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from coaching.branches.nine_cells import CELLS, COUNTS_FROM, PARTS, WHEN, WHO, Cell, Part, Trace
from coaching.disclosure import MIN_PEOPLE
from coaching.models import Session
from coaching.models.sponsoring import ActKind, SponsorAct
from cohorts.models import Cohort, CurriculumVersion, Enrolment, Milestone, Nudge, SponsorWeek, Step
from cohorts.models.mail import MailState
from cohorts.schedule.path import LENGTH

LAST_EVENTS_FROM = 85
HALF = 2


@dataclass(frozen=True, slots=True)
class Covered:
    """One cell in one cohort. `leaders` is how many it left a trace with, None while they are fewer than five."""

    cell: Cell
    is_used: bool
    is_to_come: bool
    leaders: int | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The nine cells, how many are used, and of how many leaders each count is."""

    cells: tuple[Covered, ...]
    used: int
    leaders: int

    @property
    def by_when(self) -> list[tuple[str, list[tuple[str, Covered]]]]:
        """The three moments in order, each with its three cells and whose they are."""
        return [
            (str(label), [(str(WHO[each.cell.who]), each) for each in self.cells if each.cell.when is when])
            for when, label in WHEN.items()
        ]


def coverage_of(cohort: Cohort, day: int) -> Coverage:
    """A cell is used when it left its trace with at least half of the leaders. `day` is the cohort's. Two queries."""
    counts = _traces(cohort)
    leaders = counts.pop("leaders")
    missing = set(Part) - set(_parts(cohort.version))
    cells = tuple(
        Covered(
            cell=cell,
            is_used=leaders > 0 and counts[cell.trace] * HALF >= leaders,
            is_to_come=day < COUNTS_FROM[cell.when],
            leaders=counts[cell.trace] if leaders >= MIN_PEOPLE else None,
            missing=tuple(str(PARTS[part]) for part in cell.parts if part in missing),
        )
        for cell in CELLS
    )
    return Coverage(cells, sum(each.is_used for each in cells), leaders)


def _traces(cohort: Cohort) -> dict[str, int]:
    acts = SponsorAct.objects.filter(enrolment=OuterRef("pk"), confirmed_at__isnull=False)
    held = Session.objects.filter(pairing__kind="sponsor", pairing__leader=OuterRef("leader"), state="held")
    during = held.filter(starts_at__date__gte=OuterRef("day1_on"))
    events = Milestone.objects.filter(version=OuterRef("cohort__version"))
    sent = Nudge.objects.filter(enrolment=OuterRef("pk"), state=MailState.SENT)
    traces: dict[Trace, Q | Exists] = {
        Trace.TALK_BEFORE: Exists(acts.filter(kind=ActKind.PRE_BRIEF)),
        Trace.EVENT_BEFORE: Exists(events.filter(day__lte=1)),
        Trace.SCHEDULE: Q(confirmed_at__isnull=False),
        Trace.CHECK_IN: Exists(acts.filter(kind=ActKind.CHECK_IN)) | Exists(during),
        Trace.STEP_SENT: Exists(sent),
        Trace.PRACTICE: Q(last_practice_on__isnull=False),
        Trace.END_REVIEW: Exists(acts.filter(kind=ActKind.END_REVIEW)),
        Trace.EVENT_AFTER: Exists(events.filter(day__gte=LAST_EVENTS_FROM)),
        Trace.STILL_PRACTISING: Q(last_practice_on__gte=F("day1_on") + timedelta(days=LENGTH)),
    }
    leaders = Enrolment.objects.active().filter(cohort=cohort).order_by()
    counted = {trace.value: Count("pk", filter=condition) for trace, condition in traces.items()}
    return leaders.aggregate(leaders=Count("pk"), **counted)


def _parts(version: CurriculumVersion) -> Iterator[Part]:
    """What this version has of the parts that carry a cell."""
    events = Milestone.objects.filter(version=version)
    (found,) = CurriculumVersion.objects.filter(pk=version.pk).values_list(
        Exists(SponsorWeek.objects.filter(version=version)),
        Exists(Step.objects.filter(version=version)),
        Exists(events.filter(day__lte=1)),
        Exists(events.filter(day__gte=LAST_EVENTS_FROM)),
    )
    asked = (Part.SPONSOR_WEEKS, Part.STEPS, Part.FIRST_EVENTS, Part.LAST_EVENTS)
    yield from (part for part, is_there in zip(asked, found, strict=True) if is_there)
    if version.brief:
        yield Part.BRIEF
    if version.circle:
        yield Part.CIRCLE
