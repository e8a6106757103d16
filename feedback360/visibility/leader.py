"""One leader's round in, the frozen release out. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping

from feedback360.statistics import agreement
from feedback360.visibility import changes, earlier, figures, rules
from feedback360.visibility.figures import ScaleFigure, Shown
from feedback360.visibility.inputs import ATTRIBUTED, GroupAnswers, LeaderRound
from feedback360.visibility.release import Category, Comments, Group, LeftOut, Release


def decide(leader_round: LeaderRound) -> Release:
    """Every cell of the release. Equal input gives equal bytes."""
    threshold = leader_round.threshold
    scales = figures.scales_of(leader_round.items, leader_round.primary)
    before = tuple(earlier.read(one) for one in leader_round.earlier)
    groups = tuple(_group(answers, threshold) for answers in leader_round.groups)
    shown = {
        answers.group: figures.shown(
            answers, items=leader_round.items, scales=scales, threshold=threshold, earlier=before
        )
        for answers, group in zip(leader_round.groups, groups, strict=True)
        if group.shown
    }
    by_group = {answers.group: answers for answers in leader_round.groups}
    comments = tuple(_comments(leader_round, frozenset(shown)))
    shown_questions = {one.question for one in comments if one.group not in ATTRIBUTED}
    return Release(
        threshold=threshold,
        groups=groups,
        cells=tuple(cell for one in shown.values() for cell in one.cells()),
        categories=tuple(_categories(shown)),
        changes=tuple(changes.since(before[-1], shown, by_group)) if before else (),
        comments=comments,
        left_out=LeftOut(
            items=sum(item.reason == "too_few" for one in shown.values() for item in one.items.values()),
            comment_questions=len(leader_round.questions) - len(shown_questions),
        ),
    )


def _group(answers: GroupAnswers, threshold: int) -> Group:
    """A counted group without answers reads like one with too few: that nobody answered would name all who did not."""
    name, joined = answers.group, answers.joined
    if name in ATTRIBUTED:
        reason = "" if answers.answered else "nobody" if answers.asked else "not_asked"
        return Group(name, answers.asked, answers.answered, not reason, reason, joined)
    if not answers.asked:
        return Group(name, None, None, False, "not_asked", joined)
    if not rules.is_enough(answers.answered, threshold):
        return Group(name, None, None, False, "too_few", joined)
    return Group(name, answers.asked, answers.answered, True, "", joined)


def _comments(leader_round: LeaderRound, shown: frozenset[str]) -> Iterator[Comments]:
    """Per question: the counted groups that are shown, if enough wrote; then manager and self, by name.

    The stored order runs over all groups, so that a list without labels does not run group by group.
    """
    for question in leader_round.questions:
        written = [one for one in leader_round.comments if one.question == question and one.group in shown]
        counted = [one for one in written if one.group not in ATTRIBUTED]
        if rules.is_enough(len(counted), leader_round.threshold):
            writers = Counter(one.group for one in counted)
            labelled = rules.may_label(writers, leader_round.threshold)
            for label in sorted(writers) if labelled else [""]:
                texts = tuple(one.text for one in counted if label in {"", one.group})
                yield Comments(question, label, texts)
        for name in ATTRIBUTED:
            if texts := tuple(one.text for one in written if one.group == name):
                yield Comments(question, name, texts)


def _categories(shown: Mapping[str, Shown]) -> Iterator[Category]:
    """I5, from printed values and classes of spread. Own and others' means are taken over the items both have."""
    own_scales = shown["self"].scales if "self" in shown else {}
    for group, one in shown.items():
        if group in ATTRIBUTED:
            continue
        for scale, figure in one.scales.items():
            if len(scale.items) >= agreement.MIN_ITEMS:
                yield Category(scale.kind, scale.key, group, _category(own_scales.get(scale), figure))


def _category(own: ScaleFigure | None, others: ScaleFigure | None) -> str:
    if own is None or others is None:
        return agreement.Category.NOT_SHOWN.value
    both = {key: value for key, value in others.values.items() if key in own.values}
    if len(both) < agreement.MIN_ITEMS:
        return agreement.Category.NOT_SHOWN.value
    own_mean = figures.mean({key: own.values[key] for key in both})
    return agreement.category(own_mean, others.summary(both), items=len(both)).value
