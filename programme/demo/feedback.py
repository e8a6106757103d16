"""What demo leaders, sponsors and raters do in a 360 round, through the same actions as real ones."""

from collections.abc import Iterator
from datetime import date, datetime

from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Organisation
from cohorts.schedule.time_zones import local_date
from cohorts.tenancy.wall import within
from feedback360.answering.actions.answering import save_answers, send_answers
from feedback360.answering.sheet import NOT_SEEN
from feedback360.models import Relation, Request, RequestState, Round, State, Subject
from feedback360.questionnaires.content import Questionnaire
from feedback360.questionnaires.rows import content_of
from feedback360.results.actions.choices import choose_behaviours, is_settled
from feedback360.rounds.actions.nominations import approve, nominate
from programme.demo.people import Company
from programme.demo.raters import Picture, answers_tonight, colleagues_of, comment_of, picture_of, value_of

BEHAVIOURS = tuple(Behaviour.values)


def act_on_rounds(company: Company, organisation: Organisation, now: datetime) -> None:
    """One evening of all rounds of a demo organisation. Opens it itself, since raters have a transaction each."""
    on = local_date(now, organisation.zone)
    with within(organisation):
        subjects = list(_subjects(State.NOMINATING))
        for subject in subjects:
            _choose_raters(company, subject, now)
        asked = list(_asked())
        for subject in _subjects(State.RELEASED):
            _choose_behaviours(company, subject, now)
    for request in asked:
        _answer(company, organisation, request, on, now)


def _subjects(state: State) -> Iterator[Subject]:
    rows = Subject.objects.filter(round__state=state, withdrawn_at=None).order_by("pk")
    yield from rows.select_related("round", "enrolment__leader__person", "enrolment__sponsor", "enrolment__cohort")


def _choose_raters(company: Company, subject: Subject, now: datetime) -> None:
    """The leader suggests their people on one evening; their sponsor approves them on the same."""
    leader, sponsor = subject.enrolment.leader, subject.enrolment.sponsor
    character = company.character_of(leader.person.email)
    if character is None or not character.starts or sponsor is None or Request.objects.filter(subject=subject).exists():
        return
    team, peers = character.asks
    for colleague in colleagues_of(leader.person.email, company.language, team=team, peers=peers):
        nominate(
            subject=subject,
            name=colleague.name,
            email=colleague.email,
            relation=colleague.relation,
            by=leader,
            now=now,
        )
    approve(subject=subject, by=sponsor, now=now)


def _choose_behaviours(company: Company, subject: Subject, now: datetime) -> None:
    """What they practise is what they want to grow; the strength is the behaviour others see most of."""
    leader = subject.enrolment.leader
    character = company.character_of(leader.person.email)
    if character is None or not (character.starts and character.chooses) or subject.strength or is_settled(subject):
        return
    growth = character.focuses[0]
    seen = picture_of(leader.person.email, BEHAVIOURS, character.focuses, round_number=1).seen
    strength = max((key for key in BEHAVIOURS if key != growth), key=lambda key: seen[key])
    choose_behaviours(subject=subject, strength=strength, growth=growth, by=leader, now=now)


def _asked() -> Iterator[Request]:
    rows = Request.objects.filter(state=RequestState.ASKED, subject__round__state=State.COLLECTING)
    yield from rows.select_related(
        "rater", "subject__round__questionnaire", "subject__enrolment__leader__person"
    ).order_by("pk")


def _answer(company: Company, organisation: Organisation, request: Request, on: date, now: datetime) -> None:
    leader, round_ = request.subject.enrolment.leader, request.subject.round
    character, who = company.character_of(leader.person.email), f"{request.rater.email} {leader.pk}"
    if character is None or (request.relation == Relation.SELF and not character.starts):
        return
    evening = (on - local_date(round_.opens_at, organisation.zone)).days
    is_named = request.relation in {Relation.SELF, Relation.MANAGER}
    if not (is_named or answers_tonight(f"{who} {round_.key}", evening)):
        return
    content = content_of(round_.questionnaire)
    picture = picture_of(leader.person.email, BEHAVIOURS, character.focuses, round_number=_number(organisation, round_))
    values = _values(content, picture, request, who)
    texts = {
        question.key: comment_of(who, request.pk, question.key, company.language) for question in content.questions
    }
    with within(organisation):
        save_answers(request=request, values=values, texts=texts, now=now)
    send_answers(request=request, now=now)


def _values(content: Questionnaire, picture: Picture, request: Request, who: str) -> dict[str, int]:
    means = picture.own if request.relation == Relation.SELF else picture.seen
    found = {item.key: value_of(who, item.key, means[item.behaviour]) for item in content.items_for(request.relation)}
    return {key: NOT_SEEN if value is None else value for key, value in found.items()}


def _number(organisation: Organisation, round_: Round) -> int:
    with within(organisation):
        return Round.objects.filter(cohort=round_.cohort_id, opens_at__lte=round_.opens_at).count()
