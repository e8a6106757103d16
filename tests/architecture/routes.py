"""Every route there is, from the URL resolver, and an address for each: whose rows its keys name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from inspect import getclosurevars
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from coaching.models import (
    Action,
    AgendaItem,
    Agreement,
    Ask,
    Booking,
    Calibration,
    MentorIntake,
    MentorProfile,
    MentorRequest,
    MentorWish,
    Pairing,
    ProtectedTime,
    Session,
    SponsorAct,
)
from coaching.models.hosting import Host, HostBlackout, HostingOffer, TalkQuestion, Visit
from cohorts.models import ApiKey, CurriculumVersion, Intake, Pause, Step
from cohorts.tenancy.wall import within
from feedback360.models import Questionnaire, RaterIntake, Request, Round, Subject
from goals.models import (
    Audience,
    BusyPeriod,
    CheckIn,
    Dial,
    FigureIntake,
    Focus,
    Followed,
    Goal,
    GoalDial,
    GoalReview,
    GoalState,
    Kpi,
    Objective,
    ObjectiveMilestone,
    ObjectiveVoice,
    Practice,
    Rebase,
    Reflection,
    Team,
    TeamMember,
)
from programme.models import Report
from tests.cast import Cast, House, load

MISSING = 9_000_000_000
HEROES = {"acme": "ada", "zenith": "zoe"}


@dataclass(frozen=True)
class Route:
    """A named route: its pattern, the names of its parameters, its view."""

    name: str
    pattern: str
    parameters: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def first_folder(self) -> str:
        return self.pattern.split("/")[0]

    @property
    def methods(self) -> frozenset[str]:
        """What the view's decorator lets through; it answers anything else with 405."""
        view: Any = self.view
        while view:
            if given := getclosurevars(view).nonlocals.get("request_method_list"):
                return frozenset(given)
            view = getattr(view, "__wrapped__", None)
        return frozenset()

    @property
    def has_keys(self) -> bool:
        return any(name.endswith("pk") for name in self.parameters)


def routes(urlconf: str) -> list[Route]:
    return list(_walk(get_resolver(urlconf).url_patterns, "", ()))


def _walk(patterns: list[URLPattern | URLResolver], before: str, given: tuple[str, ...]) -> Iterator[Route]:
    for pattern in patterns:
        whole = before + str(pattern.pattern)
        parameters = (*given, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, whole, parameters)
        else:
            assert pattern.name, f"{whole} has no name"
            yield Route(pattern.name, whole, parameters, pattern.callback)


def inside() -> list[Route]:
    return routes(settings.ORGANISATION_URLCONF)


def front_door() -> list[Route]:
    return routes(settings.ROOT_URLCONF)


def keys(house: House, variant: str = "") -> dict[str, Any]:
    """What the parameters of a route mean, by the first folder of its address or by the parameter's own name."""
    return dict(_keys(house.organisation.slug, variant))


@cache
def _keys(slug: str, variant: str) -> dict[str, Any]:
    """Asked once: the rows of the cast have the same keys whenever they come back."""
    house = load().houses[slug]
    hero = house.members[HEROES[house.organisation.slug]]
    with within(house.organisation):
        enrolment = next(row for row in house.enrolments.values() if row.leader_id == hero.pk)
        reflections = Reflection.objects.filter(enrolment=enrolment)
        draft = CurriculumVersion.objects.get(published_at=None)
        asked = Request.objects.filter(subject__enrolment=enrolment, relation="team").earliest("pk")
        pairing = Pairing.objects.get(leader=hero, kind="sponsor")
        return {
            "actions": Action.objects.get(pairing=pairing).pk,
            "pairings": pairing.pk,
            "sessions": Session.objects.get(pairing=pairing, state="planned").pk,
            "sessions.part": "goal",
            "sessions.item_pk": AgendaItem.objects.get(session__pairing=pairing).pk,
            "listening": Calibration.objects.get().pk,
            "contacts-heard.session_pk": Session.objects.get(pairing=pairing, state="planned").pk,
            "agreements": Agreement.objects.get().pk,
            "agreements.pairing_pk": Agreement.objects.get().pairing_id,
            "agreements.number": 1,
            "mentors": MentorProfile.objects.get().pk,
            "wishes": MentorWish.objects.get().pk,
            "requests": MentorRequest.objects.get().pk,
            "coach-lists": MentorIntake.objects.get().pk,
            "sort": "coaches",
            "token": "not-a-token",
            "bookings": Booking.objects.get(guest=hero).pk,
            "visits": Booking.objects.get(guest=hero).visit_id,
            "act_pk": SponsorAct.objects.filter(enrolment=enrolment).earliest("pk").pk,
            "approvals": asked.subject_id,
            "ask_pk": Ask.objects.unanswered().filter(enrolment=enrolment).earliest("pk").pk,
            "cohorts": house.cohort.pk,
            "curricula": house.version.pk,
            "drafts": draft.pk,
            "drafts.step_pk": draft.steps.get(day=50).pk,
            "drafts.milestone_pk": draft.milestones.get(key="closing").pk,
            "drafts.event": "circle-2",
            "drafts.behaviour": "clear",
            "drafts.situation": "queue",
            "drafts.theme": "presence",
            "drafts.source": "smith_2020",
            "enrolments": enrolment.pk,
            "feedback": asked.subject_id,
            "focuses": Focus.objects.filter(enrolment=enrolment).earliest("pk").pk,
            "focuses.dial_pk": Dial.objects.filter(focus__enrolment=enrolment).earliest("pk").pk,
            "busy-periods": BusyPeriod.objects.get().pk,
            "goals": Goal.objects.get(enrolment=enrolment, state=variant if variant in GoalState else "agreed").pk,
            "figure-lists": FigureIntake.objects.get(uploaded_by=hero).pk,
            "figures": Followed.objects.get(team__leader=hero).pk,
            "figures.rebase_pk": Rebase.objects.get(followed__team__leader=hero).pk,
            "goals.check_in_pk": CheckIn.objects.get(goal__enrolment=enrolment).pk,
            "goals.goal_dial_pk": GoalDial.objects.filter(goal__enrolment=enrolment).earliest("pk").pk,
            "goals.review_pk": GoalReview.objects.get(goal__enrolment=enrolment).pk,
            "kpis": Kpi.objects.get().pk,
            "hosting": Host.objects.get().pk,
            "hosting.date_pk": Visit.objects.get(format="visit").pk,
            "hosting.blackout_pk": HostBlackout.objects.get().pk,
            "hosting.offer_pk": HostingOffer.objects.get().pk,
            "hosts": Host.objects.get().pk,
            "hosts.offer_pk": HostingOffer.objects.get().pk,
            "talks": Visit.objects.get(format="talk").pk,
            "questions": TalkQuestion.objects.get().pk,
            "intakes": Intake.objects.get().pk,
            "leaders": enrolment.pk,
            "members": hero.pk,
            "manager": 0,
            "pauses": Pause.objects.get(enrolment=enrolment).pk,
            "practices": Practice.objects.filter(enrolment=enrolment).latest("on").pk,
            "questionnaires": Questionnaire.objects.get(number=1).pk,
            "questionnaires.draft_pk": Questionnaire.objects.get(published_at=None).pk,
            "questionnaires.round_pk": Round.objects.get().pk,
            "item": "says-which-goal-matters",
            "question": "keep",
            "rater-lists": RaterIntake.objects.get().pk,
            "reflection_pk": reflections.get(audience="sponsor").pk,
            "reflections": reflections.get(audience=variant if variant in Audience else "private").pk,
            "team": TeamMember.objects.get(team__leader=hero).pk,
            "team.voice_pk": ObjectiveVoice.objects.get(member__team__leader=hero).pk,
            "teams": Team.objects.get(leader=hero).pk,
            "teams.leader_pk": hero.pk,
            "objectives": Objective.objects.get(team__leader=hero).pk,
            "objectives.place": "team",
            "objectives.milestone_pk": ObjectiveMilestone.objects.get(objective__team__leader=hero).pk,
            "settings.key_pk": ApiKey.objects.of_organisation().get().pk,
            "tokens": ApiKey.objects.personal(hero).get().pk,
            "reports": Report.objects.get(enrolment=enrolment).pk,
            "results": Subject.objects.get(enrolment=enrolment).pk,
            "rounds": asked.subject.round_id,
            "to": "closed",
            "schedule": Pause.objects.get(enrolment=enrolment).pk,
            "request_pk": asked.pk,
            "step_pk": Step.objects.filter(day=10, kind="core").get().pk,
            "day": 9,
            "milestone": "circle-1",
            "week": 2,
            "month": 1,
            "give": "sponsor",
            "take": "none",
            "time_pk": ProtectedTime.objects.filter(enrolment=enrolment).earliest("pk").pk,
            "key": "not-the-key",
        }


def meaning(route: Route, name: str, meanings: dict[str, Any]) -> str:
    """Where a parameter is explained: as this folder means it, as every folder does, or as the folder itself."""
    own = f"{route.first_folder}.{name}"
    return own if own in meanings else name if name in meanings else route.first_folder


def address(route: Route, meanings: dict[str, Any], slug: str = "acme") -> str:
    """Where the route answers inside an organisation."""
    kwargs = {name: meanings.get(meaning(route, name, meanings)) for name in route.parameters}
    assert None not in kwargs.values(), f"say in tests/architecture/routes.py what {kwargs} of {route.pattern} names"
    return f"/o/{slug}" + reverse(route.name, urlconf=settings.ORGANISATION_URLCONF, kwargs=kwargs)


def foreign_addresses(route: Route, cast: Cast) -> Iterator[tuple[str, str]]:
    """For each key of the route: its address at Acme with Zenith's key in that place, and with a key nobody has."""
    own, foreign = keys(cast.houses["acme"]), keys(cast.houses["zenith"])
    for name in (name for name in route.parameters if name.endswith("pk")):
        key = meaning(route, name, own)
        yield address(route, own | {key: foreign[key]}), address(route, own | {key: MISSING})
