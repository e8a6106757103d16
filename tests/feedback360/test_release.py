"""Releasing a round: every report once, all at the same moment, and never again."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from cohorts.enrolment.actions.enrolments import leave
from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from feedback360.models import MemberMail, Rater, Result, Round, Subject
from feedback360.results import aggregate
from feedback360.results.actions import release
from feedback360.results.actions.release import release_round
from feedback360.visibility import Release
from tests import factories as make
from tests.cast import Cast
from tests.feedback360 import answered
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(cast: Cast) -> Round:
    """Ada's team has answered; Bo has too few; Max was taken out of the round."""
    with within(cast.acme):
        round_ = answered.closed_round(cast.enrolment(cast.ada).cohort)
        ada = answered.subject_of(round_, cast.enrolment(cast.ada))
        answered.answer(ada, "team", answered.anybody("team", 9), asked=11)
        answered.answer(ada, "peers", answered.anybody("peers", 4), asked=6)
        answered.answer(ada, "manager", answered.anybody("manager", 1))
        answered.answer(ada, "self", answered.anybody("self", 1))
        answered.comment(ada, "team", "keep", [f"comment {n}" for n in (3, 1, 5, 2, 4)])
        answered.answer(answered.subject_of(round_, cast.enrolment(cast.bo)), "team", answered.anybody("team", 2))
        answered.subject_of(round_, cast.enrolment(cast.max), withdrawn_at=NOW)
    return round_


def stored(cast: Cast, round_: Round) -> dict[str, bytes]:
    with within(cast.acme):
        results = Result.objects.filter(subject__round=round_).select_related("subject__enrolment__leader")
        return {result.subject.enrolment.leader.name.split()[0]: bytes(result.content) for result in results}


def test_release_stores_a_report_for_every_leader_in_the_round(cast: Cast, closed: Round) -> None:
    release_round(closed, now=NOW)

    reports = {name: Release.from_bytes(content) for name, content in stored(cast, closed).items()}
    assert set(reports) == {"Ada", cast.bo.name.split()[0]}
    assert {group.group: (group.shown, group.answered) for group in reports["Ada"].groups} == {
        "team": (True, 9),
        "peers": (False, None),
        "manager": (True, 1),
        "self": (True, 1),
    }
    assert not any(group.shown for group in reports[cast.bo.name.split()[0]].groups)


def test_a_release_is_in_the_audit_trail_once(cast: Cast, closed: Round) -> None:
    release_round(closed, now=NOW)
    release_round(closed, now=NOW)

    with within(cast.acme):
        assert AuditEntry.objects.filter(verb="moved a round to released").count() == 1


def test_values_of_a_report_are_means_of_what_was_answered(cast: Cast, closed: Round) -> None:
    said = answered.anybody("team", 9)
    key = answered.items_of("team")[0].key
    release_round(closed, now=NOW)

    report = Release.from_bytes(stored(cast, closed)["Ada"])
    cell = next(cell for cell in report.cells if (cell.group, cell.kind, cell.key) == ("team", "item", key))
    assert cell.n == 9
    assert cell.value == pytest.approx(sum(rater[key] for rater in said) / 9, abs=0.051)


def test_leaders_are_told_once_when_reports_are_released(cast: Cast, closed: Round) -> None:
    release_round(closed, now=NOW)
    release_round(closed, now=NOW + timedelta(hours=1))

    with within(cast.acme):
        mails = MemberMail.objects.filter(round=closed, kind="released")
        assert set(mails.values_list("recipient", flat=True)) == {cast.ada.pk, cast.bo.pk}
        assert set(mails.values_list("due_at", flat=True)) == {NOW}
        assert Round.objects.get(pk=closed.pk).state == "released"


def test_a_released_report_never_changes(cast: Cast, closed: Round) -> None:
    """Not when it is released again, not when a rater is erased, not when the leader leaves."""
    release_round(closed, now=NOW)
    before = stored(cast, closed)
    with within(cast.acme):
        Rater.objects.update(name="", email="", erased_at=NOW)
        leave(enrolment=cast.enrolment(cast.ada), on=TODAY, by=cast.hana, now=NOW)
    release_round(closed, now=NOW + timedelta(days=1))

    assert stored(cast, closed) == before


def test_the_app_may_not_rewrite_a_stored_report(cast: Cast, closed: Round) -> None:
    release_round(closed, now=NOW)
    with within(cast.acme), pytest.raises(ProgrammingError), transaction.atomic():
        Result.objects.filter(subject__round=closed).update(content=b"{}")


def test_a_killed_release_goes_on_where_it_stopped(cast: Cast, closed: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    """One leader a batch; the worker dies at the second. Nothing can be read, and the first is not decided again."""
    monkeypatch.setattr(release, "BATCH", 1)
    decided, decide = [], release.decide

    def dies(leader_round: object) -> Release:
        decided.append(leader_round)
        if len(decided) == 2:
            raise MemoryError
        return decide(leader_round)

    monkeypatch.setattr(release, "decide", dies)
    with pytest.raises(MemoryError):
        release_round(closed, now=NOW)
    first = stored(cast, closed)
    with within(cast.acme):
        assert Round.objects.get(pk=closed.pk).state == "closed"
    assert len(first) == 1
    release_round(closed, now=NOW)

    assert len(decided) == 3
    assert first.items() < stored(cast, closed).items()


@pytest.mark.parametrize("state", ["draft", "nominating", "collecting", "cancelled"])
def test_only_a_closed_round_is_released(cast: Cast, closed: Round, state: str) -> None:
    with within(cast.acme):
        Round.objects.filter(pk=closed.pk).update(state=state)
    with pytest.raises(NotNow):
        release_round(closed, now=NOW)

    assert stored(cast, closed) == {}


def test_all_leaders_of_a_round_are_counted_in_three_queries(cast: Cast, closed: Round, count_queries: object) -> None:
    with within(cast.acme):
        subjects = list(Subject.objects.filter(round=closed).values_list("pk", flat=True))
        statements = count_queries(lambda: aggregate.aggregates_of(subjects))

    assert len(statements) == 3


def test_another_organisation_is_never_counted(cast: Cast, closed: Round) -> None:
    with within(cast.acme):
        subjects = list(Subject.objects.filter(round=closed).values_list("pk", flat=True))
    with within(cast.zenith):
        assert aggregate.tallies_of(subjects) == {}


def test_comments_keep_the_order_they_were_shuffled_into(cast: Cast, closed: Round) -> None:
    release_round(closed, now=NOW)

    report = Release.from_bytes(stored(cast, closed)["Ada"])
    assert [one.texts for one in report.comments if one.question == "keep"] == [
        tuple(f"comment {n}" for n in (3, 1, 5, 2, 4))
    ]


def test_a_second_round_is_compared_with_the_first(cast: Cast, closed: Round) -> None:
    release_round(closed, now=NOW)
    with within(cast.acme):
        later = answered.closed_round(
            closed.cohort,
            key="second",
            nominates_at=NOW + timedelta(days=60),
            opens_at=NOW + timedelta(days=70),
            reminds_at=NOW + timedelta(days=77),
            closes_at=NOW + timedelta(days=80),
            releases_at=NOW + timedelta(days=81),
        )
        subject = answered.subject_of(later, cast.enrolment(cast.ada), primary_scale="clear")
        answered.answer(subject, "team", answered.raters("team", {"clear": [5] * 5 + [4] * 5}), changed=19)
    release_round(later, now=NOW)

    report = Release.from_bytes(stored(cast, later)["Ada"])
    primary = next(change for change in report.changes if change.kind == "primary")
    assert (primary.group, primary.key, primary.outcome) == ("team", "clear", "improved")


def second_round(cast: Cast, first: Round, key: str, *, days: int, changed: int) -> Round:
    """A later round about Ada with nine raters; the closing compared it with what was released by then."""
    with within(cast.acme):
        round_ = answered.closed_round(
            first.cohort,
            key=key,
            nominates_at=NOW + timedelta(days=days - 20),
            opens_at=NOW + timedelta(days=days - 10),
            reminds_at=NOW + timedelta(days=days - 3),
            closes_at=NOW + timedelta(days=days),
            releases_at=NOW + timedelta(days=days + 1),
        )
        subject = answered.subject_of(round_, cast.enrolment(cast.ada))
        answered.answer(subject, "team", answered.anybody("team", 9, seed=days), changed=changed)
    return round_


def steps(cast: Cast, round_: Round) -> set[float | None]:
    report = Release.from_bytes(stored(cast, round_)["Ada"])
    return {cell.step for cell in report.cells if cell.group == "team" and cell.kind == "item"}


def test_who_changed_since_one_round_says_nothing_beside_another(cast: Cast, closed: Round) -> None:
    """The third round is released before the second, whose closing looked at the first."""
    release_round(closed, now=NOW)
    second = second_round(cast, closed, "second", days=80, changed=18)
    third = second_round(cast, closed, "third", days=90, changed=18)

    release_round(third, now=NOW + timedelta(days=91))
    release_round(second, now=NOW + timedelta(days=92))

    report = Release.from_bytes(stored(cast, second)["Ada"])
    assert {change.outcome for change in report.changes} == {"not_comparable"}
    assert steps(cast, second) == {0.5}


def test_rounds_one_after_the_other_are_exact_if_enough_raters_differ(cast: Cast, closed: Round) -> None:
    release_round(closed, now=NOW)
    second = second_round(cast, closed, "second", days=80, changed=18)
    release_round(second, now=NOW + timedelta(days=81))

    assert steps(cast, second) == {0.1}


def test_a_released_round_of_another_cohort_makes_a_later_one_coarse(cast: Cast, closed: Round) -> None:
    release_round(closed, now=NOW)
    second = second_round(cast, closed, "second", days=80, changed=2)
    with within(cast.acme):
        elsewhere = make.EnrolmentFactory(leader=cast.ada, cohort__name="Elsewhere")
        Subject.objects.filter(round=second).update(enrolment=elsewhere)
        Round.objects.filter(pk=second.pk).update(cohort=elsewhere.cohort)
    release_round(second, now=NOW + timedelta(days=81))

    assert steps(cast, second) == {0.5}


def test_database_time_of_rows_is_not_part_of_a_report(cast: Cast, closed: Round) -> None:
    """The same answers written in another order give the same bytes."""
    release_round(closed, now=NOW)
    first = stored(cast, closed)["Ada"]
    with within(cast.acme):
        other = answered.closed_round(closed.cohort, key="mirror")
        mirror = answered.subject_of(other, cast.enrolment(cast.ada))
        for group, number, asked in (("self", 1, 1), ("manager", 1, 1), ("peers", 4, 6), ("team", 9, 11)):
            answered.answer(mirror, group, list(reversed(answered.anybody(group, number))), asked=asked)
        answered.comment(mirror, "team", "keep", [f"comment {n}" for n in (3, 1, 5, 2, 4)])
        Round.objects.filter(pk=closed.pk).update(state="closed")  # else it would be an earlier round
    release_round(other, now=NOW)

    assert stored(cast, other)["Ada"] == first
