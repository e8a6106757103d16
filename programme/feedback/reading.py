"""Read released reports from the database: two queries for one leader's."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from cohorts.models import Membership
from feedback360.models import Result, State, Subject
from feedback360.questionnaires.rows import content_of
from feedback360.results.policies import ensure_may_read_report
from feedback360.results.report import About, Report, report_of
from feedback360.visibility import Release


@dataclass(frozen=True, slots=True)
class Reading:
    """A released report with the round it came from."""

    subject: Subject
    report: Report

    @property
    def sponsor(self) -> Membership | None:
        return self.subject.enrolment.sponsor


def subject_for(membership: Membership, pk: int) -> Subject:
    """The leader's round; 404 for those who do not know of it, refused with a sentence for those who may not read."""
    known = Subject.objects.visible_to(membership).filter(withdrawn_at=None)
    joined = known.select_related(
        "round__questionnaire", "enrolment__leader", "enrolment__sponsor", "enrolment__cohort__version", "manager"
    )
    subject = get_object_or_404(joined, pk=pk)
    ensure_may_read_report(membership, subject)
    return subject


def reading_of(subject: Subject, language: str) -> Reading:
    """The report in the active language, with what changed since the leader's last one."""
    same_leader = Result.objects.filter(
        subject__enrolment=subject.enrolment_id,
        subject__round__purpose=subject.round.purpose,
        subject__round__state=State.RELEASED,
        subject__round__closes_at__lte=subject.round.closes_at,
    )
    newest_first = list(same_leader.order_by("-subject__round__closes_at")[:2])
    releases = [Release.from_bytes(bytes(result.content)) for result in newest_first]
    report = report_of(releases[0], about(subject, language), before=releases[1] if releases[1:] else None)
    return Reading(subject, report)


def about(subject: Subject, language: str) -> About:
    return About(
        leader=subject.enrolment.leader.name,
        manager=subject.manager.name if subject.manager else "",
        language=language,
        questionnaire=content_of(subject.round.questionnaire),
    )
