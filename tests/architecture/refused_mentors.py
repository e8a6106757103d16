"""Forms of mentors, wishes and handovers, for the table in `refused.py`."""

from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from coaching.mentors.actions.handover import preview
from coaching.mentors.actions.profiles import ProfileFacts, save_profile, save_search
from coaching.mentors.actions.requests import ask, decline
from coaching.mentors.actions.stopping import stop
from coaching.mentors.forms.asking import AnswerForm, AskForm, HandoverForm, StopForm
from coaching.mentors.forms.profile import ProfileForm, SearchForm
from coaching.mentors.handover import offered
from coaching.models import Action, MentorProfile, MentorRequest, Pairing
from tests.architecture.refused import Refused, Scene, Values
from tests.coaching.mentors.scenes import new_mentor
from tests.times import NOW

HOURS = {"hours_from": time(8), "hours_to": time(16)}
SHORT_DAY: dict[str, list[Any]] = {"hours_to": [time(8), time(7)], "hours_from": [time(16), time(17)]}


def _profile(scene: Scene) -> Values:
    return HOURS | {
        "kind": "mentor",
        "about": "Six years of night shifts.",
        "behaviours": ["clear"],
        "skills": ["figures"],
        "languages": ["nb"],
        "zone": ZoneInfo("Europe/Oslo"),
        "site": "Bergen",
        "places": 2,
        "cadence_days": 14,
        "conflicts": "bo@acme.test",
    }


def _save_profile(scene: Scene, values: Values) -> object:
    facts = {name: _frozen(values[name]) for name in ProfileFacts.__slots__}
    cleo = scene.cast.cleo
    return save_profile(member=cleo, facts=ProfileFacts(**facts), conflicts=values["conflicts"], by=cleo, now=NOW)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _save_search(scene: Scene, values: Values) -> object:
    names = ("languages", "skills", "hours_from", "hours_to", "site")
    return save_search(leader=scene.cast.ada, **{name: values[name] for name in names})


def _ask(scene: Scene, values: Values) -> object:
    profile = MentorProfile.objects.filter(kind="mentor").first() or new_mentor()
    return ask(profile=profile, words=values["words"], by=scene.cast.ada, organisation=scene.cast.acme, now=NOW)


def _decline(scene: Scene, values: Values) -> object:
    request = MentorRequest.objects.select_related("pairing__leader", "profile__member").get()
    Pairing.objects.filter(pk=request.pairing_id).update(state="requested")
    return decline(request=request, answer=values["answer"], by=scene.cast.cleo, organisation=scene.cast.acme, now=NOW)


def _coaching(scene: Scene) -> Pairing:
    return Pairing.objects.select_related("leader", "partner").get(leader=scene.cast.ada, kind="coach")


def _stop(scene: Scene, values: Values) -> object:
    pairing = _coaching(scene)
    return stop(pairing=pairing, reason=values["reason"], by=scene.cast.ada, organisation=scene.cast.acme, now=NOW)


def _handover_form(scene: Scene, data: Any) -> HandoverForm:
    return HandoverForm(data, offered=offered(_coaching(scene), scene.cast.ada))


def _handover(scene: Scene) -> Values:
    action = Action.objects.get(pairing__leader=scene.cast.ada, pairing__kind="sponsor")
    return {"behaviours": ["clear"], "actions": [action.pk], "sentence": "I like short talks."}


MENTORS = [
    Refused(
        "a mentor's profile",
        ProfileForm,
        lambda scene, data: ProfileForm(data),
        _profile,
        _save_profile,
        lambda scene: {**SHORT_DAY, "conflicts": ["nobody@acme.test", "zoe@zenith.test"]},
    ),
    Refused(
        "what a leader looks for",
        SearchForm,
        lambda scene, data: SearchForm(data),
        lambda scene: HOURS | {"languages": ["nb"], "skills": ["figures"], "site": "Bergen"},
        _save_search,
        lambda scene: SHORT_DAY,
    ),
    Refused(
        "a request to a mentor",
        AskForm,
        lambda scene, data: AskForm(data),
        lambda scene: {"words": "I would like to learn from you."},
        _ask,
    ),
    Refused(
        "an answer to a request",
        AnswerForm,
        lambda scene, data: AnswerForm(data),
        lambda scene: {"answer": "Not this spring."},
        _decline,
    ),
    Refused("stopping", StopForm, lambda scene, data: StopForm(data), lambda scene: {"reason": "time"}, _stop),
    Refused(
        "a handover note",
        HandoverForm,
        _handover_form,
        _handover,
        lambda scene, values: preview(pairing=_coaching(scene), by=scene.cast.ada, **values),
    ),
]
