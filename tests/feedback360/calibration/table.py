"""The whole calibration: every figure in every situation. `make calibrate` measures it, the method page prints it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from feedback360.statistics.agreement import Category
from feedback360.statistics.calibration import Row
from feedback360.statistics.change import Outcome
from tests.feedback360.calibration import figures, printed
from tests.feedback360.calibration.figures import LEVELS, SCALES

ALL_N = (3, 4, 5, 6, 8, 10, 12)
FROM_FIVE = (5, 6, 8, 10, 12)
ASKED = (8, 10, 12, 16)  # of whom about three in four answer
GAPS = (0.0, 0.25, 0.5, 1.0, 1.5)
STEADY, WOBBLING = 0.0, 0.5
BESIDE: Mapping[float, frozenset[Category]] = {  # what is false to say at a true gap
    0.0: frozenset({Category.OVER, Category.UNDER}),
    0.25: frozenset({Category.OVER, Category.UNDER}),
    0.5: frozenset({Category.OVER, Category.UNDER}),
    1.0: frozenset({Category.IN_LINE, Category.UNDER}),
    1.5: frozenset({Category.IN_LINE, Category.UNDER}),
}


@dataclass(frozen=True)
class Figure:
    """`runs` is a share of those asked for: a whole report takes longer than an interval."""

    name: str
    case: str
    numbers: Sequence[int]
    measure: Callable[[int, int], float]  # n, runs
    of_runs: float = 1.0

    def row(self, runs: int) -> Row:
        count = max(int(runs * self.of_runs), figures.COHORT)
        return Row(self.name, self.case, {n: round(self.measure(n, count), 3) for n in self.numbers})


def table(seed: int) -> Iterator[Figure]:
    yield from _intervals(seed)
    yield from _claims(seed)
    yield from _categories(seed)
    yield from _ceiling_and_cohort(seed)
    yield from _printed_ranges(seed)
    yield from _printed_claims(seed)
    yield from _printed_categories(seed)


def _intervals(seed: int) -> Iterator[Figure]:
    for level, mean in LEVELS.items():
        for scale, items in SCALES.items():
            yield Figure(
                "mean_covered",
                f"{scale}, {level}",
                ALL_N,
                lambda n, runs, mean=mean, items=items: figures.mean_coverage(seed, runs, n, mean, items)[0].value,
            )
    for level, mean in LEVELS.items():
        for scale in ("behaviour", "primary"):
            for by in (0.0, 0.3):
                yield Figure(
                    "change_covered",
                    f"{scale}, {level}, change {by}",
                    (3, *FROM_FIVE),
                    lambda n, runs, mean=mean, scale=scale, by=by: (
                        figures.change_coverage(seed, runs, n, mean, SCALES[scale], by=by).value
                    ),
                )
    yield Figure(
        "change_covered",
        "primary, middle, the same people",
        FROM_FIVE,
        lambda n, runs: figures.change_coverage(seed, runs, n, 3.5, SCALES["primary"], same_people=True).value,
    )


def _claims(seed: int) -> Iterator[Figure]:
    situations = {level: (FROM_FIVE, mean, {}) for level, mean in LEVELS.items()}
    situations["drop-out at random"] = (ASKED, 3.5, {"answering": figures.three_of_four})
    situations["drop-out of critics"] = (ASKED, 3.5, {"answering": figures.critics_leave})
    situations["the same people"] = (FROM_FIVE, 3.5, {"same_people": True})
    for outcome in (Outcome.IMPROVED, Outcome.DECLINED):
        for case, (numbers, mean, about) in situations.items():
            yield Figure(
                f"false_{outcome}",
                case,
                numbers,
                lambda n, runs, outcome=outcome, mean=mean, about=about: (
                    figures.false_claims(seed, runs, n, mean, **about)[outcome].value
                ),
                2.0,
            )
    yield Figure(
        "false_improved",
        "five unchanged behaviours beside two that rose",
        FROM_FIVE,
        lambda n, runs: figures.false_behind_the_gate(seed, runs, n, 3.5).value,
        0.5,
    )
    for by in (0.3, 0.5, 0.8):
        yield Figure(
            "found",
            f"primary, change {by}",
            FROM_FIVE,
            lambda n, runs, by=by: figures.power(seed, runs, n, 3.5, by).primary.value,
            0.2,
        )
        yield Figure(
            "found",
            f"each behaviour, change {by}",
            FROM_FIVE,
            lambda n, runs, by=by: figures.power(seed, runs, n, 3.5, by).behaviours.value,
            0.2,
        )
    yield Figure(
        "found",
        "the change named as visible",
        FROM_FIVE,
        lambda n, runs: figures.seen_as_promised(seed, runs, n).value,
        0.5,
    )
    for scale in ("behaviour", "primary"):
        yield Figure(
            "improved_but_not_by_permutation",
            f"{scale}, of false claims",
            (5, 6),
            lambda n, runs, scale=scale: figures.refused_by_permutation(seed, runs, n, 3.5, SCALES[scale]).value,
        )


def _categories(seed: int) -> Iterator[Figure]:
    for own, wobble in (("own answers exact", STEADY), ("own answers wobble", WOBBLING)):
        for gap, false in BESIDE.items():
            yield Figure(
                "false_category",
                f"true gap {gap}, {own}",
                ALL_N,
                lambda n, runs, gap=gap, wobble=wobble, false=false: sum(
                    share.value
                    for name, share in figures.categories(seed, runs, n, gap, wobble=wobble).items()
                    if name in false
                ),
            )
        for gap, said in ((0.0, Category.IN_LINE), (1.0, Category.OVER), (1.5, Category.OVER)):
            yield Figure(
                f"says_{said}",
                f"true gap {gap}, {own}",
                ALL_N,
                lambda n, runs, gap=gap, wobble=wobble, said=said: (
                    figures.categories(seed, runs, n, gap, wobble=wobble)[said].value
                ),
            )


def _ceiling_and_cohort(seed: int) -> Iterator[Figure]:
    for by in (0.0, -0.3):
        yield Figure(
            "says_held",
            f"true change {by}",
            FROM_FIVE,
            lambda n, runs, by=by: figures.held(seed, runs, n, by).value,
            0.5,
        )
    for by in (0.0, 0.15, 0.5):
        yield Figure(
            "cohort_effect_covered",
            f"mean change {by}",
            (5, 8, 12, 25),
            lambda n, runs, by=by: figures.cohort_coverage(seed, runs, n, by).value,
            0.2,
        )


def _printed_ranges(seed: int) -> Iterator[Figure]:
    """What the released report says, after the wall has rounded."""
    for level, mean in LEVELS.items():
        for kind in ("behaviour", "area", "primary"):
            yield Figure(
                "printed_mean_covered",
                f"{kind}, {level}",
                FROM_FIVE,
                lambda n, runs, mean=mean, kind=kind: printed.means_covered(seed, runs, n, mean).by_kind[kind].value,
                0.25,
            )
    for by in (0.0, 0.3):
        yield Figure(
            "printed_change_covered",
            f"primary, middle, change {by}",
            FROM_FIVE,
            lambda n, runs, by=by: printed.changes_covered(seed, runs, n, 3.5, by).value,
            0.25,
        )


def _printed_claims(seed: int) -> Iterator[Figure]:
    for outcome in (Outcome.IMPROVED, Outcome.DECLINED):
        for level, mean in LEVELS.items():
            yield Figure(
                f"printed_false_{outcome}",
                level,
                FROM_FIVE,
                lambda n, runs, outcome=outcome, mean=mean: printed.false_claims(seed, runs, n, mean)[outcome].value,
                0.25,
            )
    yield Figure(
        "printed_false_improved",
        "five unchanged behaviours beside two that rose",
        FROM_FIVE,
        lambda n, runs: printed.false_behind_the_gate(seed, runs, n, 3.5).value,
        0.25,
    )
    for by in (0.3, 0.5, 0.8):
        for kind, case in (("primary", "primary"), ("behaviour", "each behaviour")):
            yield Figure(
                "printed_found",
                f"{case}, change {by}",
                FROM_FIVE,
                lambda n, runs, by=by, kind=kind: printed.power(seed, runs, n, 3.5, by)[kind].value,
                0.1,
            )


def _printed_categories(seed: int) -> Iterator[Figure]:
    for gap, false in BESIDE.items():
        yield Figure(
            "printed_false_category",
            f"true gap {gap}, own answers wobble",
            FROM_FIVE,
            lambda n, runs, gap=gap, false=false: sum(
                share.value for name, share in printed.categories(seed, runs, n, gap).items() if name in false
            ),
            0.1,
        )
    for gap, said in ((0.0, Category.IN_LINE), (1.0, Category.OVER)):
        yield Figure(
            f"printed_says_{said}",
            f"true gap {gap}, own answers wobble",
            FROM_FIVE,
            lambda n, runs, gap=gap, said=said: printed.categories(seed, runs, n, gap)[said].value,
            0.1,
        )
