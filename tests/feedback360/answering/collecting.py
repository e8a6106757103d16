"""A round that collects answers: leaders, raters, the key. Every answer goes through the product's own actions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from cohorts.models import Organisation
from cohorts.tenancy.wall import within
from feedback360.answering.actions.answering import save_answers, send_answers
from feedback360.answering.sheet import Sheet
from feedback360.models import Request, Round, Subject
from feedback360.models.answers import StagedAnswers
from feedback360.questionnaires.content import Questionnaire
from feedback360.questionnaires.rows import content_of, load_questionnaire
from feedback360.rounds.rater_links import rater_token
from feedback360.staging.keys import create_key
from tests import factories as make
from tests.times import NOW

GROUPS = {"team": "team", "peer": "peers", "manager": "manager", "self": "self"}


@dataclass
class Collecting:
    """`requests` are all of them, in the order of `relations`."""

    organisation: Organisation
    round: Round
    subject: Subject
    requests: list[Request]
    content: Questionnaire

    @property
    def closing_time(self) -> datetime:
        return self.round.closes_at

    def request(self, number: int) -> Request:
        """Fresh, with all that the actions look at."""
        return fetched(self.organisation, self.requests[number].pk)

    def sheet(self, number: int, value: int = 4, **texts: str) -> Sheet:
        """The same value for every item this rater is asked."""
        items = self.content.items_for(self.requests[number].relation)
        return Sheet({item.key: value for item in items}, texts)

    def answer(self, number: int, sheet: Sheet | None = None, *, now: datetime = NOW, send: bool = True) -> None:
        sheet = sheet or self.sheet(number)
        with within(self.organisation):
            save_answers(request=self.request(number), values=sheet.values, texts=sheet.texts, now=now)
        if send:
            send_answers(request=self.request(number), now=now)

    def answer_all(self, values: Mapping[int, int] | None = None) -> None:
        for number in range(len(self.requests)):
            self.answer(number, self.sheet(number, (values or {}).get(number, 4)))

    def staged(self) -> QuerySet[StagedAnswers]:
        return StagedAnswers.objects.filter(subject__round=self.round)

    def url(self, number: int, name: str = "rater_start", *more: object) -> str:
        rater = self.requests[number].rater
        token = rater_token(self.organisation.pk, rater.pk, rater.link_version)
        return reverse(name, args=[token, self.requests[number].pk, *more])


def fetched(organisation: Organisation, request_id: int) -> Request:
    with within(organisation):
        related = ("rater", "organisation", "subject__round__questionnaire", "subject__enrolment__leader")
        return Request.objects.select_related(*related).get(pk=request_id)


def collecting(
    organisation: Organisation,
    relations: Sequence[str] = ("team",) * 6,
    *,
    subject: Subject | None = None,
    **fields: object,
) -> Collecting:
    """A round of this organisation with one leader and a rater for each relation."""
    with within(organisation):
        if subject is None:
            round_ = make.RoundFactory(questionnaire=load_questionnaire(now=NOW - timedelta(days=60)), **fields)
            subject = make.SubjectFactory(round=round_, enrolment__cohort=round_.cohort)
        round_ = subject.round
        requests = [
            make.RequestFactory(
                subject=subject, rater=make.RaterFactory(round=round_), relation=relation, group=GROUPS[relation]
            )
            for relation in relations
        ]
        create_key(round_.pk)
        return Collecting(organisation, round_, subject, requests, content_of(round_.questionnaire))
