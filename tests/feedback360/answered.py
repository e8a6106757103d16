"""Rounds that people have answered, as the closing leaves them: for tests of what comes after it."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from random import Random

from cohorts.models import Cohort, Enrolment
from feedback360.answering.actions import closing
from feedback360.models import Questionnaire, Round, Subject
from feedback360.models.answers import Answer, Comment, ScaleStatistic
from feedback360.questionnaires import content
from feedback360.questionnaires.rows import load_questionnaire, read
from feedback360.statistics.summary import rater_mean, summarised
from tests import factories as make
from tests.times import NOW

Rater = Mapping[str, int]  # item -> value
ITEMS = read().items
GROUPS = {"team": "team", "peers": "peer", "colleagues": "peer", "manager": "manager", "self": "self"}


def closed_round(cohort: Cohort, *, threshold: int = 5, **fields: object) -> Round:
    return make.RoundFactory(
        cohort=cohort, questionnaire=standard(), state="closed", threshold=threshold, **{"key": "follow-up", **fields}
    )


def standard() -> Questionnaire:
    return load_questionnaire(now=NOW)


def subject_of(round_: Round, enrolment: Enrolment, **fields: object) -> Subject:
    return make.SubjectFactory(round=round_, enrolment=enrolment, manager=enrolment.sponsor, is_closed=True, **fields)


def items_of(group: str) -> list[content.Item]:
    return [item for item in ITEMS if GROUPS[group] in item.asked_of]


def raters(group: str, levels: Mapping[str, Sequence[int]]) -> list[Rater]:
    """One rater for each value of a behaviour; behaviours that are not named are answered 3."""
    number = len(next(iter(levels.values())))
    return [
        {item.key: levels.get(item.behaviour, [3] * number)[rater] for item in items_of(group)}
        for rater in range(number)
    ]


def anybody(group: str, number: int, *, seed: int = 0, skips: float = 0.0) -> list[Rater]:
    """So many raters with answers by chance."""
    chance = Random(f"{group}-{seed}")
    return [
        {item.key: chance.choice((2, 3, 3, 4, 4, 5)) for item in items_of(group) if chance.random() >= skips}
        for _rater in range(number)
    ]


def answer(
    subject: Subject, group: str, said: Sequence[Rater], *, asked: int | None = None, changed: int | None = None
) -> None:
    """Write what a group said, with the statistics and the turnout that the closing would write."""
    Answer.objects.bulk_create(
        Answer(subject=subject, group=group, item=item, value=value) for rater in said for item, value in rater.items()
    )
    ScaleStatistic.objects.bulk_create(_statistics(subject, group, said))
    since = closing._before(subject.round, subject)
    subject.turnout[group] = {
        "asked": asked or len(said),
        "answered": len(said),
        "changed": changed,
        "since": since.pk if since else None,
    }
    subject.save(update_fields=["turnout"])


def comment(subject: Subject, group: str, question: str, texts: Sequence[str], *, first: int = 1) -> None:
    Comment.objects.bulk_create(
        Comment(subject=subject, group=group, question=question, text=text, place=place)
        for place, text in enumerate(texts, first)
    )


def _statistics(subject: Subject, group: str, said: Sequence[Rater]) -> list[ScaleStatistic]:
    found = []
    for scale, keys in _scales(group).items():
        summary = summarised(rater_mean([rater.get(key) for key in keys]) for rater in said)
        if summary is not None:
            variance = summary.variance if summary.n > 1 else None
            found.append(
                ScaleStatistic(
                    subject=subject, group=group, scale=scale, raters=summary.n, mean=summary.mean, variance=variance
                )
            )
    return found


def _scales(group: str) -> dict[str, list[str]]:
    items = items_of(group)
    behaviours = sorted({item.behaviour for item in items})
    scales = {behaviour: [item.key for item in items if item.behaviour == behaviour] for behaviour in behaviours}
    pairs = {"+".join(pair): [*scales[pair[0]], *scales[pair[1]]] for pair in combinations(behaviours, 2)}
    areas = {area: [item.key for item in items if item.area == area] for area in content.AREAS}
    return {**scales, **pairs, **areas, "all": [item.key for item in items]}
