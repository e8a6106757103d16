"""One factory per model. Owned rows take the organisation that is open: use them inside `within`."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from coaching import models as coaching
from coaching.calendars.things import slot_of
from coaching.models.private_note import PrivateNote
from cohorts import models as floor
from feedback360 import models as feedback
from feedback360.models import answers
from feedback360.questionnaires.rows import content_fields, read
from goals import models as goals
from programme import models as roof
from tests.times import DAY_1, NOW, TODAY


def texts(*names: str, about: str) -> dict[str, dict[str, str]]:
    """Content in both languages; every sentence names what it belongs to."""
    return {language: {name: f"{about}: {name} ({language})" for name in names} for language in ("en", "nb")}


def read_from_columns(**headers: str) -> dict[str, object]:
    """What an upload says of a file with a header for each of these fields, and one long one that is ignored.

    Its page shows everything that it can: another sheet, doubtful letters, hidden rows, long cells.
    """
    columns = [[number, name, header, ["Åse"]] for number, (name, header) in enumerate(headers.items())]
    ignored = "Department of the person at the time of this export (do not change)"
    samples = ["Customer service for business customers, second floor", "Kundeservice", "–"]
    about = {
        "sheets": [["People", True, True, True], ["People who have left the organisation", True, True, False]],
        "columns": [*columns, [len(columns), "", ignored, samples]],
        "encoding": "cp1252",
        "other_encoding": "mac_roman",
        "passed": {"hidden": 2, "sums": 1},
    }
    return {"columns": headers, "unused": [ignored], "about": about}


def circle_meeting(milestone: str, month: int = 1) -> dict[str, object]:
    """One agenda of a circle, as a version keeps it."""
    parts = [(5, "round"), (30, "stuck"), (10, "promises")]
    agenda = {
        language: {
            "title": f"Circle {month}: title ({language})",
            "opening": f"Circle {month}: opening ({language})",
            "parts": [
                {"minutes": minutes, "heading": f"{name} ({language})", "text": f"{name}: text ({language})"}
                for minutes, name in parts
            ],
            "closing": f"Circle {month}: closing ({language})",
        }
        for language in ("en", "nb")
    }
    return {"month": month, "milestone": milestone, "sources": [], "texts": agenda}


def source() -> dict[str, object]:
    """A study with its parts, as a version keeps it."""
    once = {"kind": "study", "author": "Smith", "year": 2020, "title": "Listening", "journal": "", "size": "n 20"}
    found = {language: {"outcome": "It helps.", "limit": "One site."} for language in ("en", "nb")}
    return {**once, "design": "link", "read": "abstract", "texts": found}


def brief() -> dict[str, object]:
    """The sponsor's one page, as a version keeps it."""
    texts_of = texts("title", "opening", "closing", about="Brief")
    parts = {"parts": [{"heading": "Every week", "text": "Two minutes."}]}
    return {language: {**text, **parts} for language, text in texts_of.items()}


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = floor.Organisation

    name = factory.Sequence("Organisation {}".format)
    slug = factory.Sequence("organisation-{}".format)


class OrganisationLogoFactory(DjangoModelFactory):
    class Meta:
        model = floor.OrganisationLogo

    sha = factory.LazyAttribute(lambda logo: sha256(logo.image).hexdigest())
    image = b"a picture"
    mail_image = b"a smaller one"
    ink = "dark"
    put_away_at = NOW


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = floor.Person

    email = factory.Sequence("person-{}@embed90.test".format)
    password = "!"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = floor.Membership

    person = factory.SubFactory(PersonFactory)
    name = factory.Sequence("Person Number{}".format)
    roles = ["leader"]


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = floor.Invitation

    membership = factory.SubFactory(MembershipFactory)
    token_hash = factory.Sequence("{:064x}".format)
    created_at = NOW
    not_before = NOW
    expires_at = NOW + timedelta(days=14)


class CurriculumFactory(DjangoModelFactory):
    class Meta:
        model = floor.Curriculum

    slug = factory.Sequence("curriculum-{}".format)


class CurriculumVersionFactory(DjangoModelFactory):
    class Meta:
        model = floor.CurriculumVersion

    curriculum = factory.SubFactory(CurriculumFactory)
    number = 1
    title = {"en": "Leading day by day", "nb": "Ledelse dag for dag"}
    languages = ["en", "nb"]
    published_at = NOW


class StepFactory(DjangoModelFactory):
    class Meta:
        model = floor.Step

    version = factory.SubFactory(CurriculumVersionFactory)
    day = factory.Sequence(lambda number: number % 90 + 1)
    kind = "core"
    key = factory.LazyAttribute(lambda step: f"step-{step.day}-{step.kind}")
    minutes = 3
    theme = "presence"
    behaviour = "clear"
    text = factory.LazyAttribute(
        lambda step: texts("title", "why", "practice", "question", about=f"Day {step.day} {step.kind}")
    )


class SponsorWeekFactory(DjangoModelFactory):
    class Meta:
        model = floor.SponsorWeek

    version = factory.SubFactory(CurriculumVersionFactory)
    week = factory.Sequence(lambda number: number % 13 + 1)
    text = factory.LazyAttribute(lambda week: texts("works_on", "ask", "watch_for", "say", about=f"Week {week.week}"))


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = floor.Milestone

    version = factory.SubFactory(CurriculumVersionFactory)
    key = factory.Sequence("milestone-{}".format)
    kind = "circle"
    day = 14
    minutes = 45
    text = factory.LazyAttribute(
        lambda milestone: texts("title", "what", "prepare", about=f"Milestone {milestone.key}")
    )


class CohortFactory(DjangoModelFactory):
    class Meta:
        model = floor.Cohort

    name = factory.Sequence("Cohort {}".format)
    version = factory.SubFactory(CurriculumVersionFactory)
    day1_on = DAY_1
    classroom_ends_on = factory.LazyAttribute(lambda cohort: cohort.day1_on - timedelta(days=3))


class MilestoneDateFactory(DjangoModelFactory):
    class Meta:
        model = floor.MilestoneDate

    cohort = factory.SubFactory(CohortFactory)
    key = "circle-1"
    on = TODAY + timedelta(days=7)


class EnrolmentFactory(DjangoModelFactory):
    class Meta:
        model = floor.Enrolment

    cohort = factory.SubFactory(CohortFactory)
    leader = factory.SubFactory(MembershipFactory)
    day1_on = factory.SelfAttribute("cohort.day1_on")
    confirmed_at = NOW - timedelta(days=10)


class PauseFactory(DjangoModelFactory):
    class Meta:
        model = floor.Pause

    enrolment = factory.SubFactory(EnrolmentFactory)
    cohort = factory.SelfAttribute("enrolment.cohort")
    starts_on = TODAY + timedelta(days=20)
    ends_on = factory.LazyAttribute(lambda pause: pause.starts_on + timedelta(days=4))


class ClockFactory(DjangoModelFactory):
    class Meta:
        model = floor.Clock

    enrolment = factory.SubFactory(EnrolmentFactory)


class NudgeFactory(DjangoModelFactory):
    class Meta:
        model = floor.Nudge

    enrolment = factory.SubFactory(EnrolmentFactory)
    step = factory.SubFactory(StepFactory)
    on = TODAY
    day = factory.LazyAttribute(lambda nudge: (nudge.on - nudge.enrolment.day1_on).days + 1)
    channel = "app"
    state = "sent"
    due_at = NOW
    not_before = NOW


class DigestClockFactory(DjangoModelFactory):
    class Meta:
        model = floor.DigestClock

    sponsor = factory.SubFactory(MembershipFactory, roles=["sponsor"])
    next_at = NOW + timedelta(days=5)


class DigestFactory(DjangoModelFactory):
    class Meta:
        model = floor.Digest

    sponsor = factory.SubFactory(MembershipFactory, roles=["sponsor"])
    week_on = date(2026, 3, 9)
    state = "sent"
    due_at = NOW
    not_before = NOW


class SponsorNoteFactory(DjangoModelFactory):
    class Meta:
        model = floor.SponsorNote

    kind = "silent"
    sponsor = factory.SubFactory(MembershipFactory, roles=["sponsor"])
    cohort = factory.SubFactory(CohortFactory)
    requested_by = factory.SelfAttribute("sponsor")
    state = "sent"
    requested_at = NOW - timedelta(days=30)
    not_before = NOW - timedelta(days=30)


class MemberNoticeFactory(DjangoModelFactory):
    class Meta:
        model = floor.MemberNotice

    kind = "role"
    role = "admin"
    recipient = factory.SubFactory(MembershipFactory, roles=["owner"])
    about = factory.SubFactory(MembershipFactory, roles=["admin"])
    created_at = NOW
    not_before = NOW


class FactorRecoveryFactory(DjangoModelFactory):
    class Meta:
        model = floor.FactorRecovery

    member = factory.SubFactory(MembershipFactory)
    asked_by = factory.SubFactory(MembershipFactory, roles=["owner"])
    reason = "Lost the phone"
    asked_at = NOW
    due_at = NOW + timedelta(hours=24)


class AddressCorrectionFactory(DjangoModelFactory):
    class Meta:
        model = floor.AddressCorrection

    member = factory.SubFactory(MembershipFactory)
    asked_by = factory.SubFactory(MembershipFactory, roles=["admin"])
    email = factory.Sequence(lambda number: f"corrected{number}@acme.test")
    asked_at = NOW
    due_at = NOW + timedelta(hours=24)


class ApiKeyFactory(DjangoModelFactory):
    class Meta:
        model = floor.ApiKey

    kind = "organisation"
    member = factory.SubFactory(MembershipFactory, roles=["owner"])
    name = "A program"
    prefix = factory.Sequence(lambda number: f"pre{number:05}")
    secret_hash = "0" * 64
    scopes = ["enrolments:read"]
    created_at = NOW
    expires_at = NOW + timedelta(days=90)


class ApiReplyFactory(DjangoModelFactory):
    class Meta:
        model = floor.ApiReply

    api_key = factory.SubFactory(ApiKeyFactory)
    token = factory.Sequence(lambda number: f"token {number}")
    digest = "0" * 64
    status = 201
    created_at = NOW


class IntakeFactory(DjangoModelFactory):
    class Meta:
        model = floor.Intake

    cohort = factory.SubFactory(CohortFactory)
    uploaded_by = factory.SubFactory(MembershipFactory, roles=["admin"])
    file_name = "leaders.csv"
    created_at = NOW


class IntakePieceFactory(DjangoModelFactory):
    class Meta:
        model = floor.IntakePiece

    intake = factory.SubFactory(IntakeFactory)
    number = factory.Sequence(int)
    data = b"Name;E-mail"


class IntakePartFactory(DjangoModelFactory):
    class Meta:
        model = floor.IntakePart

    intake = factory.SubFactory(IntakeFactory)
    number = factory.Sequence(int)


class ImportRunFactory(DjangoModelFactory):
    class Meta:
        model = floor.ImportRun

    intake = factory.SubFactory(IntakeFactory)
    by = factory.SubFactory(MembershipFactory, roles=["admin"])
    state = "failed"
    asked_at = NOW


class FocusFactory(DjangoModelFactory):
    class Meta:
        model = goals.Focus
        skip_postgeneration_save = True

    enrolment = factory.SubFactory(EnrolmentFactory)
    behaviour = "clear"
    cue = factory.Sequence("a call ends badly ({})".format)
    response = "ask what the customer wanted"
    started_on = DAY_1

    @factory.post_generation
    def shared(focus, create, extracted, **kwargs):  # noqa: N805
        """Named to the sponsor of now, as `pick_focus` does."""
        if create and focus.enrolment.sponsor_id:
            goals.Share.objects.create(focus=focus, reader=focus.enrolment.sponsor, shared_at=NOW)


class DialFactory(DjangoModelFactory):
    class Meta:
        model = goals.Dial

    focus = factory.SubFactory(FocusFactory)
    level = 2
    starts_on = DAY_1
    set_by = factory.SelfAttribute("focus.enrolment.leader")


class PracticeFactory(DjangoModelFactory):
    class Meta:
        model = goals.Practice

    enrolment = factory.SubFactory(EnrolmentFactory)
    on = TODAY
    did_it = True
    went = 4
    key = factory.LazyFunction(uuid4)
    logged_at = NOW


class ReflectionFactory(DjangoModelFactory):
    class Meta:
        model = goals.Reflection
        skip_postgeneration_save = True

    enrolment = factory.SubFactory(EnrolmentFactory)
    on = TODAY
    tried = factory.Sequence("I listened first ({})".format)
    key = factory.LazyFunction(uuid4)
    written_at = NOW

    @factory.post_generation
    def shared(reflection, create, extracted, **kwargs):  # noqa: N805
        """Named to the sponsor of now, as `write_reflection` does."""
        if create and reflection.audience == "sponsor" and reflection.enrolment.sponsor_id:
            goals.Share.objects.create(reflection=reflection, reader=reflection.enrolment.sponsor, shared_at=NOW)


class SharingAnswerFactory(DjangoModelFactory):
    class Meta:
        model = goals.SharingAnswer

    enrolment = factory.SubFactory(EnrolmentFactory)
    reader = factory.SelfAttribute("enrolment.sponsor")
    kind = "reflection"
    up_to = 0
    is_open = False
    answered_at = NOW


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = goals.Team

    leader = factory.SubFactory(MembershipFactory)
    name = factory.Sequence("Team {}".format)


class TeamMemberFactory(DjangoModelFactory):
    class Meta:
        model = goals.TeamMember

    team = factory.SubFactory(TeamFactory)
    name = factory.Sequence("M{}".format)


class CharterFactory(DjangoModelFactory):
    class Meta:
        model = goals.Charter

    team = factory.SubFactory(TeamFactory)
    purpose = "Customers get it solved the first time"
    saved_at = NOW


class TeamLinkFactory(DjangoModelFactory):
    class Meta:
        model = goals.TeamLink

    team = factory.SubFactory(TeamFactory)
    made_at = NOW
    expires_at = NOW + timedelta(days=14)


class KpiFactory(DjangoModelFactory):
    class Meta:
        model = goals.Kpi

    name = factory.Sequence("First-contact resolution {}".format)
    unit = "share"
    better = "up"
    numerator = "contacts solved in the first contact"
    denominator = "contacts"
    made_at = NOW


class KpiMethodFactory(DjangoModelFactory):
    class Meta:
        model = goals.KpiMethod

    kpi = factory.SubFactory(KpiFactory)
    text = "No contact about the same matter within seven days"
    window_days = 7
    from_on = DAY_1 - timedelta(days=400)
    written_by = factory.SubFactory(MembershipFactory)
    written_at = NOW


class FollowedFactory(DjangoModelFactory):
    class Meta:
        model = goals.Followed

    kpi = factory.SubFactory(KpiFactory)
    team = factory.SubFactory(TeamFactory)
    target = 74


class FigureFactory(DjangoModelFactory):
    class Meta:
        model = goals.Figure

    kpi = factory.SubFactory(KpiFactory)
    team = factory.SubFactory(TeamFactory)
    on = TODAY - timedelta(days=1)
    numerator = 34
    denominator = 40
    entry = "hand"
    at = NOW


class FigureIntakeFactory(DjangoModelFactory):
    class Meta:
        model = goals.FigureIntake

    uploaded_by = factory.SubFactory(MembershipFactory)
    file_name = "figures.csv"
    counts = factory.LazyFunction(lambda: {"columns": {"on": "Date"}, "unused": []})
    created_at = NOW


class StagedFigureFactory(DjangoModelFactory):
    class Meta:
        model = goals.StagedFigure

    intake = factory.SubFactory(FigureIntakeFactory)
    number = factory.Sequence(lambda number: number + 2)
    said = factory.LazyFunction(lambda: {"on": "soon", "team": "Team", "kpi": "KPI"})


class RebaseFactory(DjangoModelFactory):
    class Meta:
        model = goals.Rebase

    followed = factory.SubFactory(FollowedFactory)
    from_on = DAY_1
    change = "A new phone system"
    by = factory.SelfAttribute("followed.team.leader")
    at = NOW


class WeekNoteFactory(DjangoModelFactory):
    class Meta:
        model = goals.WeekNote

    followed = factory.SubFactory(FollowedFactory)
    monday_on = DAY_1
    text = "Easter"
    at = NOW


class ObjectiveFactory(DjangoModelFactory):
    """A department's, agreed, with a number. For a team's: place="team", team=…"""

    class Meta:
        model = goals.Objective

    place = "department"
    department = factory.LazyAttribute(lambda each: "Customer service" if each.place == "department" else "")
    outcome = factory.Sequence("Fewer come back within seven days ({})".format)
    measure = "Contacts that come back"
    unit = "%"
    course = "down"
    baseline = 20
    baseline_on = DAY_1
    target = 15
    due_on = TODAY + timedelta(days=60)
    state = "agreed"
    agreed_on = factory.LazyAttribute(lambda each: DAY_1 if each.state == "agreed" else None)
    written_by = factory.SubFactory(MembershipFactory)
    written_at = NOW


class ObjectiveReadingFactory(DjangoModelFactory):
    class Meta:
        model = goals.ObjectiveReading

    objective = factory.SubFactory(ObjectiveFactory)
    on = TODAY - timedelta(days=1)
    value = 18
    by = factory.SelfAttribute("objective.written_by")
    at = NOW


class ObjectiveMilestoneFactory(DjangoModelFactory):
    class Meta:
        model = goals.ObjectiveMilestone

    objective = factory.SubFactory(ObjectiveFactory)
    number = factory.Sequence(lambda number: number)
    text = "The checklist is written"


class ObjectivePartFactory(DjangoModelFactory):
    class Meta:
        model = goals.ObjectivePart

    objective = factory.SubFactory(ObjectiveFactory)
    member = factory.SubFactory(TeamMemberFactory)
    text = "Asks one more question before the call ends"


class ObjectiveVoiceFactory(DjangoModelFactory):
    class Meta:
        model = goals.ObjectiveVoice

    objective = factory.SubFactory(ObjectiveFactory)
    member = factory.SubFactory(TeamMemberFactory)
    kind = "seen"
    at = NOW


def scale(*bounds: int | str) -> list[dict[str, object]]:
    """Five steps as a goal keeps them; `bounds` are the worst numbers of −1 to +2."""
    words = ("Where it began", "Half-way", "What we agreed", "A little more", "Far more")
    froms = (None, *map(str, bounds))
    return [
        {"score": score, "words": word, "bound": bound}
        for score, word, bound in zip(range(-2, 3), words, froms, strict=True)
    ]


class GoalFactory(DjangoModelFactory):
    """Agreed on day 1, with a number and a whole scale."""

    class Meta:
        model = goals.Goal
        skip_postgeneration_save = True

    enrolment = factory.SubFactory(EnrolmentFactory)
    outcome = factory.Sequence("Customers get it solved in the first contact ({})".format)
    measure = "First-contact resolution, my team"
    unit = "%"
    baseline = 68
    baseline_on = DAY_1
    target = 74
    due_on = TODAY + timedelta(days=60)
    scale = factory.LazyFunction(lambda: scale(71, 74, 76, 78))
    state = "agreed"
    written_at = NOW
    agreed_on = factory.LazyAttribute(lambda each: DAY_1 if each.state in {"agreed", "done"} else None)
    agreed_by = factory.LazyAttribute(lambda each: each.enrolment.sponsor if each.agreed_on else None)
    next_review_on = factory.LazyAttribute(lambda each: DAY_1 + timedelta(days=14) if each.agreed_on else None)

    @factory.post_generation
    def shared(goal, create, extracted, **kwargs):  # noqa: N805
        """Named to the sponsor of now, as `propose_goal` does."""
        if create and goal.state != "draft" and goal.enrolment.sponsor_id:
            goals.Share.objects.create(goal=goal, reader=goal.enrolment.sponsor, shared_at=NOW)


class GoalFocusFactory(DjangoModelFactory):
    class Meta:
        model = goals.GoalFocus

    goal = factory.SubFactory(GoalFactory)
    focus = factory.SubFactory(FocusFactory, enrolment=factory.SelfAttribute("..goal.enrolment"))


class GoalDialFactory(DjangoModelFactory):
    class Meta:
        model = goals.GoalDial

    goal = factory.SubFactory(GoalFactory)
    level = 1
    starts_on = DAY_1
    set_by = factory.SelfAttribute("goal.enrolment.leader")
    set_at = datetime(2026, 3, 2, 8, tzinfo=UTC)


class CheckInFactory(DjangoModelFactory):
    class Meta:
        model = goals.CheckIn

    goal = factory.SubFactory(GoalFactory)
    on = TODAY - timedelta(days=1)
    value = 71
    key = factory.LazyFunction(uuid4)
    at = NOW


class GoalReviewFactory(DjangoModelFactory):
    class Meta:
        model = goals.GoalReview

    goal = factory.SubFactory(GoalFactory)
    due_on = TODAY - timedelta(days=2)
    on = TODAY - timedelta(days=1)
    decision = "keep"
    at = NOW


class GoalEventFactory(DjangoModelFactory):
    class Meta:
        model = goals.GoalEvent

    goal = factory.SubFactory(GoalFactory)
    kind = "agreed"
    by = factory.SelfAttribute("goal.enrolment.sponsor")
    on = DAY_1
    at = NOW


class BusyPeriodFactory(DjangoModelFactory):
    class Meta:
        model = goals.BusyPeriod

    cohort = factory.SubFactory(CohortFactory)
    title = "Autumn campaign"
    starts_on = TODAY
    ends_on = TODAY + timedelta(days=6)
    offered_by = factory.SubFactory(MembershipFactory)
    offered_at = NOW


class BusyAnswerFactory(DjangoModelFactory):
    class Meta:
        model = goals.BusyAnswer

    period = factory.SubFactory(BusyPeriodFactory)
    enrolment = factory.SubFactory(EnrolmentFactory)
    accepts = True
    answered_at = NOW


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = roof.Report

    enrolment = factory.SubFactory(EnrolmentFactory)
    asked_by = factory.SelfAttribute("enrolment.leader")
    copy = "own"
    language = "en"
    on = TODAY
    asked_at = NOW
    expires_at = NOW + timedelta(days=1)


class ReportMailFactory(DjangoModelFactory):
    class Meta:
        model = roof.ReportMail

    report = factory.SubFactory(ReportFactory)
    state = "sent"
    due_at = NOW
    not_before = NOW


class QuestionnaireFactory(DjangoModelFactory):
    class Meta:
        model = feedback.Questionnaire

    slug = factory.Sequence("questionnaire-{}".format)
    number = 1
    published_at = NOW - timedelta(days=60)
    languages = ["en", "nb"]
    content = factory.LazyFunction(lambda: content_fields(read()))


class FeedbackSettingsFactory(DjangoModelFactory):
    class Meta:
        model = feedback.FeedbackSettings


class RoundFactory(DjangoModelFactory):
    class Meta:
        model = feedback.Round

    cohort = factory.SubFactory(CohortFactory)
    key = "round-start"
    questionnaire = factory.SubFactory(QuestionnaireFactory)
    state = "collecting"
    nominates_at = NOW - timedelta(days=14)
    opens_at = NOW - timedelta(days=3)
    reminds_at = NOW + timedelta(days=4)
    closes_at = NOW + timedelta(days=7)
    releases_at = NOW + timedelta(days=8)


class SubjectFactory(DjangoModelFactory):
    class Meta:
        model = feedback.Subject

    round = factory.SubFactory(RoundFactory)
    enrolment = factory.SubFactory(EnrolmentFactory)
    groups = factory.LazyFunction(lambda: {"team": "team", "peer": "peers", "manager": "manager", "self": "self"})


class RaterFactory(DjangoModelFactory):
    class Meta:
        model = feedback.Rater

    round = factory.SubFactory(RoundFactory)
    email = factory.Sequence("rater-{}@embed90.test".format)
    name = factory.Sequence("Rater {}".format)


class RequestFactory(DjangoModelFactory):
    class Meta:
        model = feedback.Request

    subject = factory.SubFactory(SubjectFactory)
    rater = factory.SubFactory(RaterFactory)
    relation = "team"
    group = "team"
    state = "asked"


class RaterIntakeFactory(DjangoModelFactory):
    class Meta:
        model = feedback.RaterIntake

    round = factory.SubFactory(RoundFactory)
    uploaded_by = factory.SubFactory(MembershipFactory)
    file_name = "raters.csv"
    rows = factory.LazyFunction(lambda: [{"name": "Kari"}])
    created_at = NOW


class StagedAnswersFactory(DjangoModelFactory):
    class Meta:
        model = answers.StagedAnswers

    slot = factory.LazyFunction(lambda: uuid4().bytes * 2)
    subject = factory.SubFactory(SubjectFactory)
    group = "team"
    sealed = b"sealed"


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = answers.Answer

    subject = factory.SubFactory(SubjectFactory)
    group = "team"
    item = "clear-1"
    value = 4


class CommentFactory(DjangoModelFactory):
    class Meta:
        model = answers.Comment

    subject = factory.SubFactory(SubjectFactory)
    group = "team"
    question = "keep"
    text = "Keeps calm when the queue is long."
    place = 1


class ScaleStatisticFactory(DjangoModelFactory):
    class Meta:
        model = answers.ScaleStatistic

    subject = factory.SubFactory(SubjectFactory)
    group = "team"
    scale = "clear"
    raters = 5
    mean = 3.8
    variance = 0.4


class ResultFactory(DjangoModelFactory):
    class Meta:
        model = feedback.Result

    subject = factory.SubFactory(SubjectFactory)
    content = b"{}"
    digest = "0" * 64


class RaterMailFactory(DjangoModelFactory):
    class Meta:
        model = feedback.RaterMail

    rater = factory.SubFactory(RaterFactory)
    kind = "invitation"
    due_at = NOW
    not_before = NOW


class MemberMailFactory(DjangoModelFactory):
    class Meta:
        model = feedback.MemberMail

    round = factory.SubFactory(RoundFactory)
    recipient = factory.SubFactory(MembershipFactory)
    kind = "nominate"
    due_at = NOW
    not_before = NOW


class PairingFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Pairing

    kind = "sponsor"
    leader = factory.SubFactory(MembershipFactory)
    partner = factory.SubFactory(MembershipFactory)
    starts_on = TODAY - timedelta(days=60)


class SessionFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Session

    pairing = factory.SubFactory(PairingFactory)
    starts_at = NOW + timedelta(days=3)
    planned_by = factory.SelfAttribute("pairing.partner")
    key = factory.LazyFunction(uuid4)


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = coaching.AgendaItem

    session = factory.SubFactory(SessionFactory)
    text = "The handover"


class SessionTextFactory(DjangoModelFactory):
    class Meta:
        model = coaching.SessionText

    session = factory.SubFactory(SessionFactory)
    text = "What we said"
    saved_at = NOW


class SessionTextVersionFactory(DjangoModelFactory):
    class Meta:
        model = coaching.SessionTextVersion

    of = factory.SubFactory(SessionTextFactory)
    text = "What it said before"
    until = NOW


class AcknowledgementFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Acknowledgement

    session = factory.SubFactory(SessionFactory)
    saw_it_so = True
    at = NOW


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Action

    session = factory.SubFactory(SessionFactory)
    pairing = factory.SelfAttribute("session.pairing")
    owner = factory.SelfAttribute("pairing.leader")
    text = "Try the three-line handover"
    made_at = NOW - timedelta(days=1)
    key = factory.LazyFunction(uuid4)


class CalendarMailFactory(DjangoModelFactory):
    """An invitation to a session."""

    class Meta:
        model = coaching.CalendarMail

    class Params:
        session = factory.SubFactory(SessionFactory)

    recipient = factory.SelfAttribute("session.pairing.leader")
    sort = "session"
    about = factory.SelfAttribute("session.pk")
    uid = factory.SelfAttribute("session.uid")
    sequence = factory.SelfAttribute("session.sequence")
    method = "REQUEST"
    slot = factory.LazyAttribute(lambda row: slot_of(row.session))
    due_at = NOW
    not_before = NOW


class CoachingMailFactory(DjangoModelFactory):
    class Meta:
        model = coaching.CoachingMail

    recipient = factory.SubFactory(MembershipFactory)
    kind = "reminders"
    about = 0
    due_at = NOW
    not_before = NOW


class CoachingClockFactory(DjangoModelFactory):
    class Meta:
        model = coaching.CoachingClock


class ReminderFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Reminder

    recipient = factory.SubFactory(MembershipFactory)
    kind = "due"
    about = 0
    cycle = TODAY
    on = TODAY


class MailChoiceFactory(DjangoModelFactory):
    class Meta:
        model = coaching.MailChoice

    member = factory.SubFactory(MembershipFactory)


class PrivateNoteFactory(DjangoModelFactory):
    """Make it inside `as_member(author)`."""

    class Meta:
        model = PrivateNote

    session = factory.SubFactory(SessionFactory)
    author = factory.SelfAttribute("session.pairing.partner")
    text = "For my eyes"
    saved_at = NOW


class HostFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Host

    name = factory.Sequence("Host {}".format)
    site = "Bergen"
    behaviours = factory.LazyFunction(lambda: ["clear", "encouraging"])
    formats = factory.LazyFunction(lambda: ["visit", "talk"])
    languages = factory.LazyFunction(lambda: ["nb", "en"])
    house_rules = "What you see here stays with you."


class HouseRulesFactory(DjangoModelFactory):
    class Meta:
        model = coaching.HouseRules

    host = factory.SubFactory(HostFactory)
    version = 1
    text = factory.SelfAttribute("host.house_rules")
    since = NOW - timedelta(days=30)


class HostBlackoutFactory(DjangoModelFactory):
    class Meta:
        model = coaching.HostBlackout

    host = factory.SubFactory(HostFactory)
    starts_on = TODAY + timedelta(days=60)
    ends_on = factory.LazyAttribute(lambda blackout: blackout.starts_on + timedelta(days=6))


class VisitFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Visit

    host = factory.SubFactory(HostFactory)
    title = factory.Sequence("A morning beside the team ({})".format)
    behaviours = factory.LazyFunction(lambda: ["clear"])
    starts_at = NOW + timedelta(days=14)
    minutes = 180
    place = "Bryggen 1, second floor"
    capacity = 6
    key = factory.LazyFunction(uuid4)


class TalkQuestionFactory(DjangoModelFactory):
    class Meta:
        model = coaching.TalkQuestion

    visit = factory.SubFactory(VisitFactory, format="talk", capacity=200)
    asked_by = factory.SubFactory(MembershipFactory)
    text = "How do you begin a hard Monday?"
    asked_at = NOW - timedelta(days=1)
    key = factory.LazyFunction(uuid4)


class TalkVoteFactory(DjangoModelFactory):
    class Meta:
        model = coaching.TalkVote

    question = factory.SubFactory(TalkQuestionFactory)
    member = factory.SubFactory(MembershipFactory)


class HostingOfferFactory(DjangoModelFactory):
    class Meta:
        model = coaching.HostingOffer

    member = factory.SubFactory(MembershipFactory)
    behaviour = "understanding"
    made_at = NOW - timedelta(days=2)


class SponsorActFactory(DjangoModelFactory):
    class Meta:
        model = coaching.SponsorAct

    enrolment = factory.SubFactory(EnrolmentFactory)
    sponsor = factory.SelfAttribute("enrolment.sponsor")
    kind = "check_in"
    week = 1
    done_at = NOW


class AskFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Ask

    enrolment = factory.SubFactory(EnrolmentFactory)
    sponsor = factory.SelfAttribute("enrolment.sponsor")
    text = "Can we move the Thursday huddle?"
    asked_at = NOW - timedelta(days=1)
    key = factory.LazyFunction(uuid4)


class SupportAnswerFactory(DjangoModelFactory):
    class Meta:
        model = coaching.SupportAnswer

    enrolment = factory.SubFactory(EnrolmentFactory)
    sponsor = factory.SelfAttribute("enrolment.sponsor")
    moment = "half_way"
    interest = cover = example = freedom = 4
    checked_up_on = 2
    threshold = 5
    answered_at = NOW


class ProtectedTimeFactory(DjangoModelFactory):
    class Meta:
        model = coaching.ProtectedTime

    enrolment = factory.SubFactory(EnrolmentFactory)
    offered_by = factory.SelfAttribute("enrolment.sponsor")
    on = TODAY + timedelta(days=2)
    offered_at = NOW
    key = factory.LazyFunction(uuid4)


class MentorProfileFactory(DjangoModelFactory):
    class Meta:
        model = coaching.MentorProfile

    member = factory.SubFactory(MembershipFactory, roles=["coach"])
    kind = "coach"
    about = "Ask me about calm handovers"
    behaviours = factory.LazyFunction(lambda: ["clear", "encouraging"])
    languages = factory.LazyFunction(lambda: ["en", "nb"])
    opened_at = NOW - timedelta(days=90)


class MentorConflictFactory(DjangoModelFactory):
    class Meta:
        model = coaching.MentorConflict

    profile = factory.SubFactory(MentorProfileFactory)
    member = factory.SubFactory(MembershipFactory)


class MentorSearchFactory(DjangoModelFactory):
    class Meta:
        model = coaching.MentorSearch

    leader = factory.SubFactory(MembershipFactory)
    languages = factory.LazyFunction(lambda: ["en"])


class MentorWishFactory(DjangoModelFactory):
    class Meta:
        model = coaching.MentorWish

    leader = factory.SubFactory(MembershipFactory)
    profile = factory.SubFactory(MentorProfileFactory)
    rank = 1


class MentorRequestFactory(DjangoModelFactory):
    class Meta:
        model = coaching.MentorRequest

    profile = factory.SubFactory(MentorProfileFactory)
    pairing = factory.SubFactory(
        PairingFactory,
        kind=factory.SelfAttribute("..profile.kind"),
        partner=factory.SelfAttribute("..profile.member"),
        state="requested",
    )
    asked_at = NOW - timedelta(days=1)
    answer_by = NOW + timedelta(days=6)


class StopCountFactory(DjangoModelFactory):
    class Meta:
        model = coaching.StopCount

    quarter_on = date(2025, 10, 1)
    reason = "time"
    number = 5


class MentorIntakeFactory(DjangoModelFactory):
    class Meta:
        model = coaching.MentorIntake

    sort = "coaches"
    uploaded_by = factory.SubFactory(MembershipFactory, roles=["admin"])
    file_name = "coaches.csv"
    rows = factory.LazyFunction(lambda: [[2, {"name": "Kari", "email": "kari@firm.test"}]])
    created_at = NOW


class AgreementFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Agreement

    pairing = factory.SubFactory(PairingFactory, kind="coach")


class AgreementVersionFactory(DjangoModelFactory):
    class Meta:
        model = coaching.AgreementVersion

    agreement = factory.SubFactory(AgreementFactory)
    sponsor = factory.SubFactory(MembershipFactory)
    purpose = "To lead the huddle"
    limits = "Between the two"
    stopping = "With one tap"
    review_on = TODAY + timedelta(days=90)
    written_by = factory.SelfAttribute("agreement.pairing.partner")
    written_at = NOW


class AgreementSignatureFactory(DjangoModelFactory):
    class Meta:
        model = coaching.AgreementSignature

    version = factory.SubFactory(AgreementVersionFactory)
    signer = factory.SelfAttribute("version.agreement.pairing.leader")
    at = NOW


class AgreementLineFactory(DjangoModelFactory):
    class Meta:
        model = coaching.AgreementLine

    agreement = factory.SubFactory(AgreementFactory)
    sponsor = factory.SubFactory(MembershipFactory)
    kind = "theme"
    about = "clear"
    words = "clear"
    decided_at = NOW


class ContactHeardFactory(DjangoModelFactory):
    class Meta:
        model = coaching.ContactHeard

    session = factory.SubFactory(SessionFactory, kind="side_by_side", template="side-by-side")
    reference = "SN-48213"
    channel = "phone"


class CalibrationFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Calibration

    started_by = factory.SubFactory(MembershipFactory)
    reference = "SN-50001"
    channel = "phone"
    started_at = NOW - timedelta(days=1)
    closes_at = NOW + timedelta(days=2)
    key = factory.LazyFunction(uuid4)


class ObserverFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Observer

    calibration = factory.SubFactory(CalibrationFactory)
    member = factory.SubFactory(MembershipFactory)


class RatingFactory(DjangoModelFactory):
    class Meta:
        model = coaching.Rating

    observer = factory.SubFactory(ObserverFactory)
    criterion = "need"
    score = 4


class BookingFactory(DjangoModelFactory):
    """A place; `state="waiting"` with `seat=None` is one in the line."""

    class Meta:
        model = coaching.Booking

    visit = factory.SubFactory(VisitFactory)
    guest = factory.SubFactory(MembershipFactory)
    state = "booked"
    joined_at = NOW - timedelta(days=3)
    seat = factory.LazyAttribute(lambda row: row.visit.bookings.count() + 1 if row.state in coaching.SEATED else None)
    seats = factory.LazyAttribute(lambda row: max(row.visit.capacity, row.seat) if row.seat else None)
    visit_sequence = factory.SelfAttribute("visit.sequence")
    rules_version = 1
    key = factory.LazyFunction(uuid4)


class BeforeSheetFactory(DjangoModelFactory):
    class Meta:
        model = coaching.BeforeSheet

    booking = factory.SubFactory(BookingFactory)
    working_on = "Clear messages"
    watch_1 = "How the morning meeting begins"
    host_question_1 = "What did you stop doing?"
    key = factory.LazyFunction(uuid4)
    saved_at = NOW


class DuringSheetFactory(DjangoModelFactory):
    class Meta:
        model = coaching.DuringSheet

    booking = factory.SubFactory(BookingFactory)
    saw = "The leader asked one question and waited"
    behaviours = factory.LazyFunction(lambda: ["clear"])
    key = factory.LazyFunction(uuid4)
    saved_at = NOW


class AfterSheetFactory(DjangoModelFactory):
    class Meta:
        model = coaching.AfterSheet

    booking = factory.SubFactory(BookingFactory)
    behaviour = "clear"
    cue = "the morning meeting begins"
    response = "ask one question and wait"
    language = "en"
    key = factory.LazyFunction(uuid4)
    saved_at = NOW


class HostThanksFactory(DjangoModelFactory):
    class Meta:
        model = coaching.HostThanks

    booking = factory.SubFactory(BookingFactory)
    words = "Thank you for the open door"
    saved_at = NOW


class VisitHelpFactory(DjangoModelFactory):
    class Meta:
        model = coaching.VisitHelp

    guest = factory.SubFactory(MembershipFactory)
    wants = "remote"
    said_at = NOW
