"""What the product's own functions say about simulated rounds, beside what is true. Each figure is a share of runs.

Leaders are drawn in cohorts of twenty, so that equal answers can borrow a spread as they do in the product.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from statistics import median
from typing import Any

import numpy as np

from feedback360.statistics.agreement import Category, category
from feedback360.statistics.change import Outcome, Pair, change_of, is_held
from feedback360.statistics.cohort import cohort_effect, enough_responded, response_rate
from feedback360.statistics.summary import Summary, borrowed_spread, mean_interval, rater_mean, summarised
from feedback360.statistics.verdicts import Verdicts, judged
from tests.feedback360.calibration.raters import (
    AREA,
    BEHAVIOURS,
    PRIMARY,
    Answers,
    all_seen,
    as_given,
    draw,
    opinion_for,
    opinions,
    truth,
)

COHORT = 20
UNSEEN = 0.05
LEVELS = {"middle": 3.5, "lenient": 4.2, "ceiling": 4.6}
SCALES = {"item": (4,), "behaviour": BEHAVIOURS["clear"], "primary": PRIMARY, "area": AREA}


@dataclass(frozen=True)
class Share:
    """How often something happened in `runs`."""

    value: float
    runs: int


def share(happened: Sequence[bool]) -> Share:
    return Share(sum(happened) / len(happened), len(happened)) if happened else Share(0.0, 0)


def summaries(answers: Answers, items: Sequence[int]) -> list[Summary | None]:
    """One scale of each leader, as the closing computes it."""
    return [summarised(rater_mean(rater[item] for item in items) for rater in leader) for leader in answers]


def cohorts(runs: int) -> Iterator[int]:
    yield from [COHORT] * -(-runs // COHORT)


def mean_coverage(seed: int, runs: int, n: int, level: float, items: Sequence[int]) -> tuple[Share, Share]:
    """How often the 90 % interval of a mean holds the truth, and how often there is none to show."""
    rng, covered, without = np.random.default_rng(seed), [], []
    true = truth(opinion_for(level), items)
    for leaders in cohorts(runs):
        given = [one for one in summaries(all_seen(draw(rng, leaders, n, opinions(level))), items) if one is not None]
        lent = borrowed_spread(given)
        for one in given:
            interval = mean_interval(one, borrowed=lent)
            without.append(interval is None)
            if interval is not None:
                covered.append(interval.low <= true <= interval.high)
    return share(covered), share(without)


def _pairs(before: Sequence[Summary | None], after: Sequence[Summary | None], responded: Sequence[bool]) -> list[Pair]:
    lent0, lent1 = (borrowed_spread([one for one in round_ if one is not None]) for round_ in (before, after))
    return [
        Pair(early, late, lent0, lent1, responses_suffice=enough)
        for early, late, enough in zip(before, after, responded, strict=True)
    ]


def change_coverage(
    seed: int, runs: int, n: int, level: float, items: Sequence[int], *, by: float = 0.0, same_people: bool = False
) -> Share:
    """How often the 90 % interval of a change holds the true change."""
    rng, covered = np.random.default_rng(seed), []
    true = truth(opinion_for(level + by), items) - truth(opinion_for(level), items)
    for leaders in cohorts(runs):
        before = draw(rng, leaders, n, opinions(level))
        after = draw(rng, leaders, n, opinions(level + by), leniency=before.leniency if same_people else None)
        pairs = _pairs(summaries(all_seen(before), items), summaries(all_seen(after), items), [True] * leaders)
        changes = [change for pair in pairs if (change := change_of(pair)) is not None]
        covered += [change.low <= true <= change.high for change in changes]
    return share(covered)


Answering = Callable[[np.random.Generator, np.ndarray, int], np.ndarray]


def everybody(_rng: np.random.Generator, leniency: np.ndarray, _round: int) -> np.ndarray:
    return np.ones(leniency.shape, dtype=bool)


def three_of_four(rng: np.random.Generator, leniency: np.ndarray, _round: int) -> np.ndarray:
    """Drop-out that has nothing to do with what a rater thinks."""
    return rng.random(leniency.shape) < 0.75


def critics_leave(rng: np.random.Generator, leniency: np.ndarray, round_: int) -> np.ndarray:
    """In the second round the strict half answer less often: .55, the lenient half .95."""
    likely = np.where(leniency > 0, 0.95, 0.55) if round_ else np.full(leniency.shape, 0.75)
    return rng.random(leniency.shape) < likely


def reports(
    seed: int,
    runs: int,
    n: int,
    level: float,
    *,
    by: float = 0.0,
    moved: Sequence[int] = range(16),
    answering: Answering = everybody,
    same_people: bool = False,
) -> Iterator[Verdicts]:
    """The verdicts of whole reports, primary scale and seven behaviours, with n raters asked and some items unseen."""
    rng = np.random.default_rng(seed)
    for leaders in cohorts(runs):
        before = draw(rng, leaders, n, opinions(level))
        after = draw(
            rng, leaders, n, opinions(level, by=by, moved=moved), leniency=before.leniency if same_people else None
        )
        given, enough = [], np.ones(leaders, dtype=bool)
        for round_, drawn in enumerate((before, after)):
            answered = answering(rng, drawn.leniency, round_)
            given.append(as_given(drawn, answered[:, :, None] & (rng.random(drawn.answers.shape) >= UNSEEN)))
            rates = [response_rate(invited=n, answered=int(row.sum())) for row in answered]
            enough &= np.array([enough_responded(rate) for rate in rates])
        pairs = {
            key: _pairs(summaries(given[0], items), summaries(given[1], items), enough.tolist())
            for key, items in {"primary": PRIMARY, **BEHAVIOURS}.items()
        }
        for leader in range(leaders):
            yield judged(pairs["primary"][leader], {key: pairs[key][leader] for key in BEHAVIOURS})


def says(verdicts: Verdicts, outcome: Outcome) -> bool:
    """Whether a report says it anywhere."""
    return any(verdict.outcome is outcome for verdict in (verdicts.primary, *verdicts.behaviours.values()))


@cache
def false_claims(seed: int, runs: int, n: int, level: float, **about: Any) -> Mapping[Outcome, Share]:
    """How often a report without any true change says *improved*, or *declined*, anywhere."""
    found = list(reports(seed, runs, n, level, **about))
    return {
        outcome: share([says(verdicts, outcome) for verdicts in found])
        for outcome in (Outcome.IMPROVED, Outcome.DECLINED)
    }


def false_behind_the_gate(seed: int, runs: int, n: int, level: float) -> Share:
    """How often one of five unchanged behaviours is called improved where the two of the primary scale rose by 1."""
    still = [key for key, items in BEHAVIOURS.items() if not set(items) <= set(PRIMARY)]
    found = reports(seed, runs, n, level, by=1.0, moved=PRIMARY)
    return share([any(verdicts.behaviours[key].outcome is Outcome.IMPROVED for key in still) for verdicts in found])


@dataclass(frozen=True)
class Power:
    """Of reports with the same true change everywhere: the primary scale improved, and the share of behaviours."""

    primary: Share
    behaviours: Share


@cache
def power(seed: int, runs: int, n: int, level: float, by: float) -> Power:
    found = list(reports(seed, runs, n, level, by=by))
    return Power(
        share([verdicts.primary.outcome is Outcome.IMPROVED for verdicts in found]),
        share([verdict.outcome is Outcome.IMPROVED for verdicts in found for verdict in verdicts.behaviours.values()]),
    )


def seen_as_promised(seed: int, runs: int, n: int) -> Share:
    """How often the primary scale shows the change that *not shown* names: the promise is four times in five."""
    unchanged = [verdicts.primary.visible_from for verdicts in reports(seed, runs, n, 3.0)]
    by = median([seen for seen in unchanged if seen is not None])
    found = reports(seed + 1, runs, n, 3.0 - by / 2, by=by)
    return share([verdicts.primary.outcome is Outcome.IMPROVED for verdicts in found])


def held(seed: int, runs: int, n: int, by: float) -> Share:
    """How often the primary scale counts as held, of all leaders who read the ceiling notice."""
    primary = [verdicts.primary for verdicts in reports(seed, runs, n, LEVELS["ceiling"], by=by)]
    noticed = [verdict.change for verdict in primary if verdict.is_at_ceiling and verdict.change is not None]
    return share([is_held(change.low) for change in noticed])


@cache
def categories(seed: int, runs: int, n: int, gap: float, *, wobble: float = 0.0) -> Mapping[Category, Share]:
    """What is said about an area of five items where the leader's own mean lies `gap` above the others' true mean.

    `wobble` is the SD of a single self-rating around what the leader would say on average.
    """
    rng, said = np.random.default_rng(seed), []
    true = truth(opinion_for(LEVELS["middle"]), AREA)
    for leaders in cohorts(runs):
        others = summaries(all_seen(draw(rng, leaders, n, opinions(LEVELS["middle"]))), AREA)
        lent = borrowed_spread([one for one in others if one is not None])
        own = true + gap + rng.normal(scale=wobble, size=(leaders, len(AREA))).mean(axis=1)
        said += [
            category(float(mean), one, items=len(AREA), borrowed=lent) for mean, one in zip(own, others, strict=True)
        ]
    return {name: share([one is name for one in said]) for name in Category}


def refused_by_permutation(seed: int, runs: int, n: int, level: float, items: Sequence[int]) -> Share:
    """Of the false *improved* of one scale, the share an exact permutation of all raters' means would not confirm."""
    rng, refused = np.random.default_rng(seed), []
    dealt = np.array(list(combinations(range(2 * n), n)))
    for leaders in cohorts(runs):
        rounds = [all_seen(draw(rng, leaders, n, opinions(level))) for _round in range(2)]
        pairs = _pairs(summaries(rounds[0], items), summaries(rounds[1], items), [True] * leaders)
        for leader, pair in enumerate(pairs):
            if judged(pair, {}).primary.outcome is Outcome.IMPROVED:
                means = np.array(
                    [rater_mean(rater[item] for item in items) for round_ in rounds for rater in round_[leader]]
                )
                late = means[dealt].mean(axis=1)
                refused.append(bool((late >= means[n:].mean() - 1e-9).mean() > 0.05))
    return share(refused)


def _levels(rng: np.random.Generator, leaders: int, by: float) -> list[tuple[float, float]]:
    """Leaders who differ in level (SD .4) and in growth (SD .3), each with eight raters in both rounds."""
    gifts, growth = rng.normal(scale=0.4, size=(leaders, 1, 1)), rng.normal(by, 0.3, size=(leaders, 1, 1))
    before = draw(rng, leaders, 8, opinions(3.3) + gifts).answers.mean(axis=(1, 2))
    after = draw(rng, leaders, 8, opinions(3.3) + gifts + growth).answers.mean(axis=(1, 2))
    return list(zip(before.tolist(), after.tolist(), strict=True))


@cache
def _true_effect(by: float) -> float:
    effect = cohort_effect(_levels(np.random.default_rng(1), 20_000, by))
    assert effect is not None
    return effect.value


def cohort_coverage(seed: int, runs: int, leaders: int, by: float) -> Share:
    """How often the interval of a cohort's effect holds the effect of very many such leaders."""
    rng, true = np.random.default_rng(seed), _true_effect(by)
    found = [effect for _run in range(runs) if (effect := cohort_effect(_levels(rng, leaders, by))) is not None]
    return share([effect.interval.low <= true <= effect.interval.high for effect in found])
