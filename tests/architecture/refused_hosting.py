"""Forms of hosts, dates and questions to a talk, for the table in `refused.py`."""

from datetime import time
from zoneinfo import ZoneInfo

from coaching.hosting.actions.dates import cancel_date, change_date, open_dates
from coaching.hosting.actions.hosts import add_host, black_out, change_host
from coaching.hosting.actions.offers import offer_to_host
from coaching.hosting.actions.questions import answer_question, ask_question
from coaching.hosting.facts import DateFacts, HostFacts
from coaching.hosting.forms.dates import DAYS, FACTS, CancelDateForm, DateForm, NewDatesForm
from coaching.hosting.forms.hosts import ClosedDaysForm, HostForm, NewHostForm
from coaching.hosting.forms.questions import HostAnswerForm, HostingOfferForm, WallQuestionForm
from coaching.models import Host, TalkQuestion, Visit
from tests.architecture.refused import KEYED, Refused, Scene, Values, day
from tests.times import NOW, TODAY


def _profile(scene: Scene) -> Values:
    return {
        "name": "Bergen floor",
        "site": "Bergen",
        "zone": ZoneInfo("Europe/Oslo"),
        "about": "Twelve advisers.",
        "behaviours": ["clear"],
        "formats": ["visit", "talk"],
        "languages": ["nb"],
        "is_remote": False,
        "places": 4,
        "notice_days": 5,
        "monthly_ceiling": 3,
        "will_not_show": "Names.",
        "access_notes": "A badge.",
        "house_rules": "No phones.",
        "is_competitor": False,
    }


def _date(scene: Scene) -> Values:
    return {
        "format": "visit",
        "title": "A morning",
        "about": "You sit beside somebody.",
        "behaviours": ["clear"],
        "language": "nb",
        "capacity": 6,
        "minutes": 120,
        "is_remote": False,
        "place": "Bryggen 1",
        "link": "https://video.test/1",
        "at": time(9),
    }


def _facts_of(values: Values) -> DateFacts:
    return DateFacts(**{name: values[name] for name in FACTS})


def _open_dates(scene: Scene, values: Values) -> object:
    days = {name: values[name] for name in DAYS if values.get(name)}
    key = values["key"]
    return open_dates(
        host=Host.objects.get(), facts=_facts_of(values), days=days, at=values["at"], key=key, **scene.admin
    )


def _visit() -> Visit:
    return Visit.objects.select_related("host").get(format="visit")


def _change_date(scene: Scene, values: Values) -> object:
    visit = _visit()
    return change_date(visit=visit, facts=_facts_of(values), day=values["day"], at=values["at"], **scene.admin)


ANY_TIME = {"at": "any hour of the day"}
SWITCHES = dict.fromkeys(("is_site", "is_from_outside", "is_remote", "is_competitor"), "on or off")
HOSTING = [
    Refused(
        "a new host",
        NewHostForm,
        lambda scene, data: NewHostForm(data, organisation=scene.cast.acme),
        lambda scene: {
            "name": "Fjord Bank",
            "is_site": True,
            "is_from_outside": True,
            "email": "kari@fjord.test",
            "person_name": "Kari",
            "language": "nb",
        },
        lambda scene, values: add_host(organisation=scene.cast.acme, **scene.admin, **values),
        lambda scene: {"email": ["kari", "kari@"]},
        {name: SWITCHES[name] for name in ("is_site", "is_from_outside")},
    ),
    Refused(
        "the profile of a host",
        HostForm,
        lambda scene, data: HostForm(data, host=Host.objects.get()),
        _profile,
        lambda scene, values: change_host(host=Host.objects.get(), facts=HostFacts(**values), **scene.admin),
        lambda scene: {"places": [-1]},
        {name: SWITCHES[name] for name in ("is_remote", "is_competitor")} | {"opened": "what the page showed, signed"},
    ),
    Refused(
        "closed days of a host",
        ClosedDaysForm,
        lambda scene, data: ClosedDaysForm(data),
        lambda scene: {"starts_on": day(3), "ends_on": day(10)},
        lambda scene, values: black_out(host=Host.objects.get(), today=TODAY, **scene.admin, **values),
    ),
    Refused(
        "new dates of a host",
        NewDatesForm,
        lambda scene, data: NewDatesForm(data, host=Host.objects.get()),
        lambda scene: {**_date(scene), **{name: day(20 + number) for number, name in enumerate(DAYS)}},
        _open_dates,
        lambda scene: {"capacity": [-1], "link": ["javascript:alert(1)"]},
        KEYED | ANY_TIME | {"is_remote": "on or off"},
    ),
    Refused(
        "one date of a host",
        DateForm,
        lambda scene, data: DateForm(data, visit=_visit()),
        lambda scene: {**_date(scene), "day": day(20)},
        _change_date,
        lambda scene: {"capacity": [-1], "link": ["javascript:alert(1)"]},
        ANY_TIME | {"is_remote": "on or off", "opened": "what the page showed, signed"},
    ),
    Refused(
        "a cancelled date",
        CancelDateForm,
        lambda scene, data: CancelDateForm(data),
        lambda scene: {"reason": "The floor is flooded."},
        lambda scene, values: cancel_date(visit=_visit(), **scene.admin, **values),
    ),
    Refused(
        "a question to a talk",
        WallQuestionForm,
        lambda scene, data: WallQuestionForm(data),
        lambda scene: {"text": "How do you begin?"},
        lambda scene, values: ask_question(
            visit=Visit.objects.get(format="talk"), text=values["text"], key=values["key"], **scene.leader
        ),
        free=KEYED,
    ),
    Refused(
        "an answer of a host",
        HostAnswerForm,
        lambda scene, data: HostAnswerForm(data, question=TalkQuestion.objects.get()),
        lambda scene: {"answer": "Slowly."},
        lambda scene, values: answer_question(question=TalkQuestion.objects.get(), **scene.admin, **values),
        free={"opened": "what the page showed, signed"},
    ),
    Refused(
        "an offer to host",
        HostingOfferForm,
        lambda scene, data: HostingOfferForm(data),
        lambda scene: {"behaviour": "initiative"},
        lambda scene, values: offer_to_host(member=scene.cast.ada, now=NOW, **values),
    ),
]
