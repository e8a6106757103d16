"""Release a round: decide every report once, store it, then let all leaders read at the same moment.

Reports are stored while the round is still closed, a batch in each transaction, so that a killed worker's round is
taken up where it stopped. Nobody can read them before the last step, which moves the round and writes the mails. The
database lets nobody change a stored report.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cohorts.models import Membership
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from feedback360.models import Group, MemberMail, Result, Round, State, Subject
from feedback360.questionnaires.rows import content_of
from feedback360.results.aggregate import Aggregate, Spreads, aggregates_of, spreads_of
from feedback360.rounds.actions.moves import hold, move
from feedback360.rounds.groups import BY_ITSELF
from feedback360.rounds.transitions import By, may_move
from feedback360.visibility import Release
from feedback360.visibility.inputs import EarlierRound, GroupAnswers, Item, LeaderRound
from feedback360.visibility.leader import decide

BATCH = 200


def release_round(round_: Round, *, now: datetime) -> Round:
    """Idempotent. Raises NotNow for a round that is not closed yet, or cancelled. Opens the organisation itself."""
    while _store_some(round_):
        pass
    with within(round_.organisation_id):
        return _make_readable(round_, now)


def _store_some(round_: Round) -> int:
    """Decide and store the reports of the next leaders. Returns how many there were."""
    with within(round_.organisation_id):
        # Two workers take turns: the second one waits here, and then finds nothing left.
        current = hold(round_.pk)
        if current.state != State.CLOSED:
            return 0
        subjects = list(_waiting(current)[:BATCH])
        Result.objects.bulk_create(_results(current, subjects))
        return len(subjects)


def _waiting(round_: Round) -> QuerySet[Subject]:
    of_round = Subject.objects.filter(round=round_, withdrawn_at=None, results=None).select_related("enrolment")
    return of_round.order_by("pk")


def _make_readable(round_: Round, now: datetime) -> Round:
    current = hold(round_.pk)
    if current.state == State.RELEASED:
        return current
    if not may_move(current.state, State.RELEASED, By.CLOCK) or _waiting(current).exists():
        raise NotNow(_("Reports can be released once the round is closed."))
    move(current, State.RELEASED, by=None, now=now)
    told = Subject.objects.filter(round=current, withdrawn_at=None, enrolment__left_on=None)
    told = told.filter(enrolment__leader__in=Membership.objects.active())
    MemberMail.objects.bulk_create(
        MemberMail(round=current, recipient_id=leader, kind=MemberMail.Kind.RELEASED, due_at=now, not_before=now)
        for leader in told.values_list("enrolment__leader", flat=True)
    )
    return current


def _results(round_: Round, subjects: Sequence[Subject]) -> list[Result]:
    answers = aggregates_of([subject.pk for subject in subjects])
    earlier = _earlier(round_, subjects)
    questionnaire = content_of(round_.questionnaire)
    items = tuple(Item(item.key, item.behaviour, item.area, frozenset(item.asked_of)) for item in questionnaire.items)
    questions = tuple(question.key for question in questionnaire.questions)
    results = []
    for subject in subjects:
        release = decide(
            LeaderRound(
                threshold=round_.threshold,
                items=items,
                questions=questions,
                primary=subject.primary_scale,
                groups=tuple(groups_of(subject, answers[subject.pk])),
                comments=tuple(answers[subject.pk].comments),
                earlier=tuple(earlier[subject.enrolment.leader_id]),
            )
        )
        content = release.to_bytes()
        results.append(Result(subject=subject, content=content, digest=sha256(content).hexdigest()))
    return results


def groups_of(subject: Subject, answers: Aggregate) -> Iterable[GroupAnswers]:
    """Every group of the leader's round, in the order of a report. A relation that was not asked is there, too."""
    named = {group or BY_ITSELF[relation] for relation, group in subject.groups.items()}
    for group in Group.values:
        if group in named:
            turnout = subject.turnout.get(group, {})
            yield GroupAnswers(
                group=group,
                asked=turnout.get("asked", 0),
                answered=turnout.get("answered", 0),
                joined=group == Group.COLLEAGUES,
                tallies=answers.tallies.get(group, {}),
                spreads=answers.spreads.get(group, {}),
            )


def _earlier(round_: Round, subjects: Sequence[Subject]) -> Mapping[int, list[EarlierRound]]:
    """By leader, their released rounds for the same purpose in any cohort, by the time they closed.

    One that closed later but was released sooner is among them: it can be read beside this one, too. How many raters
    differ is known only against the round the closing looked at, if it is the latest and asked the same questions.
    """
    before = Result.objects.filter(
        subject__enrolment__leader__in=[subject.enrolment.leader_id for subject in subjects],
        subject__round__state=State.RELEASED,
        subject__round__purpose=round_.purpose,
    )
    found = list(before.select_related("subject__round", "subject__enrolment").order_by("subject__round__closes_at"))
    spreads = spreads_of([result.subject_id for result in found])
    turnout = {subject.enrolment.leader_id: subject.turnout for subject in subjects}
    latest = {result.subject.enrolment.leader_id: result for result in found}
    rounds: dict[int, list[EarlierRound]] = defaultdict(list)
    for result in found:
        leader_id = result.subject.enrolment.leader_id
        compares = result is latest[leader_id] and result.subject.round.questionnaire_id == round_.questionnaire_id
        rounds[leader_id].append(
            _earlier_round(result, spreads.get(result.subject_id, {}), turnout[leader_id] if compares else {})
        )
    return rounds


def _earlier_round(result: Result, spreads: Spreads, turnout: Mapping[str, Mapping[str, int]]) -> EarlierRound:
    known = {
        group: counts["changed"]
        for group, counts in turnout.items()
        if counts.get("changed") is not None and counts.get("since") == result.subject_id
    }
    return EarlierRound(release=Release.from_bytes(bytes(result.content)), spreads=spreads, changed=known)
