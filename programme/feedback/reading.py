"""Read released reports from the database: two queries for one leader's."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from cohorts.models import Membership
from feedback360.models import Result, Subject
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
    """The report in the active language, with what changed since the round that the closing compared it with.

    Which one that is stays as it was then, so that a report released later changes nothing here.
    """
    since = {counts.get("since") for counts in subject.turnout.values()} - {None}
    results = Result.objects.filter(subject__in=[subject.pk, *since]).values_list("subject", "content")
    releases = {pk: Release.from_bytes(bytes(content)) for pk, content in results}
    release = releases.pop(subject.pk)
    report = report_of(release, about(subject, language), before=next(iter(releases.values()), None))
    return Reading(subject, report)


def about(subject: Subject, language: str) -> About:
    return About(
        leader=subject.enrolment.leader.name,
        manager=subject.manager.name if subject.manager else "",
        language=language,
        questionnaire=content_of(subject.round.questionnaire),
    )
