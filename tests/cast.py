"""Two organisations of people, always there. Zenith is Acme's double: whatever could leak has somewhere to leak from.

Acme    Ada, a leader; Sol, her sponsor. Bo, a leader with a long name; Max is his sponsor and walks a path of his own.
        Hana, programme admin. Olav, owner. Cleo coaches Ada; Gro hosts visits; Mia is the manager of Sol and Max.
Zenith  Zoe, a leader; Zac, her sponsor. Zara, programme admin. Cai coaches Zoe.
Both    Pat: a leader at Acme, a sponsor (of nobody yet) at Zenith.

Every text a person could have written names its organisation, its kind and its writer ("acme bait line of Ada"), so
that a test can search any output for what does not belong there. Rows are in the test database from the start; `load`
fetches them, nothing is open. Everybody is signed in somewhere: `session_of`.
"""

import pickle
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from coaching.models import Pairing, Visit
from cohorts.audit import record
from cohorts.models import (
    Clock,
    Cohort,
    CurriculumVersion,
    Enrolment,
    Intake,
    Membership,
    Organisation,
    Person,
    SponsorWeek,
    Step,
)
from cohorts.nudges.mail import nudge_mail
from cohorts.nudges.planner import plan_of
from cohorts.people.actions.plans import plan_upload
from cohorts.schedule.milestone_calendar import milestones_of
from cohorts.tenancy.wall import as_member, within
from programme.leader.upcoming import themes_of, titles_of
from programme.sponsor.overview import sponsor_weeks_of
from tests import factories as make
from tests.proofs import records
from tests.times import DAY_1, NOW, TODAY

STEP_DAYS = (1, 2, 3, 4, 5, 8, 9, 10, 11, 12)
EXTRA_DAYS = (3, 10)
BO = "Åse-Kristin Bjørnstjerne-Ødegård"
ROLES = {
    "acme": {
        "ada": ["leader"],
        "bo": ["leader"],
        "sol": ["sponsor"],
        "max": ["leader", "sponsor"],
        "hana": ["admin"],
        "olav": ["owner"],
        "pat": ["leader"],
        "cleo": ["coach"],
        "gro": ["host"],
        "mia": ["sponsor"],
    },
    "zenith": {"zoe": ["leader"], "zac": ["sponsor"], "zara": ["admin"], "pat": ["sponsor"], "cai": ["coach"]},
}
SPONSORS = {
    "acme": {"ada": "sol", "bo": "max", "max": None, "pat": None},
    "zenith": {"zoe": "zac"},
}

HOSTS = {"acme": "gro", "zenith": None}
COACHES = {"acme": {"ada": "cleo"}, "zenith": {"zoe": "cai"}}
MANAGERS = {"acme": {"sol": "mia", "max": "mia"}, "zenith": {}}


@dataclass(frozen=True)
class House:
    """One organisation's people and rows. Keys of `members` and `enrolments` are first names."""

    organisation: Organisation
    members: dict[str, Membership]
    enrolments: dict[str, Enrolment]
    version: CurriculumVersion
    cohort: Cohort


@dataclass(frozen=True)
class Cast:
    """Everybody by name, and each house with its rows."""

    houses: dict[str, House]
    acme: Organisation = field(init=False)
    zenith: Organisation = field(init=False)

    def __post_init__(self) -> None:
        for slug, house in self.houses.items():
            object.__setattr__(self, slug, house.organisation)

    def __getattr__(self, name: str) -> Membership:
        """`cast.ada`, `cast.zoe`, `cast.pat_at_zenith`."""
        first_name, _, slug = name.partition("_at_")
        for house in self.houses.values():
            if first_name in house.members and slug in ("", house.organisation.slug):
                return house.members[first_name]
        raise AttributeError(name)

    def house_of(self, of: Membership | Organisation) -> House:
        key = of.pk if isinstance(of, Organisation) else of.organisation_id
        return next(house for house in self.houses.values() if house.organisation.pk == key)

    def enrolment(self, leader: Membership) -> Enrolment:
        enrolments = self.house_of(leader).enrolments.values()
        return next(enrolment for enrolment in enrolments if enrolment.leader_id == leader.pk)


def load() -> Cast:
    """A copy of its own for each who asks: a test may change what it holds, in memory as in the database."""
    return Cast(pickle.loads(_houses()))  # noqa: S301 -- our own rows


@cache
def _houses() -> bytes:
    """Pickled: reading that takes a seventh of the time of a deep copy, and nearly every test asks."""
    return pickle.dumps({slug: _load_house(slug) for slug in ROLES})


def _load_house(slug: str) -> House:
    organisation = Organisation.objects.get(slug=slug)
    with within(organisation):
        members = {_first_name(member): member for member in Membership.objects.select_related("person")}
        enrolments = Enrolment.objects.select_related("cohort__version", "leader__person", "sponsor__person")
        by_name = {_first_name(enrolment.leader): enrolment for enrolment in enrolments}
        cohort = Cohort.objects.select_related("version").get()
    return House(organisation, members, by_name, cohort.version, cohort)


def _first_name(member: Membership) -> str:
    return member.person.email.partition("@")[0]


def session_of(person: Person) -> str:
    """The key of the session in which this person of the cast is signed in."""
    return f"session-of-person-{person.pk}"


def forget_content() -> None:
    """Forget what was read of a curriculum version: once keys start anew, another version may have this one's."""
    for content in (plan_of, milestones_of, nudge_mail, themes_of, titles_of, sponsor_weeks_of):
        content.cache_clear()


def enter() -> None:
    """Write both organisations. Somebody in two of them is one person."""
    _houses.cache_clear()
    people: dict[str, Person] = {}
    for slug, roles in ROLES.items():
        for name in roles:
            if name not in people:
                people[name] = make.PersonFactory(email=f"{name}@{slug}.test", language="en")
        organisation = make.OrganisationFactory(name=slug.title(), slug=slug)
        with within(organisation):
            _furnish(slug, {name: people[name] for name in roles})
    plan_uploads()
    for person in people.values():
        _sign_in(person)


def plan_uploads() -> None:
    """Plan both lists of people, unless the code that planned them still is the code there is."""
    for organisation in Organisation.objects.filter(slug__in=ROLES):
        with within(organisation):
            plan_upload(Intake.objects.get(), organisation=organisation)


def _sign_in(person: Person) -> None:
    """As the sign-in pages leave it, for as long as any test travels."""
    store = SessionStore(session_key=session_of(person))
    session = store.create_model_instance(
        {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: person.get_session_auth_hash(),
            **records(person, NOW),
        }
    )
    session.expire_date = NOW + timedelta(days=3650)
    session.save(force_insert=True)


def _furnish(slug: str, people: dict[str, Person]) -> None:
    members = {
        name: make.MembershipFactory(
            person=person,
            name=BO if name == "bo" else f"{name.title()} {slug.title()}",
            roles=ROLES[slug][name],
            last_seen_on=TODAY,
        )
        for name, person in people.items()
    }
    cohort = make.CohortFactory(name=f"{slug.title()} spring", version=_curriculum(slug))
    _draft(slug)
    for leader, sponsor in SPONSORS[slug].items():
        enrolment = make.EnrolmentFactory(
            cohort=cohort, leader=members[leader], sponsor=members[sponsor] if sponsor else None
        )
        Clock.objects.create(enrolment=enrolment)
        _live(enrolment, f"{slug} bait")
    admin = next(member for member in members.values() if member.has_role("admin"))
    sponsor = next(member for member in members.values() if member.has_role("sponsor"))
    make.PauseFactory(cohort=cohort, enrolment=None, starts_on=TODAY + timedelta(days=40))
    make.MilestoneDateFactory(cohort=cohort)
    make.InvitationFactory(membership=admin)
    lost = members[next(iter(SPONSORS[slug]))]
    make.FactorRecoveryFactory(member=lost, asked_by=admin, due_at=NOW + timedelta(days=3650))
    make.AddressCorrectionFactory(
        member=lost, asked_by=admin, email=f"new@{slug}.test", due_at=NOW + timedelta(days=3650)
    )
    owner = next((member for member in members.values() if member.has_role("owner")), admin)
    make.ApiReplyFactory(api_key=make.ApiKeyFactory(member=owner, name=f"{slug} program"))
    make.ApiKeyFactory(kind="personal", member=lost, name=f"{slug} script", scopes=[])
    columns = make.read_from_columns(email="E-mail", name="Name")
    uploaded = make.IntakeFactory(cohort=cohort, uploaded_by=admin, counts=columns)
    make.IntakePieceFactory(intake=uploaded, data=f"{slug} upload".encode())
    make.IntakePartFactory(intake=uploaded, rows=[[2, f"{slug} upload"]], row_count=1)
    make.ImportRunFactory(intake=uploaded, by=admin)
    make.OrganisationLogoFactory()
    make.DigestClockFactory(sponsor=sponsor)
    make.DigestFactory(sponsor=sponsor)
    make.MemberNoticeFactory(recipient=admin, about=admin, state="sent", sent_at=NOW)
    make.SponsorNoteFactory(cohort=cohort, sponsor=sponsor, requested_by=admin)
    _ask_around(slug, cohort)
    _meet(slug, members)
    _agree(slug, members)
    _receive(slug, members)
    _support(slug)
    _offer_to_mentor(slug, members)
    _aim(slug, members)
    for row in (cohort, enrolment):
        record(by=admin, verb="entered", thing=row, now=NOW)


def _ask_around(slug: str, cohort: Cohort) -> None:
    """A 360 round that is open: one rater a leader, what they said so far, and rows of every table behind it."""
    make.FeedbackSettingsFactory()
    make.QuestionnaireFactory(slug=f"{slug}-questions", number=2, published_at=None)
    open_round = make.RoundFactory(cohort=cohort, questionnaire=make.QuestionnaireFactory(slug=f"{slug}-questions"))
    admin = Membership.objects.with_role("admin").get()
    columns = make.read_from_columns(name="Name", email="E-mail", leader_email="Leader", relation="Relation")
    make.RaterIntakeFactory(round=open_round, uploaded_by=admin, rows=[{"name": f"{slug} upload"}], counts=columns)
    for enrolment in Enrolment.objects.select_related("leader", "sponsor").order_by("pk"):
        subject = make.SubjectFactory(round=open_round, enrolment=enrolment, manager=enrolment.sponsor)
        name = enrolment.leader.name.split()[0]
        rater = make.RaterFactory(round=open_round, name=f"{slug} rater of {name}", email=f"{subject.pk}@{slug}.test")
        make.RequestFactory(subject=subject, rater=rater)
        make.StagedAnswersFactory(subject=subject)
        make.AnswerFactory(subject=subject)
        make.CommentFactory(subject=subject, text=f"{slug} bait comment about {name}")
        make.ScaleStatisticFactory(subject=subject)
        make.ResultFactory(subject=subject)
        make.RaterMailFactory(rater=rater, state="sent", sent_at=NOW)
        make.MemberMailFactory(round=open_round, recipient=enrolment.leader, state="sent", sent_at=NOW)


def _meet(slug: str, members: dict[str, Membership]) -> None:
    """Pairings with a held and a planned 1:1, open and carried actions, and everything that is written around them."""
    for name, manager in MANAGERS[slug].items():
        members[name].manager = members[manager]
        members[name].save(update_fields=["manager"])
    somebody = next(iter(members.values()))
    make.MailChoiceFactory(member=somebody)
    make.ReminderFactory(recipient=somebody)
    make.CoachingClockFactory()
    pairs = [("sponsor", leader, sponsor) for leader, sponsor in SPONSORS[slug].items() if sponsor]
    pairs += [("coach", leader, coach) for leader, coach in COACHES[slug].items()]
    for kind, leader, partner in pairs:
        whose = f"{slug} bait {kind} {leader}"
        pairing = make.PairingFactory(
            kind=kind, leader=members[leader], partner=members[partner], handover=f"{whose} handover"
        )
        held = make.SessionFactory(
            pairing=pairing, starts_at=NOW - timedelta(days=10), state="held", held_at=NOW - timedelta(days=10)
        )
        planned = make.SessionFactory(pairing=pairing)
        for member in (members[leader], members[partner]):
            make.CalendarMailFactory(session=planned, recipient=member, state="sent", sent_at=NOW)
            make.CoachingMailFactory(recipient=member, about=pairing.pk, state="sent", sent_at=NOW)
        make.AgendaItemFactory(session=planned, raised_by=members[leader], text=f"{whose} agenda")
        said = make.SessionTextFactory(session=held, text=f"{whose} shared note")
        make.SessionTextVersionFactory(of=said, text=f"{whose} earlier note")
        make.AcknowledgementFactory(session=held, words=f"{whose} own view")
        make.ActionFactory(session=held, text=f"{whose} action", made_at=NOW - timedelta(days=10))
        for author in (leader, partner):
            with as_member(members[author]):
                make.PrivateNoteFactory(session=held, author=members[author], text=f"{whose} private note of {author}")
        pairing.last_held_on = TODAY - timedelta(days=10)
        pairing.due_on = TODAY + timedelta(days=4)
        pairing.save(update_fields=["last_held_on", "due_on"])


def _agree(slug: str, members: dict[str, Membership]) -> None:
    """A three-way agreement that the leader alone has signed; a contact heard; a calibration half-way."""
    for leader, coach in COACHES[slug].items():
        sponsor = members[SPONSORS[slug][leader]]
        pairing = Pairing.objects.get(kind="coach", leader=members[leader], partner=members[coach])
        agreement = make.AgreementFactory(pairing=pairing)
        version = make.AgreementVersionFactory(
            agreement=agreement, sponsor=sponsor, tells_themes=True, purpose=f"{slug} bait purpose of {leader}"
        )
        make.AgreementSignatureFactory(version=version)
        make.AgreementLineFactory(agreement=agreement, sponsor=sponsor)
        heard = pairing.sessions.get(state="held")
        make.ContactHeardFactory(session=heard, reference=f"{slug}-bait-heard-1")
        calibration = make.CalibrationFactory(
            started_by=sponsor, reference=f"{slug}-bait-calibration-1", agreed=f"{slug} bait agreed"
        )
        for observer in (sponsor, members[coach]):
            make.ObserverFactory(calibration=calibration, member=observer)
        rated = calibration.observers.get(member=sponsor)
        rated.rated_at = NOW
        rated.save(update_fields=["rated_at"])
        make.RatingFactory(observer=rated)


def _receive(slug: str, members: dict[str, Membership]) -> None:
    """A host with a visit and a talk ahead, and a wall of questions. Gro comes from outside; Zenith's is a site."""
    name = HOSTS[slug]
    member = members[name] if name else None
    host = make.HostFactory(
        name=f"{slug.title()} host", member=member, is_site=not member, is_from_outside=bool(member)
    )
    make.HouseRulesFactory(host=host)
    make.HostBlackoutFactory(host=host)
    visit = make.VisitFactory(host=host, title=f"{slug.title()} morning")
    talk = make.VisitFactory(
        host=host, title=f"{slug.title()} talk", format="talk", capacity=200, starts_at=NOW + timedelta(days=21)
    )
    leader = next(member for member in members.values() if member.has_role("leader"))
    question = make.TalkQuestionFactory(visit=talk, asked_by=leader, text=f"{slug.title()} question")
    make.TalkVoteFactory(question=question, member=leader)
    make.HostingOfferFactory(member=leader)
    _visit(slug, visit, leader)


def _visit(slug: str, visit: Visit, guest: Membership) -> None:
    """A leader with a place on a date, and every sheet of it."""
    whose = f"{slug} bait"
    booking = make.BookingFactory(visit=visit, guest=guest)
    make.BeforeSheetFactory(booking=booking, working_on=f"{whose} before sheet", watch_1=f"{whose} watch")
    make.DuringSheetFactory(booking=booking, saw=f"{whose} during sheet")
    make.AfterSheetFactory(booking=booking, cue=f"{whose} after sheet", question_left=f"{whose} question left")
    make.HostThanksFactory(booking=booking, words=f"{whose} thanks")
    make.VisitHelpFactory(guest=guest)


def _support(slug: str) -> None:
    """What each sponsor did in the first week, an answered and an open question, how it felt, and an offer of time."""
    for enrolment in Enrolment.objects.exclude(sponsor=None).select_related("leader", "sponsor").order_by("pk"):
        whose = f"{slug} bait of {enrolment.leader.name.split()[0]}"
        make.SponsorActFactory(
            enrolment=enrolment, confirmed_at=NOW - timedelta(days=3), done_at=NOW - timedelta(days=4)
        )
        answered = {"answer": f"{whose} answer", "answered_at": NOW - timedelta(days=2), "read_at": NOW}
        make.AskFactory(enrolment=enrolment, text=f"{whose} old question", asked_at=NOW - timedelta(days=3), **answered)
        make.AskFactory(enrolment=enrolment, text=f"{whose} question")
        make.SupportAnswerFactory(enrolment=enrolment)
        make.ProtectedTimeFactory(enrolment=enrolment)


def _aim(slug: str, members: dict[str, Membership]) -> None:
    """Objectives on three levels, a team with its charter and figures, and a goal of each leader who has a sponsor."""
    admin = next(member for member in members.values() if member.has_role("admin"))
    top = make.ObjectiveFactory(place="organisation", outcome=f"{slug} top objective", written_by=admin)
    middle = make.ObjectiveFactory(outcome=f"{slug} department objective", parent=top, written_by=admin)
    kpi = make.KpiFactory(name=f"{slug} KPI", family="fcr")
    make.KpiMethodFactory(kpi=kpi, written_by=admin)
    cohort = Cohort.objects.get()
    period = make.BusyPeriodFactory(cohort=cohort, title=f"{slug} campaign", offered_by=admin)
    for name, sponsor in SPONSORS[slug].items():
        if not sponsor:
            continue
        whose, leader = f"{slug} bait of {name}", members[name]
        team = make.TeamFactory(leader=leader, name=f"{slug} team of {name}")
        member = make.TeamMemberFactory(team=team, name=f"{whose} member")
        make.CharterFactory(team=team, purpose=f"{whose} purpose")
        make.TeamLinkFactory(team=team)
        followed = make.FollowedFactory(kpi=kpi, team=team)
        for ago in (1, 2, 8):
            make.FigureFactory(kpi=kpi, team=team, on=TODAY - timedelta(days=ago))
        make.RebaseFactory(followed=followed, change=f"{slug} change of {name}")
        make.WeekNoteFactory(followed=followed, text=f"{slug} week of {name}")
        columns = make.read_from_columns(on="Date", kpi="KPI", numerator="Solved", denominator="Contacts")
        uploaded = make.FigureIntakeFactory(uploaded_by=leader, file_name=f"{whose} figures.csv", counts=columns)
        make.StagedFigureFactory(intake=uploaded, said={"on": "soon", "team": f"{whose} upload"})
        objective = make.ObjectiveFactory(
            place="team", team=team, parent=middle, outcome=f"{slug} objective of {name}", written_by=leader
        )
        make.ObjectiveReadingFactory(objective=objective)
        make.ObjectiveMilestoneFactory(objective=objective, text=f"{slug} milestone of {name}")
        make.ObjectivePartFactory(objective=objective, member=member, text=f"{whose} part")
        make.ObjectiveVoiceFactory(objective=objective, member=member, words=f"{whose} words")
        enrolment = Enrolment.objects.get(leader=leader)
        goal = make.GoalFactory(enrolment=enrolment, outcome=f"{whose} goal", objective=objective)
        make.GoalFactory(enrolment=enrolment, outcome=f"{whose} draft goal", state="draft")
        make.GoalFactory(enrolment=enrolment, outcome=f"{whose} waiting goal", state="proposed")
        make.GoalFocusFactory(goal=goal, focus=enrolment.focuses.earliest("pk"))
        make.GoalDialFactory(goal=goal)
        words = f"{whose} dropped goal"
        dropped = make.GoalFactory(
            enrolment=enrolment, outcome=words, state="let_go", agreed_on=DAY_1, ended_on=TODAY, let_go_reason=words
        )
        before = {"state": "agreed", "next_review_on": None}
        make.GoalEventFactory(goal=dropped, kind="let_go", by=leader, words=words, details=before)
        make.CheckInFactory(goal=goal, line=f"{whose} check-in")
        make.GoalReviewFactory(goal=goal, line=f"{whose} review")
        make.GoalEventFactory(goal=goal, words=f"{whose} event")
        make.BusyAnswerFactory(period=period, enrolment=enrolment, accepts=False)


def _offer_to_mentor(slug: str, members: dict[str, Membership]) -> None:
    """A coach's profile, the request their pairing began with, and a wish of another leader."""
    for leader, coach in COACHES[slug].items():
        profile = make.MentorProfileFactory(member=members[coach], about=f"{slug} offer to coach")
        make.MentorConflictFactory(profile=profile, member=members["pat"])
        make.MentorRequestFactory(
            pairing=Pairing.objects.get(leader=members[leader], partner=members[coach]),
            profile=profile,
            words=f"{slug} bait sentence of {leader}",
            asked_at=NOW - timedelta(days=61),
            answered_at=NOW - timedelta(days=60),
            took_hours=8,
            answer=f"{slug} bait answer of {coach}",
        )
        name = "bo" if "bo" in members else leader
        make.MentorSearchFactory(leader=members[name], site=f"{slug} bait site of {name}")
        make.MentorWishFactory(leader=members[name], profile=profile, words=f"{slug} bait wish of {name}")
    admin = next(member for member in members.values() if member.has_role("admin"))
    columns = make.read_from_columns(email="E-mail", name="Name", kind="Kind")
    make.MentorIntakeFactory(uploaded_by=admin, rows=[[2, {"name": f"{slug} upload"}]], counts=columns)
    make.StopCountFactory()


def _curriculum(slug: str) -> CurriculumVersion:
    version = make.CurriculumVersionFactory(
        curriculum__slug=f"{slug}-leading",
        themes={"presence": {"en": "Presence", "nb": "Tilstedeværelse"}},
        circle=[make.circle_meeting("circle-1")],
        brief=make.brief(),
    )
    days = [(day, "core") for day in STEP_DAYS] + [(day, "extra") for day in EXTRA_DAYS]
    Step.objects.bulk_create(make.StepFactory.build(version=version, day=day, kind=kind) for day, kind in days)
    SponsorWeek.objects.bulk_create(make.SponsorWeekFactory.build(version=version, week=week) for week in (1, 2, 3))
    make.MilestoneFactory(version=version, key="kick-off", kind="kick_off", day=1)
    make.MilestoneFactory(version=version, key="circle-1", kind="circle", day=12)
    return version


def _draft(slug: str) -> CurriculumVersion:
    """The first version of another curriculum, just begun. No cohort follows it."""
    draft = make.CurriculumVersionFactory(
        curriculum__slug=f"{slug}-drafting",
        published_at=None,
        themes={"presence": {"en": "Presence", "nb": "Tilstedeværelse"}},
        sources={"smith_2020": make.source()},
        circle=[make.circle_meeting("circle-2")],
        brief=make.brief(),
    )
    Step.objects.bulk_create(make.StepFactory.build(version=draft, day=day) for day in (50, 51))
    SponsorWeek.objects.bulk_create([make.SponsorWeekFactory.build(version=draft, week=2)])
    make.MilestoneFactory(version=draft, key="circle-2", kind="circle", day=60)
    make.MilestoneFactory(version=draft, key="closing", kind="closing", day=90)
    return draft


def _live(enrolment: Enrolment, bait: str) -> None:
    """Two focuses with dials, practices on some days, one private and one shared reflection, nudges, a pause ahead."""
    steps = {step.day: step for step in Step.objects.filter(version=enrolment.cohort.version_id, kind="core")}
    whose = f"of {enrolment.leader.name.split()[0]}"
    focus, _ = (
        make.FocusFactory(enrolment=enrolment, cue=f"{bait} cue {whose}", response=f"{bait} plan {n} {whose}")
        for n in (1, 2)
    )
    make.DialFactory(focus=focus, level=2)
    make.DialFactory(focus=focus, level=1, starts_on=TODAY - timedelta(days=2), ends_on=TODAY + timedelta(days=4))
    for ago, day in ((9, 1), (8, 2), (6, 4), (2, 8)):
        make.PracticeFactory(
            enrolment=enrolment,
            focus=focus,
            step=steps[day],
            on=TODAY - timedelta(days=ago),
            place=f"{bait} place {whose}",
            line=f"{bait} line {whose}",
        )
    make.PracticeFactory(enrolment=enrolment, on=TODAY - timedelta(days=5), did_it=False, went=None)
    for audience in ("private", "sponsor"):
        make.ReflectionFactory(
            enrolment=enrolment,
            step=steps[2],
            on=TODAY - timedelta(days=8),
            audience=audience,
            tried=f"{bait} {audience}",
        )
    for channel in ("app", "mail"):
        make.NudgeFactory(enrolment=enrolment, step=steps[9], on=TODAY - timedelta(days=1), channel=channel)
    make.PauseFactory(enrolment=enrolment)
    if enrolment.sponsor:
        make.SharingAnswerFactory(enrolment=enrolment)
    make.ReportMailFactory(report=make.ReportFactory(enrolment=enrolment))
    enrolment.last_log_on = enrolment.last_practice_on = TODAY - timedelta(days=2)
    enrolment.save(update_fields=["last_log_on", "last_practice_on"])
