"""The scales of a questionnaire, and the spread of raters' own means on each, taken while a round closes. Pure.

Scales: each behaviour, each area, `all`, and each pair of behaviours (`clear+encouraging`, sorted), so that a scale
named before the round can be looked at without a label that ties a rater's answers together.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from feedback360.questionnaires.content import ALL_ITEMS, Questionnaire
from feedback360.statistics.summary import Summary, rater_mean, summarised

Values = Mapping[str, int]  # one rater's, by item


def scales_of(content: Questionnaire) -> dict[str, list[Collection[str]]]:
    """Scale -> its parts, each a set of items. A pair has two: a rater counts who answered in both."""
    behaviours = content.keys_by_behaviour()
    scales: dict[str, list[Collection[str]]] = {name: [keys] for name, keys in behaviours.items()}
    scales |= {name: [keys] for name, keys in content.keys_by_area().items()}
    scales |= {ALL_ITEMS: [[item.key for item in content.items]]}
    return scales | {
        "+".join(pair): [behaviours[name] for name in pair] for pair in combinations(sorted(behaviours), 2)
    }


def summaries(
    raters: Sequence[Values], scales: Mapping[str, Sequence[Collection[str]]], shown: Collection[str]
) -> Iterator[tuple[str, Summary]]:
    """The summary of each scale over the items that may be shown; a scale nobody answered has none."""
    for name, parts in scales.items():
        summary = summarised(_mean(values, parts, shown) for values in raters)
        if summary is not None:
            yield name, summary


def _mean(values: Values, parts: Sequence[Collection[str]], shown: Collection[str]) -> float | None:
    answered = [[values[key] for key in keys if key in values and key in shown] for keys in parts]
    return rater_mean(value for part in answered for value in part) if all(answered) else None
