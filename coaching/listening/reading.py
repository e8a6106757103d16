"""Calibrations as pages and downloads show them. What others rated is not read before all ratings are open."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from coaching.listening.concordance import Concordance, concordance, together
from coaching.models import Calibration, Observer, Rating
from coaching.models.listening import CalibrationQuerySet
from coaching.talk_templates.content import Criterion, Talk
from cohorts.models import Membership


@dataclass(frozen=True)
class CriterionResult:
    """One criterion once ratings are open: each observer's number, and how far they agree."""

    criterion: Criterion
    scores: tuple[tuple[str, int | None], ...]
    agreement: Concordance

    @property
    def per_cent(self) -> int | None:
        share = self.agreement.share
        return None if share is None else round(share * 100)


@dataclass(frozen=True)
class WordingDoubt:
    """A criterion whose words mean different things, over every contact the reader saw."""

    criterion: Criterion
    agreement: Concordance


def calibrations_of(member: Membership) -> CalibrationQuerySet:
    """Those they take part in, with whether they observe and are in: of themselves and of nobody else."""
    own = Observer.objects.filter(calibration=OuterRef("pk"), member=member)
    return (
        Calibration.objects.visible_to(member)
        .select_related("started_by")
        .annotate(is_observer=Exists(own), is_in=Exists(own.exclude(rated_at=None)))
    )


def own_scores(calibration: Calibration, member: Membership) -> dict[str, int]:
    own = Rating.objects.filter(observer__calibration=calibration, observer__member=member)
    return dict(own.values_list("criterion", "score"))


def results_of(calibration: Calibration, talk: Talk, member: Membership, now: datetime) -> list[CriterionResult]:
    """The numbers side by side. Empty while they are blind: those who were not in by then have none."""
    if not calibration.is_open_at(now):
        return []
    ratings = list(
        Rating.objects.visible_to(member, now)
        .filter(observer__calibration=calibration)
        .select_related("observer__member")
    )
    observers = {rating.observer_id: rating.observer.member.name for rating in ratings}
    by_place = {(rating.criterion, rating.observer_id): rating.score for rating in ratings}
    results = []
    for criterion in talk.criteria:
        scores = [(name, by_place.get((criterion.key, pk))) for pk, name in sorted(observers.items(), key=_by_name)]
        given = [score for _name, score in scores if score is not None]
        results.append(CriterionResult(criterion, tuple(scores), concordance(given)))
    return results


def doubts_of(member: Membership, talk: Talk, now: datetime) -> list[WordingDoubt]:
    """Criteria of this template version whose wording is unclear, over the open contacts this member took part in."""
    mine = Calibration.objects.visible_to(member).opened(now).filter(template_version=talk.version)
    rows = Rating.objects.filter(observer__calibration__in=mine.values("pk"))
    contacts: dict[str, dict[int, list[int]]] = {}
    for criterion, calibration, score in rows.values_list("criterion", "observer__calibration", "score"):
        contacts.setdefault(criterion, {}).setdefault(calibration, []).append(score)
    found = [WordingDoubt(each, together(contacts.get(each.key, {}).values())) for each in talk.criteria]
    return [doubt for doubt in found if doubt.agreement.is_wording_unclear]


def _by_name(entry: tuple[int, str]) -> tuple[str, int]:
    return entry[1], entry[0]
